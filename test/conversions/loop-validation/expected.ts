import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const xs = tf.range(0, 10).reshape([10, 1]);
const ys = xs.mul(3).div(10);
const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/loop-validation" });
for (let round = 0; round < 2; round++) {
  const splitAt = Math.floor(xs.shape[0]! * (1 - 0.3));
  const trainInputFn = tensorInputFn({ x: xs.slice(0, splitAt), y: ys.slice(0, splitAt), batchSize: 4 });
  const evalInputFn = tensorInputFn({ x: xs.slice(splitAt), y: ys.slice(splitAt), batchSize: 4, shuffle: false });
  await estimator.train(trainInputFn);
  console.log(await estimator.evaluate(evalInputFn));
}
