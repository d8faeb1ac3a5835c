import { layers, ones, sequential } from "@tensorflow/tfjs";

class RunConfig {}
const estimator = new RunConfig();
const metrics = [estimator];

const model = sequential({ layers: [layers.dense({ units: 1, inputShape: [1] })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
await model.fit(ones([8, 1]), ones([8, 1]), { epochs: 2, validationData: [ones([4, 1]), ones([4, 1])] });
console.log(metrics.length);
