// Python scripts through the real launcher and the hook as it is built: how each way to end is told, and that a run ends with all
// that it has started.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, type TestContext, test } from "node:test";
import { readRun } from "../../src/runs/store";
import type { LaunchOptions } from "../../src/train/launch";
import { stopRun } from "../../src/train/stop";
import { DIST, ended, isRunning, outputOf, statusWhere, until, workspace } from "../unit/train/trainer";
import { python } from "./help";

/** A workspace whose scripts run in the tests' Python. */
function place(t: TestContext, name?: string) {
  const inner = workspace(t, name);
  const options = { pythonPath: python() };
  return {
    ...inner,
    start: (text: string, more: Partial<LaunchOptions> & { name?: string } = {}) => {
      const { name: file = "train.py", ...rest } = more;
      return inner.start(inner.write(file, text), { ...options, ...rest });
    },
    run: (text: string, more: Partial<LaunchOptions> & { name?: string } = {}) =>
      inner.run(text, { name: "train.py", ...options, ...more }),
  };
}

/** Trains by the recorder itself, as a tap does: no framework needs to be there. */
const ENDLESS = `
import time
from fitlens import run
recorder = run.current().recorder
recorder.begin()
print("on", flush=True)
while True:
    recorder.batch({"loss": 0.5})
    time.sleep(0.005)
`;

const says = async (folder: string, text: string) =>
  until(
    () => outputOf(folder).includes(text),
    () => `"${text}" in the output, which is ${outputOf(folder)}`,
  );

test("a script runs to its end, with its arguments, in the folder that is asked for", async (t) => {
  const { status, output, folder } = await place(t).run(
    `import os, sys\nprint(sys.argv[1:], os.getcwd(), sys.prefix, "é日本")\n`,
    { args: ["--epochs", "2 3"] },
  );
  assert.equal(status.state, "finished", output);
  assert.equal(status.exitCode, 0);
  const { record } = readRun(folder)!;
  assert.match(output, new RegExp(`^\\['--epochs', '2 3'\\] ${record!.cwd} \\S+ é日本\n$`));
  assert.equal(record!.language, "python");
  assert.equal(record!.interpreter.path, python());
  assert.match(record!.interpreter.version ?? "", /^3\.\d+\.\d+$/);
  assert.equal(record!.engine, undefined);
});

interface Ending {
  script: string;
  state?: "failed" | "finished";
  exitCode?: number | null;
  says?: RegExp;
  line?: number;
  args?: string[];
}

const ENDINGS: Record<string, Ending> = {
  "an exit code": {
    script: "raise SystemExit(7)\n",
    exitCode: 7,
    says: /^The script ended itself with exit code 7\.$/,
  },
  "an exception": {
    script: "def f():\n    return {}['loss']\nf()\n",
    exitCode: 1,
    says: /^KeyError: 'loss'$/,
    line: 2,
  },
  "arguments that are missing": {
    script: "import argparse\np = argparse.ArgumentParser()\np.add_argument('--data', required=True)\np.parse_args()\n",
    exitCode: 2,
    says: /^usage: train\.py .*the following arguments are required: --data\. .*Train with Arguments…$/,
    line: 4,
  },
  "arguments that are wrong": {
    script: "import argparse\np = argparse.ArgumentParser()\np.add_argument('--n', type=int)\np.parse_args()\n",
    args: ["--n", "many"],
    exitCode: 2,
    says: /argument --n: invalid int value: 'many'\. .*Train with Arguments…$/,
    line: 4,
  },
  "arguments, as click says it": {
    script: `
class MissingParameter(Exception):
    def format_message(self):
        return "Missing option '--data'."
def main():
    try:
        raise MissingParameter()
    except MissingParameter as error:
        print("Usage: train.py [OPTIONS]\\n\\nError: " + error.format_message())
        raise SystemExit(2)
main()
`,
    exitCode: 2,
    says: /^Missing option '--data'\. .*Train with Arguments…$/,
    line: 10,
  },
  "the keyboard": {
    script: "name = input('name? ')\n",
    exitCode: 1,
    says: /^The script reads from the keyboard in line 1 of train\.py.*Start it with Debug instead\.$/,
    line: 1,
  },
  "the keyboard, past input()": {
    script: "import sys\nline = sys.stdin.readline()\nassert line == '', line\nprint('nothing to read')\n",
    state: "finished",
    exitCode: 0,
  },
  "os._exit": { script: "import os\nos._exit(9)\n", exitCode: 9, says: /exit code 9/ },
  "os._exit(0) after it has trained": {
    script: `
import os
from fitlens import run
run.current().recorder.begin()
run.current().recorder.batch({"loss": 1.0})
os._exit(0)
`,
    state: "finished",
    exitCode: 0,
  },
  "another folder": {
    script: "import os, tempfile\nos.chdir(tempfile.gettempdir())\nimport nowhere_1\n",
    exitCode: 1,
    says: /^No module named 'nowhere_1': .*Install it there, or select another interpreter\.$/,
    line: 3,
  },
  "memory that is limited": {
    script: `
import resource
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
held = []
for _ in range(64):
    held.append(bytearray(128 << 20))
`,
    exitCode: 1,
    says: /^Out of memory \(MemoryError\)\. Train with smaller batches, or keep less data in memory\.$/,
    line: 6,
  },
  "a crash in native code": {
    script: "import ctypes\ndef step():\n    ctypes.string_at(0)\nstep()\n",
    exitCode: null,
    says: /^A library crashed in native code \(SIGSEGV\), called from here\. /,
    line: 3,
  },
  "a library that gives up": {
    script: "import os, sys\nprint('F0000 Check failed: a == b', file=sys.stderr, flush=True)\nos.abort()\n",
    exitCode: null,
    says: /^A library gave up \(SIGABRT\): .*Check failed: a == b$/,
  },
  "a signal of its own": {
    script: "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n",
    exitCode: null,
    says: /killed.*SIGKILL/,
  },
};

describe("each way to end has its words", () => {
  for (const [name, ending] of Object.entries(ENDINGS)) {
    test(name, async (t) => {
      const it = place(t);
      const { status, output } = await it.run(ending.script, { args: ending.args ?? [] });
      assert.equal(status.state, ending.state ?? "failed", output);
      assert.equal(status.exitCode, ending.exitCode);
      if (ending.says) assert.match(status.error?.message ?? "", ending.says);
      else assert.equal(status.error, undefined);
      assert.equal(status.error?.at?.line, ending.line, JSON.stringify(status.error));
      if (ending.line !== undefined) assert.equal(status.error?.at?.file, path.join(it.folder, "train.py"));
      assert.ok(status.endedAt);
    });
  }
});

describe("Stop", () => {
  test("a script that catches everything ends all the same", async (t) => {
    const { folder, pid } = await place(t).start(
      `import time\nprint("on", flush=True)\nwhile True:\n    try:\n        time.sleep(60)\n    except BaseException as e:\n        print(repr(e), flush=True)\n`,
    );
    await says(folder, "on");
    assert.equal(await stopRun(folder, { graceMs: 300, signalMs: 500 }), "SIGTERM");
    assert.match(outputOf(folder), /KeyboardInterrupt/);
    assert.ok(!isRunning(pid));
    assert.equal(readRun(folder)?.status.state, "stopped");
  });

  test("one that ignores SIGINT and SIGTERM", async (t) => {
    const { folder, pid } = await place(t).start(
      `import signal, time\nfor s in (signal.SIGINT, signal.SIGTERM):\n    signal.signal(s, signal.SIG_IGN)\nprint("on", flush=True)\ntime.sleep(600)\n`,
    );
    await says(folder, "on");
    assert.equal(await stopRun(folder, { graceMs: 200, signalMs: 300 }), "SIGKILL");
    assert.ok(!isRunning(pid));
    assert.equal(readRun(folder)?.status.state, "stopped");
  });

  test("one that trains nothing that is followed is interrupted, and its epilogue runs", async (t) => {
    const { folder } = await place(t).start(
      `import time\ntry:\n    print("on", flush=True)\n    time.sleep(600)\nfinally:\n    print("put away")\n`,
    );
    await says(folder, "on");
    // It has not begun to train: there is no batch whose end could be waited for.
    assert.equal(readRun(folder)?.status.state, "starting");
    assert.equal(await stopRun(folder), "SIGINT");
    const { status, output } = await ended(folder);
    assert.equal(status.state, "stopped");
    assert.match(output, /put away/);
  });

  test("SIGINT is heard though whoever started it ignores it", async (t) => {
    const it = place(t);
    const script = it.write("train.py", `import time\nprint("on", flush=True)\ntime.sleep(600)\n`);
    const sh = it.write("python", `#!/bin/sh\ntrap '' INT\nexec "${python()}" "$@"\n`);
    fs.chmodSync(sh, 0o755);
    const { folder } = await it.start(fs.readFileSync(script, "utf8"), { pythonPath: sh });
    await says(folder, "on");
    assert.equal(await stopRun(folder, { graceMs: 100, signalMs: 10_000 }), "SIGINT");
    assert.equal(readRun(folder)?.status.state, "stopped");
  });

  test("a pool of workers, and a process that has left the group, end with it", async (t) => {
    const { folder, pid } = await place(t).start(`
import multiprocessing, os, subprocess, time

def work(x):
    os.write(1, f"worker {os.getpid()}\\n".encode())  # whole, though two write at once
    time.sleep(600)

if __name__ == "__main__":
    away = subprocess.Popen(["sleep", "600"], start_new_session=True)
    print("away", away.pid, flush=True)
    with multiprocessing.Pool(2) as pool:
        pool.map(work, range(2))
`);
    await until(
      () => (outputOf(folder).match(/worker \d+/g)?.length ?? 0) === 2,
      () => `two workers in ${outputOf(folder)}`,
    );
    const others = [...outputOf(folder).matchAll(/(?:worker|away) (\d+)/g)].map(([, number]) => Number(number));
    assert.equal(others.length, 3);
    await stopRun(folder, { graceMs: 200, signalMs: 1_000 });
    assert.deepEqual([pid, ...others].filter(isRunning), []);
    assert.equal(readRun(folder)?.status.state, "stopped");
  });
});

test("the workers of one that was killed end too", async (t) => {
  const { folder, pid } = await place(t).start(`
import multiprocessing, os, time

def work(x):
    os.write(1, f"worker {os.getpid()}\\n".encode())  # whole, though two write at once
    time.sleep(600)

if __name__ == "__main__":
    with multiprocessing.Pool(2) as pool:
        pool.map(work, range(2))
`);
  await until(
    () => (outputOf(folder).match(/worker \d+/g)?.length ?? 0) === 2,
    () => `two workers in ${outputOf(folder)}`,
  );
  const workers = [...outputOf(folder).matchAll(/worker (\d+)/g)].map(([, number]) => Number(number));
  process.kill(pid, "SIGKILL");
  const { status } = await ended(folder);
  assert.equal(status.state, "failed");
  assert.match(status.error?.message ?? "", /^The process was killed/);
  await until(
    () => !workers.some(isRunning),
    () => `the end of ${workers.filter(isRunning)}`,
    5_000,
  );
});

test("killed while it trains, then resumed: the record says how, and what was left is ended first", async (t) => {
  const it = place(t);
  const { folder, pid, record } = await it.start(
    ENDLESS.replace(
      "recorder = ",
      "import subprocess\nsubprocess.Popen(['sleep', '600'], start_new_session=True)\nrecorder = ",
    ),
    { args: ["a b"], backend: "jax" },
  );
  await statusWhere(folder, "some steps", ({ step = 0 }) => step > 20);
  process.kill(pid, "SIGKILL");
  const { status } = await ended(folder);
  assert.match(status.error?.message ?? "", /^The process was killed from outside \(SIGKILL\)/);
  fs.writeFileSync(
    record.script,
    `import os, sys\nfrom fitlens import run\nprint(run.current().attempt, sys.argv[1:], os.environ["KERAS_BACKEND"])\n`,
  );
  const again = await it.resume(folder);
  assert.equal(again.status.state, "finished", again.output);
  assert.match(again.output, /^2 \['a b'\] jax$/m);
  assert.equal(again.status.attempt, 2);
  const marked = (process: string) => {
    try {
      return fs.readFileSync(`/proc/${process}/environ`, "utf8").includes(`FITLENS_PART_OF=${folder}\0`);
    } catch {
      return false;
    }
  };
  const left = () => fs.readdirSync("/proc").filter((name) => /^\d+$/.test(name) && marked(name));
  await until(
    () => left().length === 0,
    () => `the end of ${left()}`,
    5_000,
  );
});

test("resumed as soon as its end is told, while its process is still on its way out", async (t) => {
  const it = place(t);
  const { folder, pid, record } = await it.start(`
import os, time

class Slow:
    def __del__(self, sleep=time.sleep, write=os.write):
        sleep(3)
        write(1, b"left\\n")

kept = Slow()
`);
  await statusWhere(folder, "its end", ({ state }) => state === "finished");
  assert.ok(isRunning(pid));
  fs.writeFileSync(record.script, "print('again')\n");
  const again = await it.resume(folder);
  assert.equal(again.status.state, "finished", again.output);
  assert.match(again.output, /^left\nagain$/m);
  assert.equal(again.status.attempt, 2);
});

test("a hundred megabytes of output: a bounded log with its newest lines, and little memory", async (t) => {
  const { status, output, folder } = await place(t).run(`
import resource, sys
line = "x" * 1023 + "\\n"
for at in range(100 * 1024):
    sys.stdout.write(line)
print("memory", resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
print("the last line")
`);
  assert.equal(status.state, "finished", output.slice(-500));
  assert.ok(fs.statSync(path.join(folder, "output.log")).size < 9 * 1024 * 1024);
  assert.match(output, /^\[fitlens\] The output grew beyond 8 MB/m);
  assert.ok(output.endsWith("the last line\n"), output.slice(-200));
  const kilobytes = Number(/^memory (\d+)$/m.exec(output)?.[1]);
  assert.ok(kilobytes < 100 * 1024, `${kilobytes} KB`);
});

test("nothing is written into the folder of the extension", async (t) => {
  const files = () => fs.readdirSync(path.join(DIST, "python"), { recursive: true }).sort();
  const before = files();
  const it = place(t);
  it.write("beside.py", "x = 1\n");
  const { status } = await it.run("import sys, beside\nprint(sys.dont_write_bytecode)\n", {
    env: { PYTHONDONTWRITEBYTECODE: "" },
  });
  assert.equal(status.state, "finished");
  assert.deepEqual(files(), before);
  // The user's own modules keep theirs where they were.
  assert.ok(fs.existsSync(path.join(it.folder, "__pycache__")));
});

test("the bytecode of the hook goes into the cache of Fitlens, and only that", async (t) => {
  const it = place(t);
  it.write("beside.py", "x = 1\n");
  const storage = path.join(path.dirname(it.folder), "storage");
  const options = { nativeFolder: path.join(storage, "native"), env: { PYTHONDONTWRITEBYTECODE: "" } };
  const text = "import os, sys, beside\nprint(sys.pycache_prefix, 'FITLENS_CACHE' in os.environ)\n";
  const { output } = await it.run(text, options);
  const kept = () =>
    fs.readdirSync(storage, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".pyc"));
  assert.equal(output, "None False\n");
  const first = kept();
  assert.ok(
    first.some((file) => /fitlens[\\/]runner\.cpython-\d+\.pyc$/.test(file)),
    first.join("\n"),
  );
  assert.ok(
    first.some((file) => /fitlens[\\/]keras[\\/]__init__\./.test(file)),
    first.join("\n"),
  );
  assert.ok(!first.some((file) => /beside/.test(file)));
  assert.ok(fs.existsSync(path.join(it.folder, "__pycache__")));
  await it.run(text, options);
  assert.deepEqual(kept(), first);
});

test("the hook's bytecode is kept where Python is to write none, and the script's is not", async (t) => {
  const it = place(t);
  it.write("beside.py", "x = 1\n");
  const storage = path.join(path.dirname(it.folder), "storage");
  const options = { nativeFolder: path.join(storage, "native"), env: { PYTHONDONTWRITEBYTECODE: "1" } };
  const { output } = await it.run("import sys, beside\nprint(sys.dont_write_bytecode)\n", options);
  assert.equal(output, "True\n");
  const kept = fs.readdirSync(storage, { recursive: true, encoding: "utf8" });
  assert.ok(
    kept.some((file) => /fitlens[\\/]runner\.cpython-\d+\.pyc$/.test(file)),
    kept.join("\n"),
  );
  assert.ok(!fs.existsSync(path.join(it.folder, "__pycache__")));
});

test("what the hook has made is no garbage to look for while the script imports", async (t) => {
  const it = place(t);
  const text =
    "import gc, json\nprint(json.dumps([gc.isenabled(), gc.get_freeze_count() > 1000, gc.get_count()[1]]))\n";
  const hooked = JSON.parse((await it.run(text)).output);
  const plain = JSON.parse(execFileSync(python(), [it.write("plain.py", text)], { encoding: "utf8" }));
  assert.deepEqual([hooked[0], hooked[1], plain[0]], [true, true, true]);
  // How soon the next collection of more than the youngest comes.
  assert.ok(hooked[2] <= plain[2], `${hooked[2]}, without the hook ${plain[2]}`);
});

describe("names that are no words", () => {
  for (const name of [
    "a b",
    "$(touch pwned)",
    "qu'ote\"s",
    "new\nline",
    "日本語 é",
    "-c",
    "-m",
    "%41#?x=1",
    "back\\slash",
  ]) {
    test(JSON.stringify(name), async (t) => {
      const it = place(t, name);
      const { status, output } = await it.run("import sys\nprint(sys.argv)\n1/0\n", {
        name: `${name}.py`,
        args: [name, "--flag"],
      });
      assert.equal(status.error?.message, "ZeroDivisionError: division by zero", output);
      assert.equal(status.error?.at?.file, path.join(it.folder, `${name}.py`));
      assert.equal(status.error?.at?.line, 3);
      const seen = execFileSync(python(), ["-c", "import sys; print(sys.argv)", name, "--flag"], { encoding: "utf8" });
      assert.ok(output.includes(seen.trim().slice("['-c', ".length)), output);
      assert.ok(!fs.existsSync(path.join(it.folder, "pwned")) && !fs.existsSync("pwned"));
    });
  }
});

describe("what cannot be started is refused with its reason, and no run is made", () => {
  const refused = async (
    t: TestContext,
    options: Partial<LaunchOptions>,
    reason: RegExp,
    text = "print(1)\n",
    name = "train.py",
  ) => {
    const it = place(t);
    await assert.rejects(it.start(text, { name, ...options }), reason);
    assert.ok(!fs.existsSync(path.join(it.folder, ".fitlens")));
  };
  test("no such Python", (t) =>
    refused(t, { pythonPath: "/no/such/python" }, /^LaunchError: \/no\/such\/python does not exist\.$/));
  test("a program that is no Python", (t) =>
    refused(t, { pythonPath: "/bin/ls" }, /\/bin\/ls does not answer as a Python does/));
  test("a backend that is not there", (t) =>
    refused(
      t,
      { pythonPath: process.env["FITLENS_TEST_PYTHON_ESTIMATOR"]!, backend: "torch" },
      /has no PyTorch, which the backend torch needs/,
    ));
  test("a cell that is not there", (t) =>
    refused(
      t,
      { cell: 5 },
      /has no cell 5: expected a number from 0 to 0/,
      '{"nbformat": 4, "cells": [{"cell_type": "code", "source": "1"}]}',
      "book.ipynb",
    ));
});

test("a notebook up to a cell", async (t) => {
  const cell = (source: string) => ({ cell_type: "code", source });
  const { status, output, folder } = await place(t).run(
    JSON.stringify({ nbformat: 4, cells: [cell("x = 1"), cell("print('x is', x)"), cell("print('not this')")] }),
    { name: "book.ipynb", cell: 1 },
  );
  assert.equal(status.state, "finished", output);
  assert.equal(output, "x is 1\n");
  assert.equal(readRun(folder)?.record?.cell, 1);
});

test("a traceback has the user's frames only, also of a stop while it prints", async (t) => {
  const { folder } = await place(t).start(`while True:\n    print("x" * 5000)\n`);
  await says(folder, "xxx");
  await stopRun(folder, { graceMs: 100 });
  const { output, status } = await ended(folder);
  assert.equal(status.state, "stopped");
  assert.match(output, /KeyboardInterrupt\n$/);
  assert.doesNotMatch(output, /File ".*[\\/]fitlens[\\/]/);
});
