import * as tf from "@tensorflow/tfjs";

const a = tf.input({ shape: [2], name: "a" });
const b = tf.input({ shape: [3], name: "b" });
const joined = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
const p = tf.layers.dense({ units: 1, name: "p" }).apply(joined) as tf.SymbolicTensor;
const q = tf.layers.dense({ units: 2, name: "q" }).apply(joined) as tf.SymbolicTensor;
const model = tf.model({ inputs: [a, b], outputs: [p, q] });
model.compile({ optimizer: "adam", loss: ["meanSquaredError", "meanSquaredError"] });

const left = tf.randomNormal([20, 2]);
const right = tf.randomNormal([20, 3]);
await model.fit([left, right], [tf.randomNormal([20, 1]), tf.randomNormal([20, 2])], {
  epochs: 4,
  batchSize: 5,
  validationSplit: 0.25,
});
