// Operations that move the elements of tensors about: they join, part, turn, pad and repeat.
import { type AnyShape, type Dim, elements, minus, plus, type Shape, times } from "../../../model/shape";
import { dimOf, dimValue, shapeOf } from "../keras/convert";
import type { TensorValue, Value } from "../value";
import {
  alike,
  asTensor,
  axisIn,
  data,
  type Operation,
  operationLike as of,
  type Result,
  ranked,
  shapedLike,
  subject,
  tensorsGiven,
} from "./given";
import { axisOf, concatenated, expanded, flat, reshaped, squeezed, stacked, transposed } from "./shapes";

/** A size as `tf.shape` gives it: of a None only the tensor knows. */
export const sizeValue = (dim: Dim): Value => (dim === null ? NONE_SIZE : dimValue(dim));
/** The size of a dimension that is None: it stands for -1 wherever a shape is made of it. */
const NONE_SIZE: TensorValue = data([], "int32", [{ kind: "none" }]);

const reshape = of("tensor shape", (given, run) => {
  const x = given.tensor("tensor", "x", "a");
  const target = given.get("shape", "newshape");
  return x && target ? shapedLike(x, reshaped(x.type.shape, shapeOf(run, target))) : null;
});

const raveled = of("x", (given) => {
  const x = subject(given);
  return x && shapedLike(x, flat(x.type.shape));
});

const joinedAlong = (usual: number): Operation =>
  of("values axis", (given, run) => {
    const tensors = tensorsGiven(given, run, "values", "xs", "x", "arrays", "tensors");
    const axis = given.get("axis") ? axisIn(given) : usual;
    return tensors?.[0] && typeof axis === "number"
      ? shapedLike(tensors[0], concatenated(shapesOf(tensors), axis))
      : null;
  });

const joined = joinedAlong(0);

const shapesOf = (tensors: readonly TensorValue[]): AnyShape[] => tensors.map((one) => one.type.shape);

const stack = of("values axis", (given, run) => {
  const tensors = tensorsGiven(given, run, "values", "x", "arrays", "tensors");
  const axis = given.whole(0, "axis");
  return tensors?.[0] && typeof axis === "number" ? shapedLike(tensors[0], stacked(shapesOf(tensors), axis)) : null;
});

/** `vstack`, `hstack` and their like: every array is made to have some dimensions, then they are joined. */
const joinedAs = (widen: (shape: Shape) => Shape, axisFor: (rank: number) => number): Operation =>
  of("tup", (given, run) => {
    const shapes = tensorsGiven(given, run, "tup", "xs", "arrays");
    const all = shapes?.map(ranked);
    if (!shapes?.[0] || !all || all.includes(null)) return null;
    const wide = (all as Shape[]).map(widen);
    return shapedLike(shapes[0], concatenated(wide, axisFor(wide[0]!.length)));
  });

const atLeast1 = (shape: Shape): Shape => (shape.length === 0 ? [1] : shape);
const atLeast2 = (shape: Shape): Shape => (shape.length < 2 ? [1, ...atLeast1(shape)] : shape);
const atLeast3 = (shape: Shape): Shape => (shape.length < 3 ? [...atLeast2(shape), 1] : shape);
const asColumn = (shape: Shape): Shape => (shape.length < 2 ? [...atLeast1(shape), 1] : shape);

const widened = (widen: (shape: Shape) => Shape): Operation =>
  of("x", (given) => {
    const x = subject(given);
    const shape = ranked(x);
    return x && shape && given.inOrder()?.length === 1 ? shapedLike(x, widen(shape)) : null;
  });

const append = of("arr values axis", (given) => {
  const [x, more] = [given.tensor("arr", "x1"), given.tensor("values", "x2")];
  const axis = axisIn(given);
  if (!x || !more || axis === "?") return null;
  const [a, b] = [x, more].map(({ type }) => (axis === undefined ? flat(type.shape) : type.shape));
  return shapedLike(x, concatenated([a!, b!], axis ?? 0));
});

const transpose = of("a perm", (given) => {
  const x = given.tensor("a", "x", "image");
  const order = given.wholes("perm", "axes");
  return x && order !== "?" ? shapedLike(x, transposed(x.type.shape, order)) : null;
});

const swapaxes = of("x axis1 axis2", (given) => {
  const x = subject(given);
  const shape = ranked(x);
  const [a, b] = [given.whole(undefined, "axis1"), given.whole(undefined, "axis2")];
  if (!x || !shape || typeof a !== "number" || typeof b !== "number") return null;
  const [i, j] = [axisOf(a, shape.length), axisOf(b, shape.length)];
  return i === null || j === null ? null : shapedLike(x, shape.with(i, shape[j]!).with(j, shape[i]!));
});

const moveaxis = of("x source destination", (given) => {
  const x = subject(given);
  const shape = ranked(x);
  const [from, to] = [given.wholes("source"), given.wholes("destination")];
  if (!x || !shape || !from || !to || from === "?" || to === "?" || from.length !== to.length) return null;
  const [left, right] = [from, to].map((axes) => axes.map((axis) => axisOf(axis, shape.length)));
  if ([...left!, ...right!].includes(null)) return null;
  const order: number[] = [];
  for (const [at, place] of right!.entries()) order[place!] = left![at]!;
  const others = shape.map((_, at) => at).filter((at) => !left!.includes(at));
  const whole = shape.map((_, at) => order[at] ?? others.shift()!);
  return shapedLike(x, transposed(shape, whole));
});

const rollaxis = of("x axis start", (given) => {
  const x = subject(given);
  const shape = ranked(x);
  const [axis, start] = [axisIn(given), given.whole(0, "start")];
  if (!x || !shape || typeof axis !== "number" || typeof start !== "number" || start < 0) return null;
  const at = axisOf(axis, shape.length);
  if (at === null) return null;
  const to = start > at ? start - 1 : start;
  return shapedLike(x, shape.toSpliced(at, 1).toSpliced(to, 0, shape[at]!));
});

/** A quarter turn changes two sides. */
const turned = of("x k axes", (given) => {
  const x = subject(given);
  const shape = ranked(x);
  const [times, axes] = [given.whole(1, "k"), given.wholes("axes") ?? [0, 1]];
  if (!x || !shape || typeof times !== "number" || axes === "?" || axes.length !== 2) return null;
  const [i, j] = axes.map((axis) => axisOf(axis, shape.length)) as [number | null, number | null];
  if (i === null || j === null) return null;
  return shapedLike(x, times % 2 === 0 ? shape : shape.with(i, shape[j]!).with(j, shape[i]!));
});

const expand = of("input axis", (given) => {
  const x = subject(given);
  const axes = given.wholes("axis");
  const shape = ranked(x);
  if (!x || !axes || axes === "?") return null;
  if (axes.length === 1) return shapedLike(x, expanded(x.type.shape, axes[0]!));
  if (!shape) return null;
  const places = axes.map((axis) => axisOf(axis, shape.length + axes.length));
  if (places.includes(null)) return null;
  const rest = [...shape];
  const whole = Array.from({ length: shape.length + axes.length }, (_, at) =>
    places.includes(at) ? 1 : rest.shift()!,
  );
  return shapedLike(x, whole);
});

const squeeze = of("input axis", (given) => {
  const x = subject(given);
  const axis = given.wholes("axis");
  return x && axis !== "?" ? shapedLike(x, squeezed(x.type.shape, axis)) : null;
});

/** Of an array every dimension of 1 goes, the first as well: it is as it was made. */
const squeezeArray = of("a axis", (given, run) => {
  const x = given.tensor("a");
  const shape = ranked(x);
  const isPlain = x && shape?.every((dim) => typeof dim === "number") && !given.get("axis");
  return isPlain
    ? shapedLike(
        x,
        shape!.filter((dim) => dim !== 1),
      )
    : squeeze.rule(given, run);
});

const tile = of("input multiples", (given, run) => {
  const [x, multiples] = [given.tensor("input", "x", "A"), given.get("multiples", "repeats", "reps")];
  const shape = ranked(x);
  const counts = multiples ? shapeOf(run, multiples) : "?";
  if (!x || !shape || counts === "?") return null;
  const rank = Math.max(shape.length, counts.length);
  const filled = (dims: Shape): Shape => [...Array<Dim>(rank - dims.length).fill(1), ...dims];
  const [sizes, by] = [filled(shape), filled(counts)];
  return shapedLike(
    x,
    sizes.map((dim, at) => times(dim, by[at]!)),
  );
});

const repeat = of("input repeats axis", (given) => {
  const x = subject(given);
  const [repeats, axis] = [given.get("repeats"), axisIn(given)];
  if (!x || !repeats || axis === "?") return null;
  const shape = axis === undefined ? flat(x.type.shape) : x.type.shape;
  const at = shape === "?" ? null : axisOf(axis ?? 0, shape.length);
  if (shape === "?" || at === null) return null;
  const counts = given.wholes("repeats");
  const isEach = repeats.kind === "number" || !counts || counts === "?" || counts.length === 1;
  const size = isEach ? times(shape[at]!, counts && counts !== "?" ? counts[0]! : dimOf(repeats)) : plus(...counts);
  return shapedLike(x, shape.with(at, size));
});

/** One number for all sides, two for both sides of each, or two for each dimension. */
const pad = of("tensor paddings", (given, run) => {
  const x = given.tensor("tensor", "x", "array");
  const shape = ranked(x);
  const value = given.get("paddings", "pad_width");
  if (!x || !shape || !value) return null;
  const rows = value.kind === "number" ? [value] : run.language.items(run, value);
  const sums = rows?.every((one) => one.kind === "number")
    ? [sidesOf(rows)]
    : rows?.map((row) => sidesOf(run.language.items(run, row)));
  if (!sums || (sums.length !== 1 && sums.length !== shape.length)) return null;
  return shapedLike(
    x,
    shape.map((dim, at) => plus(dim, sums[sums.length === 1 ? 0 : at]!)),
  );
});

function sidesOf(sides: readonly Value[] | null): Dim {
  if (!sides || sides.length === 0 || sides.length > 2) return "?";
  const dims = sides.map(dimOf);
  return dims.length === 1 ? times(2, dims[0]!) : plus(...dims);
}

/** One shape for each size along an axis. */
function parts(shape: Shape, axis: number, sizes: readonly Dim[]): Result {
  const at = axisOf(axis, shape.length);
  return at === null ? null : { several: sizes.map((size) => shape.with(at, size)) };
}

/** `tf.split(value, count or sizes, axis)`. */
const split = of("value num_or_size_splits axis", (given, run) => {
  const shape = ranked(given.tensor("value", "x"));
  const [given_, axis] = [given.get("num_or_size_splits"), given.whole(0, "axis")];
  const at = shape && typeof axis === "number" ? axisOf(axis, shape.length) : null;
  if (!shape || !given_ || at === null) return null;
  if (given_.kind === "number") return parts(shape, at, evenly(shape[at]!, given_.value) ?? []);
  const sizes = run.language.items(run, given_)?.map(dimOf);
  if (!sizes) return null;
  const others = plus(...sizes.filter((size) => size !== -1));
  return parts(
    shape,
    at,
    sizes.map((size) => (size === -1 ? minus(shape[at]!, others) : size)),
  );
});

function evenly(dim: Dim, count: number): Dim[] | null {
  if (!Number.isInteger(count) || count < 1 || count > 1000) return null;
  const size = typeof dim === "number" ? dim / count : dim;
  return typeof size === "number" && !Number.isInteger(size) ? null : Array<Dim>(count).fill(size);
}

/** `np.split(x, count or the indices where parts begin, axis)`; the first parts of `array_split` may be longer by one. */
const splitAt = (isLoose: boolean, fixed?: number): Operation =>
  of("x indices_or_sections axis", (given) => {
    const shape = ranked(given.tensor("x", "ary"));
    const [cuts, chosen] = [given.get("indices_or_sections"), given.whole(0, "axis")];
    const axis = fixed === 1 && shape?.length === 1 ? 0 : (fixed ?? chosen);
    const at = shape && typeof axis === "number" ? axisOf(axis, shape.length) : null;
    if (!shape || !cuts || at === null) return null;
    const dim = shape[at]!;
    if (cuts.kind === "number") {
      const count = cuts.value;
      if (!isLoose || typeof dim !== "number") return parts(shape, at, evenly(isLoose ? "?" : dim, count) ?? []);
      const sizes = Array.from({ length: count }, (_, part) => Math.floor(dim / count) + (part < dim % count ? 1 : 0));
      return parts(shape, at, sizes);
    }
    const places = given.wholes("indices_or_sections");
    if (!places || places === "?" || typeof dim !== "number") return null;
    const inside = (place: number) => Math.min(Math.max(place < 0 ? place + dim : place, 0), dim);
    const ends = [0, ...places.map(inside), dim];
    return parts(
      shape,
      at,
      ends.slice(1).map((end, part) => Math.max(0, end - ends[part]!)),
    );
  });

export const unstacked = (names: string): Operation =>
  of(names, (given) => {
    const x = given.tensor("value", "x");
    const shape = ranked(x);
    const axis = given.whole(0, "axis");
    const at = shape && typeof axis === "number" ? axisOf(axis, shape.length) : null;
    const count = shape && at !== null ? shape[at] : null;
    if (!shape || at === null || typeof count !== "number" || count > 1000) return null;
    return { several: Array.from({ length: count }, () => shape.toSpliced(at, 1)) };
  });

const meshgrid = of("", (given, run) => {
  const order = given.get("indexing");
  const sizes = given.inOrder()?.map((one) => ranked(asTensor(run, one)));
  if (!sizes || sizes.length < 2 || sizes.some((one) => one?.length !== 1) || (order && order.kind !== "string"))
    return null;
  const dims = sizes.map((one) => one![0]!);
  const shape = order?.kind === "string" && order.value === "ij" ? dims : [dims[1]!, dims[0]!, ...dims.slice(2)];
  return { several: dims.map(() => shape) };
});

const counted = (count: (shape: Shape) => Dim): Operation =>
  of("x axis", (given) => {
    const shape = ranked(subject(given));
    if (!shape || given.get("axis")) return null;
    return { shape: [], dtype: "int32", elements: [sizeValue(count(shape))] };
  });

export const MOVING: Readonly<Record<string, Operation>> = {
  reshape,
  ravel: raveled,
  ...alike("concat concatenate", joined),
  stack,
  unstack: unstacked("value num axis"),
  transpose,
  matrix_transpose: of("a", (given) => {
    const x = subject(given);
    const shape = ranked(x);
    return x && shape && shape.length > 1 ? shapedLike(x, [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!]) : null;
  }),
  swapaxes,
  moveaxis,
  expand_dims: expand,
  squeeze,
  shape: of("input", (given) => {
    const shape = ranked(subject(given));
    return shape && { shape: [shape.length], dtype: "int32", elements: shape.map(sizeValue) };
  }),
  size: counted(elements),
  rank: counted((shape) => shape.length),
  tile,
  repeat,
  pad,
  broadcast_to: of("x shape", (given, run) => {
    const [x, shape] = [given.tensor("x", "input", "array"), given.get("shape")];
    return x && shape ? shapedLike(x, shapeOf(run, shape)) : null;
  }),
  meshgrid,
  split,
};

/** NumPy's own, most of which keras.ops has as well. */
export const MOVING_IN_NUMPY: Readonly<Record<string, Operation>> = {
  reshape: of("a newshape", reshape.rule),
  transpose: of("a axes", transpose.rule),
  flatten: raveled,
  ...alike(
    "vstack row_stack",
    joinedAs(atLeast2, () => 0),
  ),
  hstack: joinedAs(atLeast1, (rank) => (rank === 1 ? 0 : 1)),
  dstack: joinedAs(atLeast3, () => 2),
  column_stack: joinedAs(asColumn, () => 1),
  atleast_1d: widened(atLeast1),
  atleast_2d: widened(atLeast2),
  atleast_3d: widened((shape) => (shape.length === 1 ? [1, shape[0]!, 1] : atLeast3(shape))),
  append,
  rollaxis,
  rot90: turned,
  split: splitAt(false),
  array_split: splitAt(true),
  vsplit: splitAt(false, 0),
  hsplit: splitAt(false, 1),
};

export const MOVING_ARRAYS: Readonly<Record<string, Operation>> = {
  squeeze: squeezeArray,
  resize: of("a new_shape", (given, run) => {
    const [x, shape] = [given.tensor("a"), given.get("new_shape")];
    return x && shape ? shapedLike(x, shapeOf(run, shape)) : null;
  }),
};

/** keras.backend: the last axis is the usual one, and `repeat` makes a sequence of each row. */
export const MOVING_IN_BACKEND: Readonly<Record<string, Operation>> = {
  concatenate: joinedAlong(-1),
  expand_dims: of("input axis", (given, run) => expand.rule(given.withDefault("axis", -1), run)),
  permute_dimensions: of("x pattern", (given) => {
    const x = subject(given);
    const order = given.wholes("pattern");
    return x && order && order !== "?" ? shapedLike(x, transposed(x.type.shape, order)) : null;
  }),
  repeat: of("x n", (given) => {
    const x = subject(given);
    const [shape, count] = [ranked(x), given.get("n")];
    return x && shape?.length === 2 && count ? shapedLike(x, [shape[0]!, dimOf(count), shape[1]!]) : null;
  }),
  repeat_elements: of("x rep axis", (given) => {
    const x = subject(given);
    const [shape, count, axis] = [ranked(x), given.get("rep"), axisIn(given)];
    const at = shape && typeof axis === "number" ? axisOf(axis, shape.length) : null;
    return x && shape && count && at !== null ? shapedLike(x, shape.with(at, times(shape[at]!, dimOf(count)))) : null;
  }),
  flatten: raveled,
  batch_flatten: of("x", (given) => {
    const x = subject(given);
    const shape = ranked(x);
    return x && shape && shape.length > 0 ? shapedLike(x, [shape[0]!, elements(shape.slice(1))]) : null;
  }),
};
