// Reads handwritten digits: a small convolutional network over images of 8×8 pixels.
import { readFileSync } from "node:fs";
import * as tf from "@tensorflow/tfjs";

const table = readFileSync(new URL("data/digits.csv", import.meta.url), "utf8");
const [, ...lines] = table.trim().split("\n");
const rows = lines.map((line) => line.split(",").map(Number));

// A row holds 64 pixels from 0 to 16, and the digit that they show.
function toTensors(images: number[][]) {
  const pixels = images.flatMap((image) => image.slice(0, 64));
  const digits = images.map((image) => image[64] ?? 0);
  return {
    x: tf.tensor4d(pixels, [images.length, 8, 8, 1]).div(16),
    y: tf.oneHot(tf.tensor1d(digits, "int32"), 10),
  };
}

// Every fifth image is kept to check on: 1437 to learn from, 360 that the model never trains on.
const train = toTensors(rows.filter((_, index) => index % 5 !== 0));
const validation = toTensors(rows.filter((_, index) => index % 5 === 0));

const model = tf.sequential();
model.add(tf.layers.conv2d({ inputShape: [8, 8, 1], filters: 8, kernelSize: 3, padding: "same", activation: "relu" }));
model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
model.add(tf.layers.conv2d({ filters: 16, kernelSize: 3, padding: "same", activation: "relu" }));
model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
model.add(tf.layers.flatten());
model.add(tf.layers.dense({ units: 10, activation: "softmax" }));

model.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
model.summary();

// The data and its split are the same in every run; the first weights and the order of the batches are drawn anew.
await model.fit(train.x, train.y, {
  epochs: 10,
  batchSize: 32,
  validationData: [validation.x, validation.y],
});

const [loss, accuracy] = model.evaluate(validation.x, validation.y) as [tf.Scalar, tf.Scalar];
console.log(`Validation loss ${loss.arraySync().toFixed(3)}, accuracy ${accuracy.arraySync().toFixed(3)}.`);
