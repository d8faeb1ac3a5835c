// Operations that pick elements of tensors, put some in or leave some out.
import { type AnyShape, broadcast, differ, minus } from "../../../model/shape";
import { dimOf, shapeOf } from "../keras/convert";
import { isNothing } from "../value";
import { alike, axisIn, type Operation, operationLike as of, ranked, shapedLike, subject } from "./given";
import { axisOf, flat, summed } from "./shapes";
/** `tf.gather(params, indices, validate_indices, axis, batch_dims)`. */
export const gathered = (names: string): Operation =>
  of(names, (given) => {
    const x = given.tensor("params", "x", "a");
    const [shape, indices] = [ranked(x), ranked(given.tensor("indices", "ids"))];
    const batch = given.whole(0, "batch_dims");
    const axis = given.whole(typeof batch === "number" ? batch : 0, "axis");
    if (!x || !shape || !indices || typeof axis !== "number" || typeof batch !== "number") return null;
    const [at, shared] = [axisOf(axis, shape.length), batch < 0 ? batch + indices.length : batch];
    if (at === null || shared > at) return null;
    return shapedLike(x, [...shape.slice(0, at), ...indices.slice(shared), ...shape.slice(at + 1)]);
  });

const gather = gathered("params indices validate_indices axis batch_dims");

/** Without an axis it takes of all elements in a row. */
const take = of("x indices axis", (given, run) => {
  const [axis, indices] = [given.get("axis"), given.tensor("indices")];
  if (axis && !isNothing(axis)) return gather.rule(given, run);
  return indices && { shape: indices.type.shape, dtype: subject(given)?.type.dtype ?? "?" };
});

/** The sizes of the indices along the axis, both broadcast along the others. */
const takeAlong = of("x indices axis", (given) => {
  const x = given.tensor("x", "arr");
  const [shape, indices, axis] = [ranked(x), ranked(given.tensor("indices")), axisIn(given)];
  if (!x || !shape || !indices || shape.length !== indices.length || typeof axis !== "number") return null;
  const at = axisOf(axis, shape.length);
  return at === null ? null : shapedLike(x, broadcast(shape.with(at, 1), indices));
});

const gatherNd = of("params indices batch_dims", (given) => {
  const x = given.tensor("params");
  const [shape, indices] = [ranked(x), ranked(given.tensor("indices"))];
  const depth = indices?.at(-1);
  if (!x || !shape || !indices || typeof depth !== "number" || given.get("batch_dims")) return null;
  return depth > shape.length ? null : shapedLike(x, [...indices.slice(0, -1), ...shape.slice(depth)]);
});

/** As many as nobody knows. */
const masked = of("tensor mask axis", (given) => {
  const x = given.tensor("tensor");
  const [shape, mask] = [ranked(x), ranked(given.tensor("mask"))];
  if (!x || !shape || !mask || mask.length === 0 || given.get("axis")) return null;
  return shapedLike(x, ["?", ...shape.slice(mask.length)]);
});

/** Deletes as many as are named along an axis, or of all in a row. */
const deleted = of("arr obj axis", (given) => {
  const x = given.tensor("arr");
  const [axis, places] = [axisIn(given), given.wholes("obj")];
  if (!x || axis === "?" || !places || places === "?") return null;
  const shape = axis === undefined ? flat(x.type.shape) : x.type.shape;
  const at = shape === "?" ? null : axisOf(axis ?? 0, shape.length);
  const dim = shape !== "?" && at !== null ? shape[at] : null;
  if (shape === "?" || typeof dim !== "number") return null;
  const gone = new Set(places.map((place) => (place < 0 ? place + dim : place)));
  return shapedLike(x, summed(shape, axis ?? 0, -gone.size));
});

/** One more along an axis. */
const inserted = of("arr obj values axis", (given) => {
  const x = given.tensor("arr");
  const [axis, place, values] = [axisIn(given), given.get("obj"), given.tensor("values")];
  const shape = ranked(x);
  if (!x || !shape || typeof axis !== "number" || place?.kind !== "number" || !values) return null;
  const isOne = values.type.shape !== "?" && values.type.shape.length < shape.length;
  return isOne ? shapedLike(x, summed(shape, axis, 1)) : null;
});

const where = of("condition x y", (given) => {
  const all = [given.tensor("condition"), given.tensor("x", "x1"), given.tensor("y", "x2")];
  if (all.includes(null)) return null;
  const shape = all.reduce<AnyShape | null>(
    (found, one) => (found === null ? null : broadcast(found, one!.type.shape)),
    [],
  );
  return shapedLike(all[1]!, shape);
});

const slice = of("input begin size", (given, run) => {
  const x = given.tensor("input", "inputs", "x");
  const all = ranked(x);
  const [begin, size] = [given.get("begin", "start_indices"), given.get("size", "shape")];
  if (!x || !all || !begin || !size) return null;
  const [from, taken] = [shapeOf(run, begin), shapeOf(run, size)];
  if (taken === "?" || taken.length !== all.length) return null;
  const shape: AnyShape = taken.map((dim, at) =>
    dim === -1 ? (from === "?" ? "?" : minus(all[at]!, from[at] ?? "?")) : dim,
  );
  const isLarger = shape.some((dim, at) => differ(dim, all[at]!) && (dim as number) > (all[at] as number));
  return isLarger ? null : shapedLike(x, shape);
});

const distinct = of("ar", (given) => {
  const x = given.tensor("ar", "x");
  const isPlain = x && !["return_index", "return_inverse", "return_counts", "axis"].some((name) => given.get(name));
  return isPlain ? { shape: [x.classes ?? "?"], dtype: x.type.dtype } : null;
});

/** The windows of a length along one axis. */
const windows = of("x window_shape axis", (given) => {
  const x = subject(given);
  const shape = ranked(x);
  const [size, axis] = [given.whole(undefined, "window_shape"), axisIn(given)];
  if (!x || !shape || typeof size !== "number" || axis === "?" || (axis === undefined && shape.length !== 1))
    return null;
  const left = summed(shape, axis ?? 0, 1 - size);
  return left && shapedLike(x, [...left, size]);
});

const segments = of("data segment_ids num_segments", (given) => {
  const x = given.tensor("data");
  const [shape, ids, count] = [ranked(x), ranked(given.tensor("segment_ids")), given.get("num_segments")];
  if (!x || !shape || !ids) return null;
  return shapedLike(x, [count && !isNothing(count) ? dimOf(count) : "?", ...shape.slice(ids.length)]);
});

const scattered = of("indices updates shape", (given, run) => {
  const shape = given.get("shape");
  return shape ? { shape: shapeOf(run, shape), dtype: given.tensor("updates", "values")?.type.dtype ?? "?" } : null;
});

export const PICKING: Readonly<Record<string, Operation>> = {
  where,
  slice,
  unique: distinct,
  gather,
  gather_nd: gatherNd,
  embedding_lookup: gathered("params ids"),
  take,
  take_along_axis: takeAlong,
  boolean_mask: masked,
  sliding_window_view: windows,
  ...alike(
    `segment_sum segment_mean segment_max segment_min segment_prod unsorted_segment_sum unsorted_segment_mean unsorted_segment_max
     unsorted_segment_min unsorted_segment_prod unsorted_segment_sqrt_n`,
    segments,
  ),
  ...alike("scatter scatter_nd", scattered),
  searchsorted: of("sorted_sequence values", (given) => {
    const values = given.tensor("values", "v");
    return values && { shape: values.type.shape, dtype: "int64" };
  }),
};

export const PICKING_IN_NUMPY: Readonly<Record<string, Operation>> = {
  delete: deleted,
  insert: inserted,
};
