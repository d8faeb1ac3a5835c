// Each converted Python script of test/conversions trains as the script did before: the weights at the end and the validation loss of
// every epoch, with real TensorFlow 2.15.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

const FOLDER = "test/conversions";
/** The Estimator draws weights of its own for a model that is a class of the script's. */
const NEW_WEIGHTS = new Set(["py-subclassed"]);

interface Trained {
  weights: Record<string, unknown>;
  validation: number[];
}

const converted = fs
  .readdirSync(FOLDER)
  .filter((name) => fs.existsSync(path.join(FOLDER, name, "expected.py")))
  .sort();

describe("converted Python scripts train as before", () => {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-py-conversions-")));
  after(() => fs.rmSync(folder, { recursive: true, force: true }));
  let plain: Record<string, Trained>;
  let estimators: Record<string, Trained>;
  before(async () => {
    [plain, estimators] = await Promise.all([
      run(folder, "keras", "input.py"),
      run(folder, "estimator", "expected.py"),
    ]);
  });
  for (const name of converted) {
    test(name, () => {
      const [keras, estimator] = [plain[`${name}.py`]!, estimators[`${name}.py`]!];
      // What fit did not measure comes on top: at the end, on the training data.
      assert.deepEqual(estimator.validation.slice(0, keras.validation.length), keras.validation);
      assert.ok(Object.keys(keras.weights).length > 0, "the script trained nothing");
      if (NEW_WEIGHTS.has(name))
        assert.ok(estimator.validation.every(Number.isFinite) && estimator.validation.length > 0);
      else closeTo(estimator.weights, keras.weights);
    });
  }
});

/** Equal but for the last bit of a float32, which one kernel in a graph and in eager mode may round in another way. */
function closeTo(actual: Record<string, unknown>, expected: Record<string, unknown>): void {
  assert.deepEqual(Object.keys(actual).sort(), Object.keys(expected).sort());
  for (const [name, values] of Object.entries(expected)) {
    const numbers = [values].flat(9) as number[];
    const others = [actual[name]].flat(9) as number[];
    assert.equal(others.length, numbers.length, name);
    for (const [at, value] of numbers.entries()) {
      assert.ok(
        Math.abs(others[at]! - value) <= 1e-7 * Math.max(1, Math.abs(value)),
        `${name}: ${others[at]}, not ${value}`,
      );
    }
  }
}

async function run(folder: string, kind: string, file: string): Promise<Record<string, Trained>> {
  const python = process.env["FITLENS_TEST_PYTHON_ESTIMATOR"];
  assert.ok(python, "FITLENS_TEST_PYTHON_ESTIMATOR names a Python");
  const cwd = path.join(folder, kind);
  fs.mkdirSync(cwd);
  const scripts = converted.map((name) => {
    fs.copyFileSync(path.join(FOLDER, name, file), path.join(cwd, `${name}.py`));
    return `${name}.py`;
  });
  const runner = path.resolve("test/truth/conversionRunner.py");
  const env = { ...process.env, KIND: kind, CUDA_VISIBLE_DEVICES: "" };
  const child = spawn(python, [runner, "results.json", ...scripts], { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    said = (said + piece).slice(-4000);
  });
  const status = await new Promise((resolve) => child.once("close", resolve));
  assert.equal(status, 0, `${kind} scripts: ${said}`);
  return JSON.parse(fs.readFileSync(path.join(cwd, "results.json"), "utf8"));
}
