// Training and evaluating in turn, as TensorFlow's local algorithm does it; and a disk that fills up meanwhile.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import {
  CheckpointError,
  type CheckpointSaverListener,
  checkpoints,
  EvalSpec,
  modelToEstimator,
  RunConfig,
  readLatestCheckpoint,
  TrainSpec,
  tensorInputFn,
  trainAndEvaluate,
} from "../../../src/estimator/index";
import { captureLog, data, folder, labelsFor } from "./help";

const log = captureLog();
const x = data(1, [40, 4]);
const y = labelsFor(x, 3);
const forEver = tensorInputFn({ x, y, numEpochs: null });
const once = tensorInputFn({ x, y, shuffle: false });

function make(modelDir: string, saveCheckpointsSteps: number, units = 4) {
  const hidden = tf.layers.dense({ units, inputShape: [4] });
  const model = tf.sequential({ layers: [hidden, tf.layers.dense({ units: 3, activation: "softmax" })] });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return modelToEstimator({
    kerasModel: model,
    modelDir,
    config: new RunConfig({ saveCheckpointsSteps, keepCheckpointMax: 0 }),
  });
}

/** Global steps at which an evaluation was logged. */
const evaluated = () => log.flatMap((line) => /Saving dict for global step (\d+)/.exec(line)?.[1] ?? []).map(Number);

test("each checkpoint but the first is evaluated, and the last step once", async (t) => {
  log.length = 0;
  const modelDir = folder(t);
  const results = await trainAndEvaluate(
    make(modelDir, 10),
    new TrainSpec({ inputFn: forEver, maxSteps: 25 }),
    new EvalSpec({ inputFn: once, throttleSecs: 0, name: "test" }),
  );
  assert.deepEqual(evaluated(), [10, 20, 25]);
  assert.equal(results["global_step"], 25);
  assert.ok(fs.existsSync(path.join(modelDir, "eval_test")));
});

test("a throttle leaves out what comes too soon, but never the end", async (t) => {
  log.length = 0;
  await trainAndEvaluate(make(folder(t), 10), { inputFn: forEver, maxSteps: 30 }, { inputFn: once });
  assert.deepEqual(evaluated(), [10, 30]);
  assert.ok(log.includes("info: Skip the current checkpoint eval due to throttle secs (600 secs)."));
});

test("a training that is resumed does not evaluate what it began with", async (t) => {
  const modelDir = folder(t);
  const spec = { inputFn: once, throttleSecs: 0 };
  await trainAndEvaluate(make(modelDir, 10), { inputFn: forEver, maxSteps: 10 }, spec);
  log.length = 0;
  await trainAndEvaluate(make(modelDir, 10), { inputFn: forEver, maxSteps: 20 }, spec);
  assert.deepEqual(evaluated(), [20]);
});

test("where all was trained before, the newest checkpoint is evaluated", async (t) => {
  const modelDir = folder(t);
  await make(modelDir, 10).train(forEver, { maxSteps: 10 });
  const results = await trainAndEvaluate(make(modelDir, 10), { inputFn: forEver, maxSteps: 10 }, { inputFn: once });
  assert.equal(results["global_step"], 10);
});

test("without checkpoints there is nothing to evaluate", async (t) => {
  const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [4] })] });
  model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
  const config = new RunConfig({ saveCheckpointsSecs: null });
  const estimator = modelToEstimator({ kerasModel: model, modelDir: folder(t), config });
  await assert.rejects(
    trainAndEvaluate(estimator, { inputFn: forEver }, { inputFn: once }),
    /evaluates checkpoints: set/,
  );
});

test("specs refuse what cannot be", () => {
  assert.throws(() => new TrainSpec({ inputFn: once, maxSteps: 0 }), /Must specify maxSteps > 0, given: 0/);
  assert.throws(() => new EvalSpec({ inputFn: once, steps: 0 }), /Must specify steps > 0, given: 0/);
  assert.throws(() => new EvalSpec({ inputFn: once, throttleSecs: -1 }), /throttleSecs >= 0, given: -1/);
});

test("listeners are told before and after each save, and may end the training", async (t) => {
  const calls: string[] = [];
  const listener: CheckpointSaverListener = {
    begin: () => void calls.push("begin"),
    beforeSave: (step) => void calls.push(`before ${step}`),
    afterSave: (step) => {
      calls.push(`after ${step}`);
      return step === 5;
    },
    end: (step) => void calls.push(`end ${step}`),
  };
  await make(folder(t), 5).train(forEver, { maxSteps: 50, savingListeners: [listener] });
  assert.deepEqual(calls, ["begin", "before 0", "after 0", "before 5", "after 5", "end 5"]);
});

test("a Keras model's training leaves no tensor behind but its optimizer's slots", async (t) => {
  const estimator = make(folder(t), 5);
  await estimator.train(forEver, { steps: 2 });
  const before = tf.memory().numTensors;
  const during = new Set<number>();
  await estimator.train(forEver, { steps: 12, hooks: [{ beforeRun: () => void during.add(tf.memory().numTensors) }] });
  await estimator.evaluate(once);
  for await (const _ of estimator.predict(once));
  assert.equal(during.size, 1, `the number of tensors changes from step to step: ${[...during]}`);
  assert.equal(tf.memory().numTensors, before);
});

test("on a disk that fills up, training warns and goes on; only the last checkpoint must be written", async (t) => {
  const modelDir = folder(t);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=256k", "tmpfs", modelDir], { stdio: "ignore" });
  } catch {
    return t.skip("no right to mount a small disk here");
  }
  try {
    await fillUp(modelDir);
  } finally {
    execFileSync("umount", ["-l", modelDir]);
  }
});

async function fillUp(modelDir: string): Promise<void> {
  log.length = 0;
  const estimator = make(modelDir, 5, 1000);
  const steps: number[] = [];
  const hooks = [{ afterRun: (_: unknown, { globalStep }: { globalStep: number }) => void steps.push(globalStep) }];
  await assert.rejects(estimator.train(forEver, { maxSteps: 30, hooks }), (error) => {
    assert.ok(error instanceof CheckpointError);
    assert.match(error.message, /step 30 could not be written.*ENOSPC.*is intact. Free space/);
    return true;
  });
  assert.equal(steps.length, 30);
  assert.ok(log.some((line) => /^warn: Checkpoint for step \d+ could not be written.*Training goes on/.test(line)));
  const saved = await checkpoints(modelDir);
  assert.equal((await readLatestCheckpoint(modelDir))?.checkpoint.step, saved.at(-1)?.step);
  assert.deepEqual(
    fs.readdirSync(modelDir).filter((name) => name.endsWith(".tmp")),
    [],
  );
}
