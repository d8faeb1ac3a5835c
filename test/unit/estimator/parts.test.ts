// The small parts: RunConfig, metrics, numbers in the log, inputs and the logging hook.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import {
  Estimator,
  type InputFn,
  LoggingTensorHook,
  metrics,
  RunConfig,
  StopAtStepHook,
  tensorInputFn,
} from "../../../src/estimator/index";
import { formatNumber, formatRate, formatResults, formatTime } from "../../../src/estimator/logging";
import { MetricTotal } from "../../../src/estimator/metrics";
import { variablesOf } from "../../../src/estimator/variables";
import { captureLog, folder } from "./help";

const log = captureLog();

test("a RunConfig has TensorFlow's defaults", () => {
  assert.deepEqual(
    { ...new RunConfig() },
    {
      modelDir: null,
      tfRandomSeed: null,
      saveSummarySteps: 100,
      saveCheckpointsSteps: null,
      saveCheckpointsSecs: 600,
      keepCheckpointMax: 5,
      keepCheckpointEveryNHours: 10_000,
      logStepCountSteps: 100,
    },
  );
});

test("one checkpoint interval replaces the other, and both at once are refused", () => {
  const bySteps = new RunConfig({ saveCheckpointsSteps: 10 });
  assert.equal(bySteps.saveCheckpointsSecs, null);
  const bySecs = bySteps.replace({ saveCheckpointsSecs: 5 });
  assert.deepEqual([bySecs.saveCheckpointsSteps, bySecs.saveCheckpointsSecs], [null, 5]);
  assert.equal(bySecs.replace({ modelDir: "md" }).saveCheckpointsSecs, 5);
  const off = bySecs.replace({ saveCheckpointsSecs: null });
  assert.deepEqual([off.saveCheckpointsSteps, off.saveCheckpointsSecs], [null, null]);
  const both = { saveCheckpointsSteps: 1, saveCheckpointsSecs: 1 };
  assert.throws(() => new RunConfig(both), /`saveCheckpointsSteps` and `saveCheckpointsSecs` cannot be both set\./);
  assert.throws(() => new RunConfig().replace(both), /cannot be both set/);
});

test("a RunConfig says what is wrong with a property", () => {
  assert.throws(
    () => new RunConfig({ keepCheckpointMax: -1 }),
    /keepCheckpointMax should be an integer of at least 0, received -1/,
  );
  assert.throws(
    () => new RunConfig({ logStepCountSteps: 0 }),
    /logStepCountSteps should be a positive integer, received 0/,
  );
  assert.throws(() => new RunConfig({ modelDir: "" }), /modelDir should be a path, received ""/);
  const foreign = { sessionConfig: {} } as ConstructorParameters<typeof RunConfig>[0];
  assert.throws(() => new RunConfig(foreign), /no property sessionConfig in TensorFlow\.js\. It has: modelDir/);
});

test("numbers are written as NumPy writes a float32", () => {
  const written = [0.6150708198547363, 0.5, 1, 1e-7, 0.10000000149011612, 16777216, Number.NaN, -Infinity].map(
    formatNumber,
  );
  assert.deepEqual(written, ["0.6150708", "0.5", "1.0", "1e-7", "0.1", "16777216.0", "nan", "-inf"]);
  assert.equal(formatRate(438.6023456), "438.602");
  assert.equal(
    formatResults({ loss: 0.5, accuracy: 1, global_step: 100 }),
    "accuracy = 1.0, global_step = 100, loss = 0.5",
  );
  assert.equal(formatTime(new Date(2026, 10, 3, 4, 5, 6)), "2026-11-03T04:05:06");
});

/** A metric over batches of [labels, predictions, weights]. */
function over(
  metric: "accuracy" | "precision" | "recall" | "meanSquaredError" | "meanAbsoluteError",
  ...batches: number[][][]
): number {
  let total: MetricTotal | undefined;
  for (const [labels, predictions, weights] of batches) {
    const update = metrics[metric](tf.tensor1d(labels!), tf.tensor1d(predictions!), weights && tf.tensor1d(weights));
    total ??= new MetricTotal(update);
    total.add(metric, update);
  }
  return total!.value;
}

test("metrics count uneven batches rightly", () => {
  assert.equal(
    over(
      "accuracy",
      [
        [1, 2, 3],
        [1, 2, 0],
      ],
      [[1], [0]],
    ),
    2 / 4,
  );
  assert.equal(
    over("accuracy", [
      [1, 2],
      [1, 0],
      [3, 1],
    ]),
    3 / 4,
  );
  assert.equal(
    over(
      "precision",
      [
        [1, 0, 1],
        [1, 1, 0],
      ],
      [[1], [1]],
    ),
    2 / 3,
  );
  assert.equal(
    over(
      "recall",
      [
        [1, 0, 1],
        [1, 1, 0],
      ],
      [[1], [1]],
    ),
    2 / 3,
  );
  assert.equal(over("precision", [[1], [0]]), 0);
  assert.equal(
    over(
      "meanSquaredError",
      [
        [1, 2],
        [1, 4],
      ],
      [[0], [1]],
    ),
    5 / 3,
  );
  assert.equal(
    over(
      "meanAbsoluteError",
      [
        [1, 2],
        [1, 4],
      ],
      [[0], [1]],
    ),
    3 / 3,
  );
});

test("a metric's labels and predictions must have one shape", () => {
  const column = tf.tensor2d([[1], [0]]);
  const update = metrics.accuracy(column, tf.tensor1d([1, 0]));
  assert.deepEqual([...update.sums.dataSync()], [2, 2]);
  assert.throws(() => metrics.accuracy(tf.zeros([2]), tf.zeros([3])), /labels have the shape \[2\], predictions \[3\]/);
});

test("weights are named by their place in the model, whatever was built before", () => {
  const build = () =>
    tf.sequential({
      layers: [
        tf.layers.dense({ units: 2, inputShape: [3] }),
        tf.layers.dense({ units: 2, name: "mine" }),
        tf.sequential({ layers: [tf.layers.dense({ units: 2, inputShape: [2] })] }),
        tf.layers.batchNormalization(),
        tf.layers.dense({ units: 2, useBias: false }),
      ],
    });
  const names = () => [...variablesOf([build()]).keys()];
  assert.deepEqual(names(), [
    "dense/kernel",
    "dense/bias",
    "mine/kernel",
    "mine/bias",
    "sequential/dense/kernel",
    "sequential/dense/bias",
    "batch_normalization/gamma",
    "batch_normalization/beta",
    "batch_normalization/moving_mean",
    "batch_normalization/moving_variance",
    "dense_1/kernel",
  ]);
  assert.deepEqual(names(), names());
});

test("tensorInputFn says what is wrong with its data", () => {
  const x = tf.zeros([4, 2]);
  assert.throws(() => tensorInputFn({ x, y: tf.zeros([3]) }), /equally many examples, received x 4, y 3/);
  assert.throws(() => tensorInputFn({ x: { a: x, b: tf.scalar(1) } }), /x\.b should be a tensor whose first dimension/);
  assert.throws(() => tensorInputFn({ x, batchSize: 0 }), /batchSize should be a positive integer, received 0/);
  assert.throws(() => tensorInputFn({ x: tf.zeros([0, 2]) }), /at least one example, received none/);
});

test("a dataset, and batches as pairs, can be trained on; what is no input is refused", async (t) => {
  const make = () =>
    new Estimator({
      modelDir: folder(t),
      modelFn: ({ mode }) => {
        const w = tf.variable(tf.zeros([2, 1]));
        return {
          mode,
          variables: { w },
          logits: (features) => features.matMul(w as unknown as tf.Tensor) as tf.Tensor,
          loss: (logits, labels) => tf.losses.meanSquaredError(labels, logits),
          trainOp: tf.train.sgd(0.1),
        };
      },
    });
  const xs = tf.data.array([
    [1, 2],
    [3, 4],
    [5, 6],
  ]);
  const ys = tf.data.array([[1], [2], [3]]);
  const dataset: InputFn = () => tf.data.zip({ xs, ys }).batch(2);
  const pairs: InputFn = async function* () {
    yield [tf.ones([2, 2]), tf.ones([2, 1])];
  } as unknown as InputFn;
  for (const [input, steps] of [
    [dataset, 2],
    [pairs, 1],
  ] as const) {
    const before = tf.memory().numTensors;
    const estimator = await make().train(input);
    assert.equal((await estimator.latestCheckpoint())?.endsWith(`model.ckpt-${steps}.safetensors`), true);
    assert.equal(tf.memory().numTensors, before);
  }
  await assert.rejects(
    make().train((() => 3) as unknown as InputFn),
    /inputFn should return what tensorInputFn returns/,
  );
  const features = async function* () {
    yield tf.ones([1, 2]);
  } as unknown as InputFn;
  await assert.rejects(make().train(features), /should give batches \{ xs, ys \}/);
});

test("the logging hook logs every so many steps, and at the end", () => {
  log.length = 0;
  const hook = new LoggingTensorHook({ everyNIter: 2, atEnd: true });
  const context = { globalStep: 0, maxSteps: null, stepsPerEpoch: null, stopRequested: false, requestStop() {} };
  hook.begin();
  for (const loss of [0.5, 0.25, 0.125, 0.75]) hook.afterRun(context, { loss, globalStep: 1, batchSize: 1 });
  hook.end();
  assert.deepEqual(
    log.map((line) => line.replace(/ \(.*/, "")),
    ["info: loss = 0.5", "info: loss = 0.125", "info: loss = 0.75"],
  );
  assert.throws(() => new LoggingTensorHook({}), /exactly one of everyNIter and everyNSecs/);
  assert.throws(() => new StopAtStepHook({ numSteps: 1, lastStep: 2 }), /exactly one of numSteps and lastStep/);
});
