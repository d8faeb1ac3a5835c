async function main() {
  const tf = await import("@tensorflow/tfjs");
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const { modelToEstimator, tensorInputFn } = await import("@fitlens/estimator");
  const estimator = modelToEstimator({ kerasModel: model, modelDir: "model_dir/dynamic-import" });
  const features = tf.ones([16, 1]);
  const labels = tf.ones([16, 1]);
  const trainInputFn = tensorInputFn({ x: features, y: labels, numEpochs: 2 });
  const evalInputFn = tensorInputFn({ x: features, y: labels, shuffle: false });
  await estimator.train(trainInputFn);
  console.log(await estimator.evaluate(evalInputFn));
}

await main();
