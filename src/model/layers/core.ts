// The basic layers: inputs, dense ones, embeddings, and those whose function only the user's own code knows.
import { type AnyShape, type Dim, plus, type Shape, times } from "../shape";
import { type Count, failure, flag, isFailure, optional, read, shape, size, valueText } from "./arguments";
import {
  type CallResult,
  type ConfigValue,
  type Failure,
  type LayerCall,
  type LayerType,
  type Library,
  OPAQUE,
  type Tensors,
  UNKNOWN,
  type Weight,
} from "./catalog.types";
import { constraint, initializer, regularizer } from "./common";
import { einsumDense } from "./einsum";
import {
  computeDtype,
  gives,
  isTensor,
  keptDtype,
  passedDtype,
  shapeInWords,
  single,
  tooFewDimensions,
  UNKNOWN_TENSOR,
  withDim,
} from "./tensors";

const PYTHON: readonly Library[] = ["keras3", "keras2"];
const ALL: readonly Library[] = ["keras3", "keras2", "tfjs"];

const activityRegularizer = { name: "activity_regularizer", default: null };

/** Keras 3 alone: low-rank training, quantization. */
export const tuned = [
  { name: "lora_rank", default: null, only: ["keras3"] as const },
  { name: "lora_alpha", default: null, only: ["keras3"] as const },
];
export const quantized = { name: "quantization_config", default: null, only: ["keras3"] as const };

/** What an input of this kind gives: the shape with its batch. */
function inputTensor(
  layer: string,
  call: LayerCall,
  names: { readonly shape: string; readonly batchShape: string },
): CallResult {
  const { config, library } = call;
  const args = read(layer, call, {
    // Keras 2 takes one number for a shape of one.
    [names.shape]: optional(shape({ orOne: library === "keras2" })),
    [names.batchShape]: optional(shape()),
    batch_size: optional(size({ min: 0 })),
  });
  if (isFailure(args)) return args;
  const dims = args[names.shape] as Shape | "?" | null;
  const batched = args[names.batchShape] as Shape | "?" | null;
  const dtype = computeDtype({ library: "keras3", config: { dtype: config["dtype"] ?? null } });
  if (Array.isArray(batched) && Array.isArray(dims)) {
    return failure("bad-argument", `${layer} takes either \`${names.shape}\` or \`${names.batchShape}\`, not both.`);
  }
  const negative = [dims, batched].find(
    (one) => Array.isArray(one) && one.some((dim) => typeof dim === "number" && dim < 0),
  );
  if (negative && library === "keras3") {
    return failure(
      "bad-argument",
      `${layer} cannot have a negative size. Its shape is ${shapeInWords(negative)}; write None for a free size.`,
    );
  }
  // Of two, one of which is not known, that one must be None.
  if (Array.isArray(batched)) return gives(batched, dtype);
  if (dims === "?" || (batched === "?" && dims === null)) return gives("?", dtype);
  if (dims !== null) return gives([args["batch_size"] as Dim, ...dims], dtype);
  // The shape may come from a tensor or a type that is not looked into.
  if (["tensor", "input_tensor", "type_spec"].some((name) => (config[name] ?? null) !== null)) {
    return { outputs: UNKNOWN_TENSOR };
  }
  if (library === "keras2" && layer === "InputLayer") return gives("?", dtype);
  return failure("missing-argument", `${layer} needs \`${names.shape}\`: the shape of one example, without the batch.`);
}

const input: LayerType = {
  name: "Input",
  tfjs: ["input"],
  in: ALL,
  lacksCommon: ALL,
  arguments: [
    { name: "shape", default: null },
    { name: "batch_size", default: null, only: PYTHON },
    { name: "name", default: null, only: ["keras2"] },
    { name: "dtype", default: null },
    { name: "sparse", default: null },
    { name: "tensor", default: null, only: ["keras2"] },
    { name: "ragged", default: null, only: PYTHON },
    { name: "batch_shape", default: null, only: ["keras3", "tfjs"] },
    { name: "name", default: null, only: ["keras3", "tfjs"] },
    { name: "tensor", default: null, only: ["keras3"] },
    { name: "optional", default: false, only: ["keras3"] },
    { name: "type_spec", default: null, only: ["keras2"] },
    { name: "batch_shape", default: null, only: ["keras2"], unlisted: true, keywordOnly: true },
    { name: "batch_input_shape", default: null, only: ["keras2"], unlisted: true, keywordOnly: true },
  ],
  call(call) {
    const batchShape = (call.config["batch_input_shape"] ?? null) === null ? "batch_shape" : "batch_input_shape";
    return inputTensor("Input", call, { shape: "shape", batchShape });
  },
};

const inputLayer: LayerType = {
  name: "InputLayer",
  tfjs: ["inputLayer"],
  in: ALL,
  lacksCommon: ["keras2", "tfjs"],
  arguments: [
    { name: "shape", default: null, only: ["keras3"] },
    { name: "input_shape", default: null, only: ["keras2", "tfjs"] },
    { name: "batch_size", default: null },
    { name: "dtype", default: null },
    { name: "input_tensor", default: null, only: ["keras2"] },
    { name: "sparse", default: null },
    { name: "name", default: null, only: ["keras2", "tfjs"] },
    { name: "batch_input_shape", default: null, only: ["tfjs"] },
    { name: "ragged", default: null, only: PYTHON },
    { name: "batch_shape", default: null, only: ["keras3"] },
    { name: "input_tensor", default: null, only: ["keras3"] },
    { name: "optional", default: false, only: ["keras3"] },
    { name: "name", default: null, only: ["keras3"] },
    { name: "type_spec", default: null, only: ["keras2"] },
    { name: "batch_input_shape", default: null, only: PYTHON, unlisted: true, keywordOnly: true },
  ],
  call(call) {
    const has = (name: string) => (call.config[name] ?? null) !== null;
    const own = call.library === "keras3" && !has("input_shape") ? "shape" : "input_shape";
    const batchShape = call.library === "keras3" && !has("batch_input_shape") ? "batch_shape" : "batch_input_shape";
    return inputTensor("InputLayer", call, { shape: own, batchShape });
  },
};

/** Fails where the last size is None: no library makes a kernel for that. */
function noLastSize(layer: string, { shape: dims }: { readonly shape: AnyShape }): Failure | null {
  if (dims === "?" || dims.at(-1) !== null) return null;
  return failure(
    "undefined-channels",
    `${layer} must know the last size of its input to make its kernel. The input is ${shapeInWords(dims)}.`,
  );
}

function denseArguments(call: LayerCall) {
  // Keras 2 lets a layer have no units.
  return read("Dense", call, {
    units: size({ min: call.library === "keras2" ? 0 : 1 }),
    use_bias: flag(),
    lora_rank: optional(size()),
  });
}

const dense: LayerType = {
  name: "Dense",
  tfjs: ["dense"],
  in: ALL,
  arguments: [
    { name: "units" },
    { name: "activation", default: null },
    { name: "use_bias", default: true },
    { ...initializer("kernel", "glorot_uniform"), defaultIn: { tfjs: "glorot_normal" } },
    initializer("bias", "zeros"),
    regularizer("kernel"),
    regularizer("bias"),
    activityRegularizer,
    constraint("kernel"),
    constraint("bias"),
    ...tuned,
    quantized,
    { name: "input_dim", default: null, only: ["tfjs"] },
  ],
  call(call) {
    const args = denseArguments(call);
    if (isFailure(args)) return args;
    const tensor = single(call.inputs);
    const bad = tooFewDimensions("Dense", tensor, 2) ?? noLastSize("Dense", tensor);
    if (bad) return bad;
    return gives(tensor.shape === "?" ? "?" : withDim(tensor.shape, -1, args.units), computeDtype(call));
  },
  weights(call) {
    const args = denseArguments(call);
    const { shape: dims } = single(call.inputs);
    if (isFailure(args) || dims === "?" || args.use_bias === "?" || args.lora_rank === "?") return "?";
    const inputs = dims.at(-1) ?? "?";
    return [
      { name: "kernel", shape: [inputs, args.units], trainable: args.lora_rank === null },
      ...(args.use_bias ? [{ name: "bias", shape: [args.units], trainable: true }] : []),
      ...lowRank("kernel", inputs, args.units, args.lora_rank),
    ];
  },
  macs(call, outputs) {
    const { shape: dims } = single(call.inputs);
    if (dims === "?" || !isTensor(outputs) || outputs.shape === "?") return "?";
    return times(...outputs.shape.slice(1), dims.at(-1) ?? "?");
  },
};

/** The two matrices that are trained instead of a large one. */
const lowRank = (name: string, rows: Dim, columns: Dim, rank: Count | null): readonly Weight[] =>
  rank === null
    ? []
    : [
        { name: `lora_${name}_a`, shape: [rows, rank], trainable: true },
        { name: `lora_${name}_b`, shape: [rank, columns], trainable: true },
      ];

function embeddingArguments(layer: string, call: LayerCall) {
  return read(layer, call, { input_dim: size(), output_dim: size(), lora_rank: optional(size()), tie_weights: flag() });
}

/** TensorFlow.js compares the length it was told; the others only take it for the shape of the input. */
function wrongLength({ config, library }: LayerCall, dims: Shape): Failure | null {
  const told = config["input_length"] ?? null;
  const length = typeof told === "number" ? [told] : told;
  if (library !== "tfjs" || !Array.isArray(length)) return null;
  const isWrong =
    length.length !== dims.length - 1 ||
    length.some((one, at) => {
      const found = dims[at + 1];
      return typeof one === "number" && typeof found === "number" && one !== found;
    });
  return isWrong
    ? failure(
        "shape-mismatch",
        `Embedding was told an \`inputLength\` of ${valueText(told)}. Its input is ${shapeInWords(dims)}.`,
      )
    : null;
}

/** The output, with the length that the layer was told where the input leaves it open. */
function embedded({ config, library }: LayerCall, dims: Shape, width: Count): Shape {
  const told = config["input_length"] ?? null;
  if (library !== "tfjs" || told === null) return [...dims, width];
  const lengths = typeof told === "number" ? [told] : told;
  const open = (at: number): Dim => {
    const length = Array.isArray(lengths) ? lengths[at - 1] : UNKNOWN;
    return typeof length === "number" || length === null ? length : "?";
  };
  return [...dims.map((dim, at) => (at > 0 && typeof dim !== "number" ? open(at) : dim)), width];
}

const embeddingEnd = [
  { name: "mask_zero", default: false },
  { name: "input_length", default: null, only: ["keras2", "tfjs"] as const },
  { name: "input_length", default: null, only: ["keras3"] as const, unlisted: true, keywordOnly: true },
];

const embedding: LayerType = {
  name: "Embedding",
  tfjs: ["embedding"],
  in: ALL,
  arguments: [
    { name: "input_dim" },
    { name: "output_dim" },
    { ...initializer("embeddings", "uniform"), defaultIn: { tfjs: "random_uniform" } },
    regularizer("embeddings"),
    { ...activityRegularizer, only: ["keras2", "tfjs"] },
    constraint("embeddings"),
    ...embeddingEnd,
    { name: "sparse", default: false, only: ["keras2"] },
    { name: "use_one_hot_matmul", default: false, only: ["keras2"], unlisted: true, keywordOnly: true },
    { name: "weights", default: null, only: ["keras3"] },
    ...tuned,
    quantized,
  ],
  call(call) {
    const args = embeddingArguments("Embedding", call);
    if (isFailure(args)) return args;
    const { shape: dims } = single(call.inputs);
    if (dims === "?") return gives("?", computeDtype(call));
    return wrongLength(call, dims) ?? gives(embedded(call, dims, args.output_dim), computeDtype(call));
  },
  weights(call) {
    const args = embeddingArguments("Embedding", call);
    if (isFailure(args) || args.lora_rank === "?") return "?";
    return [
      { name: "embeddings", shape: [args.input_dim, args.output_dim], trainable: args.lora_rank === null },
      ...lowRank("embeddings", args.input_dim, args.output_dim, args.lora_rank),
    ];
  },
};

const reversibleEmbedding: LayerType = {
  name: "ReversibleEmbedding",
  in: ["keras3"],
  arguments: [
    { name: "input_dim" },
    { name: "output_dim" },
    { name: "tie_weights", default: true },
    initializer("embeddings", "uniform"),
    regularizer("embeddings"),
    constraint("embeddings"),
    { name: "mask_zero", default: false },
    { name: "reverse_dtype", default: null },
    { name: "logit_soft_cap", default: null },
    ...["input_length", "weights", "lora_rank", "lora_alpha", "quantization_config"].map((name) => ({
      name,
      default: null,
      unlisted: true,
      keywordOnly: true,
    })),
  ],
  call(call) {
    const args = embeddingArguments("ReversibleEmbedding", call);
    if (isFailure(args)) return args;
    const { shape: dims } = single(call.inputs);
    const reverse = call.options["reverse"] ?? false;
    if (dims === "?" || typeof reverse !== "boolean") return gives("?", computeDtype(call));
    return gives(reverse ? withDim(dims, -1, args.input_dim) : [...dims, args.output_dim], computeDtype(call));
  },
  weights(call) {
    const args = embeddingArguments("ReversibleEmbedding", call);
    if (isFailure(args) || args.tie_weights === "?" || args.lora_rank === "?") return "?";
    return [
      { name: "embeddings", shape: [args.input_dim, args.output_dim], trainable: args.lora_rank === null },
      ...lowRank("embeddings", args.input_dim, args.output_dim, args.lora_rank),
      ...(args.tie_weights
        ? []
        : [{ name: "reverse_embeddings", shape: [args.output_dim, args.input_dim], trainable: true }]),
    ];
  },
  macs(call, outputs) {
    const args = embeddingArguments("ReversibleEmbedding", call);
    const reverse = call.options["reverse"] ?? false;
    if (reverse === false) return 0;
    if (isFailure(args) || reverse !== true || !isTensor(outputs) || outputs.shape === "?") return "?";
    return times(...outputs.shape.slice(1), args.output_dim);
  },
};

const masking: LayerType = {
  name: "Masking",
  tfjs: ["masking"],
  in: ALL,
  arguments: [{ name: "mask_value", default: 0 }],
  call(call) {
    const tensor = single(call.inputs);
    return gives(tensor.shape, passedDtype(call, tensor));
  },
};

/** Gives what it is given, however it is nested. */
const identity: LayerType = {
  name: "Identity",
  in: PYTHON,
  // Keras 2 gives it no constructor of its own: the base class takes these by place.
  arguments: [
    { name: "trainable", default: true, only: ["keras2"] },
    { name: "name", default: null, only: ["keras2"] },
    { name: "dtype", default: null, only: ["keras2"] },
    { name: "dynamic", default: false, only: ["keras2"] },
  ],
  call(call) {
    const same = (value: Tensors): Tensors => {
      if (value === null) return null;
      if (isTensor(value)) return { shape: value.shape, dtype: keptDtype(call, value) };
      if (Array.isArray(value)) return value.map(same);
      return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, same(one as Tensors)]));
    };
    return { outputs: same(call.inputs) };
  },
};

/** Runs a function of the user's own. The evaluator may know better what it gives. */
const lambda: LayerType = {
  name: "Lambda",
  in: PYTHON,
  arguments: [
    { name: "function" },
    { name: "output_shape", default: null },
    { name: "mask", default: null },
    { name: "arguments", default: null },
  ],
  call(call) {
    const given = call.config["output_shape"] ?? null;
    // Keras 2 asks the function, whatever it was told.
    if (call.library !== "keras3" || !Array.isArray(given)) return { outputs: UNKNOWN_TENSOR };
    const args = read("Lambda", call, { output_shape: shape() });
    if (isFailure(args) || args.output_shape === "?") return { outputs: UNKNOWN_TENSOR };
    const { shape: dims } = single(call.inputs);
    return gives([dims === "?" ? "?" : (dims[0] ?? null), ...args.output_shape], computeDtype(call));
  },
  // Weights that a function uses are not the layer's; a layer in its place is in it.
  weights: ({ config }) => (config["function"] === OPAQUE ? [] : "?"),
  macs: () => "?",
};

/** A feature column as the evaluator hands it on. */
interface Column {
  readonly dense: Dim;
  readonly table: readonly Dim[] | null;
  readonly isShared: boolean;
}

function columnsOf({ config }: LayerCall): readonly Column[] | "?" {
  const given = config["feature_columns"] ?? null;
  const all: readonly ConfigValue[] = Array.isArray(given) ? given : [given];
  const dim = (value: ConfigValue | undefined): Dim => (typeof value === "number" ? value : "?");
  const columns = all.map((one) => {
    const isColumn = typeof one === "object" && one !== null && !Array.isArray(one) && "isColumn" in one;
    if (!isColumn) return null;
    const { dense: width, table, isShared } = one as { readonly [key: string]: ConfigValue };
    return { dense: dim(width), table: Array.isArray(table) ? table.map(dim) : null, isShared: isShared === true };
  });
  return columns.includes(null) ? "?" : (columns as readonly Column[]);
}

/** One row of numbers of what feature columns name; the tables of embeddings are its weights. */
const denseFeatures: LayerType = {
  name: "DenseFeatures",
  in: ["keras2"],
  arguments: [{ name: "feature_columns" }, { name: "trainable", default: true }, { name: "name", default: null }],
  call(call) {
    const columns = columnsOf(call);
    if (columns === "?") return { outputs: { shape: [null, "?"], dtype: computeDtype(call) } };
    return gives([null, plus(0, ...columns.map(({ dense: width }) => width))], computeDtype(call));
  },
  weights(call) {
    const columns = columnsOf(call);
    // Which of them share a table is not told here.
    if (columns === "?" || columns.some(({ isShared }) => isShared)) return "?";
    return columns.flatMap(({ table }) =>
      table ? [{ name: "embedding_weights", shape: table, trainable: true }] : [],
    );
  },
};

/** Layers around what is not Keras: nothing is known of what they give. */
const foreign = (
  name: string,
  library: Library,
  args: LayerType["arguments"],
  others: Partial<LayerType> = {},
): LayerType => ({
  name,
  in: [library],
  arguments: args,
  call: () => ({ outputs: UNKNOWN_TENSOR }),
  weights: () => "?",
  macs: () => "?",
  ...others,
});

export const CORE: readonly LayerType[] = [
  input,
  inputLayer,
  dense,
  einsumDense,
  embedding,
  reversibleEmbedding,
  masking,
  identity,
  lambda,
  denseFeatures,
  foreign(
    "TFSMLayer",
    "keras3",
    [
      { name: "filepath" },
      { name: "call_endpoint", default: "serve" },
      { name: "call_training_endpoint", default: null },
      { name: "trainable", default: true },
      { name: "name", default: null },
      { name: "dtype", default: null },
    ],
    { lacksCommon: ["keras3"] },
  ),
  foreign("FlaxLayer", "keras3", [
    { name: "module" },
    { name: "method", default: null },
    { name: "variables", default: null },
  ]),
  foreign("JaxLayer", "keras3", [
    { name: "call_fn" },
    { name: "init_fn", default: null },
    { name: "params", default: null },
    { name: "state", default: null },
    { name: "seed", default: null },
    { name: "native_serialization_platforms", default: null },
  ]),
  foreign("TorchModuleWrapper", "keras3", [
    { name: "module" },
    { name: "name", default: null },
    { name: "output_shape", default: null },
  ]),
];
