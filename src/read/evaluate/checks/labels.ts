// Labels against the end of the model and the loss: their shape, and how many classes they tell apart.
import { problem } from "../../../model/problem";
import type { AnyShape } from "../../../model/shape";
import type { Fix, Found, Related } from "../found";
import {
  type Check,
  type CompileFacts,
  type DataFacts,
  type LabelFacts,
  last,
  lossInstead,
  REGRESSION,
  words,
} from "./facts";

export const checkLabels: Check<DataFacts> = (facts) => {
  const { compile, y } = facts;
  const { loss = null, output = null } = compile ?? {};
  if (!compile || !y || !loss || !output || output.shape === "?" || output.shape.length !== 2) return [];
  const units = last(output.shape);
  if (units === null || y.shape === "?" || y.shape.length === 0 || y.shape.length > 2) return [];
  const found = { ...facts, compile, y: { ...y, shape: y.shape }, units };
  const one = byLoss(found, loss.name, output.shape);
  return one ? [one] : [];
};

type Known = DataFacts & {
  readonly compile: CompileFacts;
  readonly y: LabelFacts & { readonly shape: Exclude<AnyShape, "?"> };
  readonly units: number;
};

function byLoss(facts: Known, loss: string, output: AnyShape): Found | null {
  const { y, units, compile } = facts;
  const width = y.shape.length === 1 ? 1 : (y.shape[1] ?? null);
  if (width === "?" || width === null) return null;
  const written = compile.loss!.written;
  const shapes = { labels: words(y.shape), output: words(output) };
  switch (loss) {
    case "categorical_crossentropy":
      if (width === units) return null;
      return width === 1
        ? error(facts, problem("labels-not-one-hot", { loss: written, ...shapes }), [
            ...lossInstead(compile, "sparse_categorical_crossentropy"),
          ])
        : error(facts, problem("labels-shape", shapes), unitsInstead(compile, width));
    case "sparse_categorical_crossentropy":
      if (width > 1) {
        return error(
          facts,
          problem("labels-one-hot", { loss: written, labels: words(y.shape) }),
          lossInstead(compile, "categorical_crossentropy"),
        );
      }
      return y.classes !== null && y.classes > units && units > 1 ? tooFew(facts, y.classes) : null;
    case "binary_crossentropy":
      if (width !== units) return error(facts, problem("labels-shape", shapes), unitsInstead(compile, width));
      return y.classes !== null && y.classes > 2 && units === 1 ? manyClasses(facts, y.classes) : null;
    default: {
      if (!REGRESSION.has(loss) || width === units) return null;
      if (facts.library === "tfjs" || (width > 1 && units > 1))
        return error(facts, problem("labels-shape", shapes), unitsInstead(compile, width));
      // One label for each of several examples is spread over the outputs, or the other way round.
      return y.shape.length === 2
        ? {
            ...error(facts, problem("labels-broadcast", shapes), unitsInstead(compile, width)),
            severity: "warning",
          }
        : null;
    }
  }
}

function error({ place, method, isDataset, compile }: Known, failure: Found["failure"], fixes: readonly Fix[]): Found {
  const { units } = compile.output!;
  const related: Related[] = [{ place: compile.place, message: "The loss is chosen here." }];
  if (units) related.push({ place: units.place, message: "The output comes from here." });
  return {
    place,
    at: isDataset ? { argument: "x", position: 0 } : { argument: "y", position: 1 },
    failure,
    severity: method === "predict" ? "warning" : "error",
    related,
    fixes,
  };
}

function unitsInstead({ output }: CompileFacts, to: number): Fix[] {
  const { units } = output!;
  return units
    ? [
        {
          title: `Give ${units.layer} ${to} ${to === 1 ? "unit" : "units"}`,
          place: units.place,
          at: { argument: "units", position: 0 },
          edit: { kind: "set-number", to },
        },
      ]
    : [];
}

function tooFew(facts: Known, classes: number): Found {
  const { compile, units, place } = facts;
  const layer = compile.output!.units;
  return {
    place: layer?.place ?? compile.place,
    ...(layer && { at: { argument: "units", position: 0 } }),
    failure: problem("too-few-units", { classes, units }),
    severity: "warning",
    related: [{ place, message: "It is trained with these labels." }],
    fixes: unitsInstead(compile, classes),
  };
}

const manyClasses = ({ compile, place }: Known, classes: number): Found => ({
  place: compile.place,
  at: { argument: "loss", position: 1 },
  failure: problem("binary-many-classes", { classes }),
  severity: "warning",
  related: [{ place, message: "It is trained with these labels." }],
});
