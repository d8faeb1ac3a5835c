// The layers around another layer: for every step, both ways, with its kernel normalized.
import { type Dim, plus, type Shape, times } from "../shape";
import { choice, failure, flag, isFailure, optional, read, size, withDefault } from "./arguments";
import type {
  CallResult,
  Failure,
  LayerCall,
  LayerHandle,
  LayerType,
  Library,
  Tensors,
  TensorType,
  Weight,
} from "./catalog.types";
import { isLayer, trained } from "./cells";
import { sequenceOf } from "./sequences";
import { computeDtype, isTensor, single, tooFewDimensions, UNKNOWN_TENSOR, withDim } from "./tensors";

const PYTHON: readonly Library[] = ["keras3", "keras2"];
const ALL: readonly Library[] = ["keras3", "keras2", "tfjs"];

const layerOf = ({ config }: LayerCall): LayerHandle | null => {
  const layer = config["layer"];
  return isLayer(layer) ? layer : null;
};

/** One step of the input: all but its second dimension. */
function stepTensor(input: TensorType): TensorType {
  if (input.shape === "?") return input;
  const [batch = null, , ...rest] = input.shape;
  return { shape: [batch, ...rest], dtype: input.dtype };
}

const timeDistributed: LayerType = {
  name: "TimeDistributed",
  tfjs: ["timeDistributed"],
  in: ALL,
  arguments: [{ name: "layer" }],
  call(call): CallResult {
    const layer = layerOf(call);
    const input = single(call.inputs);
    const bad = tooFewDimensions("TimeDistributed", input, 3);
    if (bad) return bad;
    const result = layer?.call(stepTensor(input));
    if (!result) return { outputs: UNKNOWN_TENSOR };
    // Only Keras 2 really calls the layer: the others ask it for a shape, without looking at the number of dimensions.
    if ("fails" in result) {
      return result.fails === "wrong-rank" && call.library !== "keras2" ? { outputs: UNKNOWN_TENSOR } : result;
    }
    const { outputs } = result;
    if (!isTensor(outputs) || outputs.shape === "?" || input.shape === "?") return { outputs: UNKNOWN_TENSOR };
    const [batch = null, ...rest] = outputs.shape;
    const dtype = call.library === "keras3" ? computeDtype(call) : outputs.dtype;
    const because = result.because ?? [];
    return { outputs: { shape: [batch, input.shape[1] ?? null, ...rest], dtype }, because };
  },
  weights(call) {
    const layer = layerOf(call);
    return layer ? trained(layer, layer.weights(stepTensor(single(call.inputs)))) : "?";
  },
  macs(call) {
    const [layer, input] = [layerOf(call), single(call.inputs)];
    if (!layer || input.shape === "?") return "?";
    return times(input.shape[1] ?? null, layer.macs(stepTensor(input)));
  },
};

const RECURRENT = ["SimpleRNN", "LSTM", "GRU", "RNN", "ConvLSTM1D", "ConvLSTM2D", "ConvLSTM3D"];

interface Ways {
  readonly forward: LayerHandle;
  readonly backward: LayerHandle;
  readonly merge: "sum" | "mul" | "ave" | "concat" | "?" | null;
  readonly sequences: boolean | "?";
  readonly state: boolean | "?";
}

const turningOf = (handle: LayerHandle, library: Library) =>
  read(
    handle.className,
    { config: handle.config, library },
    {
      go_backwards: withDefault(false, flag()),
      return_sequences: withDefault(false, flag()),
      return_state: withDefault(false, flag()),
      stateful: withDefault(false, flag()),
    },
  );

/** The layer as it goes each way; "?" where it is no recurrent layer of the library. */
function waysOf(call: LayerCall): Ways | Failure | "?" {
  const args = read("Bidirectional", call, { merge_mode: optional(choice(["sum", "mul", "ave", "concat"])) });
  if (isFailure(args)) return args;
  const forward = layerOf(call);
  if (!forward || !RECURRENT.includes(forward.className)) return "?";
  const turn = turningOf(forward, call.library);
  if (isFailure(turn) || turn.go_backwards === "?") return "?";
  const given = call.config["backward_layer"] ?? null;
  // Keras 3 sets what the others turn about.
  const goes = call.library === "keras3" ? true : !turn.go_backwards;
  const backward = given === null ? forward.with({ ...forward.config, go_backwards: goes }) : given;
  if (!isLayer(backward)) return "?";
  const back = turningOf(backward, call.library);
  if (isFailure(back)) return "?";
  for (const [name, mustDiffer] of [
    ["go_backwards", true],
    ["stateful", false],
    ["return_sequences", false],
    ["return_state", false],
  ] as const) {
    const [one, other] = [turn[name], back[name]];
    if (one === "?" || other === "?" || (one === other) !== mustDiffer) continue;
    return failure(
      "bad-argument",
      mustDiffer
        ? `Bidirectional needs one layer that goes forward and one that goes backward. Both have \`go_backwards\` as ${one ? "True" : "False"}.`
        : `Bidirectional needs the same \`${name}\` both ways. The two layers differ in it.`,
    );
  }
  return { forward, backward, merge: args.merge_mode, sequences: turn.return_sequences, state: turn.return_state };
}

const bidirectional: LayerType = {
  name: "Bidirectional",
  tfjs: ["bidirectional"],
  in: ALL,
  arguments: [
    { name: "layer" },
    { name: "merge_mode", default: "concat", takesNull: true },
    { name: "weights", default: null },
    { name: "backward_layer", default: null, only: PYTHON },
  ],
  call(call): CallResult {
    const ways = waysOf(call);
    if (ways === "?") return { outputs: UNKNOWN_TENSOR };
    if (isFailure(ways)) return ways;
    const input = sequenceOf(call);
    const [there, back] = [ways.forward.call(input), ways.backward.call(input)];
    if ("fails" in there) return there;
    if ("fails" in back) return back;
    if (ways.state === "?" || ways.merge === "?") return { outputs: UNKNOWN_TENSOR };
    const [a, b] = [parts(there.outputs), parts(back.outputs)];
    if (!a || !b) return { outputs: UNKNOWN_TENSOR };
    const outputs = merged(call, ways.merge, a.output, b.output);
    return { outputs: outputs.length === 1 && !ways.state ? outputs[0]! : [...outputs, ...a.states, ...b.states] };
  },
  weights(call) {
    const ways = waysOf(call);
    if (ways === "?" || isFailure(ways)) return "?";
    const input = sequenceOf(call);
    const all = [ways.forward, ways.backward].map((one) => trained(one, one.weights(input)));
    if (all.includes("?")) return "?";
    return (all as (readonly Weight[])[]).flatMap((weights, at) =>
      weights.map((weight) => ({ ...weight, name: `${at === 0 ? "forward" : "backward"}_${weight.name}` })),
    );
  },
  macs(call) {
    const ways = waysOf(call);
    if (ways === "?" || isFailure(ways)) return "?";
    const input = sequenceOf(call);
    return plus(ways.forward.macs(input), ways.backward.macs(input));
  },
};

/** What one way gives, its states apart. */
function parts(outputs: Tensors): { output: TensorType; states: readonly Tensors[] } | null {
  if (isTensor(outputs)) return { output: outputs, states: [] };
  if (!Array.isArray(outputs)) return null;
  const [output = null, ...states] = outputs as readonly Tensors[];
  return isTensor(output) ? { output, states } : null;
}

function merged(call: LayerCall, merge: Exclude<Ways["merge"], "?">, a: TensorType, b: TensorType): TensorType[] {
  const dtype = call.library === "keras3" ? computeDtype(call) : a.dtype;
  if (merge === null)
    return [
      { ...a, dtype },
      { ...b, dtype },
    ];
  if (a.shape === "?" || b.shape === "?") return [{ shape: "?", dtype }];
  if (merge !== "concat") return [{ shape: a.shape, dtype }];
  const [last, other] = [a.shape.at(-1) ?? null, b.shape.at(-1) ?? null];
  // Keras 3 takes the way back for as wide as the way there.
  const width: Dim = call.library === "keras3" || last === other ? times(last, 2) : bothOf(last, other);
  return [{ shape: withDim(a.shape, -1, width), dtype }];
}

const bothOf = (a: Dim, b: Dim): Dim => (typeof a === "number" && typeof b === "number" ? a + b : "?");

/** The weight that is normalized. */
const kernelIn = (weights: readonly Weight[]): Weight | undefined =>
  weights.find(({ name }) => name === "kernel" || name === "embeddings");

const spectralNormalization: LayerType = {
  name: "SpectralNormalization",
  in: PYTHON,
  arguments: [{ name: "layer" }, { name: "power_iterations", default: 1 }],
  call(call): CallResult {
    const args = read("SpectralNormalization", call, { power_iterations: size() });
    if (isFailure(args)) return args;
    const layer = layerOf(call);
    const result = layer?.call(call.inputs);
    if (!result) return { outputs: UNKNOWN_TENSOR };
    if ("fails" in result) return result;
    const { outputs } = result;
    if (call.library !== "keras3" || !isTensor(outputs)) return result;
    return { ...result, outputs: { shape: outputs.shape, dtype: computeDtype(call) } };
  },
  weights(call) {
    const layer = layerOf(call);
    const inner = layer ? trained(layer, layer.weights(call.inputs)) : "?";
    const kernel = inner === "?" ? undefined : kernelIn(inner);
    // A layer without a kernel is refused; which attributes a class has is not known here.
    if (inner === "?" || !kernel) return "?";
    const shape: Shape = [1, kernel.shape.at(-1) ?? "?"];
    return [...inner, { name: "vector_u", shape, trainable: false }];
  },
  macs: (call) => layerOf(call)?.macs(call.inputs) ?? "?",
};

export const WRAPPERS: readonly LayerType[] = [timeDistributed, bidirectional, spectralNormalization];
