// Metrics against the loss: what they count, and whether that is what the model gives.
import { problem } from "../../../model/problem";
import type { Found } from "../found";
import { type Check, type CompileFacts, last, REGRESSION } from "./facts";

export const checkMetrics: Check<CompileFacts> = (facts) =>
  (facts.metrics ?? []).flatMap(({ name, how }): Found[] => {
    const { loss, place, library, within } = facts;
    if (!loss) return [];
    const at = {
      item: name,
      of: "metrics",
      position: library === "keras3" ? 3 : 2,
      ...(within !== undefined && { within }),
    };
    if (isAccuracy(name) && how === "text" && isRegression(facts)) {
      return [
        {
          place,
          at,
          failure: problem("accuracy-regression", { loss: loss.written }),
          severity: "warning",
          fixes: [{ title: 'Use "mae"', place, at, edit: { kind: "set-text", to: "mae" } }],
        },
      ];
    }
    if (!isOfOtherLabels(name, loss.name)) return [];
    return [
      {
        place,
        at,
        failure: problem("metric-labels", { metric: name, loss: loss.written }),
        severity: "warning",
        fixes:
          how === "text" ? [{ title: 'Use "accuracy"', place, at, edit: { kind: "set-text", to: "accuracy" } }] : [],
      },
    ];
  });

const isAccuracy = (name: string) => name === "accuracy" || name === "acc";

/** One value without bounds, by a loss that measures distances: with several it may be a choice among them. */
function isRegression({ loss, output }: CompileFacts): boolean {
  const { shape = "?", activation = null } = output ?? {};
  return (
    REGRESSION.has(loss!.name) &&
    shape !== "?" &&
    last(shape) === 1 &&
    (activation?.name === "linear" || activation?.name === "relu")
  );
}

/** TensorFlow.js and Keras alike: one compares numbers, the other the places of the largest. */
function isOfOtherLabels(metric: string, loss: string): boolean {
  const name = metric.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`).replace(/^_/, "");
  return (
    (loss === "sparse_categorical_crossentropy" &&
      (name === "categorical_accuracy" || name === "categorical_crossentropy")) ||
    (loss === "categorical_crossentropy" &&
      (name === "sparse_categorical_accuracy" || name === "sparse_categorical_crossentropy"))
  );
}
