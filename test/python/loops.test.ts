// Loops of the user's own that log scalars, with real TensorFlow and PyTorch: one process each.
import assert from "node:assert/strict";
import { test } from "node:test";
import { runHooked, startHooked, until } from "./help";

test("tf.summary, eager and inside of a tf.function, with its own tags and steps", async (t) => {
  const end = await runHooked(t, {
    script: `
import tensorflow as tf
from fitlens import run
writer = tf.summary.create_file_writer("logs/train")
valid = tf.summary.create_file_writer("logs/valid")
@tf.function
def step(i):
    with writer.as_default():
        tf.summary.scalar("in graph", tf.cast(i, tf.float32), step=i)
for i in range(1, 4):
    step(tf.constant(i, tf.int64))
    with writer.as_default():
        tf.summary.scalar("eager", 0.5 * i, step=i)
    with valid.as_default():
        tf.summary.scalar("eager", 0.25 * i, step=i)
with run.tapped, writer.as_default():
    tf.summary.scalar("known already", 1.0, step=9)
`,
  });
  assert.equal(end.exitCode, 0, end.stderr);
  const three = (factor: number) => [1, 2, 3].map((step) => ({ step, value: step * factor }));
  assert.deepEqual(end.points("in graph"), three(1));
  assert.deepEqual(end.points("eager"), three(0.5));
  assert.deepEqual(end.points("eager", "validation"), three(0.25));
  assert.deepEqual(end.tags().sort(), ["eager", "in graph"]);
  assert.equal(end.status.step, 3);
  assert.match(end.status.framework ?? "", /^TensorFlow 2/);
});

test("a SummaryWriter: points while it runs, and a stop that ends the loop", async (t) => {
  const run = startHooked(t, {
    script: `
import itertools, time
from fitlens import run
from torch.utils.tensorboard import SummaryWriter
writer = SummaryWriter("runs/one")
with run.tapped:
    writer.add_scalar("known already", 1.0, 1)
for step in itertools.count(1):
    writer.add_scalar("Loss/x", 1 / step, step)
    time.sleep(0.02)
`,
  });
  await until("points", () => run.points("Loss/x").length > 5);
  run.ask("pause");
  await until("the pause", () => run.status().state === "paused");
  run.ask("stop");
  const end = await run.ended;
  assert.equal(end.status.state, "stopped");
  assert.deepEqual(end.tags(), ["Loss/x"]);
  assert.deepEqual(end.points("Loss/x")[1], { step: 2, value: 0.5 });
  assert.match(end.status.framework ?? "", /^PyTorch 2/);
});
