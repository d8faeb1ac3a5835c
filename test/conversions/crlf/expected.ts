import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/crlf" });
const features = tf.ones([16, 1]);
const labels = tf.ones([16, 1]);
const trainInputFn = tensorInputFn({ x: features, y: labels, numEpochs: 2 });
const evalInputFn = tensorInputFn({ x: features, y: labels, shuffle: false });
await estimator.train(trainInputFn);
console.log(await estimator.evaluate(evalInputFn));
