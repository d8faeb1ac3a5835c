// A script under the hook behaves as under plain Python: the same output, exit code and traceback, on every Python that is found.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { PACKAGE, python, runHooked, runPlain, temporary } from "./help";

/** By version: those of pyenv, and the tests' own. */
function pythons(): { version: string; program: string }[] {
  const folder = path.join(os.homedir(), ".pyenv", "versions");
  const found = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
  const others = found
    .map((version) => ({ version, program: path.join(folder, version, "bin", "python") }))
    .filter(({ version, program }) => fs.existsSync(program) && /^3\.([89]|1\d)\./.test(version));
  return [...others, { version: "of the tests", program: python() }];
}

const SCRIPTS: Record<string, string> = {
  "the names of __main__": `
import os, sys
print(__name__, __file__, __spec__, __package__, __doc__, __builtins__.__name__, type(__loader__).__name__)
print(sys.argv, sys.path[0], sys.modules["__main__"].__dict__ is globals(), sorted(globals()))
`,
  "sys.exit with a number": "import sys\nsys.exit(7)\n",
  "sys.exit with a text": "import sys\nsys.exit('no data')\n",
  "sys.exit with True": "import sys\nsys.exit(True)\n",
  "an exception": "def f():\n    return 1 / 0\n\nf()\n",
  "a chained exception": `
def f():
    try:
        {}["a"]
    except KeyError as error:
        raise ValueError("two") from error
f()
`,
  "an exception without a cause that is shown":
    "try:\n    1/0\nexcept ZeroDivisionError:\n    raise RuntimeError('x')\n",
  "a syntax error": "print(1)\nx = = 2\n",
  "a wrong indentation": "def f():\nreturn 1\n",
  "the future": "from __future__ import annotations\ndef f(x: nowhere): ...\nprint(f.__annotations__)\n",
  "no future is inherited": "def f(x: int): ...\nprint(f.__annotations__)\n",
  "an own excepthook": "import sys\nsys.excepthook = lambda *a: print('mine', a[0].__name__, a[2].tb_lineno)\n1/0\n",
  "a broken excepthook": "import sys\ndef hook(*a): raise TypeError('hook')\nsys.excepthook = hook\n1/0\n",
  "code at the end": "import atexit\natexit.register(print, 'bye')\nraise SystemExit(4)\n",
  "a thread that goes on": `
import threading, time
threading.Thread(target=lambda: (time.sleep(0.2), print("late"))).start()
print("early")
`,
  "an interrupt": "raise KeyboardInterrupt\n",
  "a module beside it": "import beside\nprint(beside.__file__, beside.x)\n",
  "it leaves at once": "import os\nprint('out', flush=True)\nos._exit(9)\n",
  "it catches everything": "try:\n    raise SystemExit(3)\nexcept BaseException as e:\n    print(repr(e))\n",
  "a pickle of its own class":
    "import pickle\nclass A: pass\nprint(type(pickle.loads(pickle.dumps(A()))), A.__module__)\n",
  "its source": "import inspect\ndef f():\n    return 1\nprint(inspect.getsource(f))\n",
  "another encoding": "# -*- coding: latin-1 -*-\nprint(len('\\xe9'))\n",
  "a process that is spawned": `
import multiprocessing
def work(x):
    return x * x
if __name__ == "__main__":
    for method in multiprocessing.get_all_start_methods():
        with multiprocessing.get_context(method).Pool(2) as pool:
            print(method, pool.map(work, [1, 2, 3]))
`,
  "a Python that it starts": `
import subprocess, sys
print(subprocess.run([sys.executable, "-c", "import os, sys; print(os.environ.get('FITLENS_RUN'), 'fitlens' in sys.modules)"],
    stdout=subprocess.PIPE).stdout)
`,
};

for (const { version, program } of pythons()) {
  test(`as under plain Python: ${version}`, async (t) => {
    const cwd = temporary(t);
    fs.writeFileSync(path.join(cwd, "beside.py"), "x = 'beside'\n");
    const names = Object.keys(SCRIPTS);
    for (const [at, name] of names.entries()) {
      await t.test(name, async (t) => {
        const file = path.join(cwd, `script${at}.py`);
        fs.writeFileSync(file, SCRIPTS[name]!, "latin1");
        const [plain, hooked] = await Promise.all([
          runPlain([file, "a", "b c"], { cwd, python: program }),
          runHooked(t, { file, cwd, python: program, args: ["a", "b c"] }),
        ]);
        assert.equal(hooked.stdout, plain.stdout);
        assert.equal(hooked.stderr, plain.stderr);
        assert.deepEqual([hooked.exitCode, hooked.signal], [plain.exitCode, plain.signal]);
      });
    }
  });
}

test("modules beside the script that have the names of Python's own", async (t) => {
  const cwd = temporary(t);
  for (const name of ["json", "token", "copy", "struct", "signal"]) {
    fs.writeFileSync(path.join(cwd, `${name}.py`), `print("the user's", __name__)\n`);
  }
  const file = path.join(cwd, "train.py");
  fs.writeFileSync(file, "import sys\nprint('begin')\nimport json, token\nprint(json.__file__)\n1/0\n");
  const [plain, hooked] = await Promise.all([runPlain([file], { cwd }), runHooked(t, { file, cwd })]);
  assert.equal(hooked.stdout, plain.stdout);
  assert.equal(hooked.stdout, `begin\nthe user's json\nthe user's token\n${path.join(cwd, "json.py")}\n`);
  assert.match(hooked.stderr, /ZeroDivisionError/);
  assert.equal(hooked.status.error?.message, "ZeroDivisionError: division by zero");
});

test("`python -m fitlens` does the same as the folder", async (t) => {
  const cwd = temporary(t);
  fs.writeFileSync(path.join(cwd, "one.py"), "import sys\nprint(sys.argv, sys.path[0])\n");
  const env = { PYTHONPATH: path.dirname(PACKAGE) };
  const end = await runPlain(["-m", "fitlens", "one.py", "x"], { cwd, env });
  assert.equal(end.stderr, "");
  assert.equal(end.stdout, `['one.py', 'x'] ${cwd}\n`);
});

for (const version of ["2.7.18", "3.6.15", "3.7.16"]) {
  const program = path.join(os.homedir(), ".pyenv", "versions", version, "bin", "python");
  test(`Python ${version} is told that it is too old`, { skip: !fs.existsSync(program) }, async (t) => {
    const end = await runPlain([PACKAGE, "x.py"], { cwd: temporary(t), python: program });
    assert.equal(end.exitCode, 1);
    assert.ok(end.stderr.startsWith(`Fitlens needs Python 3.8 or newer; this is ${version}`), end.stderr);
  });
}

test("every module is written for Python 3.8, formatted and without findings", () => {
  const root = path.resolve("src/train/python");
  const parse = `
import ast, pathlib, sys
for file in pathlib.Path(sys.argv[1]).rglob("*.py"):
    ast.parse(file.read_text("utf8"), str(file), feature_version=(3, 8))
`;
  execFileSync(python(), ["-I", "-c", parse, root]);
  const config = path.join(root, "ruff.toml");
  for (const args of [["check"], ["format", "--check"]]) {
    execFileSync(python(), ["-I", "-m", "ruff", ...args, "--no-cache", "--config", config, root], { encoding: "utf8" });
  }
});
