// Functions of NumPy, TensorFlow, keras.ops and TensorFlow.js on tensors: by the last part of their names, which they share.
import type { Tensors } from "../../../model/layers/catalog.types";
import { type AnyShape, broadcast, type Dim, times } from "../../../model/shape";
import { dimOf, dimValue, shapeOf, tensorsIn } from "../keras/convert";
import { nodeOf, originOf } from "../keras/layers";
import { listItems, listOf } from "../lists";
import { lose, type Run } from "../run";
import { type Arguments, isNothing, number, type Place, type TensorValue, UNKNOWN, type Value } from "../value";
import { type Work, worked } from "../work";
import {
  data,
  dtypeOf,
  Given,
  type Operation,
  operationLike as of,
  type Result,
  summedAxes,
  tensorsGiven,
  vague,
} from "./given";
import { IMAGES } from "./images";
import { judge } from "./judged";
import { isProduct, productMacs } from "./products";
import {
  addDim,
  axisOf,
  concatenated,
  expanded,
  lastTwoSwapped,
  multiplied,
  reduced,
  reshaped,
  squeezed,
  stacked,
  transposed,
} from "./shapes";

const unary = of("x", (given) => {
  const x = given.tensor("x", "input", "a", "tensor", "features", "logits", "image", "images");
  return x && { shape: x.type.shape, dtype: x.type.dtype };
});
const binary = of("x y", (given) => {
  const [x, y] = [given.tensor("x", "x1", "a"), given.tensor("y", "x2", "b")];
  if (!x || !y) return null;
  const shape = broadcast(x.type.shape, y.type.shape);
  return shape === null ? null : { shape, dtype: x.type.dtype === y.type.dtype ? x.type.dtype : "?" };
});
const reduction = of("x axis keepdims", (given) => {
  const x = given.tensor("x", "input_tensor", "a");
  if (!x) return null;
  const keep = given.get("keepdims", "keep_dims") ? given.flag("keepdims", "keep_dims") : false;
  return { shape: reduced(x.type.shape, given.wholes("axis"), keep), dtype: x.type.dtype };
});
const index = of("x axis", (given) => {
  const x = given.tensor("x", "input", "a");
  if (!x) return null;
  const axis = given.wholes("axis", "dimension");
  return { shape: reduced(x.type.shape, axis, given.flag("keepdims")), dtype: "int64" };
});
const filled = of("shape dtype", (given, run) => {
  const shape = given.get("shape", "size", "dims");
  return shape ? { shape: shapeOf(run, shape), dtype: dtypeOf(given.get("dtype")) ?? "float32" } : null;
});
const like = of("x", (given) => {
  const x = given.tensor("x", "input", "a", "tensor");
  return x && { shape: x.type.shape, dtype: x.type.dtype };
});
/** The shape comes after one or two numbers: `random.normal(loc, scale, size)` of NumPy. */
const sampled = of("low high size", (given, run) => {
  const size = given.get("size", "shape");
  return size
    ? { shape: isNothing(size) ? [] : shapeOf(run, size), dtype: "float64" }
    : { shape: [], dtype: "float64" };
});

const joined: Operation = { names: ["values", "axis"], rule: (given, run) => joinedRule(given, run) };
const converted: Operation = { names: ["object", "dtype"], rule: (given) => convertedRule(given) };
const ranged: Operation = { names: ["start", "limit", "delta"], rule: (given) => rangedRule(given) };
const taken: Operation = { names: ["params", "indices"], rule: (given) => takenRule(given) };

/** Of a shape: its elements. */
const product: Operation = {
  names: reduction.names,
  rule(given, run) {
    const elements = given.tensor("x", "input_tensor", "a")?.elements;
    const numbers = elements?.map((one) => (one.kind === "number" ? one.value : Number.NaN));
    if (!numbers || numbers.some(Number.isNaN)) return reduction.rule(given, run);
    return { shape: [], dtype: "int64", elements: [number(numbers.reduce((a, b) => a * b, 1))] };
  },
};

/** Of labels: the last class. */
const largest: Operation = {
  names: reduction.names,
  rule(given, run) {
    const x = given.tensor("x", "input_tensor", "a");
    if (x?.classes === undefined || given.get("axis")) return reduction.rule(given, run);
    return { shape: [], dtype: x.type.dtype, elements: [number(x.classes - 1, false)] };
  },
};

const distinct = of("ar", (given) => {
  const x = given.tensor("ar", "x");
  return x && { shape: [x.classes ?? "?"], dtype: x.type.dtype };
});

const spaced = of("start stop num", (given) => {
  const [start, stop, count] = [given.get("start"), given.get("stop"), given.get("num") ?? number(50)];
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

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...IMAGES,
  ...Object.fromEntries(
    `abs acos asin atan ceil cos cosh elu erf exp expm1 floor gelu hard_sigmoid identity leaky_relu log log1p log_sigmoid log_softmax logical_not
     negative reciprocal relu relu6 round rsqrt selu sigmoid sign silu sin sinh softmax softplus softsign sqrt square stop_gradient swish tan tanh
     clip clip_by_value l2_normalize normalize dropout cumsum cumprod flip reverse sort nan_to_num zeros_like ones_like copy ascontiguousarray
     random_flip_left_right flip_left_right flip_up_down random_brightness random_contrast adjust_brightness adjust_contrast per_image_standardization
     convert_image_dtype triu tril mish celu hard_tanh hard_silu hard_swish sparse_plus ensure_shape stop_gradients softmax_v2 bias_add roll sample_distorted`
      .split(/\s+/)
      .map((name) => [name, unary]),
  ),
  ...Object.fromEntries(
    "add subtract multiply divide true_divide floor_divide maximum minimum power pow mod logical_and logical_or equal not_equal greater greater_equal less less_equal squared_difference arctan2 atan2"
      .split(" ")
      .map((name) => [name, binary]),
  ),
  ...Object.fromEntries(
    "reduce_sum reduce_mean reduce_max reduce_min reduce_prod reduce_any reduce_all reduce_std reduce_variance reduce_logsumexp sum mean max min amax amin prod any all std var logsumexp"
      .split(" ")
      .map((name) => [name, reduction]),
  ),
  prod: product,
  max: largest,
  amax: largest,
  reduce_max: largest,
  reduce_prod: product,
  argmax: index,
  argmin: index,
  zeros: filled,
  ones: filled,
  empty: filled,
  normal: filled,
  truncated_normal: filled,
  uniform: filled,
  random_normal: filled,
  random_uniform: filled,
  full_like: like,
  full: of("shape fill_value dtype", (given, run) => {
    const shape = given.get("shape");
    return shape ? { shape: shapeOf(run, shape), dtype: dtypeOf(given.get("dtype")) ?? "?" } : null;
  }),
  fill: of("dims value", (given, run) => {
    const dims = given.get("dims");
    return dims ? { shape: shapeOf(run, dims), dtype: "?" } : null;
  }),
  eye: of("n m", (given) => {
    const n = given.get("n", "num_rows", "N");
    if (!n) return null;
    const m = given.get("m", "num_columns", "M");
    return { shape: [dimOf(n), m && !isNothing(m) ? dimOf(m) : dimOf(n)], dtype: "float32" };
  }),
  reshape: of("tensor shape", (given, run) => {
    const x = given.tensor("tensor", "x", "a");
    const target = given.get("shape", "newshape");
    if (!x || !target) return null;
    const shape = reshaped(x.type.shape, shapeOf(run, target));
    return shape === null ? null : { shape, dtype: x.type.dtype };
  }),
  concat: joined,
  concatenate: joined,
  stack: of("values axis", (given, run) => {
    const tensors = tensorsGiven(given, run, "values", "x", "arrays", "tensors");
    const axis = given.whole(0, "axis");
    if (!tensors || typeof axis !== "number") return null;
    return {
      shape: stacked(
        tensors.map((one) => one.type.shape),
        axis,
      ),
      dtype: tensors[0]?.type.dtype ?? "?",
    };
  }),
  transpose: of("a perm", (given) => {
    const x = given.tensor("a", "x", "image");
    const order = given.wholes("perm", "axes");
    return x && order !== "?" ? { shape: transposed(x.type.shape, order), dtype: x.type.dtype } : null;
  }),
  swapaxes: of("x axis1 axis2", (given) => {
    const x = given.tensor("x", "a");
    const [a, b] = [given.whole(undefined, "axis1"), given.whole(undefined, "axis2")];
    if (!x || x.type.shape === "?" || typeof a !== "number" || typeof b !== "number") return null;
    const order = x.type.shape.map((_, at) => at);
    const [i, j] = [a < 0 ? a + order.length : a, b < 0 ? b + order.length : b];
    [order[i], order[j]] = [order[j]!, order[i]!];
    return { shape: transposed(x.type.shape, order), dtype: x.type.dtype };
  }),
  expand_dims: of("input axis", (given) => {
    const x = given.tensor("input", "x", "a", "image");
    const axis = given.whole(undefined, "axis");
    return x && typeof axis === "number" ? { shape: expanded(x.type.shape, axis), dtype: x.type.dtype } : null;
  }),
  squeeze: of("input axis", (given) => {
    const x = given.tensor("input", "x", "a");
    const axis = given.wholes("axis");
    return x && axis !== "?" ? { shape: squeezed(x.type.shape, axis), dtype: x.type.dtype } : null;
  }),
  matmul: of("a b transpose_a transpose_b", (given) => {
    let [a, b] = [given.tensor("a", "x1", "x")?.type, given.tensor("b", "x2", "y")?.type];
    const [flipA, flipB] = [given.flag("transpose_a"), given.flag("transpose_b")];
    if (!a || !b || flipA === "?" || flipB === "?") return null;
    if (flipA) a = { ...a, shape: lastTwoSwapped(a.shape) };
    if (flipB) b = { ...b, shape: lastTwoSwapped(b.shape) };
    const shape = multiplied(a.shape, b.shape);
    return shape === null ? null : { shape, dtype: a.dtype };
  }),
  cast: of("x dtype", (given) => {
    const x = given.tensor("x", "input");
    return x && { shape: x.type.shape, dtype: dtypeOf(given.get("dtype")) ?? "?", elements: x.elements };
  }),
  convert_to_tensor: of("value dtype", (given) => {
    const x = given.tensor("value", "x");
    return x && { shape: x.type.shape, dtype: dtypeOf(given.get("dtype")) ?? x.type.dtype, elements: x.elements };
  }),
  array: converted,
  asarray: converted,
  constant: converted,
  shape: of("input", (given) => {
    const x = given.tensor("input", "x", "a");
    if (!x || x.type.shape === "?") return null;
    const dims = x.type.shape.map(sizeValue);
    return { shape: [dims.length], dtype: "int32", elements: dims };
  }),
  tile: of("input multiples", (given, run) => {
    const [x, multiples] = [given.tensor("input", "x", "A"), given.get("multiples", "repeats", "reps")];
    const counts = multiples ? shapeOf(run, multiples) : "?";
    if (!x || x.type.shape === "?" || counts === "?" || counts.length !== x.type.shape.length) return null;
    return { shape: x.type.shape.map((dim, at) => times(dim, counts[at]!)), dtype: x.type.dtype };
  }),
  repeat: of("input repeats axis", (given) => {
    const x = given.tensor("input", "x", "a");
    const [count, axis] = [given.get("repeats"), given.whole(undefined, "axis")];
    if (!x || x.type.shape === "?" || !count || typeof axis !== "number") return null;
    const at = axis < 0 ? axis + x.type.shape.length : axis;
    return { shape: x.type.shape.map((dim, i) => (i === at ? times(dim, dimOf(count)) : dim)), dtype: x.type.dtype };
  }),
  pad: of("tensor paddings", (given, run) => {
    const x = given.tensor("tensor", "x", "array");
    const value = given.get("paddings", "pad_width");
    const rows = value && run.language.items(run, value)?.map((row) => run.language.items(run, row));
    if (!x || x.type.shape === "?" || !rows || rows.includes(null) || rows.length !== x.type.shape.length) return null;
    const sum = (row: readonly Value[]): Dim =>
      row.reduce<Dim>(
        (total, one) => (total === "?" || one.kind !== "number" ? "?" : (total as number) + one.value),
        0,
      );
    return { shape: x.type.shape.map((dim, at) => addDim(dim, sum(rows[at]!))), dtype: x.type.dtype };
  }),
  one_hot: of("indices depth", (given) => {
    const x = given.tensor("indices", "x");
    const depth = given.get("depth", "num_classes");
    return x && depth && x.type.shape !== "?" ? { shape: [...x.type.shape, dimOf(depth)], dtype: "float32" } : null;
  }),
  to_categorical: of("x num_classes", (given) => {
    const x = given.tensor("x", "y");
    const classes = given.get("num_classes");
    if (!x || x.type.shape === "?") return null;
    const shape = x.type.shape.length > 1 && x.type.shape.at(-1) === 1 ? x.type.shape.slice(0, -1) : x.type.shape;
    return { shape: [...shape, classes && !isNothing(classes) ? dimOf(classes) : "?"], dtype: "float32" };
  }),
  where: of("condition x y", (given) => {
    const all = [given.tensor("condition"), given.tensor("x", "x1"), given.tensor("y", "x2")];
    if (all.includes(null)) return null;
    const shape = all.reduce<AnyShape | null>(
      (found, one) => (found === null ? null : broadcast(found, one!.type.shape)),
      [],
    );
    return shape === null ? null : { shape, dtype: all[1]!.type.dtype };
  }),
  resize: of("images size", (given, run) => {
    const x = given.tensor("images", "image");
    const size = given.get("size");
    if (!x || x.type.shape === "?" || !size) return null;
    const to = shapeOf(run, size);
    if (to === "?" || to.length !== 2 || x.type.shape.length < 3) return null;
    return { shape: [...x.type.shape.slice(0, -3), to[0]!, to[1]!, x.type.shape.at(-1)!], dtype: "float32" };
  }),
  range: ranged,
  arange: ranged,
  linspace: spaced,
  unique: distinct,
  gather: taken,
  // Without an axis it takes of all elements in a row.
  take: of("x indices axis", (given, run) => {
    const axis = given.get("axis");
    const indices = given.tensor("indices");
    if (axis && !isNothing(axis)) return taken.rule(given, run);
    return indices && { shape: indices.type.shape, dtype: given.tensor("x", "a")?.type.dtype ?? "?" };
  }),
  embedding_lookup: taken,
  split: of("value num_or_size_splits axis", (given, run) => {
    const x = given.tensor("value", "x", "ary");
    const parts = given.get("num_or_size_splits", "indices_or_sections");
    const axis = given.whole(0, "axis");
    if (!x || x.type.shape === "?" || !parts || typeof axis !== "number") return null;
    const at = axis < 0 ? axis + x.type.shape.length : axis;
    const dim = x.type.shape[at];
    const shape = x.type.shape;
    const withPart = (size: Dim): AnyShape => shape.map((old, i) => (i === at ? size : old));
    if (parts.kind === "number") {
      const size: Dim = typeof dim === "number" ? dim / parts.value : (dim ?? "?");
      return { several: Array.from({ length: parts.value }, () => withPart(size)) };
    }
    const sizes = run.language.items(run, parts);
    return sizes && { several: sizes.map((one) => withPart(dimOf(one))) };
  }),
  unstack: of("value num axis", (given) => {
    const x = given.tensor("value", "x");
    const axis = given.whole(0, "axis");
    if (!x || x.type.shape === "?" || typeof axis !== "number") return null;
    const at = axis < 0 ? axis + x.type.shape.length : axis;
    const count = x.type.shape[at];
    if (typeof count !== "number" || count > 1000) return null;
    const rest = x.type.shape.filter((_, i) => i !== at);
    return { several: Array.from({ length: count }, () => rest) };
  }),
  einsum: of("equation a b c", (given) => {
    const equation = given.get("equation", "subscripts");
    if (equation?.kind !== "string") return null;
    const match = /^([\w,.\s]+)->([\w.]*)$/.exec(equation.value.replaceAll(" ", ""));
    if (!match || equation.value.includes(".")) return null;
    const sizes = new Map<string, Dim>();
    const inputs = match[1]!.split(",");
    const tensors = inputs.map((_, at) => given.tensor(["a", "b", "c"][at] ?? ""));
    for (const [at, letters] of inputs.entries()) {
      const shape = tensors[at]?.type.shape;
      if (!shape || shape === "?" || shape.length !== letters.length) return null;
      for (const [i, letter] of [...letters].entries()) {
        const known = sizes.get(letter);
        if (known === undefined || typeof known !== "number") sizes.set(letter, shape[i]!);
      }
    }
    const sizeOf = (letter: string): Dim => sizes.get(letter) ?? (sizes.has(letter) ? null : "?");
    return { shape: [...match[2]!].map(sizeOf), dtype: tensors[0]?.type.dtype ?? "?" };
  }),
  tensordot: of("a b axes", (given, run) => {
    const [a, b] = [given.tensor("a", "x1", "x"), given.tensor("b", "x2", "y")];
    if (!a || !b || a.type.shape === "?" || b.type.shape === "?") return null;
    const axes = summedAxes(run, given.get("axes"), a.type.shape.length);
    if (!axes) return null;
    const kept = (dims: readonly Dim[], summed: readonly number[]) => {
      const gone = summed.map((axis) => axisOf(axis, dims.length));
      return gone.includes(null) ? null : dims.filter((_, at) => !gone.includes(at));
    };
    const [left, right] = [kept(a.type.shape, axes[0]), kept(b.type.shape, axes[1])];
    return left && right && { shape: [...left, ...right], dtype: a.type.dtype };
  }),
  ctc_batch_cost: of("y_true y_pred input_length label_length", (given) => {
    const x = given.tensor("y_pred");
    return x && x.type.shape !== "?" ? { shape: [x.type.shape[0] ?? null, 1], dtype: "float32" } : null;
  }),
  rand: of("", (_given, _run) => null),
  randint: of("low high size", (given, run) => {
    const size = given.get("size");
    return size ? { shape: shapeOf(run, size), dtype: "int64" } : null;
  }),
  standard_normal: of("size", (given, run) => {
    const size = given.get("size");
    return size ? { shape: shapeOf(run, size), dtype: "float64" } : null;
  }),
};

const alongAxis = of("x axis", (given, run) => (given.get("axis") ? unary.rule(given, run) : null));

/** NumPy's own order of arguments where it is another one. */
export const OF_NUMPY: Readonly<Record<string, Operation>> = {
  "random.normal": of("loc scale size", sampled.rule),
  "random.uniform": sampled,
  "random.random": of("size", sampled.rule),
  "random.random_sample": of("size", sampled.rule),
  reshape: of("a newshape", OPERATIONS["reshape"]!.rule),
  transpose: of("a axes", OPERATIONS["transpose"]!.rule),
  // Without an axis they take the elements in a row.
  cumsum: alongAxis,
  cumprod: alongAxis,
};

/** A size as `tf.shape` gives it: of a None only the tensor knows. */
export const sizeValue = (dim: Dim): Value => (dim === null ? NONE_SIZE : dimValue(dim));
/** The size of a dimension that is None: it stands for -1 wherever a shape is made of it. */
const NONE_SIZE: TensorValue = data([], "int32", [{ kind: "none" }]);

function joinedRule(given: Given, run: Run): Result {
  const tensors = tensorsGiven(given, run, "values", "xs", "x", "arrays");
  const axis = given.whole(given.get("xs") || given.get("arrays") ? 0 : undefined, "axis") ?? 0;
  if (!tensors || typeof axis !== "number") return null;
  const shape = concatenated(
    tensors.map((one) => one.type.shape),
    axis,
  );
  return shape === null ? null : { shape, dtype: tensors[0]?.type.dtype ?? "?" };
}

function convertedRule(given: Given): Result {
  const x = given.tensor("object", "value", "a", "x");
  if (!x) return null;
  return { shape: x.type.shape, dtype: dtypeOf(given.get("dtype")) ?? x.type.dtype, elements: x.elements };
}

function rangedRule(given: Given): Result {
  const [first, second, third] = [given.get("start"), given.get("limit", "stop"), given.get("delta", "step")];
  const [from, to] =
    second && !isNothing(second) ? [first ? dimOf(first) : 0, dimOf(second)] : [0, first ? dimOf(first) : "?"];
  const step = third && !isNothing(third) ? dimOf(third) : 1;
  if (from === 0 && step === 1) return { shape: [to], dtype: "int64" };
  const all = [from, to, step];
  const isKnown = all.every((one) => typeof one === "number");
  const [a, b, c] = all as number[];
  return { shape: [isKnown ? Math.max(0, Math.ceil((b! - a!) / c!)) : "?"], dtype: "int64" };
}

function takenRule(given: Given): Result {
  const [x, indices] = [given.tensor("params", "x", "a"), given.tensor("indices", "ids")];
  const axis = given.whole(0, "axis");
  if (!x || !indices || x.type.shape === "?" || indices.type.shape === "?" || typeof axis !== "number") return null;
  const at = axis < 0 ? axis + x.type.shape.length : axis;
  return {
    shape: [...x.type.shape.slice(0, at), ...indices.type.shape, ...x.type.shape.slice(at + 1)],
    dtype: x.type.dtype,
  };
}

/** Runs an operation; null: it is not known, or it cannot tell. */
export function operation(run: Run, name: string, { names, rule }: Operation, args: Arguments, place: Place): Value {
  const tensors = [...args.positional, ...args.named.values()].flatMap(tensorsIn);
  judge(run, name, names, args, place);
  const result = rule(new Given(run, args, names), run);
  if (!result) {
    lose(run, place, `what ${name} gives is not known here`);
    return vague(tensors, "?", originOf(run, null, tensors, place, name));
  }
  const again = (others: readonly TensorValue[]): Value => {
    let at = 0;
    const swap = (value: Value): Value => {
      if (value.kind === "tensor") return others[at++] ?? UNKNOWN;
      if (value.kind !== "list") return value;
      const items = listItems(value);
      return items ? listOf(value.type, items.map(swap)) : value;
    };
    const swapped: Arguments = {
      positional: args.positional.map(swap),
      named: new Map([...args.named].map(([key, value]) => [key, swap(value)])),
      open: args.open,
    };
    return operation(run, name, { names, rule }, swapped, place);
  };
  const work = tensors.length > 0 ? worked(run, workOf(name, args, tensors, result)) : null;
  const node = work && nodeOf(run, work, tensors, place, again);
  const isOpen = tensors.some((one) => one.isOpen);
  const origin = originOf(run, null, tensors, place, name);
  const made = (
    shape: AnyShape,
    output: number,
    dtype = "float32",
    elements: readonly Value[] | null = null,
  ): TensorValue => ({
    kind: "tensor",
    type: { shape, dtype },
    node: isOpen ? null : node,
    output,
    elements,
    ...(isOpen && { isOpen: true, origin }),
  });
  if ("several" in result)
    return listOf(
      "list",
      result.several.map((shape, at) => made(shape, at)),
    );
  return made(result.shape, 0, result.dtype, result.elements ?? null);
}

function workOf(name: string, args: Arguments, tensors: readonly TensorValue[], result: NonNullable<Result>): Work {
  const outputs: Tensors =
    "several" in result
      ? result.several.map((shape) => ({ shape, dtype: "float32" }))
      : { shape: result.shape, dtype: result.dtype ?? "float32" };
  const work = { layer: null, operation: name, outputs };
  return isProduct(name) ? { ...work, macs: () => productMacs(name, args, tensors, outputs) } : work;
}
