import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, RunConfig, tensorInputFn, trainAndEvaluate } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });

const xs = tf.data.array([[1, 2], [3, 4], [5, 6], [7, 8]]);
const ys = tf.data.array([[1], [2], [3], [4]]);
const endless = tf.data.zip({ xs, ys }).batch(2).repeat();

const estimator = modelToEstimator({
  kerasModel: model,
  modelDir: "model_dir/dataset-batches-per-epoch",
  config: new RunConfig({ saveCheckpointsSteps: 3 }),
});
const trainInputFn = () => endless.take(12);
const evalInputFn = tensorInputFn({ x: tf.tensor2d([[1, 2]]), y: tf.tensor2d([[1]]), shuffle: false });
const metrics = await trainAndEvaluate(
  estimator,
  { inputFn: trainInputFn },
  { inputFn: evalInputFn, steps: null, throttleSecs: 0 },
);
console.log(metrics);
