// Which Iris is it? The same question as in iris.ts, put to an Estimator whose modelFn says everything in its own words.
import { readFileSync } from "node:fs";
import {
  Estimator,
  EstimatorSpec,
  EvalSpec,
  ModeKeys,
  type ModelFnArgs,
  metrics,
  RunConfig,
  TrainSpec,
  tensorInputFn,
  trainAndEvaluate,
} from "@fitlens/estimator";
import * as tf from "@tensorflow/tfjs";

const SPECIES = ["setosa", "versicolor", "virginica"];

const table = readFileSync(new URL("data/iris.csv", import.meta.url), "utf8");
const [, ...lines] = table.trim().split("\n");
const rows = lines.map((line) => line.split(","));

function inputFn(flowers: string[][], options: { numEpochs: number; shuffle: boolean }) {
  const x = tf.tensor2d(flowers.map((flower) => flower.slice(0, 4).map(Number)));
  const species = flowers.map((flower) => SPECIES.indexOf(flower[4] ?? ""));
  return tensorInputFn({ x, y: tf.oneHot(tf.tensor1d(species, "int32"), SPECIES.length), batchSize: 16, ...options });
}

/** The model and what is done with a batch. It is called once for training, and once for each evaluation. */
function modelFn({ mode, params }: ModelFnArgs<{ learningRate: number }>) {
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ inputShape: [4], units: 16, activation: "relu" }),
      tf.layers.dense({ units: 16, activation: "relu" }),
      tf.layers.dense({ units: 3 }),
    ],
  });
  return new EstimatorSpec({
    mode,
    model,
    logits: (features) => model.apply(features, { training: mode === ModeKeys.TRAIN }) as tf.Tensor,
    predictions: (logits) => ({ probabilities: tf.softmax(logits), species: logits.argMax(-1) }),
    loss: (logits, labels) => tf.losses.softmaxCrossEntropy(labels, logits),
    trainOp: tf.train.adam(params.learningRate),
    evalMetricOps: (logits, labels) => ({ accuracy: metrics.accuracy(labels.argMax(-1), logits.argMax(-1)) }),
  });
}

// Checkpoints are kept in modelDir: the next run goes on from the newest. Delete the folder to begin anew.
const estimator = new Estimator({
  modelFn,
  modelDir: "model_dir/iris",
  params: { learningRate: 0.01 },
  config: new RunConfig({ saveCheckpointsSteps: 80 }), // 8 steps make an epoch
});

// The table is sorted by species, so every fifth flower makes a fair set to check on.
const training = rows.filter((_, index) => index % 5 !== 0);
const checking = rows.filter((_, index) => index % 5 === 0);
const { loss, accuracy } = await trainAndEvaluate(
  estimator,
  new TrainSpec({ inputFn: inputFn(training, { numEpochs: 60, shuffle: true }) }),
  new EvalSpec({ inputFn: inputFn(checking, { numEpochs: 1, shuffle: false }), throttleSecs: 0 }),
);
console.log(`Validation loss ${loss?.toFixed(3)}, accuracy ${accuracy?.toFixed(3)}.`);
