// A Python typed in a watched terminal: a run from its first training to its end, and nothing in any other Python.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { readRun, runNames, writeControl } from "../../src/runs/store";
import { pointsOf, runPlain, TERMINAL, temporary, until } from "./help";

/** Stands for a framework: watching begins at its import, a run at its first training. */
const FRAMEWORK = `
def fit():
    from fitlens import run
    this = run.current()
    if this is None:
        return
    this.recorder.begin()
    this.recorder.batch({"loss": 0.5})
    this.recorder.train_end()
`;

async function typed(t: TestContext, script: string, { args = ["train.py", "a"], folder = temporary(t) } = {}) {
  const cwd = folder;
  fs.writeFileSync(path.join(cwd, "tensorboardX.py"), FRAMEWORK);
  fs.writeFileSync(path.join(cwd, "train.py"), script);
  fs.mkdirSync(path.join(cwd, "own"), { recursive: true });
  fs.writeFileSync(path.join(cwd, "own", "sitecustomize.py"), "print('own')\n");
  const runsFolder = path.join(cwd, ".fitlens", "runs");
  const env = { PYTHONPATH: [TERMINAL, path.join(cwd, "own")].join(path.delimiter), FITLENS_WATCH: runsFolder };
  const end = await runPlain(args, { cwd, env });
  return { ...end, cwd, runs: runNames(runsFolder).map((name) => readRun(path.join(runsFolder, name))) };
}

test("a script that trains is a run with its script, arguments and end", async (t) => {
  const { runs, cwd, stdout, stderr, exitCode } = await typed(t, "import tensorboardX\ntensorboardX.fit()\n");
  assert.deepEqual([stdout, stderr, exitCode], ["own\n", "", 0]);
  assert.equal(runs.length, 1);
  assert.equal(runs[0]?.record?.origin, "terminal");
  assert.equal(runs[0]?.record?.script, path.join(cwd, "train.py"));
  assert.deepEqual(runs[0]?.record?.args, ["a"]);
  assert.equal(runs[0]?.status.state, "finished");
  assert.equal(runs[0]?.status.step, 1);
  assert.equal(fs.readFileSync(path.join(cwd, ".fitlens", ".gitignore"), "utf8"), "*\n");
});

test("one that only imports the framework is none", async (t) => {
  const { runs, stderr } = await typed(t, "import tensorboardX\n");
  assert.deepEqual([runs, stderr], [[], ""]);
});

test("an exception and an exit code are told", async (t) => {
  const failed = await typed(t, "import tensorboardX\ntensorboardX.fit()\n1/0\n");
  assert.equal(failed.runs[0]?.status.error?.message, "ZeroDivisionError: division by zero");
  assert.equal(failed.runs[0]?.status.error?.at?.line, 3);
  const left = await typed(t, "import tensorboardX, sys\ntensorboardX.fit()\nsys.exit(4)\n");
  assert.equal(left.exitCode, 4);
  assert.equal(left.runs[0]?.status.exitCode, 4);
});

test("exit() is told as sys.exit() is, and one that somebody catches is not", async (t) => {
  const left = await typed(t, "import tensorboardX\ntensorboardX.fit()\nexit(5)\n");
  assert.deepEqual([left.exitCode, left.runs[0]?.status.exitCode, left.runs[0]?.status.state], [5, 5, "failed"]);
  const fit = "import tensorboardX, sys\ntensorboardX.fit()\n";
  const caught = await typed(t, `${fit}try:\n    sys.exit(4)\nexcept SystemExit:\n    pass\n`);
  assert.deepEqual([caught.exitCode, caught.runs[0]?.status.state], [0, "finished"]);
  const cleaned = await typed(t, `${fit}try:\n    with open("train.py"):\n        sys.exit(4)\nfinally:\n    x = 1\n`);
  assert.deepEqual([cleaned.exitCode, cleaned.runs[0]?.status.exitCode], [4, 4]);
});

test("os._exit is told, and leaves with its code", async (t) => {
  const { runs, exitCode } = await typed(t, "import os, tensorboardX\ntensorboardX.fit()\nos._exit(6)\n");
  assert.deepEqual([exitCode, runs[0]?.status.exitCode, runs[0]?.status.step], [6, 6, 1]);
});

test("Ctrl+C is a stop", async (t) => {
  const script =
    "import os, signal, tensorboardX\ntensorboardX.fit()\nos.kill(os.getpid(), signal.SIGINT)\nwhile True: pass\n";
  const { runs, signal } = await typed(t, script);
  assert.equal(signal, "SIGINT");
  assert.equal(runs[0]?.status.state, "stopped");
});

test("the run knows where it was started, also after the script has changed its directory", async (t) => {
  const { runs, cwd } = await typed(t, "import os, tensorboardX\nos.chdir('/')\ntensorboardX.fit()\n");
  assert.equal(runs[0]?.record?.cwd, cwd);
  assert.equal(runs[0]?.record?.script, path.join(cwd, "train.py"));
});

test("neither python -c nor a tool of the environment is a run", async (t) => {
  const { runs, stderr } = await typed(t, "", { args: ["-c", "import tensorboardX; tensorboardX.fit()"] });
  assert.deepEqual([runs, stderr], [[], ""]);
  const folder = temporary(t);
  const tool = path.join(folder, "lib", "site-packages", "tool.py");
  fs.mkdirSync(path.dirname(tool), { recursive: true });
  fs.writeFileSync(tool, "import sys; sys.path.insert(0, '.'); import tensorboardX; tensorboardX.fit(); print('ran')");
  const byTool = await typed(t, "", { args: [tool], folder });
  assert.deepEqual([byTool.stdout, byTool.runs], ["own\nran\n", []]);
});

test("what a script finds on its path is as in a terminal that is not watched", async (t) => {
  const cwd = temporary(t);
  fs.mkdirSync(path.join(cwd, "inner"));
  const script = path.join(cwd, "inner", "path.py");
  fs.writeFileSync(script, "import sys; print([p for p in sys.path])");
  const plain = await runPlain([script], { cwd });
  // VS Code puts a separator behind what it puts in front.
  const watched = { PYTHONPATH: TERMINAL + path.delimiter, FITLENS_WATCH: path.join(cwd, ".fitlens", "runs") };
  assert.equal((await runPlain([script], { cwd, env: watched })).stdout, plain.stdout);
  const own = { PYTHONPATH: cwd };
  const both = { ...watched, PYTHONPATH: [TERMINAL, cwd].join(path.delimiter) };
  const withOwn = (await runPlain([script], { cwd, env: own })).stdout;
  assert.equal((await runPlain([script], { cwd, env: both })).stdout, withOwn);
});

test("a Python that the run starts is no second run", async (t) => {
  const { runs, stderr } = await typed(
    t,
    `
import subprocess, sys, tensorboardX
tensorboardX.fit()
subprocess.run([sys.executable, "-c", "import tensorboardX; tensorboardX.fit()"], check=False)
`,
  );
  assert.equal(runs.length, 1, stderr);
});

test("real Keras, typed as it is: metrics, and a stop from the panel that the script goes on after", async (t) => {
  const cwd = temporary(t);
  fs.writeFileSync(
    path.join(cwd, "train.py"),
    `
import keras, numpy, time
class Slow(keras.callbacks.Callback):
    def on_train_batch_end(self, batch, logs=None):
        time.sleep(0.02)
model = keras.Sequential([keras.Input((1,)), keras.layers.Dense(1)])
model.compile(loss="mse")
model.fit(numpy.ones((64, 1)), numpy.ones((64, 1)), epochs=10000, batch_size=8, verbose=0, callbacks=[Slow()])
print("after fit")
`,
  );
  const runsFolder = path.join(cwd, ".fitlens", "runs");
  const env = { PYTHONPATH: TERMINAL + path.delimiter, FITLENS_WATCH: runsFolder, KERAS_BACKEND: "jax" };
  const ended = runPlain(["train.py"], { cwd, env });
  const folder = await until("a run", () => {
    const [name] = runNames(runsFolder);
    return name !== undefined && path.join(runsFolder, name);
  });
  await until("steps", () => (readRun(folder)?.status.step ?? 0) > 20);
  writeControl(folder, "stop");
  const { stdout, stderr, exitCode } = await ended;
  assert.deepEqual([stdout, exitCode], ["after fit\n", 0], stderr);
  const run = readRun(folder);
  assert.equal(run?.status.state, "stopped");
  assert.equal(run?.record?.origin, "terminal");
  assert.match(run?.status.framework ?? "", /^Keras 3/);
  assert.ok(pointsOf(folder, "batch_loss").length > 20);
});
