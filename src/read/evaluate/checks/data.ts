// The data against the input of the model: its shape, its batches, and as many labels as inputs.
import { shapeInWords } from "../../../model/layers/tensors";
import { problem } from "../../../model/problem";
import { differ, type Shape } from "../../../model/shape";
import type { Found, Related } from "../found";
import { type Check, type DataFacts, words } from "./facts";

export const checkData: Check<DataFacts> = (facts) => {
  const found = counts(facts) ?? batches(facts) ?? shapes(facts);
  return found ? [found] : [];
};

const X = { argument: "x", position: 0 } as const;

function counts({ x, y, isDataset, place }: DataFacts): Found | null {
  if (isDataset || !y || x === "?" || y.shape === "?") return null;
  const [inputs, labels] = [x[0], y.shape[0]];
  if (typeof inputs !== "number" || typeof labels !== "number" || inputs === labels) return null;
  return {
    place,
    at: { argument: "y", position: 1 },
    failure: problem("data-count", { inputs, labels }),
    severity: "error",
  };
}

function batches({ x, isDataset, input, place, method, library }: DataFacts): Found | null {
  if (!isDataset || x === "?" || input === "?" || library === "tfjs") return null;
  // What is left of the first size after the batch may be any: only a size of the input itself tells.
  if (x.length !== input.length - 1 || !fits(x, input.slice(1))) return null;
  if (input.length < 2 || (input.length === 2 && input[1] === 1)) return null;
  return {
    place,
    at: X,
    failure: problem("data-not-batched", { element: shapeInWords(x), input: shapeInWords(input) }),
    severity: "error",
    fixes:
      method === "fit" || method === "evaluate" || method === "predict"
        ? [{ title: "Add .batch(32)", place, at: X, edit: { kind: "append", code: ".batch(32)" } }]
        : [],
  };
}

/** None fits anything, what is not known may fit. */
const fits = (a: Shape, b: Shape): boolean => a.every((dim, at) => !differ(dim, b[at] ?? null));

function shapes(facts: DataFacts): Found | null {
  const { x, input, first, place } = facts;
  if (x === "?" || input === "?" || x.length === 0 || !isRefused(facts, x, input)) return null;
  const related: Related[] = first ? [{ place: first.place, message: `${first.layer} is the first to see it.` }] : [];
  return {
    place,
    at: X,
    failure: problem("data-shape", { data: words(x), input: words(input) }),
    severity: "error",
    related,
  };
}

/** Keras adds and takes away a last size of 1; TensorFlow.js adds one only. */
function isRefused({ library, form, first, isDataset }: DataFacts, x: Shape, input: Shape): boolean {
  if (x.includes("?")) return false;
  if (library === "tfjs") {
    const given = x.length === 1 && input.length === 2 ? [...x, 1] : x;
    return given.length !== input.length || !fits(given.slice(1), input.slice(1));
  }
  if (x.length !== input.length) {
    // An element that is no batch is told elsewhere.
    if (isDataset && x.length < input.length) return false;
    const isNear = Math.abs(x.length - input.length) === 1;
    const longer = x.length > input.length ? x : input;
    const end = longer.at(-1);
    return !(isNear && (end === 1 || end === null || end === "?"));
  }
  if (form === "functional") return !fits(withoutLastOne(x).slice(1), withoutLastOne(input).slice(1));
  // A sequence passes on what it is given: it is its first layer that looks at the channels.
  return (
    form === "sequential" && first !== null && LOOKS.test(first.layer) && differ(x.at(-1) ?? null, input.at(-1) ?? null)
  );
}

/** Keras compares what is left without a last size of 1, as far as both go. */
const withoutLastOne = (shape: Shape): Shape => (shape.at(-1) === 1 ? shape.slice(0, -1) : shape);

const LOOKS = /^(Dense|Conv[123]D|SeparableConv[12]D|LSTM|GRU|SimpleRNN|BatchNormalization)$/;
