// The locally connected layers of Keras 2: convolutions with a kernel of its own for each place.
import { type Dim, type Shape, times } from "../shape";
import { choice, failure, isFailure, read, size, withDefault } from "./arguments";
import type { LayerCall, LayerType } from "./catalog.types";
import { constraint, initializer, regularizer } from "./common";
import {
  activation,
  activityRegularizer,
  type Common,
  formatArgument,
  outputElements,
  padding,
  readers,
  strided,
  useBias,
  windowOf,
} from "./convolutionArguments";
import { channelsOf, dimensionNames, spatialOf, spatialResult, windowed } from "./spatial";
import { computeDtype, gives, shapeInWords, single, wrongRank } from "./tensors";

/** A kernel of its own for each place: only Keras 2 has it. */
function locallyConnected(rank: 1 | 2): LayerType {
  const name = `LocallyConnected${rank}D`;
  const prepare = (call: LayerCall) => {
    const args = read(name, call, {
      ...readers(rank),
      padding: choice(["valid", "same"], { ignoreCase: true }),
      filters: size(),
      implementation: withDefault(1, size()),
    });
    if (isFailure(args)) return args;
    if (args.padding === "same" && args.implementation === 1) {
      return failure("bad-argument", `${name} pads "same" only with \`implementation\` 2 or 3. It is 1.`);
    }
    if (args.implementation !== "?" && args.implementation > 3) {
      return failure("bad-argument", `${name} needs \`implementation\` as 1, 2 or 3. It is ${args.implementation}.`);
    }
    return args;
  };
  const sizingsOf = (args: Common, shape: Shape) =>
    spatialOf(shape, args.data_format, rank).map((length, at) => windowed(length, windowOf(args, at)));
  return {
    name,
    in: ["keras2"],
    arguments: [
      { name: "filters" },
      { name: "kernel_size" },
      strided(rank),
      padding,
      formatArgument,
      activation,
      useBias,
      initializer("kernel", "glorot_uniform"),
      initializer("bias", "zeros"),
      regularizer("kernel"),
      regularizer("bias"),
      activityRegularizer,
      constraint("kernel"),
      constraint("bias"),
      { name: "implementation", default: 1 },
    ],
    call(call) {
      const args = prepare(call);
      if (isFailure(args)) return args;
      const input = single(call.inputs);
      const bad = wrongRank(name, input, rank + 2, dimensionNames(rank, args.data_format));
      if (bad) return bad;
      const dtype = computeDtype(call);
      if (input.shape === "?") return gives(Array<Dim>(rank + 2).fill("?"), dtype);
      if (args.data_format !== "?" && input.shape.slice(1).includes(null)) {
        return failure(
          "undefined-size",
          `${name} has a kernel for each place, so it must know every size of its input. The input is ${shapeInWords(input.shape)}.`,
        );
      }
      return spatialResult(
        name,
        { input: input.shape, format: args.data_format, channels: args.filters, dtype },
        sizingsOf(args, input.shape),
        { least: 1 },
      );
    },
    weights(call) {
      const args = prepare(call);
      const { shape } = single(call.inputs);
      if (isFailure(args) || shape === "?") return "?";
      const places = sizingsOf(args, shape).map((one) => one.size);
      const channels = channelsOf(shape, args.data_format, rank);
      const inputs = times(...args.kernel_size, channels);
      const kernel: Shape | "?" =
        args.implementation === 1
          ? [times(...places), inputs, args.filters]
          : args.implementation === 2
            ? [...spatialOf(shape, args.data_format, rank), channels, ...places, args.filters]
            : args.implementation === 3 && args.padding === "valid"
              ? [times(...places, inputs, args.filters)]
              : "?";
      if (kernel === "?" || args.use_bias === "?") return "?";
      const bias = { name: "bias", shape: [...places, args.filters], trainable: true };
      return [{ name: "kernel", shape: kernel, trainable: true }, ...(args.use_bias ? [bias] : [])];
    },
    macs(call, outputs) {
      const args = prepare(call);
      const { shape } = single(call.inputs);
      if (isFailure(args) || shape === "?") return "?";
      return times(outputElements(outputs), ...args.kernel_size, channelsOf(shape, args.data_format, rank));
    },
  };
}

export const LOCALLY_CONNECTED: readonly LayerType[] = [locallyConnected(1), locallyConnected(2)];
