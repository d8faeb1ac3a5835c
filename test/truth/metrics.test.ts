// The variables of metrics, which Keras 2 counts in a model that has them, are those of the real tf.keras.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";
import type { Config } from "../../src/model/layers/catalog.types";
import { metricWeights } from "../../src/model/metricWeights";

const PYTHON = process.env["FITLENS_TEST_PYTHON_ESTIMATOR"];

const ASKED: readonly (readonly [string, Config])[] = [
  ...`Mean Sum Accuracy BinaryAccuracy CategoricalAccuracy SparseCategoricalAccuracy TopKCategoricalAccuracy SparseTopKCategoricalAccuracy
      BinaryCrossentropy CategoricalCrossentropy SparseCategoricalCrossentropy MeanSquaredError RootMeanSquaredError MeanAbsoluteError
      MeanAbsolutePercentageError MeanSquaredLogarithmicError LogCoshError CosineSimilarity KLDivergence Poisson Hinge SquaredHinge
      CategoricalHinge AUC Precision Recall TruePositives TrueNegatives FalsePositives FalseNegatives BinaryIoU`
    .split(/\s+/)
    .map((name) => [name, {}] as const),
  ["AUC", { num_thresholds: 50 }],
  ["Precision", { thresholds: [0.1, 0.5, 0.9] }],
  ["Recall", { thresholds: 0.3 }],
  ["TruePositives", { thresholds: [0.2, 0.4] }],
  ["PrecisionAtRecall", { recall: 0.5 }],
  ["RecallAtPrecision", { precision: 0.5, num_thresholds: 20 }],
  ["SensitivityAtSpecificity", { specificity: 0.5 }],
  ["SpecificityAtSensitivity", { sensitivity: 0.5 }],
  ["MeanIoU", { num_classes: 3 }],
  ["OneHotMeanIoU", { num_classes: 4 }],
  ["IoU", { num_classes: 3, target_class_ids: [0] }],
  ["OneHotIoU", { num_classes: 3, target_class_ids: [0] }],
  ["MeanRelativeError", { normalizer: [1] }],
];

/** Those that make variables of what they are given later, and what is no metric to be used as it is. */
const LATER = ["F1Score", "FBetaScore", "MeanMetricWrapper", "MeanTensor", "Metric", "R2Score"];

test("the variables of each metric", { skip: PYTHON ? false : "no TensorFlow 2.15 is set up" }, () => {
  const { stdout, stderr } = spawnSync(PYTHON!, [path.resolve("test/truth/metrics.py")], {
    input: JSON.stringify(ASKED),
    encoding: "utf8",
  });
  const line = stdout.split("\n").find((one) => one.startsWith("RESULT"));
  assert.ok(line, stderr);
  const { classes, kept } = JSON.parse(line.slice("RESULT".length)) as { classes: string[]; kept: number[][][] };
  const ours = ASKED.map(([name, config]) => [name, config, metricWeights(name, config)]);
  assert.deepEqual(
    ours,
    ASKED.map(([name, config], at) => [name, config, kept[at]]),
  );
  const asked = new Set(ASKED.map(([name]) => name));
  assert.deepEqual(
    classes.filter((name) => !asked.has(name)),
    LATER,
  );
  for (const name of ["F1Score", "FBetaScore", "MeanTensor", "R2Score"]) assert.equal(metricWeights(name, {}), "?");
});
