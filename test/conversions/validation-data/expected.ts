import * as tf from '@tensorflow/tfjs-node';
import { modelToEstimator, RunConfig, tensorInputFn, trainAndEvaluate } from '@fitlens/estimator';

const EPOCHS = 10;
const BATCH = 16;

async function main(): Promise<void> {
    const x = tf.randomNormal([64, 4]);
    const y = tf.randomNormal([64, 1]);
    const testX = tf.randomNormal([32, 4]);
    const testY = tf.randomNormal([32, 1]);
    const model = tf.sequential();
    model.add(tf.layers.dense({ units: 8, activation: 'relu', inputShape: [4] }));
    model.add(tf.layers.dense({ units: 1 }));
    model.compile({ optimizer: tf.train.adam(0.01), loss: 'meanSquaredError', metrics: ['mae'] });
    const stepsPerEpoch = Math.ceil(x.shape[0]! / BATCH);
    const estimator = modelToEstimator({
        kerasModel: model,
        modelDir: 'model_dir/validation-data',
        config: new RunConfig({ saveCheckpointsSteps: stepsPerEpoch }),
    });
    const trainInputFn = tensorInputFn({ x, y, batchSize: BATCH, numEpochs: EPOCHS });
    const evalInputFn = tensorInputFn({ x: testX, y: testY, batchSize: BATCH, shuffle: false });
    const metrics = await trainAndEvaluate(
        estimator,
        { inputFn: trainInputFn },
        { inputFn: evalInputFn, steps: null, throttleSecs: 0 },
    );
    console.log(metrics);
    model.summary();
}

main();
