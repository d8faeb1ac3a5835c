import * as tf from "@tensorflow/tfjs";

export async function train(model, data) {
  await model.fit(...data, { epochs: 2 });
}
