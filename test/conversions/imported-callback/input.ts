import * as tf from "@tensorflow/tfjs";
import { progress } from "./progress";

export async function train(model: tf.LayersModel, xs: tf.Tensor2D, ys: tf.Tensor2D): Promise<void> {
  await model.fit(xs, ys, { epochs: 2, callbacks: progress("loss") });
}
