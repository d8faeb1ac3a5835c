// What is not known of an Estimator is not said: columns and layers of which one is not known, a model_fn that calls anything.
import assert from "node:assert/strict";
import { test } from "node:test";
import { layerSites } from "../../../../src/features/layerSites";
import { readModels } from "../../../../src/features/reading";
import { parse } from "../../../../src/read/source";
import { testGrammars } from "../script";

async function countOf(lines: readonly string[]): Promise<number | "?" | undefined> {
  const text = ["import tensorflow as tf", "fc = tf.feature_column", ...lines].join("\n");
  const source = parse(text, "python", await testGrammars());
  const sites = layerSites(readModels(source, "keras2"));
  source.dispose();
  return sites.find(({ layer }) => /(Estimator|Classifier|Regressor)$/.test(layer))?.variants[0]?.parameters;
}

const MODEL_FN = [
  "def model_fn(features, labels, mode):",
  "    logits = tf.compat.v1.layers.dense(features['x'], 3)",
  "    return tf.estimator.EstimatorSpec(mode, predictions=logits)",
];
const INPUT_FN = ["def input_fn():", "    return {'x': tf.zeros([4, 2])}, tf.zeros([4])"];

test("a model_fn with what its input_fn gives", async () => {
  const made = [...MODEL_FN, ...INPUT_FN, "estimator = tf.estimator.Estimator(model_fn)"];
  assert.equal(await countOf([...made, "estimator.train(input_fn)"]), 9);
  const spec =
    "tf.estimator.train_and_evaluate(estimator, tf.estimator.TrainSpec(input_fn, 10), tf.estimator.EvalSpec(input_fn))";
  assert.equal(await countOf([...made, spec]), 9);
  assert.equal(await countOf([...made, "estimator.train(lambda: input_fn())"]), 9);
});

test("a model_fn that is never run", async () => {
  assert.equal(await countOf([...MODEL_FN, "estimator = tf.estimator.Estimator(model_fn)"]), "?");
});

test("a model_fn with variables of its own", async () => {
  const body = [
    "def model_fn(features, labels, mode):",
    "    scale = tf.Variable(2.0)",
    ...MODEL_FN.slice(1),
    ...INPUT_FN,
    "tf.estimator.Estimator(model_fn).train(input_fn)",
  ];
  assert.equal(await countOf(body), "?");
});

test("a model_fn that calls something unknown", async () => {
  const body = [
    "from elsewhere import head",
    "def model_fn(features, labels, mode):",
    "    logits = head(tf.compat.v1.layers.dense(features['x'], 3))",
    "    return tf.estimator.EstimatorSpec(mode, predictions=logits)",
    ...INPUT_FN,
    "tf.estimator.Estimator(model_fn).train(input_fn)",
  ];
  assert.equal(await countOf(body), "?");
});

test("a model_fn that may make a layer, or may not", async () => {
  const body = [
    "from elsewhere import deep",
    "def model_fn(features, labels, mode):",
    "    net = features['x']",
    "    if deep:",
    "        net = tf.compat.v1.layers.dense(net, 2)",
    "    logits = tf.compat.v1.layers.dense(net, 3)",
    "    return tf.estimator.EstimatorSpec(mode, predictions=logits)",
    ...INPUT_FN,
    "tf.estimator.Estimator(model_fn).train(input_fn)",
  ];
  assert.equal(await countOf(body), "?");
});

test("a data frame by pandas_input_fn gives its columns as they are there", async () => {
  const lines = (after: string) => [
    "import pandas as pd",
    "def model_fn(features, labels, mode):",
    "    net = tf.stack([features['a'], features['b']], axis=1)",
    "    logits = tf.compat.v1.layers.dense(net, 3)",
    "    return tf.estimator.EstimatorSpec(mode, predictions=logits)",
    "frame = pd.DataFrame({'a': [1.0, 2.0], 'b': [3.0, 4.0], 'label': [0, 1]})",
    "labels = frame.pop('label')",
    "train = tf.compat.v1.estimator.inputs.pandas_input_fn(frame, labels, batch_size=2, shuffle=False)",
    after,
    "tf.compat.v1.estimator.Estimator(model_fn).train(train)",
  ];
  assert.equal(await countOf(lines("")), 9);
  assert.equal(await countOf(lines("frame.pop('b')")), 9);
});

test("columns and units of which one is not known", async () => {
  const age = "age = fc.numeric_column('age')";
  assert.equal(await countOf([age, "tf.estimator.DNNClassifier([4], [age])"]), 13);
  for (const lines of [
    ["from elsewhere import column", "tf.estimator.DNNClassifier([4], [age, column])"],
    ["from elsewhere import units", "tf.estimator.DNNClassifier(units, [age])"],
    ["from elsewhere import classes", "tf.estimator.DNNClassifier([4], [age], n_classes=classes)"],
    ["from elsewhere import more", "tf.estimator.DNNClassifier([4], [age], **more)"],
    [
      "words = fc.categorical_column_with_vocabulary_file('word', 'words.txt')",
      "tf.estimator.LinearClassifier([words])",
    ],
    ["tf.estimator.BoostedTreesClassifier([age], n_batches_per_layer=1)"],
  ])
    assert.equal(await countOf([age, ...lines]), "?", lines.at(-1));
});
