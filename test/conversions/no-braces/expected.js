import * as tf from '@tensorflow/tfjs';
import {modelToEstimator, tensorInputFn} from '@fitlens/estimator';

const model = tf.sequential({layers: [tf.layers.dense({units: 1, inputShape: [1]})]});
model.compile({optimizer: 'sgd', loss: 'meanSquaredError'});
const xs = tf.ones([4, 1]);

if (xs.size > 0) {
  const estimator = modelToEstimator({kerasModel: model, modelDir: 'model_dir/no-braces'});
  const trainInputFn = tensorInputFn({x: xs, y: xs, batchSize: 2, numEpochs: 2});
  const evalInputFn = tensorInputFn({x: xs, y: xs, batchSize: 2, shuffle: false});
  await estimator.train(trainInputFn);
  console.log(await estimator.evaluate(evalInputFn));
}
else
  console.log('nothing to do');
