import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";
import { progress } from "./progress";

export async function train(model: tf.LayersModel, xs: tf.Tensor2D, ys: tf.Tensor2D): Promise<void> {
  const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/imported-callback" });
  const trainInputFn = tensorInputFn({ x: xs, y: ys, numEpochs: 2 });
  const evalInputFn = tensorInputFn({ x: xs, y: ys, shuffle: false });
  await estimator.train(trainInputFn);
  console.log(await estimator.evaluate(evalInputFn));
}
