// The recurrent layers that convolve: ConvLSTM over one, two or three dimensions.
import { type AnyShape, type Dim, plus, type Shape, times } from "../shape";
import { choice, dataFormat, failure, flag, isFailure, read, size, sizes } from "./arguments";
import type { Argument, CallResult, LayerCall, LayerType, TensorType, Weight } from "./catalog.types";
import { dropoutFunction, dropouts } from "./cells";
import { constraint, initializer, regularizer } from "./common";
import {
  dilated,
  formatArgument,
  noChannels,
  padding,
  type Rank,
  refused,
  strided,
  windowOf,
} from "./convolutionArguments";
import { sequenceOf, stepOf, turning, turns, undefinedTime } from "./sequences";
import { channelsOf, dimensionNames, spatialOf, spatialResult, windowed } from "./spatial";
import { computeDtype, isTensor, shapeInWords, single, UNKNOWN_TENSOR, wrongRank } from "./tensors";

const convolving = (rank: Rank): readonly Argument[] => [
  { name: "filters" },
  { name: "kernel_size" },
  { ...strided(rank), defaultIn: { keras3: 1 } },
  padding,
  formatArgument,
  { ...dilated(rank), defaultIn: { keras3: 1 } },
  { name: "activation", default: "tanh" },
  {
    name: "recurrent_activation",
    default: "sigmoid",
    defaultIn: { keras2: "hard_sigmoid", tfjs: "hard_sigmoid" },
  },
  { name: "use_bias", default: true },
  initializer("kernel", "glorot_uniform"),
  initializer("recurrent", "orthogonal"),
  initializer("bias", "zeros"),
  { name: "unit_forget_bias", default: true },
  regularizer("kernel"),
  regularizer("recurrent"),
  regularizer("bias"),
];

const constraints: readonly Argument[] = [constraint("kernel"), constraint("recurrent"), constraint("bias")];

const readers = (rank: Rank) => ({
  filters: size(),
  kernel_size: sizes(rank),
  strides: sizes(rank),
  padding: choice(["valid", "same"], { ignoreCase: true }),
  data_format: dataFormat(),
  dilation_rate: sizes(rank),
  use_bias: flag(),
});

function prepare(name: string, rank: Rank, call: LayerCall) {
  const args = read(name, call, { ...readers(rank), ...turning });
  return isFailure(args) ? args : (refused(name, args, false, call.library) ?? args);
}

/** What one step gives: its output, and both states alike. */
function stepResult(name: string, rank: Rank, call: LayerCall, step: TensorType): CallResult {
  const args = prepare(name, rank, call);
  if (isFailure(args)) return args;
  const dtype = computeDtype(call);
  if (step.shape === "?") return { outputs: { shape: "?", dtype } };
  const { shape } = step;
  const format = args.data_format;
  const channels = channelsOf(shape, format, rank);
  const bad = noChannels(name, shape, channels);
  if (bad) return bad;
  const spatial = spatialOf(shape, format, rank);
  if (call.library === "keras3" && spatial.includes(null)) {
    return failure(
      "undefined-size",
      `${name} must know the spatial sizes of its input for its states. One step of the input is ${shapeInWords(shape)}.`,
    );
  }
  const sizings = spatial.map((length, at) => windowed(length, windowOf(args, at)));
  return spatialResult(name, { input: shape, format, channels: args.filters, dtype }, sizings, {
    least: call.library === "tfjs" ? -Infinity : 1,
  });
}

function weightsOf(name: string, rank: Rank, call: LayerCall, step: TensorType): readonly Weight[] | "?" {
  const args = prepare(name, rank, call);
  if (isFailure(args) || step.shape === "?" || args.use_bias === "?") return "?";
  const wide = times(args.filters, 4);
  const kernel = (inputs: Dim): Shape => [...args.kernel_size, inputs, wide];
  return [
    { name: "kernel", shape: kernel(channelsOf(step.shape, args.data_format, rank)), trainable: true },
    { name: "recurrent_kernel", shape: kernel(args.filters), trainable: true },
    ...(args.use_bias ? [{ name: "bias", shape: [wide], trainable: true }] : []),
  ];
}

function convLstm(rank: Rank): LayerType {
  const name = `ConvLSTM${rank}D`;
  return {
    name,
    ...(rank === 2 ? { tfjs: ["convLstm2d"] } : {}),
    in: rank === 2 ? ["keras3", "keras2", "tfjs"] : ["keras3", "keras2"],
    arguments: [
      ...convolving(rank),
      { name: "activity_regularizer", default: null, only: ["keras3", "keras2"] },
      ...constraints,
      ...dropouts.map((argument) => ({ ...argument, only: ["keras3"] as const })),
      { name: "seed", default: null, only: ["keras3"] },
      ...turns,
      ...dropouts.map((argument) => ({ ...argument, only: ["keras2", "tfjs"] as const })),
      dropoutFunction,
      { name: "implementation", default: 1, only: ["tfjs"] },
      { name: "unroll", default: false, only: ["tfjs"] },
      { name: "unroll", default: false, only: ["keras3", "keras2"], unlisted: true, keywordOnly: true },
      { name: "zero_output_for_mask", default: false, only: ["keras3", "keras2"], unlisted: true, keywordOnly: true },
      { name: "time_major", default: false, only: ["keras2"], unlisted: true, keywordOnly: true },
      ...["cell", "input_dim", "input_length"].map((one) => ({
        name: one,
        default: null,
        only: ["tfjs"] as const,
        keywordOnly: true,
      })),
    ],
    call(call) {
      const args = prepare(name, rank, call);
      if (isFailure(args)) return args;
      const sequence = sequenceOf(call);
      const names = dimensionNames(rank, args.data_format).replace("batch, ", "batch, time, ");
      const bad = wrongRank(name, sequence, rank + 3, names);
      if (bad) return bad;
      const { shape } = sequence;
      const wrong = undefinedTime(name, call, args, shape === "?" || args.time_major !== false ? [] : shape);
      if (wrong) return wrong;
      const result = stepResult(name, rank, call, stepOf(sequence, args.time_major));
      if ("fails" in result || !isTensor(result.outputs)) return result;
      const state = result.outputs;
      if (args.return_sequences === "?" || args.return_state === "?" || args.time_major !== false) {
        return { outputs: UNKNOWN_TENSOR };
      }
      const time: Dim = shape === "?" ? "?" : (shape[1] ?? null);
      const all: TensorType =
        state.shape === "?" ? state : { ...state, shape: [state.shape[0] ?? null, time, ...state.shape.slice(1)] };
      const output = args.return_sequences ? all : state;
      const because = result.because ?? [];
      return { outputs: args.return_state ? [output, state, state] : output, because };
    },
    weights(call) {
      const args = prepare(name, rank, call);
      return isFailure(args) ? "?" : weightsOf(name, rank, call, stepOf(sequenceOf(call), args.time_major));
    },
    macs(call) {
      const args = prepare(name, rank, call);
      const sequence = sequenceOf(call);
      if (isFailure(args) || sequence.shape === "?" || args.time_major !== false) return "?";
      const step = stepOf(sequence, args.time_major);
      const after = stepResult(name, rank, call, step);
      if (isFailure(after) || !isTensor(after.outputs)) return "?";
      return times(sequence.shape[1] ?? null, macsOf(name, rank, call, step, after.outputs.shape));
    },
  };
}

/** One step: the input and the state are convolved for each of the four gates. */
function macsOf(name: string, rank: Rank, call: LayerCall, step: TensorType, after: AnyShape): Dim {
  const args = prepare(name, rank, call);
  if (isFailure(args) || step.shape === "?" || after === "?") return "?";
  const places = spatialOf(after, args.data_format, rank);
  const channels = plus(channelsOf(step.shape, args.data_format, rank), args.filters);
  return times(...places, ...args.kernel_size, channels, args.filters, 4);
}

/** TensorFlow.js alone has the cell as a layer. */
const cell: LayerType = {
  name: "ConvLSTM2DCell",
  tfjs: ["convLstm2dCell"],
  in: ["tfjs"],
  arguments: [...convolving(2), ...constraints, ...dropouts, dropoutFunction, { name: "implementation", default: 1 }],
  call: () => ({ outputs: UNKNOWN_TENSOR }),
  weights: (call) => weightsOf("ConvLSTM2DCell", 2, call, single(call.inputs)),
  macs: () => "?",
};

export const CONV_LSTM: readonly LayerType[] = [convLstm(1), convLstm(2), convLstm(3), cell];
