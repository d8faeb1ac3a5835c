import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const done = 2;
const xs = tf.ones([5, 1]);
const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/initial-epoch" });
const trainInputFn = tensorInputFn({ x: xs, y: xs, batchSize: 2, numEpochs: (done + 3) - done });
const evalInputFn = tensorInputFn({ x: xs, y: xs, batchSize: 2, shuffle: false });
await estimator.train(trainInputFn);
console.log(await estimator.evaluate(evalInputFn));
