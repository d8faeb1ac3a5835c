import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, RunConfig, tensorInputFn, trainAndEvaluate } from "@fitlens/estimator";

const a = tf.input({ shape: [2], name: "a" });
const b = tf.input({ shape: [3], name: "b" });
const joined = tf.layers.concatenate().apply([a, b]) as tf.SymbolicTensor;
const p = tf.layers.dense({ units: 1, name: "p" }).apply(joined) as tf.SymbolicTensor;
const q = tf.layers.dense({ units: 2, name: "q" }).apply(joined) as tf.SymbolicTensor;
const model = tf.model({ inputs: [a, b], outputs: [p, q] });
model.compile({ optimizer: "adam", loss: ["meanSquaredError", "meanSquaredError"] });

const left = tf.randomNormal([20, 2]);
const right = tf.randomNormal([20, 3]);
const labels = tf.randomNormal([20, 1]);
const labels2 = tf.randomNormal([20, 2]);
const splitAt = Math.floor(left.shape[0]! * (1 - 0.25));
const stepsPerEpoch = Math.ceil(splitAt / 5);
const estimator = modelToEstimator({
  kerasModel: model,
  modelDir: "model_dir/several-inputs",
  config: new RunConfig({ saveCheckpointsSteps: stepsPerEpoch }),
});
const trainInputFn = tensorInputFn({
  x: [left.slice(0, splitAt), right.slice(0, splitAt)],
  y: [labels.slice(0, splitAt), labels2.slice(0, splitAt)],
  batchSize: 5,
  numEpochs: 4,
});
const evalInputFn = tensorInputFn({
  x: [left.slice(splitAt), right.slice(splitAt)],
  y: [labels.slice(splitAt), labels2.slice(splitAt)],
  batchSize: 5,
  shuffle: false,
});
const metrics = await trainAndEvaluate(
  estimator,
  { inputFn: trainInputFn },
  { inputFn: evalInputFn, steps: null, throttleSecs: 0 },
);
console.log(metrics);
