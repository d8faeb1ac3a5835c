import * as tf from '@tensorflow/tfjs' // the library

const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] })
model.compile({ optimizer: 'sgd', loss: 'meanSquaredError' })
const xs = tf.ones([4, 1])
const history = (await model.fit(xs, xs, { epochs: 2 }))
;[1, 2].forEach((n) => console.log(n))
