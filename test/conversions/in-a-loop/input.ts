import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const xs = tf.tensor2d([[1], [2], [3]]);
const ys = tf.tensor2d([[2], [4], [6]]);

for (let round = 0; round < 3; round++) {
  await model.fit(xs, ys, { epochs: 2 });
  (model.predict(xs) as tf.Tensor).print();
}
