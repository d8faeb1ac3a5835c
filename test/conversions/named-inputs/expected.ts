import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const lengths = tf.input({ shape: [2], name: "lengths" });
const output = tf.layers.dense({ units: 1, name: "width" }).apply(lengths) as tf.SymbolicTensor;
const model = tf.model({ inputs: lengths, outputs: output });
model.compile({ optimizer: "adam", loss: "meanSquaredError" });

const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/named-inputs" });
const trainInputFn = tensorInputFn({
  x: { lengths: tf.randomNormal([20, 2]) },
  y: { width: tf.randomNormal([20, 1]) },
  numEpochs: 4,
});
await estimator.train(trainInputFn);
model.evaluate(tf.ones([2, 2]), tf.ones([2, 1]));
