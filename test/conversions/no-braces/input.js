import * as tf from '@tensorflow/tfjs';

const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [1]})]});
model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
const xs = tf.ones([4, 1]);

if (xs.size > 0)
  await model.fit(xs, xs, {epochs: 2, batchSize: 2});
else
  console.log('nothing to do');
