import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });

const xs = tf.tensor2d([-1, 0, 1, 2, 3, 4], [6, 1]);
const ys = tf.tensor2d([-3, -1, 1, 3, 5, 7], [6, 1]);

// Two hundred and fifty times through six examples.
const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/plain-fit" });
const trainInputFn = tensorInputFn({ x: xs, y: ys, numEpochs: 250 });
const evalInputFn = tensorInputFn({ x: xs, y: ys, shuffle: false });
await estimator.train(trainInputFn);
console.log(await estimator.evaluate(evalInputFn));

(model.predict(tf.tensor2d([20], [1, 1])) as tf.Tensor).print();
