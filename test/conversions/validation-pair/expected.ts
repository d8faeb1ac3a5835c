import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, RunConfig, tensorInputFn, trainAndEvaluate } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const held: [tf.Tensor, tf.Tensor] = [tf.ones([4, 1]), tf.ones([4, 1])];
const features = tf.ones([9, 1]);
const stepsPerEpoch = Math.ceil(features.shape[0]! / 4);
const estimator = modelToEstimator({
  kerasModel: model,
  modelDir: "model_dir/validation-pair",
  config: new RunConfig({ saveCheckpointsSteps: stepsPerEpoch }),
});
const trainInputFn = tensorInputFn({ x: features, y: tf.ones([9, 1]), batchSize: 4, numEpochs: 2 });
const evalInputFn = tensorInputFn({ x: held[0]!, y: held[1]!, batchSize: 4, shuffle: false });
const metrics = await trainAndEvaluate(
  estimator,
  { inputFn: trainInputFn },
  { inputFn: evalInputFn, steps: null, throttleSecs: 0 },
);
console.log(metrics);
