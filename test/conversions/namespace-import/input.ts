import * as tf from "@tensorflow/tfjs";
import * as est from "@fitlens/estimator";

est.setVerbosity("warn");
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
await model.fit(tf.ones([16, 1]), tf.ones([16, 1]), { epochs: 2 });
