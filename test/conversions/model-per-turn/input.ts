import * as tf from "@tensorflow/tfjs";

const xs = tf.tensor2d([[1], [2], [3]]);
const ys = tf.tensor2d([[2], [4], [6]]);
for (const units of [1, 2, 4]) {
  const model = tf.sequential({ layers: [tf.layers.dense({ units, inputShape: [1] })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  await model.fit(xs, ys, { epochs: 2 });
}
