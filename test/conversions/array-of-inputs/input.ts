import * as tf from "@tensorflow/tfjs";

const a = tf.input({ shape: [2] });
const b = tf.input({ shape: [3] });
const sum = tf.layers.dense({ units: 1 }).apply(tf.layers.concatenate().apply([a, b]));
const model = tf.model({ inputs: [a, b], outputs: sum as tf.SymbolicTensor });
model.compile({ optimizer: "adam", loss: "meanSquaredError" });

const inputs = [tf.randomNormal([20, 2]), tf.randomNormal([20, 3])];
const answers = tf.randomNormal([20, 1]);
await model.fit(inputs, answers, { epochs: 2, batchSize: 4, validationSplit: 0.25, shuffle: true });
