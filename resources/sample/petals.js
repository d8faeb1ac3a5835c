// How wide is a petal? A regression in plain JavaScript: the other three lengths of an Iris predict the fourth.
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";

const table = readFileSync(new URL("data/iris.csv", import.meta.url), "utf8");
const [, ...lines] = table.trim().split("\n");
const rows = lines.map((line) => line.split(",").slice(0, 4).map(Number));

/** @param {number[][]} flowers */
function toTensors(flowers) {
  return {
    x: tf.tensor2d(flowers.map((flower) => flower.slice(0, 3))),
    y: tf.tensor2d(flowers.map((flower) => flower.slice(3, 4))),
  };
}

// Every fifth flower is kept to check on.
const train = toTensors(rows.filter((_, index) => index % 5 !== 0));
const validation = toTensors(rows.filter((_, index) => index % 5 === 0));

// The functional way to write a model: the layers' own view of the lengths, and the lengths themselves, side by side.
const lengths = tf.input({ shape: [3], name: "lengths" });
const hidden = tf.layers.dense({ units: 16, activation: "relu" }).apply(lengths);
const both = tf.layers.concatenate().apply([hidden, lengths]);
const width = tf.layers.dense({ units: 1, name: "petal_width" }).apply(both);
const model = tf.model({ inputs: lengths, outputs: width });

model.compile({ optimizer: tf.train.adam(0.01), loss: "meanSquaredError", metrics: ["mae"] });
model.summary();

// The data and its split are the same in every run; the first weights and the order of the batches are drawn anew.
await model.fit(train.x, train.y, {
  epochs: 60,
  batchSize: 16,
  validationData: [validation.x, validation.y],
});

const [loss, error] = model.evaluate(validation.x, validation.y);
console.log(`Validation loss ${loss.arraySync().toFixed(3)}; off by ${error.arraySync().toFixed(2)} cm on average.`);
