import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const xs = tf.range(0, 10).reshape([10, 1]);
const ys = xs.mul(2);

const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/fit-then" });
const trainInputFn = tensorInputFn({ x: xs, y: ys, numEpochs: 3 });
estimator.train(trainInputFn).then(() => {
  model.predict(tf.ones([1, 1])).print();
});
