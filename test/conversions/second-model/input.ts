import * as tf from "@tensorflow/tfjs";
import { modelToEstimator, tensorInputFn } from "@fitlens/estimator";

const first = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
first.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const estimator = modelToEstimator({ kerasModel: first, modelDir: "model_dir/input" });
await estimator.train(tensorInputFn({ x: tf.ones([4, 1]), y: tf.ones([4, 1]) }));

const second = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
second.compile({ optimizer: "sgd", loss: "meanSquaredError" });
await second.fit(tf.ones([4, 1]), tf.ones([4, 1]), { epochs: 2, validationSplit: 0.5 });
