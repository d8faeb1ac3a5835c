// Operations that make tensors of sizes and numbers: zeros, ranges, random numbers.
import { type AnyShape, broadcast } from "../../../model/shape";
import { dimOf, shapeOf } from "../keras/convert";
import { isNothing, type LibraryValue, number, type Value } from "../value";
import {
  alike,
  asTensor,
  dtypeOf,
  type Given,
  type Operation,
  operationLike as of,
  type Result,
  ranked,
  subject,
} from "./given";
import { axisOf } from "./shapes";

/** An argument that is there and not None. */
const said = (given: Given, ...names: string[]): Value | undefined => {
  const value = given.get(...names);
  return value && !isNothing(value) ? value : undefined;
};

const filled = of("shape dtype", (given, run) => {
  const shape = given.get("shape", "size", "dims");
  return shape ? { shape: shapeOf(run, shape), dtype: dtypeOf(given.get("dtype")) ?? "float32" } : null;
});

/** The shape alone, then how the numbers are spread. */
const spread = of("shape", filled.rule);

const full = of("shape fill_value dtype", (given, run) => {
  const shape = given.get("shape", "dims");
  return shape ? { shape: shapeOf(run, shape), dtype: dtypeOf(given.get("dtype")) ?? "?" } : null;
});

const squareOf = of("n m", (given) => {
  const n = given.get("n", "num_rows", "N");
  const m = said(given, "m", "num_columns", "M") ?? n;
  return n && m ? { shape: [dimOf(n), dimOf(m)], dtype: "float32" } : null;
});

/** `tf.eye(rows, columns, batch_shape)`. */
const eyes = of("num_rows num_columns batch_shape", (given, run) => {
  const batch = said(given, "batch_shape");
  const square = squareOf.rule(given, run);
  if (!batch || !square || !("shape" in square)) return square;
  const before = shapeOf(run, batch);
  return before === "?" || square.shape === "?" ? null : { ...square, shape: [...before, ...square.shape] };
});

const converted = of("object dtype", (given) => {
  const x = given.tensor("object", "value", "a", "x");
  if (!x || given.get("ndmin")) return null;
  return { shape: x.type.shape, dtype: dtypeOf(given.get("dtype")) ?? x.type.dtype, elements: x.elements };
});

/** `tf.constant(value, dtype, shape)`. */
const constant = of("value dtype shape", (given, run) => {
  const shape = said(given, "shape");
  const made = converted.rule(given, run);
  return shape ? { shape: shapeOf(run, shape), dtype: dtypeOf(given.get("dtype")) ?? "?" } : made;
});

const ranged = of("start limit delta", (given) => {
  const [first, second, third] = [given.get("start"), said(given, "limit", "stop"), said(given, "delta", "step")];
  if (!first) return null;
  const [from, to] = second ? [first, second] : [number(0), first];
  const [start, stop, step] = [from, to, third ?? number(1)];
  const dtype = [start, stop, step].some((one) => one.kind === "number" && one.isFloat) ? "float32" : "int64";
  if (start.kind !== "number" || step.kind !== "number" || stop.kind !== "number") {
    const isCount = start.kind === "number" && start.value === 0 && step.kind === "number" && step.value === 1;
    return { shape: [isCount ? dimOf(stop) : "?"], dtype: "int64" };
  }
  if (step.value === 0) return null;
  return { shape: [Math.max(0, Math.ceil((stop.value - start.value) / step.value))], dtype };
});

const spaced = of("start stop num", (given) => {
  const [start, stop, count] = [given.get("start"), given.get("stop"), given.get("num") ?? number(50)];
  // Between tensors there is a row of tensors.
  if ([start, stop].some((one) => one?.kind === "tensor" && one.type.shape !== "?" && one.type.shape.length > 0))
    return null;
  const ends = given.get("endpoint");
  const steps = count.kind === "number" ? count.value : Number.NaN;
  const [a, b] = [start, stop].map((one) => (one?.kind === "number" ? one.value : Number.NaN)) as [number, number];
  const isKnown = !ends && Number.isInteger(steps) && steps <= 1000 && !Number.isNaN(a + b);
  const at = (index: number) => number(steps === 1 ? a : a + ((b - a) * index) / (steps - 1), true);
  return {
    shape: [dimOf(count)],
    dtype: "float64",
    elements: isKnown ? Array.from({ length: Math.max(0, steps) }, (_, index) => at(index)) : null,
  };
});

const logSpaced = of("start stop num", (given) => {
  const count = given.get("num") ?? number(50);
  return { shape: [dimOf(count)], dtype: "float64" };
});

/** The classes stand last, or along another axis. */
const zeroOrOne = (names: string): Operation =>
  of(names, (given) => {
    const shape = ranked(given.tensor("indices", "x"));
    const depth = given.get("depth", "num_classes");
    const axis = given.whole(-1, "axis");
    const at = shape && typeof axis === "number" ? axisOf(axis, shape.length + 1) : null;
    return shape && depth && at !== null ? { shape: shape.toSpliced(at, 0, dimOf(depth)), dtype: "float32" } : null;
  });

export const MAKING: Readonly<Record<string, Operation>> = {
  ...alike("zeros ones empty", filled),
  ...alike("normal truncated_normal uniform random_normal random_uniform", spread),
  ...alike("full fill", full),
  eye: squareOf,
  tri: of("N M", squareOf.rule),
  ...alike("array asarray asanyarray", converted),
  constant,
  convert_to_tensor: of("value dtype", converted.rule),
  cast: of("x dtype", (given) => {
    const x = given.tensor("x", "input", "tensor");
    return x && { shape: x.type.shape, dtype: dtypeOf(given.get("dtype")) ?? "?", elements: x.elements };
  }),
  ...alike("range arange", ranged),
  linspace: spaced,
  ...alike("logspace geomspace", logSpaced),
  one_hot: zeroOrOne("indices depth on_value off_value axis"),
  multi_hot: of("inputs num_classes", (given) => {
    const shape = ranked(given.tensor("inputs", "x"));
    const classes = given.get("num_classes", "num_tokens");
    if (!shape || !classes || given.get("axis")) return null;
    return { shape: [...shape.slice(0, -1), dimOf(classes)], dtype: "float32" };
  }),
  to_categorical: of("x num_classes", (given) => {
    const shape = ranked(given.tensor("x", "y"));
    const classes = said(given, "num_classes");
    if (!shape) return null;
    const kept = shape.length > 1 && shape.at(-1) === 1 ? shape.slice(0, -1) : shape;
    return { shape: [...kept, classes ? dimOf(classes) : "?"], dtype: "float32" };
  }),
  sequence_mask: of("lengths maxlen", (given) => {
    const shape = ranked(given.tensor("lengths"));
    const most = said(given, "maxlen");
    return shape && { shape: [...shape, most ? dimOf(most) : "?"], dtype: "bool" };
  }),
  confusion_matrix: of("labels predictions num_classes", (given) => {
    const classes = said(given, "num_classes");
    const size = classes ? dimOf(classes) : "?";
    return { shape: [size, size], dtype: "int32" };
  }),
  categorical: of("logits num_samples", (given) => {
    const shape = ranked(given.tensor("logits"));
    const samples = given.get("num_samples");
    return shape?.length === 2 && samples ? { shape: [shape[0]!, dimOf(samples)], dtype: "int64" } : null;
  }),
};

export const MAKING_IN_TENSORFLOW: Readonly<Record<string, Operation>> = {
  eye: eyes,
  ...alike("random.stateless_normal random.stateless_uniform random.stateless_truncated_normal", spread),
};

/** The size stands after how the numbers are spread; without one there is a number, or as many as are told of how. */
const sampled = (names: string): Operation =>
  of(names, (given, run) => {
    const size = said(given, "size", "shape");
    if (size) return { shape: shapeOf(run, size), dtype: "float64" };
    const told = names.split(" ").filter((name) => name !== "size");
    const parts = told.map((name) => said(given, name)).filter((one) => one !== undefined);
    const shape = parts.reduce<AnyShape | null>((all, one) => {
      const next = asTensor(run, one)?.type.shape;
      return all === null || next === undefined ? null : broadcast(all, next);
    }, []);
    return shape && { shape, dtype: "float64" };
  });

/** Each number is a row of as many as `of` has. */
const sampledRows = (names: string, row: string): Operation =>
  of(names, (given, run) => {
    const width = ranked(given.tensor(row));
    const size = said(given, "size");
    const before = size ? shapeOf(run, size) : [];
    return width?.length === 1 && before !== "?" ? { shape: [...before, width[0]!], dtype: "float64" } : null;
  });

/** `rand(3, 4)`: each argument is a size. */
const sized = of("", (given) => ({ shape: given.inOrder()?.map(dimOf) ?? "?", dtype: "float64" }));

const chosen = of("a size", (given, run): Result => {
  const [from, size] = [given.tensor("a"), said(given, "size")];
  const rest = from ? (ranked(from)?.slice(1) ?? null) : null;
  if (!rest || given.get("axis")) return null;
  const before = size ? shapeOf(run, size) : [];
  return before === "?" ? null : { shape: [...before, ...rest], dtype: from!.type.dtype };
});

/** Of a number: as many in any order. */
const permuted = of("x", (given) => {
  const [x, count] = [subject(given), given.get("x")];
  if (count?.kind === "number") return { shape: [dimOf(count)], dtype: "int64" };
  return x && { shape: x.type.shape, dtype: x.type.dtype };
});

const afterRandom = (operations: Readonly<Record<string, Operation>>): Readonly<Record<string, Operation>> =>
  Object.fromEntries(Object.entries(operations).map(([name, one]) => [`random.${name}`, one]));

export const MAKING_IN_OPS: Readonly<Record<string, Operation>> = { one_hot: zeroOrOne("x num_classes axis") };

/** `keras.ops.identity` makes a matrix, as NumPy's does. */
export const IDENTITY: Readonly<Record<string, Operation>> = { identity: squareOf };

export const MAKING_IN_NUMPY: Readonly<Record<string, Operation>> = {
  ...IDENTITY,
  ...afterRandom({
    ...alike("rand randn", sized),
    ...alike("random random_sample ranf sample standard_normal standard_exponential standard_cauchy", sampled("size")),
    ...alike("normal laplace logistic gumbel", sampled("loc scale size")),
    lognormal: sampled("mean sigma size"),
    ...alike("uniform", sampled("low high size")),
    triangular: sampled("left mode right size"),
    ...alike("exponential rayleigh", sampled("scale size")),
    ...alike("gamma", sampled("shape scale size")),
    beta: sampled("a b size"),
    binomial: sampled("n p size"),
    poisson: sampled("lam size"),
    ...alike("geometric bernoulli", sampled("p size")),
    ...alike("chisquare standard_t", sampled("df size")),
    ...alike("weibull power pareto", sampled("a size")),
    ...alike("randint integers random_integers", sampled("low high size")),
    multivariate_normal: sampledRows("mean cov size", "mean"),
    multinomial: sampledRows("n pvals size", "pvals"),
    dirichlet: sampledRows("alpha size", "alpha"),
    choice: chosen,
    ...alike("permutation permuted", permuted),
    // In place: it gives nothing.
    shuffle: of("x", () => null),
  }),
};

export const MAKING_IN_KERAS: Readonly<Record<string, Operation>> = {
  ...afterRandom(alike("randint gamma binomial beta", spread)),
};

/** What calls of it are asked of the module: a generator of random numbers has the functions of `np.random`. */
export const randomModule = (path: string): LibraryValue | null =>
  /^np\.random\.(default_rng|RandomState|Generator)$/.test(path)
    ? { kind: "library", path: "np.random", library: null }
    : null;
