// What a Python script asks for, read from its text, against what an interpreter has.
import assert from "node:assert/strict";
import { test } from "node:test";
import { importsOf, lackingImports, pythonText, usesEstimator } from "../../../src/ui/pythonNeeds";

for (const [text, packages] of [
  ["import tensorflow as tf\n", ["tensorflow"]],
  ["import numpy as np, tensorflow as tf", ["tensorflow"]],
  ["from tensorflow import keras", ["tensorflow"]],
  ["from tensorflow.keras import layers", ["tensorflow"]],
  ["import keras\nimport jax", ["keras", "jax"]],
  ["from keras import layers", ["keras"]],
  ["import tf_keras", ["tf_keras"]],
  ["    import torch", ["torch"]],
  ["try:\n\timport torch.nn as nn", ["torch"]],
  ["# import torch\nx = 'import jax'", []],
  ["import kerastuner, tensorflow_datasets", []],
  ["from .keras import model", []],
  ["important = 1\nfromage = 2", []],
  ["", []],
] as const) {
  test(`${JSON.stringify(text)} imports ${packages.join(" and ") || "nothing that trains"}`, () =>
    assert.deepEqual(importsOf(text), packages));
}

for (const [text, uses] of [
  ["tf.estimator.Estimator(model_fn)", true],
  ["tf.compat.v1.estimator.train_and_evaluate(a, b, c)", true],
  ["from tensorflow import estimator", true],
  ["from tensorflow_estimator.python import estimator", true],
  ["from sklearn.base import BaseEstimator", false],
  ["self.estimator.fit(x)", false],
] as const) {
  test(`${text} ${uses ? "uses" : "does not use"} tf.estimator`, () => assert.equal(usesEstimator(text), uses));
}

const interpreter = { version: "3.11.9", packages: { tensorflow: "2.21.0", keras: "3.15.0", numpy: "2.0.0" } };

test("an interpreter is told by what trains in it", () => {
  assert.equal(pythonText(interpreter), "Python 3.11 · TensorFlow 2.21 · Keras 3.15");
  assert.equal(pythonText({ version: "3.8.1", packages: {} }), "Python 3.8");
  assert.equal(
    pythonText({ version: "3.12.0", packages: { keras: "3.1.0", jax: "0.4" } }),
    "Python 3.12 · Keras 3.1 · JAX 0.4",
  );
});

test("what is missing is a sentence", () => {
  assert.equal(lackingImports("import tensorflow\nimport keras", interpreter), undefined);
  assert.equal(lackingImports("x = 1", interpreter), undefined);
  assert.equal(
    lackingImports("import jax", interpreter),
    "The script imports JAX, which this Python (3.11) does not have.",
  );
  assert.equal(
    lackingImports("import torch\nimport jax\nimport tf_keras", interpreter),
    "The script imports tf_keras, JAX and PyTorch, which this Python (3.11) does not have.",
  );
});
