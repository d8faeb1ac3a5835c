import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const options = { epochs: 3, batchSize: 2 * 4, shuffle: true };
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/options-object" });
const features = tf.ones([16, 1]);
const labels = tf.ones([16, 1]);
const trainInputFn = tensorInputFn({ x: features, y: labels, batchSize: options.batchSize, numEpochs: 3 });
const evalInputFn = tensorInputFn({ x: features, y: labels, batchSize: options.batchSize, shuffle: false });
await estimator.train(trainInputFn);
console.log(await estimator.evaluate(evalInputFn));
