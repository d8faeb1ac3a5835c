// What goes wrong in users' scripts, each with a message that says what to do next.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { runHooked } from "./help";

const FAILURES: Record<string, { script: string; message: RegExp; line?: number; exitCode?: number }> = {
  "it reads from the keyboard": {
    script: '\nname = input("name? ")\n',
    message: /reads from the keyboard in line 2 of train\.py.*Debug/,
    line: 2,
  },
  "it needs arguments": {
    script: 'import argparse\np = argparse.ArgumentParser()\np.add_argument("--data", required=True)\np.parse_args()\n',
    message: /^usage: train\.py .*required: --data\. .*Fitlens: Train with Arguments…$/,
    line: 4,
    exitCode: 2,
  },
  "a framework is missing": {
    script: "import sys\nsys.path[:] = [p for p in sys.path if 'site-packages' not in p]\nimport tensorflow\n",
    message: /^No module named 'tensorflow': .*python.* does not have it\. .*Fitlens: Create Environment…$/,
    line: 3,
  },
  "a module is missing": {
    script: "import nowhere_1\n",
    message: /^No module named 'nowhere_1': .*Install it there/,
    line: 1,
  },
  "it is no Python": { script: "x = 1\ndef f(: pass\n", message: /^SyntaxError: invalid syntax/, line: 2 },
  "memory runs out": { script: "def f():\n    return bytearray(1 << 62)\nf()\n", message: /^Out of memory/, line: 2 },
  "it ends itself at once": { script: "import os\nos._exit(3)\n", message: /exit code 3/, exitCode: 3 },
  "it ends itself with a text": { script: "raise SystemExit('no data')\n", message: /^no data$/ },
  "it changes its folder": { script: "import os\nos.chdir('/')\n1/0\n", message: /^ZeroDivisionError: /, line: 3 },
};

for (const [name, { script, message, line, exitCode = 1 }] of Object.entries(FAILURES)) {
  test(name, async (t) => {
    const { status, ...end } = await runHooked(t, { script });
    assert.equal(end.exitCode, exitCode, end.stderr);
    assert.equal(status.state, "failed");
    assert.equal(status.exitCode, exitCode);
    assert.match(status.error?.message ?? "", message);
    assert.equal(status.error?.at?.line, line);
    if (line !== undefined) assert.equal(status.error?.at?.file, end.script);
    assert.doesNotMatch(end.stderr, /\[fitlens\]|train.python/);
  });
}

test("an interrupt is a stop", async (t) => {
  const { status } = await runHooked(t, { script: "raise KeyboardInterrupt\n" });
  assert.equal(status.state, "stopped");
});

test("a hundred megabytes of output leave a bounded log with its newest lines", async (t) => {
  const end = await runHooked(t, {
    script: `
import os, time
from fitlens import run
log = os.path.join(run.current().folder, "output.log")
fd = os.open(log, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
os.dup2(fd, 1)
from fitlens.output import Output
run.current()._output = Output(run.current().folder)
line = "x" * 999 + "\\n"
for at in range(100):
    os.write(1, (line * 1000).encode())
    time.sleep(0.005)
print("the last line")
time.sleep(0.5)
`,
  });
  const log = fs.readFileSync(path.join(end.folder, "output.log"), "utf8");
  assert.ok(log.length < 20_000_000, `${log.length} bytes`);
  assert.ok(log.endsWith("the last line\n"));
  assert.match(log, /^\[fitlens\] The output grew beyond 8 MB/m);
  assert.equal(end.status.state, "finished");
});
