import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [1], activation: "softmax" })] });
model.compile({ optimizer: "sgd", loss: "categoricalCrossentropy" });
await model.fit(tf.ones([4, 1]), tf.ones([4, 2]), {
  epochs: 2,
  classWeight: { 0: 1, 1: 4 },
});
