// Stop, pause, continue, checkpoint and resume of real runs.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { writeControl } from "../../../src/runs/store";
import { stopRun } from "../../../src/train/stop";
import {
  ended,
  isRunning,
  MLP,
  outputOf,
  points,
  SLOW,
  statusWhere,
  until,
  type Workspace,
  workspace,
} from "./trainer";

/** Trains long enough to be interrupted; says at the end what it has got. */
const LONG = `import { build, xs, ys } from "./model";
const model = build();
const history = await model.fit(xs, ys, { epochs: Number(process.argv[2] ?? 500), batchSize: 40, shuffle: false, verbose: 0, callbacks: ${SLOW} });
const weights = model.getWeights().map((weight) => Array.from(weight.dataSync()));
console.log("end " + JSON.stringify({ weights, losses: history.history["loss"], epochs: history.epoch.length }));
`;

interface End {
  weights: number[][];
  losses: number[];
  epochs: number;
}

function endOf(output: string): End {
  const line = output.split("\n").findLast((one) => one.startsWith("end "));
  assert.ok(line, `the script's last line is missing in ${output}`);
  return JSON.parse(line.slice(4)) as End;
}

/** Adam takes up its powers of beta by computing them anew, which rounds otherwise than multiplying on. */
function assertClose(actual: number[], expected: number[]): void {
  assert.equal(actual.length, expected.length);
  for (const [i, value] of expected.entries()) {
    assert.ok(
      Math.abs(actual[i]! - value) <= 1e-5 * Math.max(1, Math.abs(value)),
      `at ${i}: expected ${value}, found ${actual[i]}`,
    );
  }
}

async function longRun(place: Workspace, epochs = 500): Promise<string> {
  place.write("model.ts", MLP);
  const { folder } = await place.start(place.write("train.ts", LONG), { args: [String(epochs)] });
  await statusWhere(folder, "the third epoch", ({ epoch = 0 }) => epoch >= 3);
  return folder;
}

test("Stop ends the fit, lets the script end as it wants to, and keeps a checkpoint", async (t) => {
  const folder = await longRun(workspace(t));
  assert.equal(await stopRun(folder), "asked");
  const { status, output } = await ended(folder);
  assert.equal(status.state, "stopped");
  assert.equal(status.exitCode, 0);
  assert.equal(endOf(output).epochs, points(folder, "train", "epoch_loss").length);
  assert.equal(status.checkpoint?.step, status.step);
  assert.ok(!isRunning(status.pid!));
});

test("Stop of a run that has ended does nothing", async (t) => {
  const place = workspace(t);
  const { folder, status } = await place.run("console.log(1);");
  assert.equal(await stopRun(folder), "was not running");
  assert.equal(status.state, "finished");
  assert.ok(!fs.existsSync(path.join(folder, "control.json")));
});

test("a script that does not look is interrupted, terminated, then killed", async (t) => {
  const place = workspace(t);
  const script = place.write(
    "deaf.ts",
    `process.on("SIGINT", () => {}); process.on("SIGTERM", () => {}); console.log("deaf"); setInterval(() => {}, 1000);`,
  );
  const { folder, pid } = await place.start(script);
  await until(
    () => outputOf(folder).includes("deaf"),
    () => "the script's first line",
  );
  assert.equal(await stopRun(folder, { graceMs: 50, signalMs: 100 }), "SIGKILL");
  assert.ok(!isRunning(pid));
  assert.equal((await ended(folder)).status.state, "stopped");
});

test("Stop reaches a process that was halted", async (t) => {
  const folder = await longRun(workspace(t));
  const { pid } = await statusWhere(folder, "a pid", ({ pid }) => pid !== undefined);
  process.kill(pid!, "SIGSTOP");
  assert.equal(await stopRun(folder), "asked");
  assert.equal((await ended(folder)).status.state, "stopped");
});

test("a stranger that has the pid of a run by now is left alone", async (t) => {
  const place = workspace(t);
  const { folder } = await place.start(place.write("wait.ts", "setInterval(() => {}, 1000);"));
  const status = await statusWhere(folder, "a pid", ({ pid, engine }) => pid !== undefined && engine !== undefined);
  const file = path.join(folder, "status.json");
  const other = await place.start(place.write("other.ts", "setInterval(() => {}, 1000);"));
  const now = JSON.parse(fs.readFileSync(file, "utf8"));
  process.kill(status.pid!, "SIGKILL");
  await until(
    () => !isRunning(status.pid!),
    () => "the end of the run's process",
  );
  fs.writeFileSync(file, JSON.stringify({ ...now, pid: other.pid, pidStart: "1" }));
  assert.equal(await stopRun(folder), "was not running");
  assert.ok(isRunning(other.pid));
});

test("Pause holds the training, Continue lets it go on", async (t) => {
  const folder = await longRun(workspace(t));
  writeControl(folder, "pause");
  const paused = await statusWhere(folder, "the pause", ({ state }) => state === "paused");
  const { heartbeat } = await statusWhere(
    folder,
    "a heartbeat while paused",
    (now) => now.heartbeat! > paused.heartbeat! + 500,
  );
  assert.ok(heartbeat);
  const step = (await statusWhere(folder, "the pause", ({ state }) => state === "paused")).step!;
  assert.ok(step - paused.step! <= 1);
  writeControl(folder, "continue");
  await statusWhere(folder, "more steps", ({ state, step: now }) => state === "running" && now! > step + 3);
});

test("Stop while paused stops", async (t) => {
  const folder = await longRun(workspace(t));
  writeControl(folder, "pause");
  await statusWhere(folder, "the pause", ({ state }) => state === "paused");
  assert.equal(await stopRun(folder), "asked");
  assert.equal((await ended(folder)).status.state, "stopped");
});

test("a loop of the user's own pauses too", async (t) => {
  const place = workspace(t);
  const script = place.write(
    "loop.ts",
    `import * as tf from "@tensorflow/tfjs";
const x = tf.variable(tf.scalar(3));
const optimizer = tf.train.sgd(0.001);
for (;;) optimizer.minimize(() => tf.square(x) as tf.Scalar, true)!.dispose();
`,
  );
  const { folder } = await place.start(script);
  await statusWhere(folder, "the first steps", ({ step = 0 }) => step > 10);
  writeControl(folder, "pause");
  await statusWhere(folder, "the pause", ({ state }) => state === "paused");
  writeControl(folder, "continue");
  await statusWhere(folder, "running again", ({ state }) => state === "running");
  assert.notEqual(await stopRun(folder, { graceMs: 100 }), "was not running");
  assert.equal((await ended(folder)).status.state, "stopped");
});

test("a checkpoint is written when it is asked for", async (t) => {
  const folder = await longRun(workspace(t));
  writeControl(folder, "checkpoint");
  const { checkpoint } = await statusWhere(folder, "the checkpoint", (status) => status.checkpoint !== undefined);
  assert.ok(checkpoint!.step > 0);
});

describe("resume", () => {
  test("a stopped fit goes on where it was, in the same run", async (t) => {
    const place = workspace(t);
    const folder = await longRun(place, 60);
    await stopRun(folder);
    const stopped = (await ended(folder)).status;
    const { status, output } = await place.resume(folder);
    assert.equal(status.state, "finished", JSON.stringify(status));
    assert.equal(status.attempt, 2);
    assert.equal(status.epoch, 60);
    assert.ok(stopped.epoch! >= 3 && stopped.epoch! < 60, `stopped in epoch ${stopped.epoch}`);
    assert.equal(endOf(output).losses.length, 60);
    const epochs = points(folder, "train", "epoch_loss");
    assert.deepEqual(
      epochs.map(([step]) => step),
      [...epochs.map(([step]) => step)].sort((a, b) => a - b),
    );
  });

  test("after kill -9 it goes on from the last checkpoint to what an undisturbed run gives", async (t) => {
    const place = workspace(t);
    const undisturbed = await longRun(place, 160).then(ended);
    const folder = await longRun(place, 160);
    const { pid } = await statusWhere(
      folder,
      "the checkpoint of an epoch's end",
      ({ checkpoint }) => checkpoint !== undefined,
    );
    process.kill(pid!, "SIGKILL");
    const killed = (await ended(folder)).status;
    assert.ok(["failed", "lost"].includes(killed.state));
    const { status, output } = await place.resume(folder);
    assert.equal(status.state, "finished", JSON.stringify(status));
    const [resumed, whole] = [endOf(output), endOf(undisturbed.output)];
    assert.equal(resumed.epochs, whole.epochs);
    assertClose(resumed.losses, whole.losses);
    assertClose(resumed.weights.flat(), whole.weights.flat());
    assert.equal(status.epoch, 160);
    const [again, once] = [folder, undisturbed.folder].map((run) => points(run, "train", "batch_loss"));
    assert.deepEqual(
      again!.map(([step]) => step),
      once!.map(([step]) => step),
    );
    assertClose(
      again!.map(([, loss]) => loss),
      once!.map(([, loss]) => loss),
    );
  });

  test("a fit that had finished is not trained again; its weights are back", async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const { folder } = await place.start(
      place.write(
        "two.ts",
        `import { build, xs, ys } from "./model";
import fs from "node:fs";
const [first, second] = [build(), build()];
const one = await first.fit(xs, ys, { epochs: 40, batchSize: 40, shuffle: false, verbose: 0, callbacks: ${SLOW} });
const name = "first-" + (fs.existsSync("first-1.json") ? 2 : 1) + ".json";
fs.writeFileSync(name, JSON.stringify({ losses: one.history["loss"], weights: first.getWeights().map((w) => Array.from(w.dataSync())) }));
await second.fit(xs, ys, { epochs: 10, batchSize: 40, verbose: 0, callbacks: ${SLOW} });
`,
      ),
    );
    await statusWhere(folder, "the second fit", ({ epoch = 0 }) => epoch >= 42);
    await stopRun(folder);
    const { status } = await place.resume(folder);
    assert.equal(status.state, "finished", JSON.stringify(status));
    assert.equal(status.epoch, 50);
    const read = (name: string) => JSON.parse(fs.readFileSync(path.join(place.folder, name), "utf8"));
    assert.deepEqual(read("first-2.json"), read("first-1.json"));
  });

  test("a model that has changed starts anew and says so", async (t) => {
    const place = workspace(t);
    const folder = await longRun(place, 40);
    await stopRun(folder);
    place.write("model.ts", MLP.replace("units: 8", "units: 9"));
    const { status } = await place.resume(folder);
    assert.equal(status.state, "finished", JSON.stringify(status));
    assert.match(status.warning ?? "", /model has changed/);
  });

  test("a run that trains is not started twice", async (t) => {
    const place = workspace(t);
    const folder = await longRun(place);
    await assert.rejects(place.resume(folder), /is running: it need not be resumed/);
  });

  test("an Estimator goes on by its own modelDir", async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const { folder } = await place.start(
      place.write(
        "estimator.ts",
        `import { modelToEstimator, RunConfig, tensorInputFn } from "@fitlens/estimator";
import { build, xs, ys } from "./model";
const estimator = modelToEstimator({ kerasModel: build(), modelDir: "model_dir", config: new RunConfig({ saveCheckpointsSteps: 10 }) });
const hook = { afterRun: () => new Promise<void>((resolve) => setTimeout(resolve, 10)) };
await estimator.train(tensorInputFn({ x: xs, y: ys, batchSize: 40, numEpochs: 1000 }), { maxSteps: 120, hooks: [hook] });
`,
      ),
    );
    await statusWhere(folder, "25 steps", ({ step = 0 }) => step >= 25);
    assert.equal(await stopRun(folder), "asked");
    const stopped = (await ended(folder)).status;
    assert.equal(stopped.state, "stopped");
    const { status } = await place.resume(folder);
    assert.equal(status.state, "finished", JSON.stringify(status));
    assert.deepEqual([stopped.steps, status.step, status.steps], [120, 120, 120]);
    const steps = points(folder, "train", "batch_loss").map(([step]) => step);
    assert.deepEqual(
      steps,
      Array.from({ length: 120 }, (_, i) => i + 1),
    );
  });
});
