// What a recurrent layer knows of its cell: the sizes of its output and states, the weights. Cells of the catalog and the user's own.
import { type AnyShape, type Dim, plus, type Shape, times } from "../shape";
import { type Count, failure, flag, isFailure, read, size, withDefault } from "./arguments";
import type {
  Argument,
  ConfigValue,
  Failure,
  LayerCall,
  LayerHandle,
  LayerType,
  Library,
  Tensors,
  TensorType,
  Weight,
} from "./catalog.types";
import { constraint, initializer, regularizer } from "./common";
import { computeDtype, isTensor, shapeInWords, single, UNKNOWN_TENSOR, weightDtype } from "./tensors";

/** A state, or an output, of more dimensions than one: what `TensorShape` says. */
export interface Sizes {
  readonly dims: Shape;
}

/** The sizes of a cell's states without the batch, nested as Keras nests those of stacked cells; null where their number is not known. */
export type StateSizes = Count | Sizes | null | readonly StateSizes[];

export const sizesOf = (size: Count | Sizes): Shape => (typeof size === "object" ? size.dims : [size]);

/** Tensors of a cell's states with their batch. */
export function stateTensors(sizes: StateSizes, batch: Dim, dtype: string): Tensors {
  if (sizes === null) return UNKNOWN_TENSOR;
  if (Array.isArray(sizes)) return sizes.map((one) => stateTensors(one, batch, dtype));
  return { shape: [batch, ...sizesOf(sizes as Count | Sizes)], dtype };
}

export interface Cell {
  readonly output: Count | Sizes;
  /** One state, or several. */
  readonly states: StateSizes;
  /** Not even how many dimensions its output has is known: a cell of the user's own may give any. */
  readonly isOpen?: boolean;
}

const UNKNOWN_CELL: Cell = { output: "?", states: null, isOpen: true };

/** Kernels beside each other: one for each gate. */
export const GATES = { SimpleRNN: 1, GRU: 3, LSTM: 4 } as const;
export type Kind = keyof typeof GATES;

export const isLayer = (value: ConfigValue | undefined): value is LayerHandle =>
  typeof value === "object" && value !== null && !Array.isArray(value) && "isLayer" in value;

/** The cell of one of the three kinds, by the arguments that the cell and its layer share. */
export const cellOfKind = (kind: Kind, units: Count): Cell => ({
  output: units,
  states: kind === "LSTM" ? [units, units] : units,
});

/** What a cell of RNN is. Of a cell of the user's own: what its `state_size` and `output_size` say. */
export function cellOf(value: ConfigValue | undefined, library: Library, step?: TensorType): Cell {
  if (Array.isArray(value)) return stacked(value as readonly ConfigValue[], library);
  if (!isLayer(value)) return UNKNOWN_CELL;
  const kind = (Object.keys(GATES) as Kind[]).find((one) => value.className === `${one}Cell`);
  if (kind) {
    const args = read(value.className, { config: value.config, library }, { units: size() });
    return isFailure(args) ? UNKNOWN_CELL : cellOfKind(kind, args.units);
  }
  if (value.className === "StackedRNNCells") {
    const cells = value.config["cells"];
    return Array.isArray(cells) ? stacked(cells as readonly ConfigValue[], library) : UNKNOWN_CELL;
  }
  return ownCell(value, library, step);
}

/** What it gives says its `output_size`; without one, a call of it with a step. */
function ownCell(cell: LayerHandle, library: Library, step: TensorType | undefined): Cell {
  const states = sizesIn(cell.config["state_size"]);
  const own = sizesIn(cell.config["output_size"]);
  const called = step && states !== null && library !== "tfjs" ? calledWith(cell, step, states) : null;
  if (called) return { output: called, states };
  if (typeof own === "number" || (own !== null && !Array.isArray(own))) return { output: own as Count | Sizes, states };
  return { output: "?", states, isOpen: true };
}

function calledWith(cell: LayerHandle, step: TensorType, sizes: StateSizes): Sizes | null {
  const batch: Dim = step.shape === "?" ? "?" : (step.shape[0] ?? null);
  const states = stateTensors(Array.isArray(sizes) ? sizes : [sizes], batch, step.dtype);
  const result = cell.call(step, { states });
  const output = "fails" in result || !Array.isArray(result.outputs) ? null : result.outputs[0];
  return output && isTensor(output) && output.shape !== "?" ? { dims: output.shape.slice(1) } : null;
}

function sizesIn(value: ConfigValue | undefined): StateSizes {
  if (typeof value === "number") return value;
  if (Array.isArray(value)) return value.map(sizesIn);
  const dims =
    typeof value === "object" && value !== null && "dims" in value ? (value as { dims: ConfigValue }).dims : null;
  if (!Array.isArray(dims)) return null;
  return { dims: dims.map((dim): Dim => (typeof dim === "number" || dim === null ? dim : "?")) };
}

/** TensorFlow.js has the states of all cells in one list, those of the last cell first. */
function stacked(values: readonly ConfigValue[], library: Library): Cell {
  const cells = values.map((value) => cellOf(value, library));
  const all = cells.map(({ states }) => states);
  const { output, isOpen = false } = cells.at(-1) ?? UNKNOWN_CELL;
  return { output, states: library === "tfjs" ? reversed(all) : all, isOpen };
}

/** The states of all cells in one list; null where it is not known how many some cell has. */
const reversed = (all: readonly StateSizes[]): StateSizes => (all.includes(null) ? null : all.toReversed().flat());

/** The weights of a cell, or of several in a row, of which each takes the output of the one before. */
export function weightsOfCell(
  value: ConfigValue | undefined,
  step: { readonly shape: AnyShape; readonly dtype: string },
  library: Library,
): readonly Weight[] | "?" {
  const cells = Array.isArray(value) ? (value as readonly ConfigValue[]) : null;
  if (!cells) return isLayer(value) ? trained(value, value.weights(step)) : "?";
  const all: Weight[] = [];
  let input = step;
  for (const cell of cells) {
    const weights = weightsOfCell(cell, input, library);
    if (weights === "?") return "?";
    all.push(...weights);
    const { output } = cellOf(cell, library);
    input = {
      shape: input.shape === "?" ? "?" : [input.shape[0] ?? null, ...sizesOf(output)],
      dtype: input.dtype,
    };
  }
  return all;
}

/** One step of a cell of this kind: the input and the state, each with a kernel for every gate. */
export const macsOfKind = (kind: Kind, units: Count, inputs: Dim): Dim =>
  times(units, GATES[kind], plus(inputs, units));

/** One step of a cell, or of several in a row. */
export function macsOfCell(
  value: ConfigValue | undefined,
  step: { readonly shape: AnyShape; readonly dtype: string },
  library: Library,
): Dim {
  const cells = Array.isArray(value) ? (value as readonly ConfigValue[]) : null;
  if (!cells) {
    // What a cell of the user's own does in a step only its class knows.
    const isKnown = isLayer(value) && /^((SimpleRNN|GRU|LSTM)Cell|StackedRNNCells)$/.test(value.className);
    return isKnown ? value.macs(step) : "?";
  }
  let input = step;
  return plus(
    ...cells.map((cell) => {
      const one = macsOfCell(cell, input, library);
      const { output } = cellOf(cell, library);
      const sizes = sizesOf(output);
      input = { ...input, shape: input.shape === "?" ? "?" : [input.shape[0] ?? null, ...sizes] };
      return one;
    }),
  );
}

/** A layer within another trains nothing where it was told not to. */
export function trained({ config }: LayerHandle, weights: readonly Weight[] | "?"): readonly Weight[] | "?" {
  const trainable = config["trainable"] ?? true;
  if (weights === "?" || typeof trainable !== "boolean") return "?";
  const own = (config["dtype"] ?? null) !== null ? weightDtype({ config, library: "keras3" }) : null;
  const typed = own === null ? weights : weights.map((weight) => ({ dtype: own, ...weight }));
  return trainable ? typed : typed.map((weight) => ({ ...weight, trainable: false }));
}

export const biased = { use_bias: flag(), reset_after: withDefault(false, flag()) };

/** Kernel, recurrent kernel and bias for an input of this size. */
export function kernelsOf(
  kind: Kind,
  { units, use_bias, reset_after }: { units: Count; use_bias: boolean | "?"; reset_after: boolean | "?" },
  inputs: Dim,
): readonly Weight[] | "?" {
  const wide = times(units, GATES[kind]);
  if (use_bias === "?" || (use_bias && kind === "GRU" && reset_after === "?")) return "?";
  // A GRU that resets after multiplying has a bias for each kernel.
  const bias: Shape = kind === "GRU" && reset_after === true ? [2, wide] : [wide];
  return [
    { name: "kernel", shape: [inputs, wide], trainable: true },
    { name: "recurrent_kernel", shape: [units, wide], trainable: true },
    ...(use_bias ? [{ name: "bias", shape: bias, trainable: true }] : []),
  ];
}

/** Fails where the size that the kernel is for is None. */
export function noInputSize(layer: string, shape: AnyShape): Failure | null {
  if (shape === "?" || shape.at(-1) !== null) return null;
  return failure(
    "undefined-channels",
    `${layer} must know the last size of its input to make its kernel. The input is ${shapeInWords(shape)}.`,
  );
}

const seed: Argument = { name: "seed", default: null, only: ["keras3"] };
export const dropouts: readonly Argument[] = [
  { name: "dropout", default: 0 },
  { name: "recurrent_dropout", default: 0 },
];
/** TensorFlow.js can be given a dropout of the user's own. */
export const dropoutFunction: Argument = { name: "dropout_func", default: null, only: ["tfjs"] };

/** The arguments from `units` to the constraints, which cells and layers share. */
export const shared = (kind: Kind, own: "cell" | "layer"): readonly Argument[] => [
  { name: "units" },
  { name: "activation", default: "tanh" },
  ...(kind === "SimpleRNN"
    ? []
    : [{ name: "recurrent_activation", default: "sigmoid", defaultIn: { tfjs: "hard_sigmoid" } }]),
  { name: "use_bias", default: true },
  initializer("kernel", "glorot_uniform"),
  initializer("recurrent", "orthogonal"),
  initializer("bias", "zeros"),
  ...(kind === "LSTM" ? [{ name: "unit_forget_bias", default: true }] : []),
  regularizer("kernel"),
  regularizer("recurrent"),
  regularizer("bias"),
  ...(own === "layer" ? [{ name: "activity_regularizer", default: null, only: ["keras3", "keras2"] as const }] : []),
  constraint("kernel"),
  constraint("recurrent"),
  constraint("bias"),
  ...dropouts,
  dropoutFunction,
];

/** `implementation` is in no signature of Keras, but taken. */
export const implementation: readonly Argument[] = [
  { name: "implementation", default: 2, only: ["keras3", "keras2"], unlisted: true, keywordOnly: true },
  { name: "implementation", default: 1, only: ["tfjs"] },
];

function cellType(kind: Kind): LayerType {
  const name = `${kind}Cell`;
  const prepare = (call: LayerCall) => read(name, call, { units: size(), ...biased });
  return {
    name,
    tfjs: [{ SimpleRNN: "simpleRNNCell", GRU: "gruCell", LSTM: "lstmCell" }[kind]],
    in: ["keras3", "keras2", "tfjs"],
    arguments: [
      ...shared(kind, "cell"),
      ...(kind === "GRU"
        ? [{ name: "reset_after", default: true, defaultIn: { tfjs: false } as const }, seed]
        : [seed]),
      ...(kind === "SimpleRNN" ? [] : implementation),
    ],
    call(call) {
      const args = prepare(call);
      if (isFailure(args)) return args;
      // A cell is called with a step and the states: what it gives is its output and the next states.
      const { shape } = step(call);
      const bad = noInputSize(name, shape);
      if (bad) return bad;
      const batch = shape === "?" ? "?" : (shape[0] ?? null);
      const tensor = { shape: [batch, args.units], dtype: computeDtype(call) };
      if (call.library === "tfjs") return { outputs: UNKNOWN_TENSOR };
      return { outputs: [tensor, kind === "LSTM" ? [tensor, tensor] : [tensor]] };
    },
    weights(call) {
      const args = prepare(call);
      const { shape } = step(call);
      if (isFailure(args) || shape === "?") return "?";
      return kernelsOf(kind, args, shape.at(-1) ?? "?");
    },
    macs(call) {
      const args = prepare(call);
      const { shape } = step(call);
      if (isFailure(args) || shape === "?") return "?";
      return macsOfKind(kind, args.units, shape.at(-1) ?? null);
    },
  };
}

/** The step that a cell is called with, its states aside. */
const step = ({ inputs, library }: LayerCall) =>
  Array.isArray(inputs) && library !== "keras3" ? single(inputs[0] ?? null) : single(inputs);

const stackedCells: LayerType = {
  name: "StackedRNNCells",
  tfjs: ["stackedRNNCells"],
  in: ["keras3", "keras2", "tfjs"],
  arguments: [
    { name: "cells" },
    { name: "reverse_state_order", default: false, only: ["keras2"], unlisted: true, keywordOnly: true },
  ],
  call: () => ({ outputs: UNKNOWN_TENSOR }),
  weights: (call) => weightsOfCell(call.config["cells"], step(call), call.library),
  macs: (call) => macsOfCell(call.config["cells"], step(call), call.library),
};

export const CELLS: readonly LayerType[] = [cellType("SimpleRNN"), cellType("LSTM"), cellType("GRU"), stackedCells];
