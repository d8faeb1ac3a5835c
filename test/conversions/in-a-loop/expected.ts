import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const xs = tf.tensor2d([[1], [2], [3]]);
const ys = tf.tensor2d([[2], [4], [6]]);

const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/in-a-loop" });
for (let round = 0; round < 3; round++) {
  const trainInputFn = tensorInputFn({ x: xs, y: ys, numEpochs: 2 });
  await estimator.train(trainInputFn);
  (model.predict(xs) as tf.Tensor).print();
}
