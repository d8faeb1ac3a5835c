// Small questions to the tensors that a layer is called with. Knows no layer.
import { type AnyShape, type Dim, type Shape, times } from "../shape";
import { failure } from "./arguments";
import type { CallResult, Failure, LayerCall, Tensors, TensorType } from "./catalog.types";

export const isTensor = (value: Tensors | undefined): value is TensorType =>
  typeof value === "object" && value !== null && !Array.isArray(value) && "shape" in value && "dtype" in value;

/** The same nesting with something else in each tensor's place. */
export function mapTensors<T>(tensors: Tensors, change: (tensor: TensorType) => T): Mapped<T> {
  if (tensors === null) return null;
  if (isTensor(tensors)) return change(tensors);
  if (Array.isArray(tensors)) return tensors.map((one) => mapTensors(one, change));
  return Object.fromEntries(Object.entries(tensors).map(([key, one]) => [key, mapTensors(one as Tensors, change)]));
}

export type Mapped<T> = T | null | readonly Mapped<T>[] | { readonly [key: string]: Mapped<T> };

export const UNKNOWN_TENSOR: TensorType = { shape: "?", dtype: "?" };

/** The first size is None, whether or not more is known. */
const isBatch = ({ shape, isBatched }: TensorType): boolean => (shape === "?" ? isBatched === true : shape[0] === null);

/** What a layer gives to a batch of any size is a batch of any size, also where the layer's rule could not tell. */
export function batched(inputs: Tensors, outputs: Tensors): Tensors {
  const given: TensorType[] = [];
  mapTensors(inputs, (tensor) => given.push(tensor));
  if (given.length === 0 || !given.every(isBatch) || !given.some(({ shape }) => shape === "?")) return outputs;
  return mapTensors(outputs, (tensor): TensorType => {
    if (tensor.shape === "?") return { ...tensor, isBatched: true };
    return tensor.shape[0] === "?" ? { ...tensor, shape: [null, ...tensor.shape.slice(1)] } : tensor;
  }) as Tensors;
}

/** The tensor of a layer that takes one; unknown where it is called with something else. A list of one is that one. */
export function single(inputs: Tensors): TensorType {
  if (isTensor(inputs)) return inputs;
  const [only] = Array.isArray(inputs) && inputs.length === 1 ? inputs : [];
  return isTensor(only) ? only : UNKNOWN_TENSOR;
}

/** The tensors of a layer that takes a list; "?" where they cannot be told. */
export function several(inputs: Tensors): readonly TensorType[] | "?" {
  if (!Array.isArray(inputs)) return "?";
  return inputs.every(isTensor) ? inputs : "?";
}

/** What a call gives: one tensor, and how its sizes come about. */
export const gives = (shape: AnyShape, dtype: string, because: readonly string[] = []): CallResult =>
  because.length > 0 ? { outputs: { shape, dtype }, because } : { outputs: { shape, dtype } };

/** A shape as messages show it: `(None, 28, 28, 1)`. */
export const shapeInWords = (shape: AnyShape): string =>
  shape === "?"
    ? "?"
    : `(${shape.map((dim) => (dim === null ? "None" : String(dim))).join(", ")}${shape.length === 1 ? "," : ""})`;

/** Fails where the input has certainly not this many dimensions, the batch among them. */
export function wrongRank(layer: string, { shape }: TensorType, expected: number, names: string): Failure | null {
  if (shape === "?" || shape.length === expected) return null;
  const more = shape.length < expected ? "too few" : "too many";
  return failure(
    "wrong-rank",
    `${layer} expects ${expected} dimensions (${names}). Its input ${shapeInWords(shape)} has ${shape.length}, ${more}.`,
  );
}

/** Fails where the input has certainly fewer dimensions than this, the batch among them. */
export function tooFewDimensions(layer: string, { shape }: TensorType, least: number): Failure | null {
  if (shape === "?" || shape.length >= least) return null;
  return failure(
    "wrong-rank",
    `${layer} expects at least ${least} dimensions, the batch among them. Its input ${shapeInWords(shape)} has ${shape.length}.`,
  );
}

/** A dimension counted from the front or, where negative, from the back; undefined where there is none. */
export const dimAt = (shape: Shape, axis: number): Dim | undefined => shape.at(axis);

/** Replaces one dimension. */
export const withDim = (shape: Shape, axis: number, dim: Dim): Shape => {
  const at = axis < 0 ? axis + shape.length : axis;
  return shape.map((old, index) => (index === at ? dim : old));
};

const isFloat = (dtype: string) => /^(float|bfloat)/.test(dtype);

/** The dtype that a layer computes in: its own, or float32; a policy such as `mixed_float16` names it. */
export function computeDtype({ config, library }: Pick<LayerCall, "config" | "library">): string {
  const dtype = config["dtype"] ?? null;
  if (library === "tfjs" || dtype === null) return "float32";
  return typeof dtype === "string" ? dtype.replace("mixed_", "") : "?";
}

/** The dtype of a layer's weights: a policy such as `mixed_float16` computes in half of it only. */
export function weightDtype({ config, library }: Pick<LayerCall, "config" | "library">): string {
  const dtype = config["dtype"] ?? null;
  if (library === "tfjs" || dtype === null) return "float32";
  return typeof dtype === "string" ? (dtype.startsWith("mixed_") ? "float32" : dtype) : "?";
}

const BYTES: Readonly<Record<string, number>> = {
  bool: 1,
  int8: 1,
  uint8: 1,
  int16: 2,
  uint16: 2,
  float16: 2,
  bfloat16: 2,
  int32: 4,
  uint32: 4,
  float32: 4,
  int64: 8,
  uint64: 8,
  float64: 8,
};

/** Bytes of one number; "?" of what has no size of its own, as texts. */
export const bytesPerNumber = (dtype: string): number | "?" => BYTES[dtype] ?? "?";

/** Bytes of one example. */
export const bytesOf = ({ shape, dtype }: TensorType): Dim =>
  shape === "?" ? "?" : times(...shape.slice(1), bytesPerNumber(dtype));

/** The dtype of a layer that only moves its input about: floats become the layer's own, others stay. */
export const keptDtype = (call: LayerCall, { dtype }: TensorType): string =>
  call.library === "tfjs" || isFloat(dtype) ? computeDtype(call) : dtype;

/** The dtype of a layer that calculates nothing of its own: Keras 3 says its own dtype, Keras 2 that of the input. */
export const passedDtype = (call: LayerCall, input: TensorType): string =>
  call.library === "keras2" ? keptDtype(call, input) : computeDtype(call);
