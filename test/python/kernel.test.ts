// A real kernel that is watched: a run for each execution of a cell that trains.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { type TestContext, test } from "node:test";
import type { RunInfo } from "../../src/runs/read";
import { readRun, runNames } from "../../src/runs/store";
import { kernelCode } from "../../src/train/kernels";
import { stopRun } from "../../src/train/stop";
import { environment, PACKAGE, pointsOf, python, temporary, until } from "./help";

interface Reply {
  status: "ok" | "error";
  count: number;
  text: string;
}

interface Notebook {
  file: string;
  execute(code: string, options?: { silent?: boolean }): Promise<Reply>;
  runs(): RunInfo[];
}

/** A notebook whose file has these cells, and its kernel, which is told as the editor tells it. */
async function notebook(t: TestContext, cells: readonly string[] = []): Promise<Notebook> {
  const cwd = temporary(t);
  const file = path.join(cwd, "bo'ok.ipynb");
  const code = (source: string) => ({ cell_type: "code", source: source.split(/(?<=\n)/), outputs: [], metadata: {} });
  const title = { cell_type: "markdown", source: ["# Title"] };
  fs.writeFileSync(file, JSON.stringify({ nbformat: 4, cells: [title, ...cells.map(code)] }));
  const child = spawn(python(), [path.resolve("test/python/kernel.py")], {
    cwd,
    env: environment({ KERAS_BACKEND: "jax" }),
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(async () => {
    child.stdin.end();
    if (child.exitCode === null) await once(child, "exit");
  });
  const lines = readline.createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const runsFolder = path.join(cwd, ".fitlens", "runs");
  const execute: Notebook["execute"] = async (text, options = {}) => {
    child.stdin.write(`${JSON.stringify({ code: text, ...options })}\n`);
    const { value } = await lines.next();
    return JSON.parse(String(value)) as Reply;
  };
  const told = kernelCode({ distFolder: path.resolve(PACKAGE, "../.."), runsFolder, notebook: file });
  for (const _ of ["once", "twice"]) {
    const reply = await execute(told, { silent: true });
    assert.deepEqual([reply.status, reply.text], ["ok", ""]);
  }
  return {
    file,
    execute,
    runs: () => runNames(runsFolder).flatMap((name) => readRun(path.join(runsFolder, name)) ?? []),
  };
}

const TRAIN = `from fitlens import run
this = run.current()
this.recorder.begin()
this.recorder.batch({"loss": 1.0})
`;

test("what the kernel is told leaves no name and no count behind", async (t) => {
  const { execute, runs } = await notebook(t);
  const reply = await execute("print([name for name in dir() if name in ('os', 'sys', 'fitlens', 'hook')])");
  assert.deepEqual(reply, { status: "ok", count: 1, text: "[]\n" });
  assert.deepEqual(runs(), []);
});

test("each cell that trains is a run, with its end; the others are none", async (t) => {
  const { execute, runs, file } = await notebook(t);
  const cells = [TRAIN, "x = 1", `${TRAIN}1 / 0`, `${TRAIN}raise KeyboardInterrupt`];
  const ends = [];
  for (const cell of cells) ends.push((await execute(cell)).status);
  assert.deepEqual(ends, ["ok", "ok", "error", "error"]);
  assert.deepEqual(
    runs()
      .map(({ status }) => status.state)
      .sort(),
    ["failed", "finished", "stopped"],
  );
  for (const { record, status } of runs()) {
    assert.deepEqual([record?.origin, record?.script, status.step], ["kernel", file, 1]);
  }
  const failed = runs().find(({ status }) => status.state === "failed");
  assert.equal(failed?.status.error?.message, "ZeroDivisionError: division by zero");
  assert.deepEqual([failed?.status.error?.at?.file, failed?.status.error?.at?.line], [file, 5]);
});

const MODEL = `import keras, numpy, time
class Slow(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        time.sleep(0.01)
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(loss="mse")
x = numpy.ones((64, 1))`;
const FIT = "history = model.fit(x, x, epochs=3, batch_size=16, verbose=0)";
const LONG = "model.fit(x, x, epochs=100000, batch_size=16, verbose=0, callbacks=[Slow()])\nprint('after fit')";

test("real Keras: a run for each fit, with its cell; a stop ends the fit and leaves the kernel", async (t) => {
  const { execute, runs, file } = await notebook(t, [MODEL, FIT, LONG]);
  assert.deepEqual((await execute(MODEL)).status, "ok");
  assert.deepEqual(runs(), []);
  const { status, count } = await execute(FIT);
  assert.deepEqual([status, count], ["ok", 2]);
  const [first] = runs();
  assert.deepEqual([first?.status.state, first?.status.epoch, first?.status.step], ["finished", 3, 12]);
  assert.deepEqual(first?.status.call, { file, line: 1, cell: 2 });
  assert.equal(pointsOf(first!.folder, "batch_loss").length, 12);

  const long = execute(LONG);
  const second = await until("steps of the second run", () =>
    runs().find(({ id, status }) => id !== first?.id && (status.step ?? 0) > 20),
  );
  assert.equal(await stopRun(second.folder), "asked");
  const ended = await long;
  assert.deepEqual([ended.status, ended.count], ["ok", 3]);
  assert.match(ended.text, /^after fit$/m);
  assert.equal(readRun(second.folder)?.status.state, "stopped");

  // Counted anew, and the kernel lives.
  assert.equal((await execute(FIT)).count, 4);
  const third = runs().find(({ id }) => id !== first?.id && id !== second.id);
  assert.deepEqual([third?.status.state, third?.status.epoch, third?.status.step], ["finished", 3, 12]);
});

test("a cell that trains nothing any more hears Interrupt when it is stopped, and the kernel stays", async (t) => {
  const { execute, runs } = await notebook(t);
  const cell = execute(`${TRAIN}import time\nfor i in range(3000):\n    time.sleep(0.1)`);
  const run = await until("the run", () => runs().find(({ status }) => status.step === 1));
  assert.equal(await stopRun(run.folder, { graceMs: 300, signalMs: 10_000 }), "SIGINT");
  assert.equal((await cell).status, "error");
  assert.equal(readRun(run.folder)?.status.state, "stopped");
  assert.equal((await execute("print(1)")).text, "1\n");
});

test("what a writer of an earlier cell logs is the run of the cell that logs", async (t) => {
  const { execute, runs } = await notebook(t);
  const writer = `import tensorflow as tf
writer = tf.summary.create_file_writer("logs/train")
@tf.function
def log(i):
    with writer.as_default():
        tf.summary.scalar("in graph", tf.cast(i, tf.float32), step=i)`;
  assert.equal((await execute(writer)).status, "ok");
  assert.deepEqual(runs(), [], "nothing is logged yet");
  const logs = (from: number) => `for i in range(${from}, ${from + 3}): log(tf.constant(i, tf.int64))`;
  await execute(logs(1));
  await execute(logs(4));
  const found = runs().map(({ folder, status }) => [
    status.state,
    pointsOf(folder, "in graph").map(({ step }) => step),
  ]);
  assert.deepEqual(found.sort(), [
    ["finished", [1, 2, 3]],
    ["finished", [4, 5, 6]],
  ]);
});
