import * as tf from '@tensorflow/tfjs-node';

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
    await model.fit(x, y, { epochs: EPOCHS, batchSize: BATCH, validationData: [testX, testY] });
    model.summary();
}

main();
