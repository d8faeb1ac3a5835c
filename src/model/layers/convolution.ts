// The convolutions, plain and transposed, over one, two or three dimensions.
import { type AnyShape, type Dim, times, withDims } from "../shape";
import { type Count, choice, failure, isFailure, optional, read, size, sizes, withDefault } from "./arguments";
import type { Argument, LayerCall, LayerType, Weight } from "./catalog.types";
import {
  biasOf,
  dilated,
  formatArgument,
  indivisible,
  kernelEnd,
  leastOutput,
  lora,
  noChannels,
  outputElements,
  paddedAs,
  padding,
  type Rank,
  readers,
  refused,
  strided,
  windowOf,
  withBias,
} from "./convolutionArguments";
import { DEPTHWISE } from "./depthwise";
import { LOCALLY_CONNECTED } from "./locallyConnected";
import {
  channelsOf,
  type DataFormat,
  dimensionNames,
  type Sizing,
  spatialOf,
  spatialResult,
  spatialShape,
  windowed,
} from "./spatial";
import { computeDtype, gives, single, tooFewDimensions, wrongRank } from "./tensors";

function convolution(rank: Rank): LayerType {
  const name = `Conv${rank}D`;
  const prepare = (call: LayerCall) => {
    const args = read(name, call, {
      ...readers(rank),
      filters: size(),
      groups: withDefault(1, size()),
      lora_rank: optional(size()),
    });
    if (isFailure(args)) return args;
    const bad =
      refused(name, args, rank === 1, call.library) ?? indivisible(name, "filters", args.filters, args.groups);
    return bad ?? args;
  };
  return {
    name,
    aliases: [`Convolution${rank}D`],
    tfjs: [`conv${rank}d`],
    in: ["keras3", "keras2", "tfjs"],
    arguments: [
      { name: "filters" },
      { name: "kernel_size" },
      strided(rank),
      padding,
      rank === 1 ? { ...formatArgument, defaultIn: { keras2: "channels_last" } } : formatArgument,
      dilated(rank),
      { name: "groups", default: 1, only: ["keras3", "keras2"] },
      ...kernelEnd,
      ...lora,
    ],
    call(call) {
      const args = prepare(call);
      if (isFailure(args)) return args;
      const input = single(call.inputs);
      // Keras 2 takes any number of batch dimensions.
      const bad =
        call.library === "keras2"
          ? tooFewDimensions(name, input, rank + 2)
          : wrongRank(name, input, rank + 2, dimensionNames(rank, args.data_format));
      if (bad) return bad;
      const dtype = computeDtype(call);
      if (input.shape === "?") {
        return gives(call.library === "keras2" ? "?" : onlyChannels(rank, args), dtype);
      }
      const channels = channelsOf(input.shape, args.data_format, rank);
      const wrong =
        noChannels(name, input.shape, channels) ?? indivisible(name, "input channels", channels, args.groups);
      if (wrong) return wrong;
      const padded = paddedAs(args, call.library);
      const sizings = spatialOf(input.shape, args.data_format, rank).map((length, at) =>
        windowed(length, windowOf(padded, at)),
      );
      return spatialResult(
        name,
        { input: input.shape, format: args.data_format, channels: args.filters, dtype },
        sizings,
        { least: leastOutput(call.library) },
      );
    },
    weights(call) {
      const args = prepare(call);
      const { shape } = single(call.inputs);
      if (isFailure(args) || shape === "?" || args.lora_rank === "?") return "?";
      const channels = withDims(
        [channelsOf(shape, args.data_format, rank), args.groups],
        (all, groups) => all / groups,
      );
      const kernel: Weight = {
        name: "kernel",
        shape: [...args.kernel_size, channels, args.filters],
        trainable: args.lora_rank === null,
      };
      if (args.lora_rank === null) return withBias([kernel], biasOf(args, args.filters));
      const lowRank: readonly Weight[] = [
        { name: "lora_kernel_a", shape: [...args.kernel_size, channels, args.lora_rank], trainable: true },
        { name: "lora_kernel_b", shape: [args.lora_rank, args.filters], trainable: true },
      ];
      return withBias([kernel, ...lowRank], biasOf(args, args.filters));
    },
    macs(call, outputs) {
      const args = prepare(call);
      const { shape } = single(call.inputs);
      if (isFailure(args) || shape === "?") return "?";
      const perGroup = withDims(
        [channelsOf(shape, args.data_format, rank), args.groups],
        (all, groups) => all / groups,
      );
      return times(outputElements(outputs), ...args.kernel_size, perGroup);
    },
  };
}

function transposed(rank: Rank): LayerType {
  const name = `Conv${rank}DTranspose`;
  const prepare = (call: LayerCall) => {
    const args = read(name, call, {
      ...readers(rank),
      padding: choice(["valid", "same"], { ignoreCase: true }),
      filters: size(),
      output_padding: optional(sizes(rank, { min: 0 })),
    });
    if (isFailure(args)) return args;
    const over = args.output_padding?.findIndex((extra, at) => {
      const stride = args.strides[at];
      return typeof extra === "number" && typeof stride === "number" && extra >= stride;
    });
    if (over !== undefined && over >= 0) {
      return failure(
        "bad-argument",
        `${name} needs an \`output_padding\` smaller than its \`strides\`. Here it is ${args.output_padding?.join(", ")}, and \`strides\` is ${args.strides.join(", ")}.`,
      );
    }
    return refused(name, args, false, call.library) ?? args;
  };
  const formats: readonly Argument[] = [
    { name: "output_padding", default: null, only: ["keras3", "keras2"] },
    formatArgument,
  ];
  // Keras 3 has the two the other way about in three dimensions.
  const swapped: readonly Argument[] = [
    { ...formatArgument, only: ["keras3"] },
    { name: "output_padding", default: null, only: ["keras3", "keras2"] },
    { ...formatArgument, only: ["keras2", "tfjs"] },
  ];
  return {
    name,
    aliases: [`Convolution${rank}DTranspose`],
    ...(rank === 1 ? {} : { tfjs: [`conv${rank}dTranspose`] }),
    in: rank === 1 ? ["keras3", "keras2"] : ["keras3", "keras2", "tfjs"],
    arguments: [
      { name: "filters" },
      { name: "kernel_size" },
      strided(rank),
      padding,
      ...(rank === 3 ? swapped : formats),
      dilated(rank),
      ...kernelEnd,
    ],
    call(call) {
      const args = prepare(call);
      if (isFailure(args)) return args;
      const input = single(call.inputs);
      const bad = wrongRank(name, input, rank + 2, dimensionNames(rank, args.data_format));
      if (bad) return bad;
      const dtype = computeDtype(call);
      if (input.shape === "?") return gives(onlyChannels(rank, args), dtype);
      const wrong = noChannels(name, input.shape, channelsOf(input.shape, args.data_format, rank));
      if (wrong) return wrong;
      // The rule of TensorFlow.js leaves the dilation out, and that of Keras 2 for volumes; else the output grows with it.
      const isPlain = call.library === "tfjs" || (call.library === "keras2" && rank === 3);
      const sizings = spatialOf(input.shape, args.data_format, rank).map((length, at) =>
        unwound(length, {
          ...windowOf(args, at),
          dilation: isPlain ? 1 : args.dilation_rate[at]!,
          extra: args.output_padding ? args.output_padding[at]! : null,
        }),
      );
      return spatialResult(
        name,
        { input: input.shape, format: args.data_format, channels: args.filters, dtype },
        sizings,
      );
    },
    weights(call) {
      const args = prepare(call);
      const { shape } = single(call.inputs);
      if (isFailure(args) || shape === "?") return "?";
      const channels = channelsOf(shape, args.data_format, rank);
      const kernel = { name: "kernel", shape: [...args.kernel_size, args.filters, channels], trainable: true };
      return withBias([kernel], biasOf(args, args.filters));
    },
    macs(call) {
      const args = prepare(call);
      const { shape } = single(call.inputs);
      if (isFailure(args) || shape === "?") return "?";
      return times(...shape.slice(1), ...args.kernel_size, args.filters);
    },
  };
}

/** What is known of an output where nothing is of the input. */
const onlyChannels = (rank: Rank, { data_format, filters }: { data_format: DataFormat; filters: Count }): AnyShape =>
  spatialShape(Array<Dim>(rank + 2).fill("?"), data_format, Array<Dim>(rank).fill("?"), filters);

/** The length that a window of this kind would have made this one of. */
function unwound(
  length: Dim,
  {
    kernel,
    stride,
    dilation,
    padding,
    extra,
  }: { kernel: Count; stride: Count; dilation: Count; padding: string; extra: Count | null },
): Sizing {
  if (padding === "?") return { size: length === null ? null : "?" };
  const extent = withDims([kernel, dilation], (k, d) => d * (k - 1) + 1);
  if (extra !== null) {
    const added = padding === "same" ? withDims([extent], (k) => k % 2) : extent;
    const size = withDims([length, stride, added, extra], (n, s, k, more) => (n - 1) * s + k + more);
    return typeof size === "number"
      ? { size, because: `(${length} − 1)·${stride} + ${added} + ${extra} = ${size}` }
      : { size };
  }
  if (padding === "same") {
    const size = times(length, stride);
    return typeof size === "number" && stride !== 1 ? { size, because: `${length}·${stride} = ${size}` } : { size };
  }
  const size = withDims([length, stride, extent], (n, s, k) => (n - 1) * s + Math.max(k, s));
  const last = withDims([stride, extent], (s, k) => Math.max(k, s));
  return typeof size === "number" ? { size, because: `(${length} − 1)·${stride} + ${last} = ${size}` } : { size };
}

const RANKS = [1, 2, 3] as const;

export const CONVOLUTION: readonly LayerType[] = [
  ...RANKS.map(convolution),
  ...RANKS.map(transposed),
  ...DEPTHWISE,
  ...LOCALLY_CONNECTED,
];
