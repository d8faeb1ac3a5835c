// The recurrent layers: SimpleRNN, LSTM, GRU, and RNN with any cell. All but their cells is the same.
import { type AnyShape, type Dim, times } from "../shape";
import { isFailure, read, size } from "./arguments";
import type { Argument, CallResult, Failure, LayerCall, LayerType, Tensors, TensorType, Weight } from "./catalog.types";
import {
  biased,
  CELLS,
  type Cell,
  cellOf,
  cellOfKind,
  GATES,
  implementation,
  isLayer,
  type Kind,
  kernelsOf,
  macsOfCell,
  macsOfKind,
  noInputSize,
  shared,
  sizesOf,
  stateTensors,
  weightsOfCell,
} from "./cells";
import { CONV_LSTM } from "./convLstm";
import { sequenceOf, stepOf, turning, turns, undefinedTime } from "./sequences";
import { computeDtype, tooFewDimensions, UNKNOWN_TENSOR, wrongRank } from "./tensors";

const unroll: Argument = { name: "unroll", default: false };
const timeMajor: Argument = { name: "time_major", default: false, only: ["keras2"] };
const seed: Argument = { name: "seed", default: null, only: ["keras3"] };
const fromTypes: readonly Argument[] = ["input_dim", "input_length", "cell"].map((name) => ({
  name,
  default: null,
  only: ["tfjs"],
  keywordOnly: true,
}));
/** What Keras 2 takes out of the rest. */
const rest2: readonly Argument[] = [
  { name: "zero_output_for_mask", default: false },
  { name: "input_length", default: null },
  { name: "return_runtime", default: false },
].map((argument) => ({ ...argument, only: ["keras2"], unlisted: true, keywordOnly: true }));

interface Turn {
  readonly return_sequences: boolean | "?";
  readonly return_state: boolean | "?";
  readonly time_major: boolean | "?";
}

function outputsOf(call: LayerCall, sequence: TensorType, cell: Cell, turn: Turn): Tensors {
  const dtype = computeDtype(call);
  const { shape } = sequence;
  if (turn.return_state === "?") return UNKNOWN_TENSOR;
  const ends: readonly (Dim | undefined)[] = shape === "?" ? ["?", "?"] : shape;
  const [batch, time] = turn.time_major === true ? [ends[1], ends[0]] : ends;
  const known = turn.time_major === "?" ? ["?" as const, "?" as const] : [batch ?? null, time ?? null];
  const [b, t] = known as [Dim, Dim];
  const output = { shape: outputShape(b, t, cell, turn), dtype };
  if (!turn.return_state) return output;
  if (cell.states === null) return UNKNOWN_TENSOR;
  const states = Array.isArray(cell.states) ? cell.states : [cell.states];
  return [output, ...states.map((one) => stateTensors(one, b, dtype))];
}

function outputShape(
  batch: Dim,
  time: Dim,
  { output, isOpen }: Cell,
  { return_sequences, time_major }: Turn,
): AnyShape {
  if (return_sequences === "?" || isOpen) return "?";
  const own = sizesOf(output);
  if (!return_sequences) return [batch, ...own];
  return time_major === true ? [time, batch, ...own] : [batch, time, ...own];
}

function recurrent(kind: Kind): LayerType {
  const prepare = (call: LayerCall) => read(kind, call, { units: size(), ...biased, ...turning });
  return {
    name: kind,
    tfjs: [{ SimpleRNN: "simpleRNN", GRU: "gru", LSTM: "lstm" }[kind]],
    in: ["keras3", "keras2", "tfjs"],
    arguments: [
      ...shared(kind, "layer"),
      ...(kind === "SimpleRNN" ? [] : [seed]),
      ...turns,
      ...(kind === "LSTM" ? [timeMajor, unroll] : kind === "GRU" ? [unroll, timeMajor] : [unroll]),
      ...(kind === "SimpleRNN" ? [seed] : []),
      ...(kind === "GRU" ? [{ name: "reset_after", default: true, only: ["keras3", "keras2"] as const }] : []),
      ...(kind === "SimpleRNN" ? [] : [{ name: "use_cudnn", default: "auto", only: ["keras3"] as const }]),
      ...(kind === "SimpleRNN"
        ? implementation.filter(({ only }) => !only?.includes("keras3") && !only?.includes("tfjs"))
        : implementation),
      ...(kind === "SimpleRNN" ? [{ ...timeMajor, unlisted: true, keywordOnly: true }] : []),
      ...rest2,
      ...fromTypes,
    ],
    call(call) {
      const args = prepare(call);
      if (isFailure(args)) return args;
      const sequence = sequenceOf(call);
      const bad = wrongRank(kind, sequence, 3, "batch, steps, features") ?? noInputSize(kind, sequence.shape);
      if (bad) return bad;
      const { shape } = sequence;
      const ends = shape === "?" || args.time_major !== false ? [] : shape;
      return (
        undefinedTime(kind, call, args, ends) ?? {
          outputs: outputsOf(call, sequence, cellOfKind(kind, args.units), args),
        }
      );
    },
    weights(call) {
      const args = prepare(call);
      const { shape } = sequenceOf(call);
      if (isFailure(args) || shape === "?") return "?";
      return kernelsOf(kind, args, shape.at(-1) ?? "?");
    },
    macs(call) {
      const args = prepare(call);
      const { shape } = sequenceOf(call);
      if (isFailure(args) || shape === "?" || args.time_major !== false) return "?";
      const [, time, inputs] = shape;
      return times(time ?? null, macsOfKind(kind, args.units, inputs ?? null));
    },
  };
}

const rnn: LayerType = {
  name: "RNN",
  tfjs: ["rnn"],
  in: ["keras3", "keras2", "tfjs"],
  arguments: [
    { name: "cell" },
    ...turns,
    unroll,
    timeMajor,
    { name: "zero_output_for_mask", default: false, only: ["keras3"] },
    ...rest2,
    ...fromTypes.filter(({ name }) => name !== "cell"),
  ],
  call(call): CallResult {
    const args = read("RNN", call, turning);
    if (isFailure(args)) return args;
    const sequence = sequenceOf(call);
    const cell = cellOf(call.config["cell"], call.library, stepOf(sequence, args.time_major));
    const ends = sequence.shape === "?" || args.time_major !== false ? [] : sequence.shape;
    const bad = undefinedTime("RNN", call, args, ends) ?? wrongCell(call, sequence, args.time_major);
    return bad ?? { outputs: outputsOf(call, sequence, cell, args) };
  },
  weights(call): readonly Weight[] | "?" {
    const args = read("RNN", call, turning);
    if (isFailure(args)) return "?";
    return weightsOfCell(call.config["cell"], stepOf(sequenceOf(call), args.time_major), call.library);
  },
  macs(call) {
    const args = read("RNN", call, turning);
    const sequence = sequenceOf(call);
    if (isFailure(args) || sequence.shape === "?" || args.time_major !== false) return "?";
    const step = stepOf(sequence, args.time_major);
    return times(sequence.shape[1] ?? null, macsOfCell(call.config["cell"], step, call.library));
  },
};

/** What a cell of the catalog refuses, the layer around it refuses. */
function wrongCell(call: LayerCall, sequence: TensorType, time_major: boolean | "?"): Failure | null {
  const cell = call.config["cell"];
  if (!isLayer(cell) || !Object.keys(GATES).some((kind) => cell.className === `${kind}Cell`)) return null;
  const bad =
    call.library !== "keras3"
      ? wrongRank("RNN", sequence, 3, "batch, steps, features")
      : tooFewDimensions("RNN", sequence, 3);
  if (bad) return bad;
  const result = cell.call(stepOf(sequence, time_major));
  return "fails" in result ? result : null;
}

export const RECURRENT: readonly LayerType[] = [
  recurrent("SimpleRNN"),
  recurrent("LSTM"),
  recurrent("GRU"),
  rnn,
  ...CELLS,
  ...CONV_LSTM,
];
