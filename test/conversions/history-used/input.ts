import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
const xs = tf.tensor2d([[1], [2], [3]]);
const ys = tf.tensor2d([[2], [4], [6]]);
const history = await model.fit(xs, ys, { epochs: 20 });
console.log("trained");
console.log(history.history["loss"]?.at(-1));
