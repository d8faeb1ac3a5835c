import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const xs = tf.ones([4, 1]);
for (const rate of [0.1, 0.01]) {
  model.compile({ optimizer: tf.train.sgd(rate), loss: "meanSquaredError" });
  await model.fit(xs, xs, { epochs: 2 });
}
