// Operations that move a window over images, sequences and signals: convolutions, pooling, spectra.
import { spatialOf, spatialShape, windowed } from "../../../model/layers/spatial";
import { ceilDivide, type Dim, floorDivide, plus, type Shape, times, withDims } from "../../../model/shape";
import { dimOf } from "../keras/convert";
import { isNothing } from "../value";
import {
  alike,
  type Given,
  type Operation,
  operationLike as of,
  type Result,
  ranked,
  shapedLike,
  subject,
} from "./given";
import { axisOf } from "./shapes";

/** One number for all spatial dimensions, one for each, or TensorFlow's with those of batch and channels about them. */
function along(given: Given, rank: number, otherwise: number | null, ...names: string[]): readonly number[] | null {
  const sizes = given.wholes(...names) ?? (otherwise === null ? undefined : [otherwise]);
  if (!sizes || sizes === "?") return null;
  if (sizes.length === 1) return Array<number>(rank).fill(sizes[0]!);
  if (sizes.length === rank) return sizes;
  return sizes.length === rank + 2 ? sizes.slice(1, -1) : null;
}

type Padding = "valid" | "same" | "?";

function paddingOf(given: Given): Padding {
  const value = given.get("padding");
  if (!value || isNothing(value)) return "valid";
  const name = value.kind === "string" ? value.value.toLowerCase() : "";
  return name === "valid" || name === "same" ? name : "?";
}

/** Channels last is what is known here. */
function isPlain(given: Given): boolean {
  const format = given.get("data_format");
  return (
    !format ||
    isNothing(format) ||
    (format.kind === "string" && /^(NW?H?W?D?C|NDHWC|channels_last)$/.test(format.value))
  );
}

/** What is left of the spatial sizes, with other channels. */
function moved(
  given: Given,
  shape: Shape,
  kernel: readonly Dim[],
  { stride, channels }: { stride: number | null; channels: Dim },
): Shape | null {
  const rank = shape.length - 2;
  const strides = along(given, rank, stride, "strides", "stride");
  const dilations = along(given, rank, 1, "dilations", "dilation_rate");
  const padding = paddingOf(given);
  if (rank < 1 || kernel.length !== rank || !strides || !dilations || padding === "?" || !isPlain(given)) return null;
  const sizes = spatialOf(shape, "channels_last", rank).map((length, at) => {
    const size = kernel[at]!;
    if (typeof size !== "number") return "?";
    return windowed(length, { kernel: size, stride: strides[at]!, dilation: dilations[at]!, padding }).size;
  });
  if (sizes.some((size) => typeof size === "number" && size < 0)) return null;
  return spatialShape(shape, "channels_last", sizes, channels);
}

/** `conv2d(input, filters, strides, padding)`: the filters are spatial sizes, channels, and how many they are. */
export const convolution = (names: string, isDepthwise = false): Operation =>
  of(names, (given) => {
    const x = given.tensor("input", "inputs", "x");
    const [shape, filters] = [ranked(x), ranked(given.tensor("filters", "filter", "kernel"))];
    if (!x || !shape || !filters || filters.length !== shape.length) return null;
    const count = isDepthwise ? times(shape.at(-1)!, filters.at(-1)!) : filters.at(-1)!;
    return shapedLike(x, moved(given, shape, filters.slice(0, -2), { stride: 1, channels: count }));
  });

export const pooling = (names: string, stride: number | null): Operation =>
  of(names, (given) => {
    const x = given.tensor("input", "inputs", "x", "value");
    const shape = ranked(x);
    const sizes = shape && along(given, shape.length - 2, null, "ksize", "pool_size");
    if (!x || !shape || !sizes) return null;
    // Without strides, the window steps by its own size; that is the same along all dimensions or it is not told here.
    const own = sizes.every((size) => size === sizes[0]) ? sizes[0]! : null;
    return shapedLike(x, moved(given, shape, sizes, { stride: stride ?? own, channels: shape.at(-1)! }));
  });

/** What is told of the output. */
export const convolutionBack = of("input filters output_shape", (given, run) => {
  const [x, shape] = [given.tensor("input"), given.get("output_shape")];
  const dims = shape && run.language.items(run, shape)?.map(dimOf);
  return x && dims ? shapedLike(x, dims) : null;
});

const WINDOWED_IN_TENSORFLOW = {
  ...alike("conv1d conv2d conv3d convolution", convolution("input filters strides padding data_format dilations")),
  depthwise_conv2d: convolution("input filter strides padding data_format dilations", true),
  ...alike("conv1d_transpose conv2d_transpose conv3d_transpose", convolutionBack),
  ...alike(
    "max_pool max_pool1d max_pool2d max_pool3d avg_pool avg_pool1d avg_pool2d avg_pool3d",
    pooling("input ksize strides padding data_format", 1),
  ),
};

const WINDOWED_IN_KERAS = {
  conv: convolution("inputs kernel strides padding data_format dilation_rate"),
  depthwise_conv: convolution("inputs kernel strides padding data_format dilation_rate", true),
  ...alike("max_pool average_pool", pooling("inputs pool_size strides padding data_format", null)),
};

/** `count` frames of `length`, each `step` on. */
function framesOf(length: Dim, size: Dim, step: Dim, isPadded: boolean): Dim {
  if (isPadded) return ceilDivide(length, step);
  return withDims([length, size, step], (all, one, by) => Math.max(0, 1 + Math.floor((all - one) / by)));
}

const bins = (length: Dim): Dim => plus(1, floorDivide(length, 2));
const powerOfTwo = (length: Dim): Dim => withDims([length], (size) => 2 ** Math.ceil(Math.log2(size)));

const sizeIn = (given: Given, name: string): Dim | undefined => {
  const value = given.get(name);
  return value && !isNothing(value) ? dimOf(value) : undefined;
};

/** `tf.signal.stft(signals, frame_length, frame_step, fft_length)`. */
const shortTime = of("signals frame_length frame_step fft_length window_fn pad_end", (given) => {
  const shape = ranked(given.tensor("signals"));
  const [size, step] = [sizeIn(given, "frame_length"), sizeIn(given, "frame_step")];
  const pads = given.flag("pad_end");
  if (!shape || shape.length === 0 || size === undefined || step === undefined || pads === "?") return null;
  const frames = framesOf(shape.at(-1)!, size, step, pads);
  const length = sizeIn(given, "fft_length") ?? powerOfTwo(size);
  return { shape: [...shape.slice(0, -1), frames, bins(length)], dtype: "complex64" };
});

/** `keras.ops.stft(x, sequence_length, sequence_stride, fft_length, window, center)`: the real and the imaginary part. */
const shortTimeParts = of("x sequence_length sequence_stride fft_length window center", (given): Result => {
  const shape = ranked(given.tensor("x"));
  const [step, length] = [sizeIn(given, "sequence_stride"), sizeIn(given, "fft_length")];
  const centered = given.get("center") ? given.flag("center") : true;
  if (!shape || shape.length === 0 || step === undefined || length === undefined || centered === "?") return null;
  const all = centered ? plus(shape.at(-1)!, times(2, floorDivide(length, 2))) : shape.at(-1)!;
  const part: Shape = [...shape.slice(0, -1), framesOf(all, length, step, false), bins(length)];
  return { several: [part, part] };
});

const framed = of("signal frame_length frame_step pad_end pad_value axis", (given) => {
  const x = given.tensor("signal");
  const shape = ranked(x);
  const [size, step] = [sizeIn(given, "frame_length"), sizeIn(given, "frame_step")];
  const [axis, pads] = [given.whole(-1, "axis"), given.flag("pad_end")];
  const at = shape && typeof axis === "number" ? axisOf(axis, shape.length) : null;
  if (!x || !shape || at === null || size === undefined || step === undefined || pads === "?") return null;
  return shapedLike(x, shape.toSpliced(at, 1, framesOf(shape[at]!, size, step, pads), size));
});

/** Half of a spectrum, of what a signal of real numbers has; `length` cuts or pads it first. */
const realSpectrum = (names: string): Operation =>
  of(names, (given) => {
    const shape = ranked(subject(given));
    if (!shape || shape.length === 0 || given.get("axis")) return null;
    const length = sizeIn(given, "length") ?? sizeIn(given, "fft_length") ?? sizeIn(given, "n") ?? shape.at(-1)!;
    return { shape: [...shape.slice(0, -1), bins(length)], dtype: "complex64" };
  });

/** Of the real and the imaginary part, both. */
const spectrumParts = of("x", (given, run): Result => {
  const value = given.get("x");
  const parts = value && run.language.items(run, value);
  const shapes = parts?.map((one) => (one.kind === "tensor" ? one.type.shape : "?"));
  return shapes?.length === 2 ? { several: shapes } : null;
});

/** Both parts of half of a spectrum. */
const realParts = of("x fft_length", (given, run): Result => {
  const whole = realSpectrum("x fft_length").rule(given, run);
  return whole && "shape" in whole ? { several: [whole.shape, whole.shape] } : null;
});

/** Only where it has the length of what it is of. */
const spectrum = of("a n", (given) => {
  const x = given.tensor("a");
  return x && !given.get("n") ? shapedLike(x, x.type.shape) : null;
});

const gatedHalf = of("x axis", (given) => {
  const x = given.tensor("x");
  const [shape, axis] = [ranked(x), given.whole(-1, "axis")];
  const at = shape && typeof axis === "number" ? axisOf(axis, shape.length) : null;
  return x && shape && at !== null ? shapedLike(x, shape.with(at, floorDivide(shape[at]!, 2))) : null;
});

export const WINDOWS_IN_TENSORFLOW: Readonly<Record<string, Operation>> = {
  ...Object.fromEntries(Object.entries(WINDOWED_IN_TENSORFLOW).map(([name, one]) => [`nn.${name}`, one])),
  "signal.stft": shortTime,
  "signal.frame": framed,
  "signal.rfft": realSpectrum("input fft_length"),
};

export const WINDOWS_IN_NUMPY: Readonly<Record<string, Operation>> = {
  "fft.rfft": realSpectrum("a n"),
  ...alike("fft.fft fft.ifft", spectrum),
};

export const WINDOWS_IN_KERAS: Readonly<Record<string, Operation>> = {
  ...WINDOWED_IN_KERAS,
  stft: shortTimeParts,
  ...alike("fft ifft fft2 ifft2", spectrumParts),
  rfft: realParts,
  glu: gatedHalf,
};
