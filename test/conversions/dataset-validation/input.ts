import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });

const xs = tf.data.array([[1, 2], [3, 4], [5, 6], [7, 8]]);
const ys = tf.data.array([[1], [2], [3], [4]]);

await model.fitDataset(tf.data.zip({ xs, ys }).batch(2), {
  epochs: 5,
  initialEpoch: 1,
  validationData: tf.data.zip({ xs, ys }).batch(4),
  validationBatches: 1,
});
