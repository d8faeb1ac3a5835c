import * as tf from "@tensorflow/tfjs";

const first = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
const second = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
for (const model of [first, second]) model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
await first.fit(tf.ones([4, 1]), tf.ones([4, 1]));
await second.fit(tf.ones([4, 1]), tf.ones([4, 1]));
