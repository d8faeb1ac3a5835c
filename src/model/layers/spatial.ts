// Sizes along the spatial dimensions of an image, a sequence or a volume: where they stand, what a window leaves of them, and how
// that is said. Knows no layer.
import { type Dim, type Shape, withDims } from "../shape";
import type { Count } from "./arguments";
import { failure } from "./arguments";
import type { CallResult, Failure } from "./catalog.types";
import { gives, shapeInWords } from "./tensors";

export type DataFormat = "channels_last" | "channels_first" | "?";

/** `(batch, height, width, channels)`. */
export function dimensionNames(rank: number, format: DataFormat): string {
  const spatial = { 1: ["steps"], 2: ["height", "width"], 3: ["depth", "height", "width"] }[rank] ?? [];
  return (format === "channels_first" ? ["batch", "channels", ...spatial] : ["batch", ...spatial, "channels"]).join(
    ", ",
  );
}

/** The channels of an input of rank + 2 dimensions; "?" where it is not known where they stand. */
export const channelsOf = (shape: Shape, format: DataFormat, rank: number): Dim =>
  format === "?" ? "?" : (shape.at(format === "channels_first" ? -1 - rank : -1) ?? null);

export const spatialOf = (shape: Shape, format: DataFormat, rank: number): Shape =>
  format === "?"
    ? Array<Dim>(rank).fill("?")
    : format === "channels_first"
      ? shape.slice(-rank)
      : shape.slice(-1 - rank, -1);

/** A shape with other channels and other spatial sizes; what is before them stays. */
export function spatialShape(input: Shape, format: DataFormat, spatial: Shape, channels: Dim): Shape {
  const batch = input.slice(0, input.length - spatial.length - 1);
  if (format === "?") return [...batch, ...Array<Dim>(spatial.length + 1).fill("?")];
  return format === "channels_first" ? [...batch, channels, ...spatial] : [...batch, ...spatial, channels];
}

/** What gives one output size, and the line that says how. */
export interface Sizing {
  readonly size: Dim;
  readonly because?: string;
}

export interface Window {
  readonly kernel: Count;
  readonly stride: Count;
  readonly dilation: Count;
  readonly padding: "valid" | "same" | "causal" | "?";
}

/** What a window that moves over a length leaves of it. */
export function windowed(length: Dim, { kernel, stride, dilation, padding }: Window): Sizing {
  if (padding === "?") return { size: length === null ? null : "?" };
  if (padding !== "valid") {
    const size = withDims([length, stride], (n, s) => Math.ceil(n / s));
    return stride === 1 || !isNumber(length, size) ? { size } : { size, because: `⌈${length}/${stride}⌉ = ${size}` };
  }
  const extent = withDims([kernel, dilation], (k, d) => d * (k - 1) + 1);
  const size = withDims([length, extent, stride], (n, k, s) => Math.floor((n - k) / s) + 1);
  if (!isNumber(length, size)) return { size };
  const reach = dilation === 1 ? "" : `${dilation}·(${kernel} − 1) + 1 = ${extent}; `;
  const isWhole = (Number(length) - Number(extent)) % Number(stride) === 0;
  const quotient = `(${length} − ${extent})/${stride}`;
  return { size, because: `${reach}${isWhole ? quotient : `⌊${quotient}⌋`} + 1 = ${size}` };
}

const isNumber = (...dims: Dim[]) => dims.every((dim) => typeof dim === "number");

/** The output of a layer with a window, or the failure where nothing is left of the input. */
export function spatialResult(
  layer: string,
  { input, format, channels, dtype }: { input: Shape; format: DataFormat; channels: Dim; dtype: string },
  sizings: readonly Sizing[],
  { least = -Infinity }: { /** The smallest size that the library lets pass. */ least?: number } = {},
): CallResult {
  const tooSmall = sizings.find(({ size }) => typeof size === "number" && size < least);
  if (tooSmall) return negativeSize(layer, input, tooSmall);
  const because = [...new Set(sizings.flatMap(({ because: line }) => line ?? []))];
  const spatial = sizings.map(({ size }) => size);
  return gives(spatialShape(input, format, spatial, channels), dtype, because);
}

const negativeSize = (layer: string, input: Shape, { size, because }: Sizing): Failure =>
  failure(
    "negative-size",
    `${layer} leaves nothing of its input ${shapeInWords(input)}: an output size would be ${because ?? size}. Make the kernel, pool, stride or crop smaller, the input larger, or pad with "same".`,
  );
