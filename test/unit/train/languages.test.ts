// What differs between languages when a run is started, and what a Python lacks for a file. No Python is started.
import assert from "node:assert/strict";
import path from "node:path";
import { describe, test } from "node:test";
import { compareVersions } from "../../../src/model/versions";
import type { RunRecord } from "../../../src/protocol/run";
import { trainerEnvironment, trainerVariables } from "../../../src/train/environment";
import { lackingFor, type PythonInfo } from "../../../src/train/interpreters";
import { languageOf, runtimeOf } from "../../../src/train/languages";

const record = (more: Partial<RunRecord>): RunRecord => ({
  format: 1,
  id: "20261123-215301-brave-otter",
  name: "brave-otter",
  script: "/w/train.py",
  args: [],
  cwd: "/w",
  language: "python",
  interpreter: { path: "/w/.venv/bin/python" },
  createdAt: 0,
  sourceHash: "",
  fitlensVersion: "test",
  ...more,
});

test("the language of a script is told by its ending", () => {
  const languages = ["a.py", "A.PY", "a.ipynb", "a.ts", "a.mts", "a.tsx", "a.js", "a.mjs", "a.cjs", "a.py.js"].map(
    languageOf,
  );
  assert.deepEqual(languages, [
    ...["python", "python", "python", "typescript", "typescript", "typescript"],
    ...["javascript", "javascript", "javascript", "javascript"],
  ]);
});

test("what stands before the script", () => {
  assert.deepEqual(runtimeOf("python").before("/ext/dist"), [path.join("/ext/dist", "python", "fitlens")]);
  assert.deepEqual(runtimeOf("typescript").before("/ext/my dist"), ["--import", "file:///ext/my%20dist/worker.mjs"]);
});

describe("the environment of a run", () => {
  test("Python: the backend and the cell, where they are asked for, over the user's own", () => {
    const options = { distFolder: "/ext/dist", env: { KERAS_BACKEND: "tensorflow", SEED: "1" } };
    assert.deepEqual(trainerVariables("/w/run", record({ backend: "jax", cell: 3 }), options), {
      ...{ SEED: "1", KERAS_BACKEND: "jax", FITLENS_CELL: "3" },
      ...{ FITLENS_RUN: "/w/run", FITLENS_PART_OF: "/w/run" },
    });
    assert.deepEqual(trainerVariables("/w/run", record({}), { distFolder: "/ext/dist" }), {
      FITLENS_RUN: "/w/run",
      FITLENS_PART_OF: "/w/run",
    });
  });

  test("nothing of the editor's own, and no watching of what is started by us", (t) => {
    const before = { ...process.env };
    t.after(() => {
      for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
      Object.assign(process.env, before);
    });
    const terminal = path.join("/ext/dist", "python", "terminal");
    Object.assign(process.env, {
      ...{
        VSCODE_PID: "1",
        ELECTRON_RUN_AS_NODE: "1",
        FITLENS_WATCH: "/w",
        FITLENS_PART_OF: "/other",
        NODE_OPTIONS: "--x",
      },
      ...{ PYTHONPATH: [terminal, "/mine"].join(path.delimiter), PYTHONHASHSEED: "0" },
    });
    const env = trainerEnvironment("/w/run", record({}), { distFolder: "/ext/dist" });
    for (const name of ["VSCODE_PID", "ELECTRON_RUN_AS_NODE", "FITLENS_WATCH", "NODE_OPTIONS"])
      assert.equal(env[name], undefined);
    assert.equal(env["FITLENS_PART_OF"], "/w/run");
    assert.equal(env["PYTHONPATH"], "/mine");
    assert.equal(env["PYTHONHASHSEED"], "0");
    process.env["PYTHONPATH"] = terminal;
    assert.ok(!("PYTHONPATH" in trainerEnvironment("/w/run", record({}), { distFolder: "/ext/dist" })));
  });
});

const PYTHON: PythonInfo = { path: "/p/python", version: "3.11.7", prefix: "/p", packages: {} };

describe("what a Python lacks", () => {
  const lacking = (
    need: "keras" | "estimator",
    packages: Record<string, string>,
    backend?: "tensorflow" | "jax" | "torch",
  ) => lackingFor(need, { ...PYTHON, packages }, backend);
  test("for Keras", () => {
    assert.equal(lacking("keras", { keras: "3.15.0", jax: "0.8" }), undefined);
    assert.equal(lacking("keras", { tf_keras: "2.21", tensorflow: "2.21" }), undefined);
    assert.equal(lacking("keras", {}), "Python 3.11.7 (/p/python) has no Keras.");
    assert.match(lacking("keras", { keras: "3.15.0" }) ?? "", /none of TensorFlow, JAX and PyTorch/);
    assert.match(
      lacking("keras", { keras: "3.15.0", jax: "0.8" }, "torch") ?? "",
      /has no PyTorch, which the backend torch needs\.$/,
    );
    assert.equal(lacking("keras", { keras: "3.15.0", torch: "2.9" }, "torch"), undefined);
  });
  test("for tf.estimator", () => {
    assert.equal(lacking("estimator", { tensorflow: "2.15.1", "tensorflow-estimator": "2.15.0" }), undefined);
    assert.match(lacking("estimator", { tensorflow: "2.15.1" }) ?? "", /without the package tensorflow-estimator\.$/);
    for (const version of ["2.16.0rc1", "2.16.1", "2.21.0", "3.0.0"]) {
      assert.match(
        lacking("estimator", { tensorflow: version }) ?? "",
        /TensorFlow 2\.15 is the last that has it\.$/,
        version,
      );
    }
    assert.match(lacking("estimator", {}) ?? "", /has no TensorFlow\.$/);
  });
  test("nothing is said of packages where the Python itself does not work", () => {
    assert.equal(lackingFor("keras", { ...PYTHON, problem: "It is broken." }), "It is broken.");
  });
});

test("versions are compared by their numbers", () => {
  for (const [a, b, sign] of [
    ["2.9.0", "2.16", -1],
    ["2.16.0rc1", "2.16", 0],
    ["3.10.1", "3.8", 1],
    ["3.8", "3.8.1", -1],
    ["2.15.1", "2.15.1", 0],
    ["of unknown version", "2.16", -1],
  ] as const) {
    const compared = compareVersions(a, b);
    assert.equal(Math.sign(compared), sign, `${a} and ${b}: ${compared}`);
  }
});
