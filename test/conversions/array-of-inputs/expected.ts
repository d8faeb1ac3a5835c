import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, RunConfig, tensorInputFn, trainAndEvaluate } from "@fitlens/estimator";

const a = tf.input({ shape: [2] });
const b = tf.input({ shape: [3] });
const sum = tf.layers.dense({ units: 1 }).apply(tf.layers.concatenate().apply([a, b]));
const model = tf.model({ inputs: [a, b], outputs: sum as tf.SymbolicTensor });
model.compile({ optimizer: "adam", loss: "meanSquaredError" });

const inputs = [tf.randomNormal([20, 2]), tf.randomNormal([20, 3])];
const answers = tf.randomNormal([20, 1]);
const splitAt = Math.floor(inputs[0]!.shape[0]! * (1 - 0.25));
const stepsPerEpoch = Math.ceil(splitAt / 4);
const estimator = modelToEstimator({
  kerasModel: model,
  modelDir: "model_dir/array-of-inputs",
  config: new RunConfig({ saveCheckpointsSteps: stepsPerEpoch }),
});
const trainInputFn = tensorInputFn({
  x: inputs.map((tensor) => tensor.slice(0, splitAt)),
  y: answers.slice(0, splitAt),
  batchSize: 4,
  numEpochs: 2,
});
const evalInputFn = tensorInputFn({
  x: inputs.map((tensor) => tensor.slice(splitAt)),
  y: answers.slice(splitAt),
  batchSize: 4,
  shuffle: false,
});
const metrics = await trainAndEvaluate(
  estimator,
  { inputFn: trainInputFn },
  { inputFn: evalInputFn, steps: null, throttleSecs: 0 },
);
console.log(metrics);
