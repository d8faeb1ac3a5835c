import type { Estimator } from "@fitlens/estimator";
import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
export const estimators: Estimator[] = [];
const xs = tf.ones([4, 1]);
const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/type-import" });
const trainInputFn = tensorInputFn({ x: xs, y: xs });
const evalInputFn = tensorInputFn({ x: xs, y: xs, shuffle: false });
await estimator.train(trainInputFn);
console.log(await estimator.evaluate(evalInputFn));
