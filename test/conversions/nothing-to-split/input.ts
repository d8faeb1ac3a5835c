import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const xs = tf.ones([4, 1]);
await model.fit(xs, xs, { epochs: 2, batchSize: undefined, validationSplit: 0, shuffle: xs.size > 2 });
