// The layers that make numbers of data: normalizing, encoding, looking up. What they learn from data is no parameter but the means
// of Normalization.
import { type AnyShape, type Dim, floorDivide, plus, type Shape, times } from "../shape";
import {
  type Count,
  choice,
  dataFormat,
  failure,
  flag,
  isFailure,
  optional,
  read,
  size,
  wholeNumbers,
} from "./arguments";
import type { CallResult, ConfigValue, Failure, LayerCall, LayerType, Library, Tensors } from "./catalog.types";
import { isLayer, trained } from "./cells";
import { LOOKUPS } from "./lookup";
import { windowed } from "./spatial";
import { computeDtype, gives, several, shapeInWords, single, UNKNOWN_TENSOR, wrongRank } from "./tensors";

const PYTHON: readonly Library[] = ["keras3", "keras2"];

// Normalization

function keptSizes(call: LayerCall): Shape | Failure | "?" {
  const args = read("Normalization", call, { axis: optional(wholeNumbers({ orOne: true })) });
  if (isFailure(args)) return args;
  const { shape } = single(call.inputs);
  const axes: readonly Count[] | "?" = args.axis ?? [];
  if (shape === "?" || axes === "?" || axes.includes("?")) return "?";
  const sizes: Dim[] = [];
  for (const axis of axes as readonly number[]) {
    const size = shape.at(axis);
    if (size === undefined || axis < -shape.length) {
      return failure(
        "bad-axis",
        `Normalization has the axis ${axis}. Its input ${shapeInWords(shape)} has no such axis.`,
      );
    }
    if (size === null) {
      return failure(
        "undefined-channels",
        `Normalization must know the size of axis ${axis}. The input is ${shapeInWords(shape)}.`,
      );
    }
    sizes.push(size);
  }
  const places = (axes as readonly number[]).map((axis) => (axis < 0 ? axis + shape.length : axis));
  if (new Set(places).size < places.length) {
    return failure("bad-axis", `Normalization has one axis twice. Its input is ${shapeInWords(shape)}.`);
  }
  return sizes;
}

const normalization: LayerType = {
  name: "Normalization",
  in: PYTHON,
  arguments: [
    { name: "axis", default: -1 },
    { name: "mean", default: null },
    { name: "variance", default: null },
    { name: "invert", default: false },
  ],
  call(call) {
    const sizes = keptSizes(call);
    if (isFailure(sizes)) return sizes;
    const { mean = null, variance = null } = call.config;
    if (typeof mean !== "symbol" && typeof variance !== "symbol" && (mean === null) !== (variance === null)) {
      return failure("bad-argument", "Normalization takes both `mean` and `variance`, or neither.");
    }
    return gives(single(call.inputs).shape, computeDtype(call));
  },
  weights(call) {
    const sizes = keptSizes(call);
    const mean = call.config["mean"] ?? null;
    if (mean !== null) return typeof mean === "symbol" ? "?" : [];
    if (sizes === "?" || isFailure(sizes)) return "?";
    return [
      { name: "mean", shape: sizes, trainable: false },
      { name: "variance", shape: sizes, trainable: false },
      { name: "count", shape: [], trainable: false, dtype: "int64" },
    ];
  },
};

// Encodings

/** The dtype of whole numbers where they stay, of floats where they are encoded, unless the layer has its own. */
function codeDtype(call: LayerCall, mode: string): string {
  const own = call.config["dtype"] ?? null;
  if (own !== null) return typeof own === "string" ? own : "?";
  return mode === "?" ? "?" : mode === "int" ? "int64" : "float32";
}

/** Keras 2 encodes one example or a batch of them: what it makes has at most two dimensions. */
function encoded2(layer: string, shape: AnyShape, mode: string, depth: Dim): AnyShape | Failure {
  if (shape === "?" || mode === "?") return "?";
  const last = shape.at(-1);
  if (mode === "one_hot" && last === "?") return "?";
  const rank = shape.length + (mode === "one_hot" && last !== 1 ? 1 : 0);
  if (rank > 2) {
    return failure(
      "wrong-rank",
      `${layer} cannot encode more than one value for each example here. Its input ${shapeInWords(shape)} would give ${rank} dimensions, at most 2 are possible.`,
    );
  }
  return rank === 1 ? [depth] : [shape[0] ?? null, depth];
}

function encoded3(shape: AnyShape, mode: string, depth: Dim): AnyShape {
  if (shape === "?" || mode === "?") return "?";
  const last = shape.at(-1);
  if (mode !== "one_hot") return [...shape.slice(0, -1), depth];
  if (last === "?" && shape.length > 1) return "?";
  return last === 1 && shape.length > 1 ? [...shape.slice(0, -1), depth] : [...shape, depth];
}

const encoded = (
  layer: string,
  { library }: LayerCall,
  shape: AnyShape,
  mode: string,
  depth: Dim,
): CallResult | AnyShape => (library === "keras2" ? encoded2(layer, shape, mode, depth) : encoded3(shape, mode, depth));

const given = (result: CallResult | AnyShape | Failure, dtype: string): CallResult =>
  typeof result === "object" && ("fails" in result || "outputs" in result) ? result : gives(result, dtype);

const categoryEncoding: LayerType = {
  name: "CategoryEncoding",
  tfjs: ["categoryEncoding"],
  in: ["keras3", "keras2", "tfjs"],
  arguments: [
    { name: "num_tokens", default: null },
    { name: "output_mode", default: "multi_hot" },
    { name: "sparse", default: false, only: PYTHON },
    { name: "max_tokens", default: null, only: ["keras2"], unlisted: true, keywordOnly: true },
  ],
  call(call) {
    const args = read("CategoryEncoding", call, {
      num_tokens: optional(size()),
      output_mode: choice(["one_hot", "multi_hot", "count"]),
    });
    if (isFailure(args)) return call.library === "tfjs" ? { outputs: UNKNOWN_TENSOR } : args;
    const tokens = args.num_tokens;
    if (tokens === null && (call.config["max_tokens"] ?? null) === null) {
      if (call.library === "tfjs") return { outputs: UNKNOWN_TENSOR };
      return failure("missing-argument", "CategoryEncoding needs `num_tokens`: how many categories there are.");
    }
    const { shape } = single(call.inputs);
    const dtype = computeDtype(call);
    return given(encoded("CategoryEncoding", call, shape, args.output_mode, tokens ?? "?"), dtype);
  },
};

const MODES = ["int", "one_hot", "multi_hot", "count"] as const;

/** What Keras 3 and 2 make whole numbers of, whatever dtype the layer has. */
const binDtype = (call: LayerCall, mode: string): string => {
  if (mode === "?") return "?";
  if (mode === "int") return call.library === "keras3" ? "int32" : "int64";
  return call.library === "keras3" ? computeDtype(call) : codeDtype(call, mode);
};

const discretization: LayerType = {
  name: "Discretization",
  in: PYTHON,
  lacksCommon: ["keras3"],
  arguments: [
    { name: "bin_boundaries", default: null },
    { name: "num_bins", default: null },
    { name: "epsilon", default: 0.01 },
    { name: "output_mode", default: "int" },
    { name: "sparse", default: false },
    { name: "dtype", default: null, only: ["keras3"] },
    { name: "name", default: null, only: ["keras3"] },
    { name: "bins", default: null, only: ["keras2"], unlisted: true, keywordOnly: true },
  ],
  call(call) {
    const args = read("Discretization", call, { output_mode: choice(MODES), num_bins: optional(size({ min: 0 })) });
    if (isFailure(args)) return args;
    const bounds = call.config["bin_boundaries"] ?? null;
    const depth: Dim = Array.isArray(bounds) ? bounds.length + 1 : bounds === null ? (args.num_bins ?? "?") : "?";
    const { shape } = single(call.inputs);
    const mode = args.output_mode;
    const dtype = binDtype(call, mode);
    if (mode === "int") return gives(shape, dtype);
    if (call.library === "keras2" || mode === "?")
      return given(encoded("Discretization", call, shape, mode, depth), dtype);
    if (mode === "one_hot" || shape === "?") return given(encoded3(shape, mode, depth), dtype);
    // Keras 3 takes the second dimension out, whatever it is.
    return gives(shape.length >= 2 ? [shape[0]!, ...shape.slice(2), depth] : [depth], dtype);
  },
  weights(call) {
    const bounds = call.config["bin_boundaries"] ?? null;
    if (call.library === "keras3" || Array.isArray(bounds)) return [];
    // What Keras 2 learns has no size that could be counted.
    return "?";
  },
};

const hashing: LayerType = {
  name: "Hashing",
  in: PYTHON,
  arguments: [
    { name: "num_bins" },
    { name: "mask_value", default: null },
    { name: "salt", default: null },
    { name: "output_mode", default: "int" },
    { name: "sparse", default: false },
  ],
  call(call) {
    const args = read("Hashing", call, { num_bins: size(), output_mode: choice(MODES) });
    if (isFailure(args)) return args;
    const { shape } = single(call.inputs);
    const mode = args.output_mode;
    const dtype = codeDtype(call, mode);
    if (mode === "int") return gives(shape, dtype);
    if (call.library === "keras2" || mode === "?")
      return given(encoded("Hashing", call, shape, mode, args.num_bins), dtype);
    return gives(shape === "?" ? "?" : [...shape.slice(0, -1), args.num_bins], dtype);
  },
};

const hashedCrossing: LayerType = {
  name: "HashedCrossing",
  in: PYTHON,
  arguments: [
    { name: "num_bins" },
    { name: "output_mode", default: "int" },
    { name: "sparse", default: false },
    { name: "name", default: null, only: ["keras3"] },
    { name: "dtype", default: null, only: ["keras3"] },
  ],
  call(call) {
    const args = read("HashedCrossing", call, { num_bins: size(), output_mode: choice(["int", "one_hot"]) });
    if (isFailure(args)) return args;
    const all = several(call.inputs);
    if (all === "?" || all.length < 2) return { outputs: UNKNOWN_TENSOR };
    const { shape } = all[0]!;
    const mode = args.output_mode;
    const dtype = codeDtype(call, mode);
    if (mode === "int" && call.library === "keras3") return gives(shape, dtype);
    // What Keras 2 makes of several columns only running tells.
    if (call.library === "keras2") return gives("?", dtype);
    return gives(encoded3(shape, mode, args.num_bins), dtype);
  },
};

// Sound

const stft: LayerType = {
  name: "STFTSpectrogram",
  in: ["keras3"],
  arguments: [
    { name: "mode", default: "log" },
    { name: "frame_length", default: 256 },
    { name: "frame_step", default: null },
    { name: "fft_length", default: null },
    { name: "window", default: "hann" },
    { name: "periodic", default: false },
    { name: "scaling", default: "density" },
    { name: "padding", default: "valid" },
    { name: "expand_dims", default: false },
    { name: "data_format", default: null },
  ],
  call(call): CallResult {
    const args = read("STFTSpectrogram", call, {
      frame_length: size(),
      frame_step: optional(size()),
      fft_length: optional(size()),
      padding: choice(["valid", "same"], { ignoreCase: true }),
      expand_dims: flag(),
      data_format: dataFormat(),
    });
    if (isFailure(args)) return args;
    const dtype = computeDtype(call);
    const input = single(call.inputs);
    const bad = wrongRank("STFTSpectrogram", input, 3, "batch, time, channels");
    if (bad) return bad;
    const mode = call.config["mode"];
    if (input.shape === "?" || args.expand_dims === "?" || args.data_format === "?" || typeof mode !== "string") {
      return gives("?", dtype);
    }
    const [batch, time, channels] = (
      args.data_format === "channels_last" ? input.shape : [input.shape[0], input.shape[2], input.shape[1]]
    ) as [Dim, Dim, Dim];
    const step = args.frame_step ?? floorDivide(args.frame_length, 2);
    const bins = plus(floorDivide(args.fft_length ?? args.frame_length, 2), 1);
    const frequencies = mode === "stft" ? times(bins, 2) : bins;
    const { size: frames, because } = windowed(time, {
      kernel: args.frame_length,
      stride: step as Count,
      dilation: 1,
      padding: args.padding,
    });
    const lines = because ? [because] : [];
    const all = times(frequencies, channels);
    const isLast = args.data_format === "channels_last";
    if (args.expand_dims) {
      return gives(
        isLast ? [batch, frames, frequencies, channels] : [batch, channels, frames, frequencies],
        dtype,
        lines,
      );
    }
    return gives(isLast ? [batch, frames, all] : [batch, all, frames], dtype, lines);
  },
  // Its windows are weights that are not trained; how they are shaped depends on the window.
  weights: () => "?",
  macs: () => "?",
};

const mel: LayerType = {
  name: "MelSpectrogram",
  in: ["keras3"],
  arguments: [
    { name: "fft_length", default: 2048 },
    { name: "sequence_stride", default: 512 },
    { name: "sequence_length", default: null },
    { name: "window", default: "hann" },
    { name: "sampling_rate", default: 16000 },
    { name: "num_mel_bins", default: 128 },
    { name: "min_freq", default: 20 },
    { name: "max_freq", default: null },
    { name: "power_to_db", default: true },
    { name: "top_db", default: 80 },
    { name: "mag_exp", default: 2 },
    { name: "min_power", default: 1e-10 },
    { name: "ref_power", default: 1 },
  ],
  call(call) {
    const args = read("MelSpectrogram", call, { sequence_stride: size(), num_mel_bins: size() });
    if (isFailure(args)) return args;
    const { shape } = single(call.inputs);
    if (shape === "?" || shape.length === 0) return gives("?", computeDtype(call));
    const time: Dim = (shape.length === 1 ? shape[0] : shape[1]) ?? null;
    const frames = floorDivide(plus(time, args.sequence_stride, 1), args.sequence_stride);
    const front = shape.length === 1 ? [] : [shape[0] ?? null];
    return gives([...front, args.num_mel_bins, frames], computeDtype(call));
  },
  // A Fourier transform is no product of matrices; how many steps it takes depends on how it is done.
  macs: () => "?",
};

// One after another

const pipeline: LayerType = {
  name: "Pipeline",
  in: ["keras3"],
  lacksCommon: ["keras3"],
  arguments: [{ name: "layers" }, { name: "name", default: null }],
  call(call): CallResult {
    let outputs: Tensors = call.inputs;
    for (const layer of layersOf(call)) {
      if (!isLayer(layer)) return { outputs: UNKNOWN_TENSOR };
      const result: CallResult = layer.call(outputs);
      if ("fails" in result) return result;
      outputs = result.outputs;
    }
    return { outputs };
  },
  weights(call) {
    let inputs: Tensors = call.inputs;
    const all = [];
    for (const layer of layersOf(call)) {
      const weights = isLayer(layer) ? trained(layer, layer.weights(inputs)) : "?";
      if (weights === "?" || !isLayer(layer)) return "?";
      all.push(...weights);
      const result: CallResult = layer.call(inputs);
      if ("fails" in result) return "?";
      inputs = result.outputs;
    }
    return all;
  },
};

/** The layers in a row; one that is not known where their list is not. */
const layersOf = ({ config }: LayerCall): readonly (ConfigValue | undefined)[] =>
  Array.isArray(config["layers"]) ? (config["layers"] as readonly ConfigValue[]) : [undefined];

export const PREPROCESSING: readonly LayerType[] = [
  normalization,
  categoryEncoding,
  discretization,
  hashing,
  hashedCrossing,
  ...LOOKUPS,
  stft,
  mel,
  pipeline,
];
