// What a script makes of TensorFlow Datasets; the table itself is compared with the package by test/slow/tfds.test.ts.
import assert from "node:assert/strict";
import { test } from "node:test";
import { layerSites, siteText } from "../../../../src/features/layerSites";
import { readModels } from "../../../../src/features/reading";
import { parse } from "../../../../src/read/source";
import { testGrammars } from "../script";

const BEGINNING = "import tensorflow as tf\nimport tensorflow_datasets as tfds\nfrom keras import layers\n";

async function shown(code: string): Promise<string[]> {
  const source = parse(BEGINNING + code, "python", await testGrammars());
  return layerSites(readModels(source)).map(siteText);
}

test("images with labels, in batches", async () => {
  const code = `
train, info = tfds.load("mnist", split="train", as_supervised=True, with_info=True)
for image, label in train.batch(32):
    layers.Conv2D(4, 3)(image)
layers.Dense(info.features["label"].num_classes)(tf.zeros((1, 2)))`;
  assert.deepEqual(await shown(code), ["26 × 26 × 4 · 40", "10 · 30"]);
});

test("parts of a split; images of any size are made one size; one image has no batch", async () => {
  const code = `
train, test = tfds.load("tf_flowers:3.*.*", split=["train[:80%]", "train[80%:]"], as_supervised=True)
resize = layers.Resizing(90, 80)
for images, labels in train.map(lambda image, label: (resize(image), label)).batch(8):
    layers.Conv2D(4, 1)(images)`;
  assert.deepEqual(await shown(code), ["90 × 80 × 3 · 0", "90 × 80 × 4 · 16"]);
});

test("features by name, all splits, batches that it makes itself", async () => {
  const code = `
data = tfds.load("oxford_iiit_pet", batch_size=4)
for example in tfds.load("cifar10_corrupted/saturate_5", split="test", batch_size=4):
    layers.Dense(3)(example["image"])
for example in tfds.load("iris")["train"].batch(5):
    layers.Dense(2)(example["features"])`;
  assert.deepEqual(await shown(code), ["32 × 32 × 3 · 12", "2 · 10"]);
});

test("nothing is told of a data set that is not in the table, nor where what is asked for is not known", async () => {
  const code = `
for x, y in tfds.load("glue/cola", split="train", as_supervised=True).batch(3):
    layers.Dense(1)(x)
for x, y in tfds.load("mnist", split="train", as_supervised=asked()).batch(3):
    layers.Dense(1)(x)
x, y = tfds.load("mnist", split="train", as_supervised=True, batch_size=-1)
layers.Dense(1)(x)`;
  assert.deepEqual(await shown(code), ["", "", ""]);
});
