import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const xs = tf.tensor2d([[1], [2], [3]]);
const ys = tf.tensor2d([[2], [4], [6]]);

await model.fit(xs, ys, {
  epochs: 20, // enough for a line
  // small batches
  batchSize: 2,
  verbose: 0,
  callbacks: {
    // every tenth epoch
    onEpochEnd: async (epoch, logs) => {
      if (epoch % 10 === 0) console.log(epoch, logs?.["loss"]);
    },
  },
}); // trained
