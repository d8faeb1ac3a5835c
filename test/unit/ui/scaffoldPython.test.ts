// What the selected Python means for a new file.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { PythonInfo } from "../../../src/train/interpreters";
import { kerasFrom, lackingSentence } from "../../../src/ui/scaffoldPython";

const has = (packages: Record<string, string>): PythonInfo => ({
  path: "/env/bin/python",
  version: "3.11.2",
  prefix: "/env",
  packages,
});
const NEWEST = has({ tensorflow: "2.21.0", keras: "3.15.0" });
const LAST = has({ tensorflow: "2.15.1", keras: "2.15.0", "tensorflow-estimator": "2.15.0" });

test("tf.estimator is in the last TensorFlow that has it, and nowhere else", () => {
  assert.equal(lackingSentence("estimator", LAST), undefined);
  assert.match(lackingSentence("estimator", NEWEST)!, /TensorFlow 2\.21\.0, which has no tf\.estimator any more/);
  assert.match(lackingSentence("estimator", has({}))!, /has no TensorFlow/);
});

test("Keras of either kind will do", () => {
  assert.equal(lackingSentence("keras", LAST), undefined);
  assert.equal(lackingSentence("keras", NEWEST), undefined);
  assert.match(lackingSentence("keras", has({}))!, /has no Keras/);
});

test("no Python is said, one that was not looked at is not", () => {
  assert.match(lackingSentence("estimator", "none")!, /No Python was found on this machine.*TensorFlow 2\.15/);
  assert.equal(lackingSentence("estimator", "unknown"), undefined);
});

test("Keras comes from TensorFlow before Keras 3 only", () => {
  assert.equal(kerasFrom(LAST), "tensorflow");
  assert.equal(kerasFrom(has({ tensorflow: "2.9.0" })), "tensorflow");
  assert.equal(kerasFrom(NEWEST), "keras");
  assert.equal(kerasFrom(has({ keras: "3.15.0", jax: "0.9.0" })), "keras");
  assert.equal(kerasFrom("none"), "keras");
  assert.equal(kerasFrom("unknown"), "keras");
});
