// Labels against the end of the model and the loss: their shape, and how many classes they tell apart.
import { problem } from "../../../model/problem";
import { type AnyShape, differ, type Shape } from "../../../model/shape";
import type { Fix, Found, Related } from "../found";
import {
  type Check,
  type CompileFacts,
  type DataFacts,
  type LabelFacts,
  last,
  lossInstead,
  lossSpot,
  REGRESSION,
  words,
} from "./facts";

export const checkLabels: Check<DataFacts> = (facts) => {
  const { compile, y } = facts;
  const { loss = null, output = null } = compile ?? {};
  if (!compile || !y || !loss || !output || output.shape === "?") return [];
  const units = last(output.shape);
  if (units === null || y.shape === "?" || y.shape.length === 0) return [];
  const found = { ...facts, compile, y: { ...y, shape: y.shape }, units };
  const isOfClasses = output.shape.length === 2 && y.shape.length <= 2;
  const one = isOfClasses ? byLoss(found, loss.name, output.shape) : byPlace(found, loss.name, output.shape);
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

/** Labels of sequences, images and their like: one for each place of the output. TensorFlow.js has rules of its own. */
function byPlace(facts: Known, loss: string, output: Shape): Found | null {
  const { y, units, compile, library } = facts;
  const labels: Shape = y.shape;
  const rank = output.length;
  const shapes = { labels: words(labels), output: words(output) };
  const wrong = () => error(facts, problem("labels-shape", shapes), []);
  const width = labels.at(-1)!;
  // A last size of 1 is added or taken away where that helps.
  if (library === "tfjs" || (units === 1 && labels.length !== rank) || (labels.length > rank && width === 1))
    return null;
  const places = output.slice(1, -1);
  const isElsewhere = places.some((dim, at) => differ(dim, labels[at + 1] ?? null));
  switch (loss) {
    case "categorical_crossentropy":
      if (labels.length > rank) return wrong();
      if (rank < 3 || labels.length < rank - 1) return null;
      if (isElsewhere) return wrong();
      if (labels.length < rank || width === 1)
        return error(
          facts,
          problem("labels-not-one-hot", { loss: compile.loss!.written, ...shapes }),
          lossInstead(compile, "sparse_categorical_crossentropy"),
        );
      return differ(width, units)
        ? error(facts, problem("labels-shape", shapes), unitsInstead(compile, Number(width)))
        : null;
    case "sparse_categorical_crossentropy": {
      if (rank < 3 || units === 1) return null;
      if (labels.length < rank - 1)
        return places.some((dim) => typeof dim === "number" && dim > 1) && isShort(labels) ? wrong() : null;
      if (labels.length > rank) return null;
      if (isElsewhere) return wrong();
      if (labels.length === rank && typeof width === "number" && width > 1)
        return width === units
          ? error(
              facts,
              problem("labels-one-hot", { loss: compile.loss!.written, labels: words(labels) }),
              lossInstead(compile, "categorical_crossentropy"),
            )
          : wrong();
      return y.classes !== null && y.classes > units ? tooFew(facts, y.classes) : null;
    }
    case "binary_crossentropy":
      return labels.length === rank && (isElsewhere || differ(width, units)) ? wrong() : null;
    default: {
      if (!REGRESSION.has(loss) || labels.length !== rank) return null;
      const pairs = output.slice(1).map((dim, at) => [dim, labels[at + 1]!] as const);
      return pairs.some(([a, b]) => differ(a, b) && a !== 1 && b !== 1) ? wrong() : null;
    }
  }
}

/** One label for each example. */
const isShort = (labels: Shape): boolean => labels.length === 1 || (labels.length === 2 && labels[1] === 1);

function error({ place, method, isDataset, compile }: Known, failure: Found["failure"], fixes: readonly Fix[]): Found {
  const { units } = compile.output!;
  const related: Related[] = [{ place: compile.place, message: "The loss is chosen here." }];
  if (units) related.push({ place: units.place, message: "The output comes from here." });
  return {
    place,
    at: isDataset
      ? { argument: "x", position: 0 }
      : { argument: "y", position: 1, ...(compile.within !== undefined && { within: compile.within }) },
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
  at: lossSpot(compile),
  failure: problem("binary-many-classes", { classes }),
  severity: "warning",
  related: [{ place, message: "It is trained with these labels." }],
});
