import { layers, ones, sequential } from "@tensorflow/tfjs";
import { modelToEstimator, RunConfig as RunConfig2, tensorInputFn, trainAndEvaluate } from "@fitlens/estimator";

class RunConfig {}
const estimator = new RunConfig();
const metrics = [estimator];

const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const features = ones([8, 1]);
const stepsPerEpoch = Math.ceil(features.shape[0]! / 32);
const estimator2 = modelToEstimator({
  kerasModel: model,
  modelDir: "model_dir/names-taken",
  config: new RunConfig2({ saveCheckpointsSteps: stepsPerEpoch }),
});
const trainInputFn = tensorInputFn({ x: features, y: ones([8, 1]), numEpochs: 2 });
const evalInputFn = tensorInputFn({ x: ones([4, 1]), y: ones([4, 1]), shuffle: false });
const metrics2 = await trainAndEvaluate(
  estimator2,
  { inputFn: trainInputFn },
  { inputFn: evalInputFn, steps: null, throttleSecs: 0 },
);
console.log(metrics2);
console.log(metrics.length);
