// A new environment with its packages, from the package index that this machine's pip knows, is asked to work. Keras 3 is made
// through the editor (test/vscode/dev/environment.test.ts); cut off in the middle of its installation in test/slow.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { createEnvironment, type EnvironmentOptions } from "../../../src/train/environments/create";
import type { Wish } from "../../../src/train/environments/plan";
import { bringUv, makeByUv, type UvOptions } from "../../../src/train/environments/uv";
import { pythonIn } from "../../../src/train/interpreters";

function options(t: TestContext, wish: Wish, python: string | undefined): EnvironmentOptions {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens new ")));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return {
    folder: path.join(folder, ".venv"),
    wish,
    storage: path.join(folder, "storage"),
    ...(python && { pythons: [python] }),
  };
}

function says(python: string, code: string): string {
  const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3", CUDA_VISIBLE_DEVICES: "", KERAS_BACKEND: "jax" };
  return execFileSync(python, ["-I", "-c", code], { encoding: "utf8", env }).trim();
}

test("TensorFlow 2.15 with tf.estimator", async (t) => {
  const base = options(t, { need: "estimator" }, process.env["FITLENS_TEST_PYTHON_ESTIMATOR"]);
  const result = await createEnvironment(base);
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.python.packages["tensorflow"], "2.15.1");
  assert.ok(result.python.packages["tensorflow-estimator"]);
  const code = "import tensorflow as tf; print(tf.__version__, tf.estimator.Estimator.__name__)";
  assert.match(says(pythonIn(base.folder)!, code), /^2\.15\.1 Estimator/);
});

test("where Python cannot make environments, uv does", { skip: process.platform === "win32" }, async (t) => {
  const { storage } = options(t, { need: "keras" }, undefined);
  const folder = path.dirname(storage);
  const real = process.env["FITLENS_TEST_PYTHON"] ?? "python3";
  // As on Debian without python3-venv: what makes environments is missing, pip is there.
  const python = path.join(folder, "python3");
  const refuse = `case "$*" in *"-m venv"*) echo "ensurepip is not available" >&2; exit 1;; esac`;
  fs.writeFileSync(python, `#!/bin/sh\n${refuse}\nexec "${real}" "$@"\n`, { mode: 0o755 });
  const uv: UvOptions = { storage, pythons: [python], env: {}, signal: undefined, onProgress: () => {} };
  const found = await bringUv(uv);
  assert.ok("program" in found, JSON.stringify(found));
  const made = await makeByUv(found.program, path.join(folder, ".venv"), python, uv);
  assert.ok(made.ok, made.output);
  assert.match(says(pythonIn(path.join(folder, ".venv"))!, "import pip; print(pip.__version__)"), /^\d/);
});
