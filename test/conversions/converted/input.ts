import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/x" });
await estimator.train(tensorInputFn({ x: tf.ones([4, 1]), y: tf.ones([4, 1]) }));
