// The convolutions that take the channels one by one: depthwise, separable.
import { type Dim, type Shape, times, withDims } from "../shape";
import { type Count, failure, isFailure, read, size } from "./arguments";
import type { CallResult, LayerCall, LayerType, Library, Weight } from "./catalog.types";
import { constraint, initializer, regularizer } from "./common";
import {
  activation,
  activityRegularizer,
  biasOf,
  type Common,
  dilated,
  formatArgument,
  kernelOfTypes,
  leastOutput,
  noChannels,
  outputElements,
  paddedAs,
  padding,
  type Rank,
  readers,
  refused,
  strided,
  useBias,
  windowOf,
  withBias,
} from "./convolutionArguments";
import { channelsOf, dimensionNames, type Sizing, spatialOf, spatialResult, windowed } from "./spatial";
import { computeDtype, gives, isTensor, single, wrongRank } from "./tensors";

const withLine = (result: CallResult, line: string): CallResult =>
  isFailure(result) ? result : { ...result, because: [...(result.because ?? []), line] };

/** The sizes that a depthwise window leaves. */
function sizingsOf(args: Common, input: Shape, rank: Rank, library: Library, isDepthwise: boolean): readonly Sizing[] {
  const lengths = spatialOf(input, args.data_format, rank);
  const isOpen = lengths.some((length) => typeof length !== "number");
  const isDilated = args.dilation_rate.some((rate) => rate !== 1);
  if (library === "keras2" && rank === 2 && isOpen && isDilated) {
    // TensorFlow 2.15 loses both sizes of an image where one is free and the window dilated.
    const isCertain = lengths.includes(null) && args.dilation_rate.some((rate) => rate !== "?" && rate > 1);
    return lengths.map(() => ({ size: isCertain ? null : "?" }));
  }
  if (library !== "tfjs" || !isDepthwise) return lengths.map((length, at) => windowed(length, windowOf(args, at)));
  // The rule of TensorFlow.js for depthwise ones leaves the dilation out.
  const plain = paddedAs(args, library);
  return lengths.map((length, at) => windowed(length, { ...windowOf(plain, at), dilation: 1 }));
}

/** Depthwise convolutions, and the first half of separable ones. */
function depthwise(rank: 1 | 2): LayerType {
  const name = `DepthwiseConv${rank}D`;
  const prepare = (call: LayerCall) => {
    const args = read(name, call, { ...readers(rank), depth_multiplier: size() });
    if (isFailure(args)) return args;
    const library = call.library;
    // Keras 3 has no check of its own here.
    const checked = library === "keras3" ? { ...args, dilation_rate: Array<Count>(rank).fill(1) } : args;
    return refused(name, checked, false, library) ?? args;
  };
  return {
    name,
    ...(rank === 2 ? { tfjs: ["depthwiseConv2d"] } : {}),
    in: rank === 2 ? ["keras3", "keras2", "tfjs"] : ["keras3", "keras2"],
    arguments: [
      { name: "kernel_size" },
      strided(rank),
      padding,
      { name: "depth_multiplier", default: 1 },
      formatArgument,
      dilated(rank),
      activation,
      useBias,
      initializer("depthwise", "glorot_uniform"),
      initializer("bias", "zeros"),
      regularizer("depthwise"),
      regularizer("bias"),
      activityRegularizer,
      constraint("depthwise"),
      constraint("bias"),
      ...(rank === 2 ? kernelOfTypes : []),
    ],
    call(call) {
      const args = prepare(call);
      if (isFailure(args)) return args;
      const input = single(call.inputs);
      // TensorFlow.js does not mind too many dimensions, and gives something without a sense.
      if (call.library === "tfjs" && input.shape.length > rank + 2) return gives("?", computeDtype(call));
      const bad = wrongRank(name, input, rank + 2, dimensionNames(rank, args.data_format));
      if (bad) return bad;
      const dtype = computeDtype(call);
      if (input.shape === "?") return gives(Array<Dim>(rank + 2).fill("?"), dtype);
      const channels = channelsOf(input.shape, args.data_format, rank);
      const wrong = noChannels(name, input.shape, channels);
      if (wrong) return wrong;
      const sizings = sizingsOf(args, input.shape, rank, call.library, true);
      const outputs = times(channels, args.depth_multiplier);
      const isMultiplied = typeof outputs === "number" && args.depth_multiplier !== 1;
      const result = spatialResult(
        name,
        { input: input.shape, format: args.data_format, channels: outputs, dtype },
        sizings,
        { least: leastOutput(call.library) },
      );
      return isMultiplied ? withLine(result, `${channels}·${args.depth_multiplier} = ${outputs}`) : result;
    },
    weights(call) {
      const args = prepare(call);
      const { shape } = single(call.inputs);
      if (isFailure(args) || shape === "?" || shape.length > rank + 2) return "?";
      const channels = channelsOf(shape, args.data_format, rank);
      const kernel = {
        name: "depthwise_kernel",
        shape: [...args.kernel_size, channels, args.depth_multiplier],
        trainable: true,
      };
      return withBias([kernel], biasOf(args, times(channels, args.depth_multiplier)));
    },
    macs(call, outputs) {
      const args = prepare(call);
      return isFailure(args) ? "?" : times(outputElements(outputs), ...args.kernel_size);
    },
  };
}

function separable(rank: 1 | 2): LayerType {
  const name = `SeparableConv${rank}D`;
  const prepare = (call: LayerCall) => {
    const args = read(name, call, { ...readers(rank), filters: size(), depth_multiplier: size() });
    if (isFailure(args)) return args;
    const isTfjs = call.library === "tfjs";
    if (isTfjs && args.padding === "causal") {
      return failure("bad-argument", `${name} takes only "valid" and "same" as padding. It is "causal".`);
    }
    // Keras 3 has no check of its own for strides with dilation.
    const checked = call.library === "keras3" ? { ...args, dilation_rate: Array<Count>(rank).fill(1) } : args;
    return refused(name, checked, rank === 1 && call.library === "keras2", call.library) ?? args;
  };
  return {
    name,
    aliases: [`SeparableConvolution${rank}D`],
    ...(rank === 2 ? { tfjs: ["separableConv2d"] } : {}),
    in: rank === 2 ? ["keras3", "keras2", "tfjs"] : ["keras3", "keras2"],
    arguments: [
      { name: "filters" },
      { name: "kernel_size" },
      strided(rank),
      padding,
      formatArgument,
      dilated(rank),
      { name: "depth_multiplier", default: 1 },
      activation,
      useBias,
      initializer("depthwise", "glorot_uniform"),
      initializer("pointwise", "glorot_uniform"),
      initializer("bias", "zeros"),
      regularizer("depthwise"),
      regularizer("pointwise"),
      regularizer("bias"),
      activityRegularizer,
      constraint("depthwise"),
      constraint("pointwise"),
      constraint("bias"),
      ...(rank === 2 ? kernelOfTypes.map((argument) => ({ ...argument, default: null })) : []),
    ],
    call(call) {
      const args = prepare(call);
      if (isFailure(args)) return args;
      const input = single(call.inputs);
      const bad = wrongRank(name, input, rank + 2, dimensionNames(rank, args.data_format));
      if (bad) return bad;
      const dtype = computeDtype(call);
      if (input.shape === "?") return gives(Array<Dim>(rank + 2).fill("?"), dtype);
      const wrong = noChannels(name, input.shape, channelsOf(input.shape, args.data_format, rank));
      if (wrong) return wrong;
      const sizings = sizingsOf(args, input.shape, rank, call.library, false);
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
      if (isFailure(args) || shape === "?") return "?";
      const channels = channelsOf(shape, args.data_format, rank);
      const inner = times(channels, args.depth_multiplier);
      const kernels: readonly Weight[] = [
        { name: "depthwise_kernel", shape: [...args.kernel_size, channels, args.depth_multiplier], trainable: true },
        { name: "pointwise_kernel", shape: [...Array<number>(rank).fill(1), inner, args.filters], trainable: true },
      ];
      return withBias(kernels, biasOf(args, args.filters));
    },
    macs(call, outputs) {
      const args = prepare(call);
      const { shape } = single(call.inputs);
      if (isFailure(args) || shape === "?" || !isTensor(outputs) || outputs.shape === "?") return "?";
      const places = times(...spatialOf(outputs.shape, args.data_format, rank));
      const inner = times(channelsOf(shape, args.data_format, rank), args.depth_multiplier);
      return withDims(
        [places, inner, args.filters, times(...args.kernel_size)],
        (at, one, filters, kernel) => at * one * (kernel + filters),
      );
    },
  };
}

export const DEPTHWISE: readonly LayerType[] = [depthwise(1), depthwise(2), separable(1), separable(2)];
