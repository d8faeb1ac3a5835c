// What load_data of keras.datasets gives.
import assert from "node:assert/strict";
import { test } from "node:test";
import { dataset, datasetNames } from "../../../src/model/datasets";
import { type ConfigValue, UNKNOWN } from "../../../src/model/layers/catalog.types";

function shapes(name: string, config: Record<string, ConfigValue>, expected: readonly unknown[]) {
  test(`${name} ${JSON.stringify(config)}`, () => {
    const facts = dataset(name, config);
    assert.ok(facts);
    assert.deepEqual(
      [...facts.train, ...facts.test].map(({ shape }) => shape),
      expected,
    );
  });
}

shapes("mnist", {}, [[60000, 28, 28], [60000], [10000, 28, 28], [10000]]);
shapes("cifar10", {}, [
  [50000, 32, 32, 3],
  [50000, 1],
  [10000, 32, 32, 3],
  [10000, 1],
]);
shapes("imdb", { num_words: 10000 }, [[25000], [25000], [25000], [25000]]);
shapes("imdb", { maxlen: 100 }, [["?"], ["?"], ["?"], ["?"]]);
shapes("reuters", {}, [[8982], [8982], [2246], [2246]]);
shapes("reuters", { test_split: 0.5 }, [[5614], [5614], [5614], [5614]]);
shapes("boston_housing", {}, [[404, 13], [404], [102, 13], [102]]);
shapes("california_housing", {}, [[16512, 8], [16512], [4128, 8], [4128]]);
shapes("california_housing", { version: "small" }, [[480, 8], [480], [120, 8], [120]]);
shapes("california_housing", { version: UNKNOWN }, [["?", 8], ["?"], ["?", 8], ["?"]]);

test("classes", () => {
  assert.equal(dataset("cifar100", { label_mode: "coarse" })?.classes, 20);
  assert.equal(dataset("reuters")?.classes, 46);
  assert.equal(dataset("boston_housing")?.classes, null);
  assert.equal(dataset("coco"), null);
});

test("Keras 2 has no California", () => {
  assert.deepEqual(
    datasetNames("keras3").filter((name) => !datasetNames("keras2").includes(name)),
    ["california_housing"],
  );
});
