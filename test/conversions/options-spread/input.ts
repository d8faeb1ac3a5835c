import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const common = { epochs: 2 };
await model.fit(tf.ones([4, 1]), tf.ones([4, 1]), { ...common, batchSize: 2 });
