import * as tf from "@tensorflow/tfjs";

export async function train(model: tf.LayersModel | undefined, xs: tf.Tensor): Promise<void> {
  await model?.fit(xs, xs, { epochs: 2 });
}
