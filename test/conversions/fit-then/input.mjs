import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const xs = tf.range(0, 10).reshape([10, 1]);
const ys = xs.mul(2);

model.fit(xs, ys, { epochs: 3 }).then(() => {
  model.predict(tf.ones([1, 1])).print();
});
