// Estimators with a modelFn: the stops, the state in modelDir, what is logged and summed up, and that nothing leaks.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import {
  Estimator,
  EstimatorSpec,
  latestCheckpoint,
  ModeKeys,
  type ModelFn,
  metrics,
  NanLossDuringTrainingError,
  RunConfig,
  type SessionRunHook,
  StopAtStepHook,
  tensorInputFn,
} from "../../../src/estimator/index";
import { captureLog, data, difference, folder } from "./help";

const log = captureLog();

/** y = w x + b by Adam, from w = 0 and b = 0. */
const modelFn: ModelFn<{ rate?: number }> = ({ mode, params }) => {
  const line = tf.layers.dense({ units: 1, inputShape: [2], kernelInitializer: "zeros" });
  const network = tf.sequential({ layers: [line] });
  return {
    mode,
    model: network,
    logits: (features) => network.apply(features) as tf.Tensor,
    predictions: (logits) => ({ value: logits.squeeze([1]) }),
    loss: (logits, labels) => tf.losses.meanSquaredError(labels, logits.squeeze([1])),
    trainOp: tf.train.adam(params.rate ?? 0.1),
    evalMetricOps: (logits, labels) => ({ error: metrics.meanAbsoluteError(labels, logits) }),
  };
};

const x = data(1, [50, 2]);
const y = tf.tidy(() =>
  x
    .mul(tf.tensor1d([2, -1]))
    .sum(1)
    .add(0.5),
);
const once = tensorInputFn({ x, y, batchSize: 16, shuffle: false });
const forEver = tensorInputFn({ x, y, batchSize: 16, shuffle: false, numEpochs: null });

function make(modelDir: string, config: ConstructorParameters<typeof RunConfig>[0] = {}) {
  return new Estimator({ modelFn, modelDir, config: new RunConfig(config), params: {} });
}

async function stepOf(estimator: { getVariableValue(name: string): Promise<tf.Tensor> }): Promise<number> {
  const value = await estimator.getVariableValue("global_step");
  return tf.tidy(() => value.dataSync()[0]!);
}

test("training ends with the input", async (t) => {
  const estimator = make(folder(t));
  assert.equal(await estimator.train(once), estimator);
  assert.equal(await stepOf(estimator), 4);
});

test("steps count from where the call began, maxSteps from the very first one", async (t) => {
  const estimator = make(folder(t));
  await estimator.train(forEver, { steps: 5 });
  await estimator.train(forEver, { steps: 5 });
  assert.equal(await stepOf(estimator), 10);
  await estimator.train(forEver, { maxSteps: 12 });
  assert.equal(await stepOf(estimator), 12);
  log.length = 0;
  await estimator.train(forEver, { maxSteps: 12 });
  assert.deepEqual(log, ["info: Skipping training since max_steps has already saved."]);
});

test("wrong limits are refused", async (t) => {
  const estimator = make(folder(t));
  await assert.rejects(estimator.train(once, { steps: 1, maxSteps: 2 }), /Can not provide both steps and maxSteps/);
  await assert.rejects(estimator.train(once, { steps: 0 }), /Must specify steps > 0, given: 0/);
  await assert.rejects(estimator.train(once, { maxSteps: -1 }), /Must specify maxSteps > 0, given: -1/);
});

test("a hook stops the training; the last step is saved", async (t) => {
  const estimator = make(folder(t));
  await estimator.train(forEver, { hooks: [new StopAtStepHook({ lastStep: 7 })] });
  assert.equal(await stepOf(estimator), 7);
  await estimator.train(forEver, { hooks: [new StopAtStepHook({ numSteps: 3 })] });
  assert.equal(await stepOf(estimator), 10);
});

test("hooks are called around each step and learn what is planned", async (t) => {
  const calls: string[] = [];
  const hook: SessionRunHook = {
    begin: ({ maxSteps, stepsPerEpoch }) => void calls.push(`begin of ${maxSteps}, ${stepsPerEpoch} an epoch`),
    beforeRun: ({ globalStep }) => void calls.push(`before ${globalStep}`),
    afterRun: async (_context, { globalStep, batchSize }) =>
      void calls.push(`after ${globalStep}: ${batchSize} examples`),
    end: ({ globalStep }) => void calls.push(`end ${globalStep}`),
  };
  const small = tensorInputFn({ x, y, batchSize: 30, shuffle: false });
  await make(folder(t)).train(small, { hooks: [hook] });
  assert.deepEqual(calls, [
    "begin of 2, 2 an epoch",
    "before 0",
    "after 1: 30 examples",
    "before 1",
    "after 2: 20 examples",
    "end 2",
  ]);
});

test("training in pieces ends at the weights of training at once, slots and step counts included", async (t) => {
  const whole = make(folder(t));
  await whole.train(tensorInputFn({ x, y, batchSize: 50, shuffle: false, numEpochs: null }), { steps: 30 });
  const pieces = make(folder(t));
  for (let i = 0; i < 3; i++) {
    await pieces.train(tensorInputFn({ x, y, batchSize: 50, shuffle: false, numEpochs: null }), { steps: 10 });
  }
  const names = await whole.getVariableNames();
  assert.deepEqual(names, [
    "dense/bias",
    "dense/kernel",
    "global_step",
    "training/Adam/accBeta1",
    "training/Adam/accBeta2",
    "training/Adam/dense/bias/m",
    "training/Adam/dense/bias/v",
    "training/Adam/dense/kernel/m",
    "training/Adam/dense/kernel/v",
  ]);
  for (const name of names) {
    assert.equal(difference([await whole.getVariableValue(name)], [await pieces.getVariableValue(name)]), 0, name);
  }
});

test("a training that a hook stopped goes on in the midst of the input, and ends where it would have", async (t) => {
  const input = tensorInputFn({ x, y, batchSize: 16, shuffle: false, numEpochs: 5 });
  const whole = make(folder(t));
  await whole.train(input);
  const stopped = make(folder(t));
  await stopped.train(input, { hooks: [new StopAtStepHook({ lastStep: 6 })] });
  await stopped.train(input);
  assert.equal(await stepOf(stopped), 20);
  for (const name of ["dense/kernel", "dense/bias"]) {
    assert.equal(difference([await whole.getVariableValue(name)], [await stopped.getVariableValue(name)]), 0);
  }
});

test("a shuffled epoch that was cut off is finished in its own order", async (t) => {
  const ids = tf
    .range(0, 50)
    .reshape([50, 1])
    .concat(tf.zeros([50, 1]), 1);
  const seen: number[] = [];
  const watching: ModelFn = (args) => {
    const spec = (modelFn as ModelFn)(args) as EstimatorSpec;
    return {
      ...spec,
      logits: (features) => {
        seen.push(...features.slice([0, 0], [-1, 1]).dataSync());
        return spec.logits!(features);
      },
    };
  };
  const estimator = new Estimator({ modelFn: watching, modelDir: folder(t) });
  const input = tensorInputFn({ x: ids, y, batchSize: 16 });
  await estimator.train(input, { hooks: [new StopAtStepHook({ lastStep: 2 })] });
  await estimator.train(input);
  assert.deepEqual(
    seen.sort((a, b) => a - b),
    Array.from({ length: 50 }, (_, i) => i),
  );
});

test("evaluate weights metrics over uneven batches and averages the loss over batches, as TensorFlow does", async (t) => {
  const estimator = make(folder(t));
  const input = tensorInputFn({ x, y, batchSize: 40, shuffle: false });
  const { loss, error, global_step } = await estimator.evaluate(input);
  const values = y.arraySync() as number[];
  const mean = (list: number[]) => list.reduce((a, b) => a + b, 0) / list.length;
  const squares = values.map((value) => value * value);
  assert.ok(Math.abs(error! - mean(values.map(Math.abs))) < 1e-6);
  assert.ok(Math.abs(loss! - (mean(squares.slice(0, 40)) + mean(squares.slice(40))) / 2) < 1e-6);
  assert.equal(global_step, 0);
});

test("evaluate may take an older checkpoint, and a name of its own", async (t) => {
  const modelDir = folder(t);
  const estimator = make(modelDir, { saveCheckpointsSteps: 10 });
  await estimator.train(forEver, { steps: 30 });
  const older = await estimator.evaluate(once, { checkpointPath: path.join(modelDir, "model.ckpt-10"), name: "old" });
  const newest = await estimator.evaluate(once, { steps: 2 });
  assert.equal(older["global_step"], 10);
  assert.ok(older["loss"]! > newest["loss"]!);
  assert.equal(fs.readdirSync(path.join(modelDir, "eval_old")).length, 1);
});

test("an evaluation without a batch says so", async (t) => {
  const empty = () => ({ async *[Symbol.asyncIterator]() {} });
  await assert.rejects(make(folder(t)).evaluate(empty), /Evaluation had no batch/);
});

test("predict yields examples, or batches, of the wanted keys", async (t) => {
  const estimator = make(folder(t));
  await estimator.train(forEver, { steps: 200 });
  const input = tensorInputFn({
    x: tf.tensor2d([
      [0, 0],
      [1, 0],
      [0, 1],
    ]),
    batchSize: 2,
    shuffle: false,
  });
  const values: number[] = [];
  for await (const { value } of estimator.predict(input)) values.push(Math.round((value as number) * 10) / 10);
  assert.deepEqual(values, [0.5, 2.5, -0.5]);
  const batches: unknown[] = [];
  for await (const rows of estimator.predict(input, { yieldSingleExamples: false }))
    batches.push((rows["value"] as []).length);
  assert.deepEqual(batches, [2, 1]);
  await assert.rejects(
    estimator.predict(input, { predictKeys: ["classes"] }).next(),
    /Expected to predict classes; the model predicts value/,
  );
});

test("predict may be left early and frees all", async (t) => {
  const estimator = make(folder(t));
  await estimator.train(once);
  const before = tf.memory().numTensors;
  for await (const _ of estimator.predict(once)) break;
  assert.equal(tf.memory().numTensors, before);
});

test("no call leaves a tensor behind, and no step does", async (t) => {
  const estimator = make(folder(t), { saveCheckpointsSteps: 5 });
  const before = tf.memory().numTensors;
  const during = new Set<number>();
  const hook: SessionRunHook = {
    afterRun: (_context, { globalStep }) => {
      if (globalStep > 1) during.add(tf.memory().numTensors);
    },
  };
  await estimator.train(forEver, { steps: 20, hooks: [hook] });
  assert.equal(during.size, 1, `the number of tensors changes from step to step: ${[...during]}`);
  await estimator.evaluate(once);
  assert.equal(tf.memory().numTensors, before);
});

test("a NaN loss ends the training with its step, and is not saved", async (t) => {
  const estimator = make(folder(t), { saveCheckpointsSteps: 1 });
  const broken = tf.tidy(() => y.mul(tf.tensor1d([...Array(33).fill(1), Number.NaN, ...Array(16).fill(1)])));
  const input = tensorInputFn({ x, y: broken, batchSize: 16, shuffle: false });
  await assert.rejects(estimator.train(input), (error) => {
    assert.ok(error instanceof NanLossDuringTrainingError);
    assert.equal(error.step, 3);
    return true;
  });
  assert.equal(await stepOf(estimator), 2);
});

test("an error in a hook saves the state before it", async (t) => {
  const estimator = make(folder(t));
  const hook: SessionRunHook = {
    beforeRun: ({ globalStep }) => {
      if (globalStep === 3) throw new Error("no more");
    },
  };
  await assert.rejects(estimator.train(forEver, { hooks: [hook] }), /no more/);
  assert.equal(await stepOf(estimator), 3);
});

test("two optimizers train disjoint variables", async (t) => {
  const two: ModelFn = ({ mode }) => {
    const [wide, deep] = [tf.variable(tf.zeros([2, 1])), tf.variable(tf.zeros([2, 1]))];
    return {
      mode,
      variables: { wide, deep },
      logits: (features) => features.matMul(wide.add(deep) as tf.Tensor2D),
      loss: (logits, labels) => tf.losses.meanSquaredError(labels, logits.squeeze([1])),
      trainOp: [
        { optimizer: tf.train.adagrad(0.1), variables: [wide] },
        { optimizer: tf.train.sgd(0.01), variables: [deep] },
      ],
    };
  };
  const estimator = new Estimator({ modelFn: two, modelDir: folder(t) });
  await estimator.train(forEver, { steps: 3 });
  const names = await estimator.getVariableNames();
  assert.deepEqual(names, ["deep", "global_step", "training/Adagrad/wide/accumulator", "wide"]);
  assert.ok(difference([await estimator.getVariableValue("wide")], [await estimator.getVariableValue("deep")]) > 0.01);
});

test("a spec that lacks what its mode needs is refused", () => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [1] })] });
  const logits = (features: tf.Tensor) => features;
  const { TRAIN, EVAL, PREDICT } = ModeKeys;
  assert.throws(() => new EstimatorSpec({ mode: TRAIN, model, logits }), /Missing trainOp/);
  assert.throws(() => new EstimatorSpec({ mode: TRAIN, model, logits, trainOp: tf.train.sgd(1) }), /Missing loss/);
  assert.throws(() => new EstimatorSpec({ mode: EVAL, model, logits }), /Missing loss/);
  assert.throws(() => new EstimatorSpec({ mode: PREDICT, model, logits }), /Missing predictions/);
  assert.throws(() => new EstimatorSpec({ mode: PREDICT, logits, predictions: logits }), /Missing model/);
  assert.throws(
    () => new EstimatorSpec({ mode: "fit" as "train", model, logits }),
    /mode should be one of train, eval, infer/,
  );
});

test("a metric may not be called loss", async (t) => {
  const taken: ModelFn = (args) =>
    ({ ...modelFn(args), evalMetricOps: () => ({ loss: metrics.mean(1) }) }) as EstimatorSpec;
  const estimator = new Estimator({ modelFn: taken, modelDir: folder(t) });
  await assert.rejects(
    estimator.evaluate(once),
    /Metric with name "loss" is not allowed, because Estimator already defines a default metric with the same name/,
  );
});

test("a folder of another model is refused with the variable that differs", async (t) => {
  const modelDir = folder(t);
  await make(modelDir).train(once);
  const wider: ModelFn = ({ mode }) => {
    const dense = tf.variable(tf.zeros([3, 1]));
    return {
      ...modelFn({ mode, params: {}, config: new RunConfig() }),
      variables: { "dense/kernel": dense },
    } as EstimatorSpec;
  };
  await assert.rejects(
    new Estimator({ modelFn: wider, modelDir }).train(once),
    /Two variables would be saved as "dense\/kernel"/,
  );
  const other: ModelFn = ({ mode }) => {
    const slope = tf.variable(tf.zeros([2, 1]));
    return { ...modelFn({ mode, params: {}, config: new RunConfig() }), variables: { slope } } as EstimatorSpec;
  };
  await assert.rejects(
    new Estimator({ modelFn: other, modelDir }).train(once),
    /has no variable slope.*modelDir of its own/,
  );
});

test("a new training may start from another one's weights", async (t) => {
  const modelDir = folder(t);
  await make(modelDir).train(forEver, { steps: 50 });
  const expected = (await make(modelDir).evaluate(once))["loss"];
  const warm = new Estimator({ modelFn, modelDir: folder(t), params: {}, warmStartFrom: modelDir });
  const { loss, global_step } = await warm.evaluate(once);
  assert.equal(loss, expected);
  assert.equal(global_step, 0);
});

test("the log has TensorFlow's lines at TensorFlow's steps", async (t) => {
  const modelDir = folder(t);
  log.length = 0;
  const estimator = make(modelDir, { saveCheckpointsSteps: 20, logStepCountSteps: 10 });
  await estimator.train(forEver, { steps: 21 });
  await estimator.evaluate(once);
  const plain = log.map((line) =>
    line
      .replaceAll(modelDir, "md")
      .replace(/\d+\.\d+(e-\d+)?/g, "#")
      .replace(/sec: [\d.]+/, "sec: #")
      .replace(/at 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d$/, "at TIME"),
  );
  assert.deepEqual(plain, [
    "info: Saving checkpoints for 0 into md/model.ckpt.",
    "info: loss = #, step = 0",
    "info: global_step/sec: #",
    "info: loss = #, step = 10 (# sec)",
    "info: Saving checkpoints for 20 into md/model.ckpt.",
    "info: global_step/sec: #",
    "info: loss = #, step = 20 (# sec)",
    "info: Saving checkpoints for 21 into md/model.ckpt.",
    "info: Loss for final step: #.",
    "info: Starting evaluation at TIME",
    "info: Restoring parameters from md/model.ckpt-21.safetensors",
    "info: Finished evaluation at TIME",
    "info: Saving dict for global step 21: error = #, global_step = 21, loss = #",
    "info: Saving 'checkpoint_path' summary for global step 21: md/model.ckpt-21.safetensors",
  ]);
});

test("checkpoints can be turned off", async (t) => {
  const modelDir = folder(t);
  await make(modelDir, { saveCheckpointsSecs: null }).train(once);
  assert.equal(await latestCheckpoint(modelDir), null);
});

test("a folder that cannot be written is told at once", async (t) => {
  const file = path.join(folder(t), "file");
  fs.writeFileSync(file, "");
  await assert.rejects(make(path.join(file, "md")).train(once), /Checkpoint for step 0 could not be written to .*md/);
});

test("modelDir may be given once, or twice alike", (t) => {
  const modelDir = folder(t);
  const config = new RunConfig({ modelDir });
  assert.equal(new Estimator({ modelFn, params: {}, config }).modelDir, modelDir);
  assert.equal(new Estimator({ modelFn, params: {}, modelDir, config }).modelDir, modelDir);
  assert.throws(() => new Estimator({ modelFn, params: {}, modelDir: "other", config }), /with different values/);
});
