// Which Iris is it? A small dense network tells three species apart by the lengths of their sepals and petals.
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";

const SPECIES = ["setosa", "versicolor", "virginica"];

const table = readFileSync(new URL("data/iris.csv", import.meta.url), "utf8");
const [, ...lines] = table.trim().split("\n");
const rows = lines.map((line) => line.split(","));

function toTensors(flowers: string[][]) {
  const lengths = flowers.map((flower) => flower.slice(0, 4).map(Number));
  const species = flowers.map((flower) => SPECIES.indexOf(flower[4] ?? ""));
  return { x: tf.tensor2d(lengths), y: tf.oneHot(tf.tensor1d(species, "int32"), SPECIES.length) };
}

// The table is sorted by species, so every fifth flower makes a fair validation set: 120 to learn from, 30 to check.
const train = toTensors(rows.filter((_, index) => index % 5 !== 0));
const validation = toTensors(rows.filter((_, index) => index % 5 === 0));

const model = tf.sequential({
  layers: [
    tf.layers.dense({ inputShape: [4], units: 16, activation: "relu" }),
    tf.layers.dense({ units: 16, activation: "relu" }),
    tf.layers.dense({ units: 3, activation: "softmax" }),
  ],
});

model.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
model.summary();

// The data and its split are the same in every run; the first weights and the order of the batches are drawn anew.
await model.fit(train.x, train.y, {
  epochs: 60,
  batchSize: 16,
  validationData: [validation.x, validation.y],
});

// A flower that the model has not seen: long petals, so it should be a virginica.
const probabilities = (model.predict(tf.tensor2d([[6.5, 3.0, 5.8, 2.2]])) as tf.Tensor).dataSync();
SPECIES.forEach((name, index) => {
  console.log(`${name.padEnd(10)} ${((probabilities[index] ?? 0) * 100).toFixed(1)} %`);
});

const [loss, accuracy] = model.evaluate(validation.x, validation.y) as [tf.Scalar, tf.Scalar];
console.log(`Validation loss ${loss.arraySync().toFixed(3)}, accuracy ${accuracy.arraySync().toFixed(3)}.`);
