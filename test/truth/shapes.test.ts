// What test/cases/shapes expects is what NumPy, TensorFlow, Keras and TensorFlow.js give; "?" is told of nothing.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, test } from "node:test";
import vm from "node:vm";
import * as tf from "@tensorflow/tfjs";
import { type ShapeCases, shapeCases, shapeWords } from "../cases/shapes";

/** keras.backend is asked in Keras 2: most of it is gone from Keras 3. */
const pythonFor = (name: string): string | undefined =>
  process.env[name === "backend" ? "FITLENS_TEST_PYTHON_ESTIMATOR" : "FITLENS_TEST_PYTHON"];

function inPython({ cases }: ShapeCases, python: string): number[][] {
  const { stdout, stderr } = spawnSync(python, [path.resolve("test/truth/shapes.py")], {
    input: JSON.stringify(cases.map(({ expression }) => expression)),
    encoding: "utf8",
    maxBuffer: 50_000_000,
  });
  const line = stdout.split("\n").find((one) => one.startsWith("RESULT"));
  assert.ok(line, stderr);
  return JSON.parse(line.slice("RESULT".length)) as number[][];
}

function inJavaScript({ cases }: ShapeCases): number[][] {
  const context = vm.createContext({ tf });
  return cases.map(({ expression }) => (vm.runInContext(expression, context) as tf.Tensor).shape);
}

/** What is not known of a shape is taken over from what was read. */
const asFarAs = (read: string, real: readonly number[]): string => {
  if (read === "?") return read;
  const dims = read.split(" × ");
  return shapeWords(real.map((dim, at) => (dims[at] === "?" ? "?" : dim)));
};

describe("shapes of operations", () => {
  for (const one of shapeCases()) {
    const python = one.language === "python" ? pythonFor(one.name) : null;
    test(one.name, { skip: python === undefined ? "no Python with Keras is set up" : false }, () => {
      const real = python ? inPython(one, python) : inJavaScript(one);
      const told = one.cases.map(({ expression, shape }, at) => ({ expression, shape: asFarAs(shape, real[at]!) }));
      assert.deepEqual(one.cases, told);
    });
  }
});
