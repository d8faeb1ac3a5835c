// What a tag in an event file says: which metric, of which part of the data, a value a batch or an epoch. Pure.
import type { Source } from "../../src/protocol/run";

export type Role = "train" | "validation" | "evaluation";

export interface Meaning {
  /** The metric's own name: `loss`, `accuracy`, `learning_rate`. Charts are one a metric. */
  metric: string;
  role: Role;
  /** Is there a value for (about) every batch, or one an epoch or evaluation. */
  grain: "batch" | "epoch";
}

const ROLES: Record<Source, Role> = { train: "train", validation: "validation", eval: "evaluation" };

export function meaningOf(source: Source, tag: string): Meaning {
  const role = ROLES[source];
  const epoch = /^epoch_(?=.)/.exec(tag);
  const rest = tag.replace(/^(?:batch|epoch|evaluation)_(?=.)/, "").replace(/(?<=.)_vs_iterations$/, "");
  const metric = role === "train" ? rest : rest.replace(/^val_(?=.)/, "");
  return { metric: SAME[metric] ?? metric, role, grain: epoch || role !== "train" ? "epoch" : "batch" };
}

/** Names of one and the same thing. Without a prototype: metrics may be called `constructor`. */
const SAME: Record<string, string> = Object.assign(Object.create(null), {
  acc: "accuracy",
  lr: "learning_rate",
  "global_step/sec": "steps_per_second",
});

/** Metrics about the training itself rather than about what is learnt: charted last, one colour each. */
export const CONDUCT = ["learning_rate", "examples_per_second", "steps_per_second"] as const;
export const isConduct = (metric: string): boolean => (CONDUCT as readonly string[]).includes(metric);

/** Metric names as words: `learning rate`. */
export const metricWords = (metric: string): string => metric.replace(/_/g, " ");

/** Which end of a metric is good; undefined where its name does not tell. */
export function better(metric: string): "low" | "high" | undefined {
  const words = metric
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
  if (words.some((word) => LOW.has(word))) return "low";
  if (words.some((word) => HIGH.has(word))) return "high";
  return undefined;
}

const LOW = new Set("loss error mae mse rmse mape msle crossentropy entropy perplexity divergence kld".split(" "));
const HIGH = new Set("accuracy acc auc precision recall f1 f1score iou miou dice r2 similarity specificity".split(" "));

/** Charts in this order: the loss, what is usually watched, the rest by name, the conduct of the training last. */
export function metricOrder(a: string, b: string): number {
  return rank(a) - rank(b) || (a < b ? -1 : a > b ? 1 : 0);
}

function rank(metric: string): number {
  if (metric === "loss") return 0;
  const conduct = (CONDUCT as readonly string[]).indexOf(metric);
  if (conduct >= 0) return 10 + conduct;
  return better(metric) === "high" ? 1 : 2;
}
