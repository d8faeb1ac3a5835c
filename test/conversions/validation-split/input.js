const tf = require('@tensorflow/tfjs')

const xs = tf.randomUniform([50, 3])
const ys = tf.randomUniform([50, 2])

const model = tf.sequential({
  layers: [tf.layers.dense({units: 2, inputShape: [3], activation: 'softmax'})]
})
model.compile({loss: 'categoricalCrossentropy', optimizer: 'adam', metrics: ['accuracy']})

async function train() {
  // The last fifth is kept for validation.
  const history = await model.fit(xs, ys, {epochs: 5, batchSize: 8, validationSplit: 0.2, shuffle: false})
  console.log('done')
}

train().then(() => model.evaluate(xs, ys)[0].print())
