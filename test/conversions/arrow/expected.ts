import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });

const train = async (xs: tf.Tensor2D, ys: tf.Tensor2D) => {
  const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/arrow" });
  const trainInputFn = tensorInputFn({ x: xs, y: ys, numEpochs: 3 });
  return await estimator.train(trainInputFn);
};

await train(tf.tensor2d([[1], [2]]), tf.tensor2d([[1], [2]]));
