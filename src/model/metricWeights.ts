// The variables that a metric of Keras 2 keeps: a layer or model counts those of the metrics among its attributes. Keras 3 does not.
// As tf.keras 2.15 has them; test/truth/metrics.test.ts asks it.
import type { Config } from "./layers/catalog.types";
import type { Shape } from "./shape";

/** A sum and a count. */
const MEANS =
  /^(Mean|MeanMetricWrapper|MeanRelativeError|\w*Accuracy|\w*Crossentropy|\w*Hinge|\w+Error|CosineSimilarity|KLDivergence|Poisson)$/;
/** One for each threshold, of which there is one unless it is told otherwise. */
const COUNTS: Readonly<Record<string, number>> = {
  TruePositives: 1,
  TrueNegatives: 1,
  FalsePositives: 1,
  FalseNegatives: 1,
  Precision: 2,
  Recall: 2,
};
const CURVES = /^(AUC|(Precision|Recall|Sensitivity|Specificity)At\w+)$/;
const MATRICES = /^(OneHot)?(Mean)?IoU$/;

/** Their shapes, by the metric's class and its arguments by name, or by their places; "?" where it makes them of what it is given later. */
export function metricWeights(name: string, config: Config): readonly Shape[] | "?" {
  if (MEANS.test(name)) return [[], []];
  if (name === "Sum") return [[]];
  if (name === "BinaryIoU") return [[2, 2]];
  const { "0": first, num_classes: classes = first, thresholds } = config;
  if (MATRICES.test(name)) return typeof classes === "number" ? [[classes, classes]] : "?";
  if (CURVES.test(name)) {
    // All but AUC are told a value first.
    const size = config["num_thresholds"] ?? config[name === "AUC" ? "0" : "1"] ?? 200;
    const isPlain = (thresholds ?? null) === null && (config["multi_label"] ?? false) === false;
    return isPlain && typeof size === "number" ? Array<Shape>(4).fill([size]) : "?";
  }
  const each = COUNTS[name];
  if (each === undefined) return "?";
  const given = thresholds ?? first ?? 0.5;
  if (typeof given !== "number" && !Array.isArray(given)) return "?";
  return Array<Shape>(each).fill([Array.isArray(given) ? given.length : 1]);
}
