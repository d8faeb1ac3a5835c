import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const done = 2;
const xs = tf.ones([5, 1]);
await model.fit(xs, xs, { batchSize: 2, initialEpoch: done, epochs: done + 3 });
