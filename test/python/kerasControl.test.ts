// What the user asks of a Keras training while it runs: stop, pause, continue, a checkpoint.
import assert from "node:assert/strict";
import { test } from "node:test";
import { more, startHooked, until } from "./help";
import { FLAVOURS, LINEAR } from "./kerasScripts";

for (const name of ["tf.keras of TensorFlow 2.15", "Keras 3 on JAX", ...more("Keras 3 on PyTorch")]) {
  test(`${name}: pause, continue, and a stop after the batch, with the script's own end`, async (t) => {
    const { importing, python } = FLAVOURS[name]!;
    const run = startHooked(t, {
      python: python(),
      script: `
${importing}
${LINEAR}
import itertools, time
def endless():
    for at in itertools.cycle(range(0, 64, 16)):
        time.sleep(0.01)
        yield x[at : at + 16], y[at : at + 16]
model = linear()
history = model.fit(endless(), steps_per_epoch=100000, epochs=3, verbose=0)
print("stopped", len(history.history["loss"]), history.epoch, flush=True)
# What comes after a stop ends after its first batch.
again = model.fit(x, y, batch_size=16, epochs=5, shuffle=False, verbose=0)
print("again", len(again.history["loss"]), flush=True)
print("evaluated", len(model.evaluate(x, y, verbose=0)), flush=True)
raise SystemExit(4)
`,
    });
    await until("points", () => run.points("batch_loss").length > 5);
    run.ask("pause");
    await until("the pause", () => run.status().state === "paused");
    const paused = run.points("batch_loss").length;
    await new Promise((resolve) => setTimeout(resolve, 500));
    assert.equal(run.points("batch_loss").length, paused);
    run.ask("continue");
    await until("more points", () => run.points("batch_loss").length > paused);
    assert.equal(run.status().state, "running");
    run.ask("checkpoint");
    await until("a checkpoint", () => (run.status().checkpoint?.step ?? 0) >= paused);
    run.ask("stop");
    const end = await run.ended;
    assert.equal(end.stdout, "stopped 1 [0]\nagain 1\nevaluated 2\n", end.stderr);
    assert.equal(end.exitCode, 4);
    assert.equal(end.status.state, "stopped");
    const steps = end.points("batch_loss").map(({ step }) => step);
    assert.deepEqual(
      steps,
      steps.map((_, i) => i + 1),
    );
    assert.equal(end.status.step, steps.length);
    assert.equal(end.points("evaluation_loss", "eval").length, 1);
    assert.doesNotMatch(end.stderr, /\[fitlens\]|Traceback/);
  });
}

test("a loop around train_on_batch: a pause waits, and a stop ends it as Ctrl+C does", async (t) => {
  const { importing, python } = FLAVOURS["Keras 3 on JAX"]!;
  const run = startHooked(t, {
    python: python(),
    script: `
${importing}
${LINEAR}
import time
first, second = linear(), linear()
try:
    while True:
        first.train_on_batch(x[:16], y[:16])
        second.train_on_batch(x[:16], y[:16])
        time.sleep(0.01)
except KeyboardInterrupt:
    print("interrupted", flush=True)
`,
  });
  await until("points", () => run.points("batch_loss").length > 5);
  run.ask("pause");
  await until("the pause", () => run.status().state === "paused");
  run.ask("stop");
  const end = await run.ended;
  assert.equal(end.stdout, "interrupted\n", end.stderr);
  assert.equal(end.status.state, "stopped");
  // Each model has its own curve; the first one's is plain.
  const both = [...end.points("batch_loss"), ...end.points("batch_linear_loss")].map(({ step }) => step);
  assert.deepEqual(
    both.sort((a, b) => a - b),
    both.map((_, i) => i + 1),
  );
});
