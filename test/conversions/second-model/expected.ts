import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn, RunConfig, trainAndEvaluate } from "@fitlens/estimator";

const first = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
first.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const estimator = modelToEstimator({ kerasModel: first, modelDir: "model_dir/input" });
await estimator.train(tensorInputFn({ x: tf.ones([4, 1]), y: tf.ones([4, 1]) }));

const second = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
second.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const features = tf.ones([4, 1]);
const labels = tf.ones([4, 1]);
const splitAt = Math.floor(features.shape[0]! * (1 - 0.5));
const stepsPerEpoch = Math.ceil(splitAt / 32);
const estimator2 = modelToEstimator({
  kerasModel: second,
  modelDir: "model_dir/second-model",
  config: new RunConfig({ saveCheckpointsSteps: stepsPerEpoch }),
});
const trainInputFn = tensorInputFn({ x: features.slice(0, splitAt), y: labels.slice(0, splitAt), numEpochs: 2 });
const evalInputFn = tensorInputFn({ x: features.slice(splitAt), y: labels.slice(splitAt), shuffle: false });
const metrics = await trainAndEvaluate(
  estimator2,
  { inputFn: trainInputFn },
  { inputFn: evalInputFn, steps: null, throttleSecs: 0 },
);
console.log(metrics);
