import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const held: [tf.Tensor, tf.Tensor] = [tf.ones([4, 1]), tf.ones([4, 1])];
await model.fit(tf.ones([9, 1]), tf.ones([9, 1]), { epochs: 2, batchSize: 4, validationData: held });
