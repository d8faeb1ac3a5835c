const tf = require("@tensorflow/tfjs");

async function train(model, xs) {
  await model.fit(xs, xs, { epochs: 2, shuffle: "batch" });
}
