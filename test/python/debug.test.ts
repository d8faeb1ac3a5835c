// Debugging a Python training with exactly the configuration that VS Code is given: breakpoints bind, steps stay in the
// user's code, and the run's folder has its metrics.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { readRun } from "../../src/runs/read";
import { type DebugConfiguration, debugRun } from "../../src/train/debug";
import { DebugAdapter } from "./debugAdapter";
import { pointsOf, python, pythonEstimator, temporary } from "./help";

/** As dist, it has the hook in its folder `python`. */
const DIST = path.resolve("src/train");

const KERAS = `import os
os.environ.setdefault("KERAS_BACKEND", "tensorflow")
import keras
import numpy as np

x = np.linspace(0, 1, 64).reshape(64, 1)
y = 2 * x + 1


class Seen(keras.callbacks.Callback):
    def on_epoch_end(self, epoch, logs=None):
        self.last = epoch  # in a callback


model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile("sgd", "mse")
answer = 42
history = model.fit(x, y, epochs=2, batch_size=16, verbose=0, callbacks=[Seen()])  # train
print("done", len(history.history["loss"]))
`;

const ESTIMATOR = `import sys
import tensorflow as tf


def input_fn():
    data = tf.data.Dataset.from_tensor_slices(({"x": [[0.0], [1.0]]}, [[1.0], [3.0]]))
    return data.repeat().batch(2)


def main():
    columns = [tf.feature_column.numeric_column("x")]
    estimator = tf.estimator.LinearRegressor(columns, model_dir=sys.argv[1])
    estimator.train(input_fn, steps=20)  # train
    print("done")


main()
`;

const lineOf = (text: string, part: string) => text.split("\n").findIndex((line) => line.includes(part)) + 1;

async function debugged(t: TestContext, text: string, { args = [] as string[], pythonPath = python() } = {}) {
  const cwd = temporary(t);
  // Blanks and letters beyond ASCII are usual in paths.
  const script = path.join(cwd, "my träin.py");
  fs.writeFileSync(script, text);
  const runsFolder = path.join(cwd, ".fitlens", "runs");
  const env = { TF_CPP_MIN_LOG_LEVEL: "3", CUDA_VISIBLE_DEVICES: "" };
  const { folder, configuration } = await debugRun({
    script,
    args,
    cwd,
    runsFolder,
    pythonPath,
    distFolder: DIST,
    env,
  });
  return { script, folder, configuration, adapter: new DebugAdapter(t, pythonPath) };
}

async function stop(adapter: DebugAdapter) {
  const { body } = await adapter.event("stopped");
  const { stackFrames } = await adapter.request("stackTrace", { threadId: body.threadId, startFrame: 0, levels: 50 });
  return { ...body, frames: stackFrames as { id: number; name: string; line: number; source: { path: string } }[] };
}

test("a Keras script stops at its breakpoints, tells its variables, goes on, and its metrics are there", async (t) => {
  const { script, folder, configuration, adapter } = await debugged(t, KERAS, { args: ["--seed", "1"] });
  const train = lineOf(KERAS, "# train");
  const inCallback = lineOf(KERAS, "# in a callback");
  await adapter.launch(configuration, { [script]: [train, inCallback] });

  const atFit = await stop(adapter);
  assert.equal(atFit.reason, "breakpoint");
  assert.deepEqual([atFit.frames[0].source.path, atFit.frames[0].line], [script, train]);
  const evaluate = (expression: string) =>
    adapter.request("evaluate", { expression, frameId: atFit.frames[0].id, context: "watch" });
  assert.equal((await evaluate("answer")).result, "42");
  assert.equal((await evaluate("__name__")).result, "'__main__'");
  assert.equal((await evaluate("__import__('sys').argv[1:]")).result, "['--seed', '1']");
  assert.equal((await evaluate("'FITLENS_RUN' in __import__('os').environ")).result, "False");
  await adapter.request("continue", { threadId: atFit.threadId });

  for (const epoch of ["0", "1"]) {
    const inside = await stop(adapter);
    assert.equal(inside.frames[0].line, inCallback);
    const { result } = await adapter.request("evaluate", { expression: "epoch", frameId: inside.frames[0].id });
    assert.equal(result, epoch);
    await adapter.request("continue", { threadId: inside.threadId });
  }
  await adapter.event("terminated");

  assert.match(adapter.output("stdout"), /^done 2$/m);
  const run = readRun(folder);
  assert.equal(run?.status.state, "finished", JSON.stringify(run?.status));
  assert.equal(run.status.epoch, 2);
  assert.equal(run.status.call?.line, train);
  assert.equal(run.record?.interpreter.path, python());
  assert.equal(pointsOf(folder, "batch_loss").length, 8);
  assert.equal(pointsOf(folder, "epoch_loss").length, 2);
});

test("an Estimator script stops inside main, and its steps are in the run", async (t) => {
  const pythonPath = pythonEstimator();
  const folderOfModel = temporary(t);
  const { script, folder, configuration, adapter } = await debugged(t, ESTIMATOR, {
    args: [folderOfModel],
    pythonPath,
  });
  const train = lineOf(ESTIMATOR, "# train");
  await adapter.launch(configuration, { [script]: [train] });
  const { frames, threadId } = await stop(adapter);
  assert.deepEqual([frames[0].source.path, frames[0].line, frames[0].name], [script, train, "main"]);
  await adapter.request("continue", { threadId });
  await adapter.event("terminated");
  const run = readRun(folder);
  assert.equal(run?.status.state, "finished", JSON.stringify(run?.status));
  assert.equal(run.status.step, 20);
  assert.ok(pointsOf(folder, "batch_loss").length > 0);
});

test("the frames above the script are not the user's, and a step out of its last line ends it", async (t) => {
  const text = "def work():\n    return 1\n\n\nvalue = work()  # last\n";
  const { script, configuration, adapter } = await debugged(t, text);
  await adapter.launch(configuration, { [script]: [2] });
  const inside = await stop(adapter);
  // Just the user's own.
  assert.deepEqual(
    inside.frames.map(({ name, source }: { name: string; source: { path: string } }) => [name, source.path]),
    [
      ["work", script],
      ["<module>", script],
    ],
  );
  await adapter.request("stepOut", { threadId: inside.threadId });
  const after = await stop(adapter);
  assert.equal(after.frames[0].line, 5);
  await adapter.request("next", { threadId: after.threadId });
  await adapter.event("terminated");
});

test("an exception that nobody catches stops at the user's line, and the run says that it failed there", async (t) => {
  const text = "rows = []\n\n\ndef first():\n    return rows[0]\n\n\nfirst()\n";
  const { script, folder, configuration, adapter } = await debugged(t, text);
  await adapter.launch(configuration, {}, ["uncaught"]);
  const { reason, frames, threadId } = await stop(adapter);
  assert.equal(reason, "exception");
  assert.deepEqual([frames[0].source.path, frames[0].line], [script, 5]);
  await adapter.request("continue", { threadId });
  await adapter.event("terminated");
  const { status } = readRun(folder)!;
  assert.equal(status.state, "failed");
  assert.match(status.error?.message ?? "", /^IndexError/);
  assert.equal(status.error?.at?.line, 5);
});

test("an ending by sys.exit does not stop as an exception", async (t) => {
  const { folder, configuration, adapter } = await debugged(t, "import sys\nprint('out')\nsys.exit(0)\n");
  await adapter.launch(configuration, {}, ["uncaught"]);
  await adapter.event("terminated");
  assert.equal(readRun(folder)?.status.state, "finished");
});

test("the configuration names what VS Code's extension reads", async (t) => {
  const { configuration, script, folder } = await debugged(t, "pass\n", { args: ["a b"] });
  const python = configuration as DebugConfiguration & { type: "debugpy" };
  assert.equal(python.type, "debugpy");
  assert.equal(python.program, path.join(DIST, "python", "fitlens"));
  assert.deepEqual(python.args, [script, "a b"]);
  assert.equal(python.env["FITLENS_RUN"], folder);
  assert.equal(python.console, "internalConsole");
});
