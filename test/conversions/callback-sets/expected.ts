import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
let best = Infinity;
const xs = tf.ones([4, 1]);
const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/callback-sets" });
const trainInputFn = tensorInputFn({ x: xs, y: xs, numEpochs: 2 });
const evalInputFn = tensorInputFn({ x: xs, y: xs, shuffle: false });
await estimator.train(trainInputFn);
console.log(await estimator.evaluate(evalInputFn));
console.log(best);
