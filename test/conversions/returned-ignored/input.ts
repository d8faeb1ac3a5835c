import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });

async function train(xs: tf.Tensor2D, ys: tf.Tensor2D) {
  return model.fit(xs, ys, { epochs: 3 });
}

await train(tf.tensor2d([[1], [2]]), tf.tensor2d([[1], [2]]));
