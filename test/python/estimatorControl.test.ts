// Estimators under the hook: stop, pause, checkpoint now, kill -9, and resume from each.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { HEAD } from "./estimatorScripts";
import { type Point, pythonEstimator, runHooked, startHooked, temporary, testMore, until } from "./help";

const python = pythonEstimator();
const lastStep = (points: Point[]) => points.at(-1)?.step ?? 0;

/** Each step once, in order: what a chart shows. */
const stepsOf = (points: Point[]) => [...new Set(points.map(({ step }) => step))].sort((a, b) => a - b);
const upTo = (last: number) => Array.from({ length: last }, (_, at) => at + 1);

const checkpointsOf = (folder: string) =>
  fs
    .readdirSync(folder)
    .filter((name) => /^model\.ckpt-\d+\.index$/.test(name))
    .map((name) => Number(/\d+/.exec(name)![0]))
    .sort((a, b) => a - b);

test("stop ends the training after the step, with a checkpoint and the script's epilogue; resume trains what is left", async (t) => {
  const cwd = temporary(t);
  const script = `${HEAD}
e = canned("model_dir")
e.train(data, hooks=[Slow()], steps=150)
print("trained", int(e.get_variable_value("global_step")))
e.train(data, steps=20)
print("then", int(e.get_variable_value("global_step")), sorted(e.evaluate(data, 1))[0])
`;
  const run = startHooked(t, { python, script, cwd });
  await until("steps", () => lastStep(run.points("batch_loss")) > 5);
  run.ask("stop");
  const end = await run.ended;
  assert.equal(end.status.state, "stopped", end.stderr);
  assert.equal(end.exitCode, 0);
  const reached = lastStep(end.points("batch_loss"));
  assert.ok(reached < 150);
  assert.equal(end.stdout, `trained ${reached}\nthen ${reached} accuracy\n`);
  assert.deepEqual(checkpointsOf(path.join(cwd, "model_dir")), [0, reached]);
  assert.equal(end.status.checkpoint?.step, reached);

  const again = await runHooked(t, { python, file: run.script, cwd, folder: run.folder });
  assert.equal(again.status.state, "finished", again.stderr);
  assert.equal(again.stdout, "trained 150\nthen 170 accuracy\n");
  assert.deepEqual([again.status.step, again.status.steps], [170, 170]);
  const points = again.points("batch_loss");
  assert.deepEqual(stepsOf(points), upTo(170));
  assert.equal(points.length, 170, "no step is trained twice");
});

test("without model_dir the run keeps the checkpoints, and `steps` of each call is what it was", async (t) => {
  const cwd = temporary(t);
  const script = `${HEAD}
e = canned()
for turn in range(3):
    e.train(data, hooks=[Slow(0.05)], steps=25)
    print(turn, int(e.get_variable_value("global_step")))
`;
  const run = startHooked(t, { python, script, cwd });
  await until("the second call", () => lastStep(run.points("batch_loss")) > 28);
  run.ask("stop");
  const end = await run.ended;
  const reached = lastStep(end.points("batch_loss"));
  assert.equal(end.stdout, `0 25\n1 ${reached}\n2 ${reached}\n`);
  const again = await runHooked(t, { python, file: run.script, cwd, folder: run.folder });
  assert.equal(again.stdout, `0 ${reached}\n1 50\n2 75\n`);
  assert.deepEqual(
    again.points("batch_loss").map(({ step }) => step),
    upTo(75),
  );
});

testMore("a model_dir that was trained before: steps of the run begin at 1, also after a resume", async (t) => {
  const cwd = temporary(t);
  const script = `${HEAD}
e = custom("model_dir", save_checkpoints_steps=10)
e.train(data, hooks=[Slow(0.01)], max_steps=int(sys.argv[1]))
print(int(e.get_variable_value("global_step")))
`;
  await runHooked(t, { python, script, cwd, args: ["40"] });
  const run = startHooked(t, { python, script, cwd, args: ["120"] });
  await until("steps", () => lastStep(run.points("batch_loss")) > 25);
  run.child.kill("SIGKILL");
  const end = await run.ended;
  const shown = end.points("batch_loss");
  const again = await runHooked(t, { python, file: run.script, cwd, folder: run.folder, args: ["120"] });
  assert.equal(again.stdout, "120\n", again.stderr);
  const points = again.points("batch_loss");
  assert.deepEqual(points.slice(0, shown.length), shown, "what was flushed stays");
  assert.deepEqual(stepsOf(points), upTo(80));
});

test("train_and_evaluate: stop and resume, with the final metrics", async (t) => {
  const cwd = temporary(t);
  const script = `${HEAD}
e = custom("model_dir", save_checkpoints_steps=20)
metrics, _ = tf.estimator.train_and_evaluate(
    e, tf.estimator.TrainSpec(data, max_steps=60, hooks=[Slow(0.02)]), tf.estimator.EvalSpec(lambda: data(1), throttle_secs=0))
print(int(metrics["global_step"]))
`;
  const run = startHooked(t, { python, script, cwd });
  await until("steps", () => lastStep(run.points("batch_loss")) > 24);
  run.ask("stop");
  const end = await run.ended;
  const reached = lastStep(end.points("batch_loss"));
  assert.equal(end.stdout, `${reached}\n`, end.stderr);
  for (const last of [60, 60]) {
    // The second time all is trained already; the script still gets its metrics.
    const again = await runHooked(t, { python, file: run.script, cwd, folder: run.folder });
    assert.equal(again.stdout, `${last}\n`, again.stderr);
    assert.equal(lastStep(again.points("epoch_loss", "validation")), last);
    assert.equal(again.points("batch_loss").length, 60);
  }
});

test("pause holds the training between two steps; checkpoint now saves into the model_dir", async (t) => {
  const cwd = temporary(t);
  const script = `${HEAD}
canned("model_dir").train(data, hooks=[Slow(0.01)], steps=400)
`;
  const run = startHooked(t, { python, script, cwd });
  await until("steps", () => lastStep(run.points("batch_loss")) > 5);
  run.ask("pause");
  await until("the pause", () => run.status().state === "paused");
  const at = lastStep(run.points("batch_loss"));
  await new Promise((resolve) => setTimeout(resolve, 600));
  assert.equal(lastStep(run.points("batch_loss")), at);
  run.ask("continue");
  await until("more steps", () => lastStep(run.points("batch_loss")) > at + 5);
  run.ask("checkpoint");
  const saved = await until("a checkpoint", () => checkpointsOf(path.join(cwd, "model_dir")).find((step) => step > 0));
  await until("its place in the status", () => run.status().checkpoint?.step === saved);
  run.ask("stop");
  assert.equal((await run.ended).status.state, "stopped");
});

testMore("checkpoints are off: the run has its own, and resume goes on from there", async (t) => {
  const cwd = temporary(t);
  const script = `${HEAD}
e = custom("model_dir", save_checkpoints_secs=None, save_checkpoints_steps=None)
e.train(data, hooks=[Slow(0.01)], max_steps=300)
`;
  const run = startHooked(t, { python, script, cwd });
  await until("steps", () => lastStep(run.points("batch_loss")) > 10);
  run.ask("stop");
  const end = await run.ended;
  const reached = lastStep(end.points("batch_loss"));
  assert.equal(end.status.checkpoint?.step, reached, end.stderr);
  const again = await runHooked(t, { python, file: run.script, cwd, folder: run.folder });
  assert.equal(again.points("batch_loss").length, 300);
});

test("kill -9 at random moments: flushed metrics stay, resume goes on from the last checkpoint", async (t) => {
  const cwd = temporary(t);
  const target = 1500;
  const script = `${HEAD}
# The default of 600 seconds: what is lost here is up to the run's own checkpoints.
e = canned(sys.argv[1] if len(sys.argv) > 1 else None)
e.train(data, hooks=[Slow(0.01)], steps=${target})
print("at", int(e.get_variable_value("global_step")))
`;
  let folder: string | undefined;
  let file: string | undefined;
  for (let kill = 0; kill < 4; kill++) {
    const run = startHooked(t, { python, cwd, ...(folder && file ? { folder, file } : { script }) });
    folder = run.folder;
    file = run.script;
    const before = lastStep(run.points("batch_loss"));
    const checkpoint = run.status().checkpoint?.step ?? 0;
    await until("steps of this attempt", () => run.points("batch_loss").length > 0 && run.status().state === "running");
    await new Promise((resolve) => setTimeout(resolve, 500 + Math.random() * 6000));
    const flushed = run.points("batch_loss");
    if (run.child.exitCode !== null) break;
    run.child.kill("SIGKILL");
    const end = await run.ended;
    const kept = end.points("batch_loss");
    assert.deepEqual(kept.slice(0, flushed.length), flushed);
    const first = kept.find((_, at) => at >= 1 && kept[at]!.step <= kept[at - 1]!.step)?.step;
    t.diagnostic(`killed at step ${lastStep(kept)}; before ${before}, checkpoint ${checkpoint}, went on at ${first}`);
    // As a kill inside of a save leaves it.
    const modelDir = path.join(folder, "checkpoints", "model");
    if (fs.existsSync(modelDir)) fs.mkdirSync(path.join(modelDir, "model.ckpt-7_temp"), { recursive: true });
  }
  const end = await runHooked(t, { python, cwd, folder: folder!, file: file! });
  assert.equal(end.exitCode, 0, end.stderr);
  assert.equal(end.stdout, `at ${target}\n`);
  assert.deepEqual(stepsOf(end.points("batch_loss")), upTo(target));
  assert.equal(end.status.step, target);
  assert.ok(!fs.readdirSync(path.join(folder!, "checkpoints", "model")).some((name) => name.includes("_temp")));
  // At most some seconds of each attempt were trained again.
  assert.ok(end.points("batch_loss").length < target + 4 * 600, `${end.points("batch_loss").length} steps in all`);
});
