// Operations on images, and those that move parts of tensors about.
import { type AnyShape, type Dim, differ, minus, times, withDims } from "../../../model/shape";
import { dimOf, shapeOf } from "../keras/convert";
import { isNothing, type Value } from "../value";
import { type Given, type Operation, operationLike as of, type Result } from "./given";

/** `extract_patches`: Keras names one size, TensorFlow four with those of batch and channels. */
function patches(given: Given): Result {
  const x = given.tensor("images", "image");
  const [sizes, strides] = [given.wholes("sizes", "size"), given.wholes("strides")];
  const padding = given.get("padding");
  if (!x || x.type.shape === "?" || x.type.shape.length !== 4 || !sizes || sizes === "?" || strides === "?")
    return null;
  const [height, width] = pairOf(sizes);
  const [down, right] = strides ? pairOf(strides) : [height, width];
  const mode = padding?.kind === "string" ? padding.value.toLowerCase() : padding ? "?" : "valid";
  if (mode === "?" || height === undefined || width === undefined || !down || !right) return null;
  const along = (dim: Dim, size: number, by: number): Dim =>
    withDims([dim], (length) => (mode === "same" ? Math.ceil(length / by) : Math.ceil((length - size + 1) / by)));
  const [batch, rows, columns, channels] = x.type.shape as readonly [Dim, Dim, Dim, Dim];
  return {
    shape: [batch, along(rows, height, down), along(columns, width, right), times(height, width, channels)],
    dtype: x.type.dtype,
  };
}

const pairOf = (sizes: readonly number[]): readonly (number | undefined)[] =>
  sizes.length === 4 ? [sizes[1], sizes[2]] : sizes.length === 1 ? [sizes[0], sizes[0]] : sizes;

/** A piece of an image, or an image in a larger one: the sizes that it is to have. */
const fitted = of("image offset_height offset_width target_height target_width", (given) => {
  const x = given.tensor("image", "images");
  const [height, width] = [given.get("target_height"), given.get("target_width")];
  if (!x || x.type.shape === "?" || x.type.shape.length < 3 || !height || !width) return null;
  const shape = [...x.type.shape.slice(0, -3), dimOf(height), dimOf(width), x.type.shape.at(-1)!];
  return { shape, dtype: x.type.dtype };
});

export const IMAGES: Readonly<Record<string, Operation>> = {
  crop_to_bounding_box: fitted,
  pad_to_bounding_box: fitted,
  extract_patches: of("images sizes strides rates padding", patches),
  depth_to_space: of("input block_size", (given) => {
    const x = given.tensor("input", "x");
    const block = given.get("block_size");
    if (!x || x.type.shape === "?" || x.type.shape.length !== 4 || block?.kind !== "number") return null;
    const [batch, rows, columns, channels] = x.type.shape as readonly [Dim, Dim, Dim, Dim];
    const by = block.value;
    const left = withDims([channels], (count) => count / (by * by));
    return { shape: [batch, times(rows, by), times(columns, by), left], dtype: x.type.dtype };
  }),
  space_to_depth: of("input block_size", (given) => {
    const x = given.tensor("input", "x");
    const block = given.get("block_size");
    if (!x || x.type.shape === "?" || x.type.shape.length !== 4 || block?.kind !== "number") return null;
    const [batch, rows, columns, channels] = x.type.shape as readonly [Dim, Dim, Dim, Dim];
    const by = block.value;
    const part = (dim: Dim): Dim => withDims([dim], (size) => size / by);
    return { shape: [batch, part(rows), part(columns), times(channels, by, by)], dtype: x.type.dtype };
  }),
  broadcast_to: of("x shape", (given, run) => {
    const [x, shape] = [given.tensor("x", "input"), given.get("shape")];
    return x && shape ? { shape: shapeOf(run, shape), dtype: x.type.dtype } : null;
  }),
  slice: of("input begin size", (given, run) => {
    const x = given.tensor("input", "inputs", "x");
    const [begin, size] = [given.get("begin", "start_indices"), given.get("size", "shape")];
    if (!x || x.type.shape === "?" || !begin || !size) return null;
    const [from, taken] = [shapeOf(run, begin), shapeOf(run, size)];
    if (taken === "?" || taken.length !== x.type.shape.length) return null;
    const all = x.type.shape;
    const shape: AnyShape = taken.map((dim, at) =>
      dim === -1 ? (from === "?" ? "?" : minus(all[at]!, from[at] ?? "?")) : dim,
    );
    return shape.some((dim, at) => differ(dim, all[at]!) && (dim as number) > (all[at] as number))
      ? null
      : { shape, dtype: x.type.dtype };
  }),
  meshgrid: of("a b c", (given) => {
    const parts = [given.tensor("a"), given.tensor("b"), given.tensor("c")].filter((one) => one !== null);
    const order = given.get("indexing");
    const sizes = parts.map((one) =>
      one.type.shape === "?" || one.type.shape.length !== 1 ? null : one.type.shape[0]!,
    );
    if (sizes.length < 2 || sizes.includes(null) || (order && order.kind !== "string")) return null;
    const dims = sizes as Dim[];
    const shape = isRowFirst(order) ? dims : [dims[1]!, dims[0]!, ...dims.slice(2)];
    return { several: dims.map(() => shape) };
  }),
  random_crop: of("value size", (given, run) => {
    const [x, size] = [given.tensor("value", "x"), given.get("size")];
    return x && size ? { shape: shapeOf(run, size), dtype: x.type.dtype } : null;
  }),
  resize_with_crop_or_pad: of("image target_height target_width", (given) => {
    const x = given.tensor("image", "images");
    const [height, width] = [given.get("target_height"), given.get("target_width")];
    if (!x || x.type.shape === "?" || x.type.shape.length < 3 || !height || !width) return null;
    return {
      shape: [...x.type.shape.slice(0, -3), dimOf(height), dimOf(width), x.type.shape.at(-1)!],
      dtype: x.type.dtype,
    };
  }),
};

const isRowFirst = (order: Value | undefined): boolean =>
  order !== undefined && !isNothing(order) && order.kind === "string" && order.value === "ij";
