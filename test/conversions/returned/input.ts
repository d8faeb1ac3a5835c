import * as tf from "@tensorflow/tfjs";

export async function train(model: tf.LayersModel, xs: tf.Tensor, ys: tf.Tensor) {
  return await model.fit(xs, ys, { epochs: 3 });
}
