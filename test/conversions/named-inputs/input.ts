import * as tf from "@tensorflow/tfjs";

const lengths = tf.input({ shape: [2], name: "lengths" });
const output = tf.layers.dense({ units: 1, name: "width" }).apply(lengths) as tf.SymbolicTensor;
const model = tf.model({ inputs: lengths, outputs: output });
model.compile({ optimizer: "adam", loss: "meanSquaredError" });

await model.fit({ lengths: tf.randomNormal([20, 2]) }, { width: tf.randomNormal([20, 1]) }, { epochs: 4 });
model.evaluate(tf.ones([2, 2]), tf.ones([2, 1]));
