// What is said of a process that ended without saying it itself: from its exit and the end of what it printed.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { type Exit, endError } from "../../../src/train/ending";
import { memoryKills } from "../../../src/train/memory";

const exit = (code: number | null, signal: NodeJS.Signals | null = null): Exit => ({ code, signal });

const CRASH = `Epoch 1/5
Fatal Python error: Segmentation fault

Thread 0x00007f3c1c9ac6c0 (most recent call first):
  File "/usr/lib/python3.11/threading.py", line 331 in wait

Current thread 0x00007f3c1d60ab80 (most recent call first):
  File "/w/.venv/lib/python3.11/site-packages/native/api.py", line 5 in call
  File "/w/my model.py", line 12 in step
  File "/w/train.py", line 4 in <module>
  File "/ext/dist/python/fitlens/runner.py", line 105 in _run_file
`;

const PYTHON: Record<string, { output?: string; exit: Exit; says: RegExp; at?: object }> = {
  "a crash": {
    output: CRASH,
    exit: exit(null, "SIGSEGV"),
    says: /^A library crashed in native code \(SIGSEGV\), called from here\./,
    at: { file: "/w/my model.py", line: 12 },
  },
  "a crash on a thread without Python": {
    output:
      'Fatal Python error: Segmentation fault\n\nCurrent thread 0x1 (most recent call first):\n  <no Python frame>\n\nThread 0x2 (most recent call first):\n  File "/w/train.py", line 4 in <module>\n',
    exit: exit(null, "SIGSEGV"),
    says: /^A library crashed in native code \(SIGSEGV\)\. /,
  },
  "a crash on Windows": { exit: exit(0xc0000005), says: /^A library crashed in native code \(access violation\)/ },
  "an old processor": { exit: exit(null, "SIGILL"), says: /AVX/ },
  "a failed check of TensorFlow": {
    output: "2026-11-23 21:53:01.5: F tensorflow/core/x.cc:10] Check failed: 1 == 2 \n",
    exit: exit(null, "SIGABRT"),
    says: /^A library gave up \(SIGABRT\): .*Check failed: 1 == 2$/,
  },
  "an end by abort that says nothing": { exit: exit(null, "SIGABRT"), says: /SIGABRT.*the end of the output says why/ },
  "a Python without its library": {
    output: "Python path configuration:\nModuleNotFoundError: No module named 'encodings'\n",
    exit: exit(1),
    says: /^Python did not start: it does not find its own library/,
  },
  "a shared library that is missing": {
    output: "/w/python: error while loading shared libraries: libpython3.11.so.1.0: cannot open shared object file\n",
    exit: exit(127),
    says: /^Python did not start: the library libpython3\.11\.so\.1\.0 is missing/,
  },
  arguments: {
    output: "usage: train.py [-h]\ntrain.py: error: unrecognized arguments: --x\n",
    exit: exit(2),
    says: /^The script does not accept its arguments: unrecognized arguments: --x\.$/,
  },
  "anything else": {
    output: "no luck\n",
    exit: exit(1),
    says: /exit code 1 before the script began\. It said: no luck$/,
  },
  "a signal": { exit: exit(null, "SIGTERM"), says: /^The process was ended by SIGTERM\.$/ },
};

describe("Python", () => {
  for (const [name, { output = "", exit, says, at }] of Object.entries(PYTHON)) {
    test(name, () => {
      const error = endError("python", output, exit);
      assert.match(error.message, says);
      assert.deepEqual(error.at, at);
    });
  }
});

test("SIGKILL while the system ran out of memory is told from one by somebody", {
  skip: memoryKills() === undefined,
}, () => {
  const killed = exit(null, "SIGKILL");
  const kills = memoryKills()!;
  for (const language of ["python", "typescript"] as const) {
    assert.match(endError(language, "", { ...killed, killsBefore: kills }).message, /killed from outside \(SIGKILL\)/);
    assert.match(
      endError(language, "", { ...killed, killsBefore: kills - 1 }).message,
      /most likely by the system: it ran out of memory/,
    );
  }
});

test("what only Node says is not looked for in Python, and the other way round", () => {
  const heap = "FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory\n";
  assert.match(endError("typescript", heap, exit(null, "SIGABRT")).message, /JavaScript heap is full/);
  assert.doesNotMatch(endError("python", heap, exit(null, "SIGABRT")).message, /JavaScript heap is full/);
  assert.match(endError("javascript", CRASH, exit(null, "SIGSEGV")).message, /Select Engine/);
});
