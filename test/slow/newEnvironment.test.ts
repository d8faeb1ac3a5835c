// A new environment whose installation is cut off in the middle and gone on with, from the package index that this machine's pip
// knows.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { createEnvironment, type EnvironmentOptions } from "../../src/train/environments/create";
import { lookAt } from "../../src/train/environments/place";
import type { Wish } from "../../src/train/environments/plan";
import { pythonIn } from "../../src/train/interpreters";

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

test("Keras 3 with JAX: cut off while it installs, then gone on with to its end", async (t) => {
  const wish = { need: "keras", backend: "jax" } as const;
  const base = options(t, wish, process.env["FITLENS_TEST_PYTHON"]);
  const abort = new AbortController();
  const told: string[] = [];
  const onProgress = (message: string) => {
    told.push(message);
    // In the middle of copying files.
    if (message.startsWith("installing") && /\d packages/.test(message)) setTimeout(() => abort.abort(), 1_500);
  };
  const cut = await createEnvironment({ ...base, signal: abort.signal, onProgress });
  assert.deepEqual(cut, { ok: false, message: "", begun: true }, told.join("\n"));
  assert.deepEqual(lookAt(base.folder), { kind: "unfinished", wish });
  assert.ok(
    told.some((message) => /^(downloading|taking) \S+ \(\d/.test(message)),
    told.join("\n"),
  );

  told.length = 0;
  const whole = await createEnvironment({ ...base, onProgress: (message) => told.push(message) });
  assert.ok(whole.ok, JSON.stringify(whole));
  assert.ok(!told.some((message) => message.startsWith("making")), told.join("\n"));
  assert.match(whole.python.packages["keras"] ?? "", /^3\./);
  assert.ok(whole.python.packages["jax"]);
  assert.equal(lookAt(base.folder).kind, "environment");
  assert.equal(fs.readFileSync(path.join(base.folder, ".gitignore"), "utf8").includes("*"), true);
  const trained = `
import keras, numpy
model = keras.Sequential([keras.layers.Dense(1)])
model.compile(loss="mse")
print(keras.backend.backend(), len(model.fit(numpy.ones((8, 1)), numpy.ones((8, 1)), verbose=0).epoch))`;
  assert.equal(says(pythonIn(base.folder)!, trained), "jax 1");
});

test("TensorFlow 2.15 with tf.estimator", async (t) => {
  const base = options(t, { need: "estimator" }, process.env["FITLENS_TEST_PYTHON_ESTIMATOR"]);
  const result = await createEnvironment(base);
  assert.ok(result.ok, JSON.stringify(result));
  assert.equal(result.python.packages["tensorflow"], "2.15.1");
  assert.ok(result.python.packages["tensorflow-estimator"]);
  const code = "import tensorflow as tf; print(tf.__version__, tf.estimator.Estimator.__name__)";
  assert.match(says(pythonIn(base.folder)!, code), /^2\.15\.1 Estimator/);
});
