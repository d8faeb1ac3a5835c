// Kills a training at chosen moments, also inside a save, and lets a new process finish it: it ends where an unharmed one ends.
// The file is its own child: with FITLENS_TEST_TRAIN set it trains instead of testing.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import fsPromises from "node:fs/promises";
import path from "node:path";
import readline from "node:readline";
import { test } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { checkpoints, modelToEstimator, RunConfig, readCheckpoint, tensorInputFn } from "../../../src/estimator/index";
import { data, folder, labelsFor } from "./help";

interface Orders {
  modelDir: string;
  /** Hang, once this many files were about to be renamed. */
  hangAtRename?: number;
}

const orders = process.env["FITLENS_TEST_TRAIN"];
if (orders) void train(JSON.parse(orders) as Orders);
else defineTests();

/** Trains 120 steps, a checkpoint every 5, and says each step. */
async function train({ modelDir, hangAtRename }: Orders): Promise<void> {
  let renames = 0;
  const rename = fsPromises.rename;
  fsPromises.rename = async (from, to) => {
    if (++renames === hangAtRename) {
      console.log("hanging");
      await new Promise((resume) => setTimeout(resume, 60_000));
    }
    return rename(from, to);
  };
  const init = (seed: number) => tf.initializers.glorotUniform({ seed });
  const model = tf.sequential({
    layers: [
      tf.layers.dense({ units: 16, activation: "relu", inputShape: [4], kernelInitializer: init(1) }),
      tf.layers.batchNormalization(),
      tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: init(2) }),
    ],
  });
  model.compile({ optimizer: "adam", loss: "categoricalCrossentropy" });
  const x = data(1, [100, 4]);
  const config = new RunConfig({ saveCheckpointsSteps: 5 });
  const estimator = modelToEstimator({ kerasModel: model, modelDir, config });
  const input = tensorInputFn({ x, y: labelsFor(x, 3), numEpochs: 30, shuffle: false });
  await estimator.train(input, { hooks: [{ afterRun: (_, { globalStep }) => console.log(`step ${globalStep}`) }] });
}

/** Runs a child until it ends, or until it says a line, and then kills it without warning. */
async function run(orders: Orders, killAt?: string): Promise<number> {
  const child = spawn(process.execPath, [__filename], {
    env: { ...process.env, FITLENS_TEST_TRAIN: JSON.stringify(orders), NODE_TEST_CONTEXT: "" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  const deadline = setTimeout(() => child.kill("SIGKILL"), 60_000);
  let steps = 0;
  for await (const line of readline.createInterface({ input: child.stdout })) {
    if (line.startsWith("step ")) steps++;
    if (line === killAt) child.kill("SIGKILL");
  }
  clearTimeout(deadline);
  if (killAt) assert.equal(child.signalCode ?? "SIGKILL", "SIGKILL", `the training ended before it said "${killAt}"`);
  else assert.ok(steps > 0, "the training said no step within 60 s");
  return steps;
}

async function finalState(modelDir: string) {
  const file = (await checkpoints(modelDir)).at(-1)!;
  const { step, tensors } = await readCheckpoint(file.path);
  return { step, tensors: Object.fromEntries([...tensors].map(([name, { data }]) => [name, [...data]])) };
}

function defineTests(): void {
  let unharmed: ReturnType<typeof finalState>;

  test("an unharmed training takes 120 steps", async (t) => {
    const modelDir = folder(t);
    assert.equal(await run({ modelDir }), 120);
    unharmed = finalState(modelDir);
    assert.equal((await unharmed).step, 120);
  });

  const moments: [string, Partial<Orders>, string, number][] = [
    ["before the first interval ends", {}, "step 3", 0],
    ["between two saves", {}, "step 33", 30],
    ["right after a save", {}, "step 46", 45],
    ["near the end", {}, "step 119", 115],
    ["in a save, before the checkpoint has its name", { hangAtRename: 9 }, "hanging", 15],
    ["in a save, before the state file names the checkpoint", { hangAtRename: 10 }, "hanging", 20],
    ["in the first save", { hangAtRename: 1 }, "hanging", 0],
  ];
  for (const [when, rest, killAt, resumedFrom] of moments) {
    test(`killed ${when}, the training is finished by a new process`, async (t) => {
      const modelDir = folder(t);
      await run({ modelDir, ...rest }, killAt);
      const steps = await run({ modelDir });
      // The kill arrives a moment after the line, so a little more may have been saved than when the line was said.
      assert.ok(120 - steps >= resumedFrom, `it went on from step ${120 - steps}, expected ${resumedFrom} or later`);
      assert.deepEqual(await finalState(modelDir), await unharmed);
      assert.deepEqual(
        fs.readdirSync(modelDir).filter((name) => name.endsWith(".tmp")),
        [],
        "temporary files of the killed one are gone",
      );
      assert.ok(fs.existsSync(path.join(modelDir, "checkpoint")));
    });
  }
}
