// Python on the command line: the built dist/cli.js in a process of its own, with a real Python.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { until } from "../train/trainer";

const CLI = path.resolve("dist/cli.js");
/** Trains by the recorder itself, as a tap does: no framework needs to be there. */
const TRAIN = `
import sys, time
from fitlens import run
recorder = run.current().recorder
epochs = int(sys.argv[1]) if len(sys.argv) > 1 else 2
recorder.begin(epochs=epochs, steps_per_epoch=4)
for epoch in range(epochs):
    for batch in range(4):
        recorder.batch({"loss": 0.25})
        time.sleep(0.001)
    recorder.epoch_end({"loss": 0.25})
recorder.train_end()
print("arguments", sys.argv[1:], "prefix", sys.prefix)
`;

let folder: string;

before(() => {
  folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-cli-")));
  fs.writeFileSync(path.join(folder, "train.py"), TRAIN);
  fs.writeFileSync(path.join(folder, "broken.py"), "a = 1\n\nmissing(a)\n");
  const cell = (source: string) => ({ cell_type: "code", source });
  fs.writeFileSync(
    path.join(folder, "book.ipynb"),
    JSON.stringify({ nbformat: 4, cells: [cell("x = 7"), cell("print('x', x)"), cell("1/0")] }),
  );
});
after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));

function python(): string {
  const program = process.env["FITLENS_TEST_PYTHON"];
  assert.ok(program, "FITLENS_TEST_PYTHON should name a Python; npm test sets it up");
  return program;
}

function environment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { VIRTUAL_ENV: _, CONDA_PREFIX: __, ...env } = process.env;
  return { ...env, ...extra };
}

function fitlens(args: readonly string[], env: Record<string, string> = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    encoding: "utf8",
    timeout: 120_000,
    env: environment(env),
  });
  return { status, stdout, stderr };
}

describe("train", () => {
  test("a script with its arguments, in the Python that is named", () => {
    const { status, stdout, stderr } = fitlens(["train", "train.py", "--python", python(), "--", "3", "--flag"]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^arguments \['3', '--flag'\]/m);
    assert.match(stderr, /^Training train\.py finished after .*: loss 0\.250\.$/m);
  });

  test("an environment's folder, and the one that is active in the terminal", () => {
    const home = path.dirname(path.dirname(python()));
    const prefix = new RegExp(`prefix ${home}\n`);
    assert.match(fitlens(["train", "train.py", "--python", home]).stdout, prefix);
    assert.match(fitlens(["train", "train.py"], { VIRTUAL_ENV: home }).stdout, prefix);
  });

  test("a script that fails: exit status 1, and file:line:column of the source", () => {
    const { status, stderr } = fitlens(["train", "broken.py", "--python", python()]);
    assert.equal(status, 1);
    assert.match(stderr, /^\/.*broken\.py:3:1: NameError: name 'missing' is not defined$/m);
  });

  test("a notebook up to a cell, and one whose cell fails", () => {
    const { status, stdout, stderr } = fitlens(["train", "book.ipynb", "--python", python(), "--cell", "1"]);
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^x 7$/m);
    const whole = fitlens(["train", "book.ipynb", "--python", python()]);
    assert.equal(whole.status, 1);
    assert.match(whole.stderr, /book\.ipynb:cell_3:1:\d+: ZeroDivisionError/);
  });

  test("what does not fit together is bad usage; a Python that does not work is told without a stack", () => {
    const cases: [string[], number, RegExp][] = [
      [["train", "train.py", "--engine", "wasm"], 2, /--engine is for TensorFlow\.js only.*--backend/],
      [["train", "train.py", "--backend", "theano"], 2, /--backend theano: expected tensorflow, jax, torch\./],
      [["train", "book.ipynb", "--cell", "one"], 2, /Expected the number of a cell, from 0\./],
      [
        ["train", "book.ipynb", "--python", python(), "--cell", "9"],
        1,
        /^.*has no cell 9: expected a number from 0 to 2\.\n$/,
      ],
      [["train", "train.py", "--python", "/no/python"], 1, /^\/no\/python does not exist\.\n$/],
    ];
    for (const [args, status, says] of cases) {
      const end = fitlens(args);
      assert.equal(end.status, status, end.stderr);
      assert.match(end.stderr, says);
    }
  });
});

describe("runs", () => {
  test("a detached run is stopped, listed, and resumed with what it was started with", async () => {
    const started = fitlens(["train", "train.py", "--python", python(), "--detach", "--", "1000000"]);
    const id = started.stdout.trim();
    assert.match(id, /^\d{8}-\d{6}-\w+-\w+$/, started.stderr);
    assert.match(fitlens(["runs", "stop", id, "--grace", "0.2"]).stdout, /stopped/);
    assert.match(fitlens(["runs"]).stdout, new RegExp(`${id}\\s+train\\.py\\s+stopped`));
    fs.writeFileSync(path.join(folder, "train.py"), `import sys\nprint("again", sys.argv[1:], sys.prefix)\n`);
    const { status, stdout, stderr } = fitlens(["runs", "resume", id]);
    fs.writeFileSync(path.join(folder, "train.py"), TRAIN);
    assert.equal(status, 0, stderr);
    assert.ok(stdout.includes(`again ['1000000'] ${path.dirname(path.dirname(python()))}\n`), stdout);
    const shown = JSON.parse(fitlens(["runs", "show", id, "--json"]).stdout) as {
      record: { interpreter: { path: string } };
      status: { attempt: number };
    };
    assert.equal(shown.record.interpreter.path, python());
    assert.equal(shown.status.attempt, 2);
  });

  test("show and export give the metrics", () => {
    const document = JSON.parse(fitlens(["train", "train.py", "--python", python(), "--json"]).stdout) as {
      run: string;
    };
    assert.match(fitlens(["runs", "show", document.run]).stdout, /train\s+epoch_loss\s+0\.25/);
    assert.match(fitlens(["runs", "export", document.run]).stdout, /^train,batch_loss,8,/m);
  });
});

test("Ctrl+C stops after the current batch and says so", async () => {
  fs.writeFileSync(path.join(folder, "long.py"), "import time\nprint('on', flush=True)\ntime.sleep(600)\n");
  const child = spawn(process.execPath, [CLI, "train", "long.py", "--python", python()], {
    cwd: folder,
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  await until(
    () => out.includes("on"),
    () => `the first line; ${out}${err}`,
  );
  child.kill("SIGINT");
  const code = await new Promise((resolve) => child.once("exit", resolve));
  assert.equal(code, 0, err);
  assert.match(err, /^Stopping after the current batch\. .*again to use force\.$/m);
  assert.match(err, /^Training long\.py stopped after /m);
});
