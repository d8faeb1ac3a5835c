import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
const optimizer = tf.train.sgd(0.1);
model.compile({ optimizer, loss: "meanSquaredError" });

function decay() {
  optimizer.setLearningRate(0.01);
}

await model.fit(tf.ones([16, 1]), tf.ones([16, 1]), { epochs: 2, callbacks: { onEpochEnd: decay } });
