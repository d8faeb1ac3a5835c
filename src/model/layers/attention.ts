// The attention layers. A call names its tensors: query, value, key; Attention takes them as a list.
import { type AnyShape, type Dim, differ, plus, type Shape, times } from "../shape";
import { type Count, choice, failure, flag, isFailure, optional, read, shape, size, withDefault } from "./arguments";
import type {
  Argument,
  CallResult,
  Failure,
  LayerCall,
  LayerType,
  Library,
  Tensors,
  TensorType,
  Weight,
} from "./catalog.types";
import { constraint, initializer, regularizer } from "./common";
import { computeDtype, isTensor, several, shapeInWords, single, UNKNOWN_TENSOR } from "./tensors";

const PYTHON: readonly Library[] = ["keras3", "keras2"];

/** A tensor that a call is given beside the first, by its name or by its place; null where it is not given. */
function tensorOption({ options }: LayerCall, name: string, place: string): TensorType | null {
  const given = options[name] ?? options[place] ?? null;
  if (given === null) return null;
  return isTensor(given as Tensors) ? (given as TensorType) : UNKNOWN_TENSOR;
}

/** Whether the call asks for the scores as well. */
function wantsScores({ options }: LayerCall): boolean | "?" {
  const given = options["return_attention_scores"] ?? false;
  return typeof given === "boolean" ? given : "?";
}

/** The output, and the scores where they are asked for. */
function withScores(call: LayerCall, output: TensorType, scores: TensorType): CallResult {
  const wants = wantsScores(call);
  if (wants === "?") return { outputs: UNKNOWN_TENSOR };
  return { outputs: wants ? [output, scores] : output };
}

/** The last size; "?" where it is not known. */
const lastOf = (dims: AnyShape): Dim => (dims === "?" ? "?" : (dims.at(-1) ?? null));

// Attention and AdditiveAttention

interface Listed {
  readonly query: TensorType;
  readonly value: TensorType;
  readonly key: TensorType;
}

function listed(name: string, { inputs }: LayerCall): Listed | Failure | "?" {
  const given = several(inputs);
  const isOne = isTensor(inputs) && inputs.shape !== "?";
  if (given === "?" && !isOne) return "?";
  const count = given === "?" ? 1 : given.length;
  if (given !== "?" && (count === 2 || count === 3)) {
    const [query, value, key = value] = given as readonly TensorType[];
    return { query: query!, value: value!, key: key! };
  }
  return failure(
    "wrong-inputs",
    `${name} takes a list of two or three tensors: [query, value] or [query, value, key]. It is called with ${isOne ? "one tensor" : `a list of ${count}`}.`,
  );
}

/** Places of a sequence, whatever its dimensions in between; the batch aside. */
const placesOf = (dims: AnyShape): Dim => (dims === "?" ? "?" : times(...dims.slice(1, -1)));

function dotted(
  name: string,
  more: Pick<LayerType, "arguments"> & {
    /** Whether query and key are multiplied, or only added up. */
    readonly multiplies: (call: LayerCall) => boolean | "?";
    readonly check?: (call: LayerCall, tensors: Listed) => Failure | null;
    readonly weights: (call: LayerCall, tensors: Listed) => readonly Weight[] | "?";
  },
): LayerType {
  return {
    name,
    in: PYTHON,
    arguments: more.arguments,
    call(call) {
      const found = listed(name, call);
      if (found === "?") return { outputs: UNKNOWN_TENSOR };
      if (isFailure(found)) return found;
      const bad = more.check?.(call, found);
      if (bad) return bad;
      const { query, value, key } = found;
      const dtype = computeDtype(call);
      const front = query.shape === "?" ? null : query.shape.slice(0, -1);
      if (!front || call.library === "keras2") return tracedDot(call, found, dtype);
      const length: Dim = key.shape === "?" || key.shape.length < 2 ? "?" : (key.shape.at(-2) ?? null);
      return withScores(call, { shape: [...front, lastOf(value.shape)], dtype }, { shape: [...front, length], dtype });
    },
    weights(call) {
      const found = listed(name, call);
      return found === "?" || isFailure(found) ? "?" : more.weights(call, found);
    },
    macs(call) {
      const found = listed(name, call);
      const multiplies = more.multiplies(call);
      if (found === "?" || isFailure(found) || multiplies === "?") return "?";
      const { query, key, value } = found;
      // With more dimensions than a sequence has, each of the others has scores of its own.
      if ([query, key, value].some(({ shape: dims }) => dims === "?" || dims.length !== 3)) return "?";
      const width = plus(multiplies ? lastOf(query.shape) : 0, lastOf(value.shape));
      return times(placesOf(query.shape), placesOf(key.shape), width);
    },
  };
}

/** Keras 2 multiplies: what the batch is either tensor may tell. */
function tracedDot(call: LayerCall, { query, value, key }: Listed, dtype: string): CallResult {
  const shapes = [query.shape, value.shape, key.shape];
  if (shapes.some((one) => one === "?" || one.length !== 3)) {
    const unknown = { shape: "?", dtype } as const;
    return withScores(call, unknown, unknown);
  }
  const [q, v, k] = shapes as [Shape, Shape, Shape];
  const batch = [q[0], v[0], k[0]] as Dim[];
  const known: Dim = batch.every((dim) => dim === batch[0]) ? batch[0]! : "?";
  return withScores(
    call,
    { shape: [known, q[1] as Dim, v[2] as Dim], dtype },
    { shape: [known, q[1] as Dim, k[1] as Dim], dtype },
  );
}

const attention = dotted("Attention", {
  multiplies(call) {
    const args = read("Attention", call, { score_mode: choice(["dot", "concat"]) });
    return isFailure(args) || args.score_mode === "?" ? "?" : args.score_mode === "dot";
  },
  arguments: [
    { name: "use_scale", default: false },
    { name: "score_mode", default: "dot" },
    { name: "dropout", default: 0, only: ["keras3"] },
    { name: "seed", default: null, only: ["keras3"] },
    ...unlistedDropout(),
  ],
  check(call, { query, key }) {
    const args = read("Attention", call, { score_mode: choice(["dot", "concat"]) });
    if (isFailure(args)) return args;
    const [a, b] = [lastOf(query.shape), lastOf(key.shape)];
    // Keras 3 notices only when it runs.
    if (call.library !== "keras2" || args.score_mode !== "dot" || !differ(a, b)) return null;
    return failure(
      "shape-mismatch",
      `Attention compares query and key: their last sizes must be the same. They are ${a} in ${shapeInWords(query.shape)} and ${b} in ${shapeInWords(key.shape)}.`,
    );
  },
  weights(call) {
    const args = read("Attention", call, { use_scale: flag(), score_mode: choice(["dot", "concat"]) });
    if (isFailure(args) || args.use_scale === "?" || args.score_mode === "?") return "?";
    return [
      ...(args.use_scale ? [{ name: "scale", shape: [], trainable: true }] : []),
      ...(args.score_mode === "concat" ? [{ name: "concat_score_weight", shape: [], trainable: true }] : []),
    ];
  },
});

const additive = dotted("AdditiveAttention", {
  multiplies: () => false,
  arguments: [
    { name: "use_scale", default: true },
    { name: "dropout", default: 0, only: ["keras3"] },
    { name: "score_mode", default: "dot", only: ["keras3"], unlisted: true, keywordOnly: true },
    { name: "seed", default: null, only: ["keras3"], unlisted: true, keywordOnly: true },
    ...unlistedDropout(),
  ],
  weights(call, { query, value }) {
    const args = read("AdditiveAttention", call, { use_scale: flag() });
    if (isFailure(args) || args.use_scale === "?") return "?";
    const dim = lastOf(call.library === "keras3" ? query.shape : value.shape);
    return args.use_scale ? [{ name: "scale", shape: [dim], trainable: true }] : [];
  },
});

/** Keras 2 hands these to the class that both share. */
function unlistedDropout(): readonly Argument[] {
  return [
    { name: "dropout", default: 0 },
    { name: "causal", default: false },
  ].map((argument) => ({ ...argument, only: ["keras2"], unlisted: true, keywordOnly: true }));
}

// The layers with heads

const projections: readonly Argument[] = [
  initializer("kernel", "glorot_uniform"),
  initializer("bias", "zeros"),
  regularizer("kernel"),
  regularizer("bias"),
  { name: "activity_regularizer", default: null },
  constraint("kernel"),
  constraint("bias"),
  { name: "use_gate", default: false, only: ["keras3"] },
  { name: "seed", default: null, only: ["keras3"] },
];
const windows: readonly Argument[] = [
  { name: "sliding_window", default: null, only: ["keras3"] },
  { name: "flash_attention", default: null, only: ["keras3"] },
];

interface Named {
  readonly query: TensorType;
  readonly value: TensorType;
  readonly key: TensorType;
}

/** The tensors of a call with names; a value that is not told is not known. */
function named(call: LayerCall): Named {
  const query = single(call.inputs);
  const value = tensorOption(call, "value", "second") ?? UNKNOWN_TENSOR;
  return { query, value, key: tensorOption(call, "key", "third") ?? value };
}

/** Fails where a projection does not know the size that it is for. */
function noSizes(name: string, tensors: Named): Failure | null {
  for (const [role, { shape: dims }] of Object.entries(tensors) as [string, TensorType][]) {
    if (dims !== "?" && dims.at(-1) === null) {
      return failure(
        "undefined-channels",
        `${name} must know the last size of its ${role} to make its kernels. The ${role} is ${shapeInWords(dims)}.`,
      );
    }
  }
  return null;
}

function differentLengths(name: string, { value, key }: Named): Failure | null {
  if (value.shape === "?" || key.shape === "?") return null;
  const [v, k] = [value.shape.slice(1, -1), key.shape.slice(1, -1)];
  if (v.length === k.length && !v.some((dim, at) => differ(dim, k[at]!))) return null;
  return failure(
    "shape-mismatch",
    `${name} needs a key for every value: they may differ in their last size only. They are ${shapeInWords(key.shape)} and ${shapeInWords(value.shape)}.`,
  );
}

const bias = (name: string, dims: Shape, has: boolean): readonly Weight[] =>
  has ? [{ name: `${name}_bias`, shape: dims, trainable: true }] : [];

/** One projection of a tensor to heads. */
const toHeads = (name: string, { shape: dims }: TensorType, heads: Count, width: Count, hasBias: boolean): Weight[] => [
  { name: `${name}_kernel`, shape: [lastOf(dims), heads, width], trainable: true },
  ...bias(name, [heads, width], hasBias),
];

function multiHeadArguments(call: LayerCall) {
  const args = read("MultiHeadAttention", call, {
    // Keras 2 does not look at what it is given.
    num_heads: size({ min: call.library === "keras3" ? 1 : 0 }),
    key_dim: size({ min: call.library === "keras3" ? 1 : 0 }),
    value_dim: optional(size({ min: call.library === "keras3" ? 1 : 0 })),
    output_shape: optional(shape({ orOne: true })),
    use_bias: flag(),
    use_gate: withDefault(false, flag()),
    sliding_window: optional(size()),
  });
  return isFailure(args) ? args : { ...args, value_dim: args.value_dim || args.key_dim };
}

const multiHead: LayerType = {
  name: "MultiHeadAttention",
  in: PYTHON,
  arguments: [
    { name: "num_heads" },
    { name: "key_dim" },
    { name: "value_dim", default: null },
    { name: "dropout", default: 0 },
    { name: "use_bias", default: true },
    { name: "output_shape", default: null },
    { name: "attention_axes", default: null },
    ...windows,
    ...projections,
  ],
  call(call) {
    const args = multiHeadArguments(call);
    if (isFailure(args)) return args;
    const tensors = named(call);
    const lengths = call.library === "keras3" ? differentLengths("MultiHeadAttention", tensors) : null;
    const bad = lengths ?? noSizes("MultiHeadAttention", tensors);
    if (bad) return bad;
    const { query } = tensors;
    const dtype = computeDtype(call);
    if (query.shape === "?") return withScores(call, { shape: "?", dtype }, { shape: "?", dtype });
    const own = args.output_shape;
    const output: AnyShape = own === "?" ? "?" : own?.length ? [...query.shape.slice(0, -1), ...own] : query.shape;
    return withScores(call, { shape: output, dtype }, { shape: scoresOf(call, tensors, args.num_heads), dtype });
  },
  weights(call) {
    const args = multiHeadArguments(call);
    if (isFailure(args) || args.use_bias === "?" || args.use_gate === "?" || args.output_shape === "?") return "?";
    const { query, key, value } = named(call);
    const { num_heads: heads, key_dim, value_dim, use_bias: has } = args;
    const out = args.output_shape?.length ? args.output_shape : [lastOf(query.shape)];
    return [
      ...toHeads("query", query, heads, key_dim, has),
      ...toHeads("key", key, heads, key_dim, has),
      ...(args.use_gate ? toHeads("gate", query, heads, value_dim, has) : []),
      ...toHeads("value", value, heads, value_dim, has),
      { name: "output_kernel", shape: [heads, value_dim, ...out], trainable: true },
      ...bias("output", out, has),
    ];
  },
  macs(call) {
    const args = multiHeadArguments(call);
    if (isFailure(args) || args.use_gate === "?" || args.output_shape === "?") return "?";
    // Which places attend to which: with axes of its own, not all of them.
    if ((call.config["attention_axes"] ?? null) !== null) return "?";
    return headMacs(named(call), {
      queries: args.num_heads,
      values: args.num_heads,
      keyWidth: args.key_dim,
      valueWidth: args.value_dim,
      out: args.output_shape?.length ? times(...args.output_shape) : lastOf(named(call).query.shape),
      hasGate: args.use_gate,
    });
  },
};

interface Heads {
  readonly queries: Count;
  readonly values: Count;
  readonly keyWidth: Count;
  readonly valueWidth: Count;
  readonly out: Dim;
  readonly hasGate: boolean;
}

/** The projections of query, key and value, the scores, the values that they weigh, the projection of the output. */
function headMacs({ query, key, value }: Named, heads: Heads): Dim {
  const [asks, answers] = [placesOf(query.shape), placesOf(key.shape)];
  const { queries, values, keyWidth, valueWidth, out } = heads;
  return plus(
    times(asks, lastOf(query.shape), queries, plus(keyWidth, heads.hasGate ? valueWidth : 0)),
    times(answers, lastOf(key.shape), values, keyWidth),
    times(answers, lastOf(value.shape), values, valueWidth),
    times(asks, answers, queries, plus(keyWidth, valueWidth)),
    times(asks, queries, valueWidth, out),
  );
}

/** Keras 3 says the length of the query twice; Keras 2 tells what it really is. */
function scoresOf({ library, config }: LayerCall, { query, key }: Named, heads: Count): AnyShape {
  if (query.shape === "?") return "?";
  const [batch = null, length = null] = query.shape;
  if (library === "keras3") return [batch, heads, length, length];
  const isPlain = query.shape.length === 3 && (config["attention_axes"] ?? null) === null;
  if (!isPlain || key.shape === "?") return "?";
  const batches = key.shape[0] === batch ? batch : "?";
  return [batches, heads, length, key.shape[1] ?? null];
}

function groupedArguments(call: LayerCall) {
  const args = read("GroupQueryAttention", call, {
    head_dim: size(),
    num_query_heads: size(),
    num_key_value_heads: size(),
    use_bias: flag(),
    use_gate: flag(),
    sliding_window: optional(size()),
  });
  if (isFailure(args)) return args;
  const { num_query_heads: queries, num_key_value_heads: values } = args;
  if (queries !== "?" && values !== "?" && queries % values !== 0) {
    return failure(
      "indivisible-groups",
      `GroupQueryAttention has ${queries} query heads, and they cannot be divided among its ${values} key-value heads evenly.`,
    );
  }
  return args;
}

const grouped: LayerType = {
  name: "GroupQueryAttention",
  in: ["keras3"],
  arguments: [
    { name: "head_dim" },
    { name: "num_query_heads" },
    { name: "num_key_value_heads" },
    { name: "dropout", default: 0 },
    { name: "use_bias", default: true },
    ...windows,
    ...projections,
  ],
  call(call) {
    const args = groupedArguments(call);
    if (isFailure(args)) return args;
    const tensors = named(call);
    const { query, value, key } = tensors;
    const bad = noSizes("GroupQueryAttention", tensors) ?? differentLengths("GroupQueryAttention", tensors);
    if (bad) return bad;
    const [a, b] = [lastOf(query.shape), lastOf(value.shape)];
    if (differ(a, b)) {
      return failure(
        "shape-mismatch",
        `GroupQueryAttention needs the same last size in its query and its value. They are ${a} in ${shapeInWords(query.shape)} and ${b} in ${shapeInWords(value.shape)}.`,
      );
    }
    const dtype = computeDtype(call);
    const at = (dims: AnyShape, axis: number): Dim => (dims === "?" ? "?" : (dims[axis] ?? null));
    const scores: Shape = [at(query.shape, 0), args.num_query_heads, at(query.shape, 1), at(key.shape, 1)];
    return withScores(call, { shape: query.shape, dtype }, { shape: scores, dtype });
  },
  weights(call) {
    const args = groupedArguments(call);
    if (isFailure(args) || args.use_bias === "?" || args.use_gate === "?") return "?";
    const { query, key, value } = named(call);
    const { num_query_heads: queries, num_key_value_heads: values, head_dim, use_bias: has } = args;
    const width = lastOf(query.shape);
    return [
      ...toHeads("query", query, queries, head_dim, has),
      ...toHeads("key", key, values, head_dim, has),
      ...(args.use_gate ? toHeads("gate", query, queries, head_dim, has) : []),
      ...toHeads("value", value, values, head_dim, has),
      { name: "output_kernel", shape: [queries, head_dim, width], trainable: true },
      ...bias("output", [width], has),
    ];
  },
  macs(call) {
    const args = groupedArguments(call);
    if (isFailure(args) || args.use_gate === "?") return "?";
    return headMacs(named(call), {
      queries: args.num_query_heads,
      values: args.num_key_value_heads,
      keyWidth: args.head_dim,
      valueWidth: args.head_dim,
      out: lastOf(named(call).query.shape),
      hasGate: args.use_gate,
    });
  },
};

export const ATTENTION: readonly LayerType[] = [attention, additive, multiHead, grouped];
