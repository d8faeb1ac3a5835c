import * as tf from "@tensorflow/tfjs";

const options = { epochs: 3, batchSize: 2 * 4, shuffle: true };
const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
await model.fit(tf.ones([16, 1]), tf.ones([16, 1]), options);
