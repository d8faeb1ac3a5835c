import * as tf from "@tensorflow/tfjs";
import { modelToEstimator } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });

const xs = tf.data.array([[1, 2], [3, 4], [5, 6], [7, 8]]);
const ys = tf.data.array([[1], [2], [3], [4]]);
const dataset = tf.data.zip({ xs, ys }).batch(2);

const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/dataset" });
const trainInputFn = () => dataset.repeat(5);
const evalInputFn = () => dataset;
await estimator.train(trainInputFn);
console.log(await estimator.evaluate(evalInputFn));
