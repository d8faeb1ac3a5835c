import type { Estimator } from "@fitlens/estimator";
import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
export const estimators: Estimator[] = [];
const xs = tf.ones([4, 1]);
await model.fit(xs, xs);
