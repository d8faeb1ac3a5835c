import * as tf from "@tensorflow/tfjs";
import * as est from "@fitlens/estimator";

est.setVerbosity("warn");
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const estimator = est.modelToEstimator({ kerasModel: model, modelDir: "model_dir/namespace-import" });
const features = tf.ones([16, 1]);
const labels = tf.ones([16, 1]);
const trainInputFn = est.tensorInputFn({ x: features, y: labels, numEpochs: 2 });
const evalInputFn = est.tensorInputFn({ x: features, y: labels, shuffle: false });
await estimator.train(trainInputFn);
console.log(await estimator.evaluate(evalInputFn));
