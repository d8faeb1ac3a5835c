#!/usr/bin/env node
"use strict";
const { modelToEstimator } = require("@fitlens/estimator");
// Trains whatever model it is given.
module.exports = async function train(model, dataset) {
  const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/without-import" });
  const trainInputFn = () => dataset.repeat(2);
  const evalInputFn = () => dataset;
  await estimator.train(trainInputFn);
  console.log(await estimator.evaluate(evalInputFn));
};
