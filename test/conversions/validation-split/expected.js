const tf = require('@tensorflow/tfjs')
const {modelToEstimator, RunConfig, tensorInputFn, trainAndEvaluate} = require('@fitlens/estimator')

const xs = tf.randomUniform([50, 3])
const ys = tf.randomUniform([50, 2])

const model = tf.sequential({
  layers: [tf.layers.dense({units: 2, inputShape: [3], activation: 'softmax'})]
})
model.compile({loss: 'categoricalCrossentropy', optimizer: 'adam', metrics: ['accuracy']})

async function train() {
  // The last fifth is kept for validation.
  const splitAt = Math.floor(xs.shape[0] * (1 - 0.2))
  const stepsPerEpoch = Math.ceil(splitAt / 8)
  const estimator = modelToEstimator({
    kerasModel: model,
    modelDir: 'model_dir/validation-split',
    config: new RunConfig({saveCheckpointsSteps: stepsPerEpoch}),
  })
  const trainInputFn = tensorInputFn({
    x: xs.slice(0, splitAt),
    y: ys.slice(0, splitAt),
    batchSize: 8,
    numEpochs: 5,
    shuffle: false,
  })
  const evalInputFn = tensorInputFn({x: xs.slice(splitAt), y: ys.slice(splitAt), batchSize: 8, shuffle: false})
  await trainAndEvaluate(
    estimator,
    {inputFn: trainInputFn},
    {inputFn: evalInputFn, steps: null, throttleSecs: 0},
  )
  console.log('done')
}

train().then(() => model.evaluate(xs, ys)[0].print())
