import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const xs = tf.range(0, 10).reshape([10, 1]);
const ys = xs.mul(3).div(10);
for (let round = 0; round < 2; round++)
  await model.fit(xs, ys, { batchSize: 4, validationSplit: 0.3 });
