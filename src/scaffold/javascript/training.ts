// How a script for TensorFlow.js trains its model and says how good it became: compile, fit and evaluate, or a modelFn and its Estimator.
import { hole } from "../markup";
import { MODEL, type NetworkParts, sequential } from "./models";
import type { TaskParts } from "./tasks";

const EPOCHS = (task: TaskParts) => hole("epochs", task.epochs);
const BATCH_SIZE = hole("batchSize", 32);
const rate = (task: TaskParts) => hole("learningRate", task.learningRate);

export function compile(task: TaskParts): string {
  return `${MODEL}.compile({ optimizer: tf.train.adam(${rate(task)}), loss: "${task.loss}", metrics: ["${task.measured.keras}"] });`;
}

export function fitAndEvaluate(task: TaskParts, type: (text: string) => string): string {
  return `await ${MODEL}.fit(train.x, train.y, {
  epochs: ${EPOCHS(task)},
  batchSize: ${BATCH_SIZE},
  validationData: [test.x, test.y],
});

const [loss, ${task.measured.variable}] = ${MODEL}.evaluate(test.x, test.y)${type(" as [tf.Scalar, tf.Scalar]")};
console.log(\`Test loss \${loss.arraySync().toFixed(3)}, ${task.metric} \${${task.measured.variable}.arraySync().toFixed(3)}.\`);`;
}

export function modelFn(task: TaskParts, network: NetworkParts): string {
  const { type } = network;
  const { predictions, loss, metric } = task.estimator;
  return `/** The model and what is done with a batch: forward pass, predictions, loss, training and metrics. */
function modelFn({ mode, params }${type(": ModelFnArgs<{ learningRate: number }>")}) {
${indent(sequential(network))}
  return new EstimatorSpec({
    mode,
    model,
    logits: (features) => model.apply(features, { training: mode === ModeKeys.TRAIN })${type(" as tf.Tensor")},
    predictions: (logits) => ({ ${predictions} }),
    loss: (logits, labels) => ${loss},
    trainOp: tf.train.adam(params.learningRate),
    evalMetricOps: (logits, labels) => ({ ${task.measured.variable}: ${metric} }),
  });
}`;
}

export function trainEstimator(task: TaskParts, modelDir: string): string {
  return `const trainInputFn = tensorInputFn({ x: train.x, y: train.y, batchSize: ${BATCH_SIZE}, numEpochs: ${EPOCHS(task)} });
const evalInputFn = tensorInputFn({ x: test.x, y: test.y, shuffle: false });

// Checkpoints are kept in modelDir: the next run goes on from the newest. Delete the folder to begin anew.
const estimator = new Estimator({
  modelFn,
  modelDir: ${JSON.stringify(modelDir)},
  params: { learningRate: ${rate(task)} },
  config: new RunConfig({ saveCheckpointsSteps: ${hole("stepsPerEpoch", Math.ceil(task.examples / 32))} }),
});

// Evaluates at every checkpoint, about once an epoch, and at the end.
const { loss, ${task.measured.variable} } = await trainAndEvaluate(
  estimator,
  new TrainSpec({ inputFn: trainInputFn }),
  new EvalSpec({ inputFn: evalInputFn, throttleSecs: 0 }),
);
console.log(\`Test loss \${loss?.toFixed(3)}, ${task.metric} \${${task.measured.variable}?.toFixed(3)}.\`);`;
}

const indent = (text: string) => text.replace(/^(?=.)/gm, "  ");
