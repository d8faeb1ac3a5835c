// Products of tensors, diagonals, and other linear algebra.
import { type Dim, either, elements, minus, type Shape, times } from "../../../model/shape";
import {
  alike,
  asTensor,
  type Operation,
  operationLike as of,
  type Result,
  ranked,
  shapedLike,
  subject,
  summedAxes,
  tensorsGiven,
} from "./given";
import { axisOf, lastTwoSwapped, multiplied } from "./shapes";

const matmul = of("a b transpose_a transpose_b", (given) => {
  let [a, b] = [given.tensor("a", "x1", "x")?.type, given.tensor("b", "x2", "y")?.type];
  const [flipA, flipB] = [given.flag("transpose_a"), given.flag("transpose_b")];
  if (!a || !b || flipA === "?" || flipB === "?") return null;
  if (flipA) a = { ...a, shape: lastTwoSwapped(a.shape) };
  if (flipB) b = { ...b, shape: lastTwoSwapped(b.shape) };
  const shape = multiplied(a.shape, b.shape);
  return shape === null ? null : { shape, dtype: a.dtype };
});

/** The last axis of the first with the one before the last of the second, every other of both being kept. */
const dot = of("a b", (given) => {
  const [x, y] = [given.tensor("a", "x1", "x"), given.tensor("b", "x2", "y")];
  const [a, b] = [ranked(x), ranked(y)];
  if (!x || !a || !b) return null;
  if (a.length === 0 || b.length === 0) return shapedLike(x, a.length === 0 ? b : a);
  const rest = b.length === 1 ? [] : [...b.slice(0, -2), b.at(-1)!];
  return shapedLike(x, [...a.slice(0, -1), ...rest]);
});

const inner = of("a b", (given) => {
  const x = given.tensor("a", "x1");
  const [a, b] = [ranked(x), ranked(given.tensor("b", "x2"))];
  if (!x || !a || !b) return null;
  if (a.length === 0 || b.length === 0) return shapedLike(x, a.length === 0 ? b : a);
  return shapedLike(x, [...a.slice(0, -1), ...b.slice(0, -1)]);
});

const outer = of("a b", (given) => {
  const x = given.tensor("a", "x1");
  const [a, b] = [ranked(x), ranked(given.tensor("b", "x2"))];
  return x && a && b ? shapedLike(x, [elements(a), elements(b)]) : null;
});

const kron = of("a b", (given) => {
  const x = given.tensor("a");
  const [a, b] = [ranked(x), ranked(given.tensor("b"))];
  if (!x || !a || !b || a.length !== b.length) return null;
  return shapedLike(
    x,
    a.map((dim, at) => times(dim, b[at]!)),
  );
});

/** `einsum(equation, *tensors)`. What is not told after an arrow are the letters that stand once, in their order. */
const einsum = of("equation", (given, run): Result => {
  const equation = given.get("equation", "subscripts");
  if (equation?.kind !== "string") return null;
  const text = equation.value.replaceAll(" ", "");
  const [left, right] = text.split("->") as [string, string?];
  const terms = left.split(",");
  const tensors = given
    .inOrder()
    ?.slice(1)
    .map((one) => asTensor(run, one));
  const output = right ?? onceIn(terms);
  const shapes = tensors?.map(ranked);
  if (!tensors?.[0] || !shapes || shapes.length !== terms.length || shapes.includes(null)) return null;
  if (text.includes("...")) {
    const free = terms.map((term, at) => shapes[at]!.length - term.replace("...", "").length);
    const spread = (term: string, at: number) => term.replace("...", DOTS.slice(DOTS.length - free[at]!));
    const most = Math.max(...terms.map((term, at) => (term.includes("...") ? free[at]! : 0)));
    return labelled(
      tensors[0].type.dtype,
      shapes as Shape[],
      terms.map(spread),
      output.replace("...", DOTS.slice(DOTS.length - most)),
    );
  }
  return labelled(tensors[0].type.dtype, shapes as Shape[], terms, output);
});

/** Labels for what an ellipsis stands for: no equation has them. */
const DOTS = "αβγδεζηθ";

const onceIn = (terms: readonly string[]): string => {
  const all = [...terms.join("").replaceAll("...", "")];
  const once = all.filter((letter) => all.indexOf(letter) === all.lastIndexOf(letter)).sort();
  return (terms.some((term) => term.includes("...")) ? "..." : "") + once.join("");
};

function labelled(dtype: string, shapes: readonly Shape[], terms: readonly string[], output: string): Result {
  const sizes = new Map<string, Dim>();
  for (const [at, letters] of terms.entries()) {
    const shape = shapes[at]!;
    if (shape.length !== letters.length) return null;
    for (const [i, letter] of [...letters].entries()) {
      const known = sizes.get(letter);
      // Of those that an ellipsis stands for, a size of 1 is broadcast.
      const isOne = DOTS.includes(letter) && (known === 1 || shape[i] === 1);
      sizes.set(
        letter,
        known === undefined ? shape[i]! : isOne ? (known === 1 ? shape[i]! : known) : either(known, shape[i]!),
      );
    }
  }
  if ([...output].some((letter) => !sizes.has(letter))) return null;
  return { shape: [...output].map((letter) => sizes.get(letter)!), dtype };
}

const tensordot = of("a b axes", (given, run) => {
  const [a, b] = [given.tensor("a", "x1", "x"), given.tensor("b", "x2", "y")];
  if (!a || !b || a.type.shape === "?" || b.type.shape === "?") return null;
  const axes = summedAxes(run, given.get("axes"), a.type.shape.length);
  if (!axes) return null;
  const kept = (dims: readonly Dim[], summed: readonly number[]) => {
    const gone = summed.map((axis) => axisOf(axis, dims.length));
    return gone.includes(null) ? null : dims.filter((_, at) => !gone.includes(at));
  };
  const [left, right] = [kept(a.type.shape, axes[0]), kept(b.type.shape, axes[1])];
  return left && right && shapedLike(a, [...left, ...right]);
});

/** A matrix for each row, or the diagonal of a matrix. */
const diag = of("x k", (given) => {
  const x = given.tensor("x", "v");
  const [shape, k] = [ranked(x), given.whole(0, "k")];
  if (!x || !shape || typeof k !== "number") return null;
  if (shape.length === 1) {
    const side = minus(shape[0]!, -Math.abs(k));
    return shapedLike(x, [side, side]);
  }
  return shape.length === 2 && k === 0 ? shapedLike(x, [least(shape[0]!, shape[1]!)]) : null;
});

const least = (a: Dim, b: Dim): Dim =>
  typeof a === "number" && typeof b === "number" ? Math.min(a, b) : a === b ? a : "?";

const diagonalOf = (isLast: boolean): Operation =>
  of("x", (given) => {
    const x = subject(given);
    const shape = ranked(x);
    if (!x || !shape || shape.length < 2 || (!isLast && shape.length !== 2) || given.inOrder()?.length !== 1)
      return null;
    return shapedLike(x, [...shape.slice(0, -2), least(shape.at(-2)!, shape.at(-1)!)]);
  });

const withoutLast = (count: number): Operation =>
  of("x", (given) => {
    const x = subject(given);
    const shape = ranked(x);
    return x && shape && shape.length >= count ? shapedLike(x, shape.slice(0, shape.length - count)) : null;
  });

export const MULTIPLYING: Readonly<Record<string, Operation>> = {
  matmul,
  dot,
  inner,
  outer,
  kron,
  vdot: of("a b", (given) => (given.tensor("a", "x1") ? { shape: [], dtype: "float32" } : null)),
  einsum,
  tensordot,
  diag,
  diagonal: diagonalOf(false),
  trace: of("x", (given) => {
    const x = subject(given);
    return ranked(x)?.length === 2 ? shapedLike(x!, []) : null;
  }),
  det: withoutLast(2),
  solve: of("a b", (given) => {
    const b = given.tensor("b", "rhs");
    return b && shapedLike(b, b.type.shape);
  }),
  ...alike(
    "add_n accumulate_n",
    of("inputs", (given, run) => {
      const first = tensorsGiven(given, run, "inputs")?.[0];
      return first ? shapedLike(first, first.type.shape) : null;
    }),
  ),
  /** Queries as they are, with the width of the values. */
  dot_product_attention: of("query key value", (given) => {
    const [query, value] = [given.tensor("query"), given.tensor("value")];
    const [shape, last] = [ranked(query), ranked(value)?.at(-1)];
    return query && shape && last !== undefined ? shapedLike(query, [...shape.slice(0, -1), last]) : null;
  }),
  ctc_batch_cost: of("y_true y_pred input_length label_length", (given) => {
    const shape = ranked(given.tensor("y_pred"));
    return shape && { shape: [shape[0] ?? null, 1], dtype: "float32" };
  }),
};

export const MULTIPLYING_IN_TENSORFLOW: Readonly<Record<string, Operation>> = {
  "linalg.diag": of("x", (given) => {
    const x = given.tensor("x", "diagonal");
    const shape = ranked(x);
    return x && shape && shape.length > 0 && given.inOrder()?.length === 1
      ? shapedLike(x, [...shape, shape.at(-1)!])
      : null;
  }),
  ...alike("linalg.diag_part linalg.tensor_diag_part", diagonalOf(true)),
  "linalg.trace": withoutLast(2),
  ...alike(
    "linalg.matvec matvec",
    of("a b transpose_a", (given) => {
      const a = given.tensor("a");
      const shape = ranked(a);
      return a && shape && shape.length > 1 && !given.get("transpose_a") ? shapedLike(a, shape.slice(0, -1)) : null;
    }),
  ),
};
