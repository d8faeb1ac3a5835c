// tf.keras 2 counts the variables of the metrics that a model has among its attributes: 2.15 says 16 of the model below (8 of its
// layer, 2 of each metric), Keras 3 says 8. Those of a layer's metrics no model counts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { layerSites } from "../../../../src/features/layerSites";
import { readModels } from "../../../../src/features/reading";
import { parse } from "../../../../src/read/source";
import { testGrammars } from "../script";

async function parametersOf(attributes: string, library: "keras2" | "keras3", base = "Model"): Promise<number | "?"> {
  const text = `
import numpy as np
from tensorflow import keras

class Own(keras.metrics.Metric):
    pass

class Model(keras.${base}):
    def __init__(self):
        super().__init__()
        self.dense = keras.layers.Dense(2)
        ${attributes}

    def call(self, x):
        return self.dense(x)

Model()(np.zeros((1, 3)))
`;
  const sites = layerSites(readModels(parse(text, "python", await testGrammars()), library));
  return sites.find(({ layer }) => layer === "Model")!.variants[0]!.parameters;
}

const MANY = `self.loss = keras.metrics.Mean(name="loss")
        self.many = [keras.metrics.Mean(), keras.metrics.MeanSquaredError()]
        self.by_name = {"a": keras.metrics.SparseCategoricalAccuracy()}`;

test("metrics among the attributes count in Keras 2, in lists and dictionaries as well", async () => {
  assert.equal(await parametersOf(MANY, "keras2"), 16);
});

test("those of a layer do not", async () => {
  assert.equal(await parametersOf(MANY, "keras2", "layers.Layer"), 8);
});

test("they do not in Keras 3", async () => {
  assert.equal(await parametersOf(MANY, "keras3"), 8);
});

test("of a metric whose class is the user's, and of one that waits for data, nothing is told", async () => {
  assert.equal(await parametersOf("self.own = Own()", "keras2"), "?");
  assert.equal(await parametersOf("self.f1 = keras.metrics.F1Score()", "keras2"), "?");
});
