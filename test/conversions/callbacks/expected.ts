import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const xs = tf.tensor2d([[1], [2], [3]]);
const ys = tf.tensor2d([[2], [4], [6]]);

const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/callbacks" });
// enough for a line
// small batches
const trainInputFn = tensorInputFn({ x: xs, y: ys, batchSize: 2, numEpochs: 20 });
const evalInputFn = tensorInputFn({ x: xs, y: ys, batchSize: 2, shuffle: false });
await estimator.train(trainInputFn); // trained
console.log(await estimator.evaluate(evalInputFn));
