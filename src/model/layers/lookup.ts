// The layers that look tokens up in a vocabulary. Without a vocabulary of their own they learn one, of a size that no code tells.
import type { AnyShape, Dim } from "../shape";
import { choice, failure, flag, isFailure, optional, read, size } from "./arguments";
import type { Argument, CallResult, Failure, LayerCall, LayerType, Library } from "./catalog.types";
import { gives, single } from "./tensors";

const PYTHON: readonly Library[] = ["keras3", "keras2"];
const MODES = ["int", "one_hot", "multi_hot", "count", "tf_idf"] as const;
const hidden: readonly Argument[] = ["vocabulary_size", "has_input_vocabulary"].map((name) => ({
  name,
  default: null,
  unlisted: true,
  keywordOnly: true,
}));

function lookupArguments(name: string, call: LayerCall) {
  const mode = call.config["output_mode"];
  // Names that they had before.
  const config = mode === "binary" ? "multi_hot" : mode === "tf-idf" ? "tf_idf" : (mode ?? null);
  return read(
    name,
    { library: call.library, config: { ...call.config, output_mode: config } },
    {
      max_tokens: optional(size({ min: 2 })),
      num_oov_indices: optional(size({ min: 0 })),
      output_mode: choice(MODES),
      pad_to_max_tokens: flag(),
    },
  );
}

/** How many tokens there are: those of a vocabulary that is written out, or as many as there may be. */
function depthOf(
  call: LayerCall,
  args: { readonly max_tokens: Dim; readonly pad_to_max_tokens: boolean | "?"; readonly num_oov_indices: Dim },
  mask: "never" | "ints",
): Dim {
  if (args.pad_to_max_tokens === true) return args.max_tokens === null ? "?" : args.max_tokens;
  const words = call.config["vocabulary"];
  const oov = args.num_oov_indices ?? 1;
  if (args.pad_to_max_tokens === "?" || !Array.isArray(words) || typeof oov !== "number") return "?";
  // A vocabulary may begin with the tokens that the layer adds itself.
  const own = new Set([call.config["oov_token"], call.config["mask_token"], "", "[UNK]", -1, 0]);
  if (words.some((word) => own.has(word) || typeof word === "symbol" || word === null)) return "?";
  return mask === "never" ? words.length + oov : "?";
}

/** The shape that an encoding gives. */
function encoded(call: LayerCall, shape: AnyShape, mode: string, depth: Dim): AnyShape {
  if (shape === "?" || mode === "?") return "?";
  // Keras 2 counts what its inputs are only for one value, or one list of them, for each example.
  if (call.library === "keras2") return mode === "one_hot" && shape.at(-1) !== 1 ? "?" : twoAtMost(shape, depth);
  if (mode !== "one_hot") return [...shape.slice(0, -1), depth];
  if (shape.length > 1 && shape.at(-1) === "?") return "?";
  return shape.length > 1 && shape.at(-1) === 1 ? [...shape.slice(0, -1), depth] : [...shape, depth];
}

const twoAtMost = (shape: readonly Dim[], depth: Dim): AnyShape =>
  shape.length === 2 ? [shape[0] ?? null, depth] : "?";

/** Whether the layer has counts or weights of words beside its table. */
const idfWeights = (call: LayerCall, mode: string): readonly [] | "?" =>
  mode === "tf_idf" || mode === "tf-idf" || mode === "?" || typeof call.config["output_mode"] === "symbol" ? "?" : [];

function lookup(name: "StringLookup" | "IntegerLookup", own: readonly Argument[]): LayerType {
  return {
    name,
    in: PYTHON,
    arguments: [...own, ...hidden],
    call(call): CallResult {
      const args = lookupArguments(name, call);
      if (isFailure(args)) return args;
      const bad = unfit(name, call, args);
      if (bad) return bad;
      const { shape } = single(call.inputs);
      const mode = args.output_mode;
      const invert = call.config["invert"] ?? false;
      if (mode === "?" || typeof invert !== "boolean") return gives("?", "?");
      if (mode === "int") return gives(shape, wordDtype(name, call, invert));
      return gives(encoded(call, shape, mode, depthOf(call, args, "never")), "float32");
    },
    weights: (call) => idfWeights(call, String(call.config["output_mode"] === null ? "int" : modeText(call))),
  };
}

const modeText = ({ config }: LayerCall): string => {
  const mode = config["output_mode"];
  return typeof mode === "string" ? mode : "?";
};

/** Keras 3 says whole numbers even where words come out. */
function wordDtype(name: string, { library, config }: LayerCall, invert: boolean): string {
  if (library === "keras3" || !invert) return "int64";
  const own = config["vocabulary_dtype"] ?? null;
  return name === "StringLookup" ? "string" : typeof own === "string" ? own : "?";
}

function unfit(
  name: string,
  call: LayerCall,
  {
    max_tokens,
    output_mode,
    pad_to_max_tokens,
  }: { max_tokens: Dim; output_mode: string; pad_to_max_tokens: boolean | "?" },
): Failure | null {
  if (pad_to_max_tokens === true && max_tokens === null) {
    return failure("missing-argument", `${name} needs \`max_tokens\` where it pads to it (\`pad_to_max_tokens\`).`);
  }
  if (call.config["invert"] === true && output_mode !== "int" && output_mode !== "?") {
    return failure("bad-argument", `${name} can give words back (\`invert\`) only with \`output_mode="int"\`.`);
  }
  return null;
}

const textVectorization: LayerType = {
  name: "TextVectorization",
  in: PYTHON,
  arguments: [
    { name: "max_tokens", default: null },
    { name: "standardize", default: "lower_and_strip_punctuation" },
    { name: "split", default: "whitespace" },
    { name: "ngrams", default: null },
    { name: "output_mode", default: "int" },
    { name: "output_sequence_length", default: null },
    { name: "pad_to_max_tokens", default: false },
    { name: "vocabulary", default: null },
    { name: "idf_weights", default: null },
    { name: "sparse", default: false },
    { name: "ragged", default: false },
    { name: "encoding", default: "utf-8" },
    { name: "name", default: null, only: ["keras3"] },
    ...hidden,
  ],
  call(call): CallResult {
    const args = lookupArguments("TextVectorization", call);
    if (isFailure(args)) return args;
    const length = read("TextVectorization", call, { output_sequence_length: optional(size({ min: 0 })) });
    if (isFailure(length)) return length;
    const { shape } = single(call.inputs);
    const { split = null, ragged = false } = call.config;
    const mode = args.output_mode;
    if (mode === "?") return gives("?", "?");
    // Keras 2 splits first, and no longer knows the batch.
    const batch: Dim = call.library === "keras2" ? null : shape === "?" ? "?" : (shape[0] ?? null);
    if (mode === "int") {
      // Of texts that are not split, Keras 2 leaves the shape.
      const isPlain = typeof split === "string" && ragged === false;
      if (call.library === "keras2" && !isPlain) return gives("?", "int64");
      // One text alone has no batch, and neither have its words.
      if (shape === "?" || shape.length === 0)
        return gives(shape === "?" ? "?" : [length.output_sequence_length], "int64");
      return gives([batch, length.output_sequence_length], "int64");
    }
    const depth = depthOf(call, args, "never");
    if (shape === "?" || typeof split === "symbol") return gives("?", "float32");
    if (call.library === "keras2") return gives(split === null ? "?" : [batch, depth], "float32");
    const words: AnyShape = split === null ? (shape.length <= 1 ? [...shape, 1] : shape) : [...shape, null];
    return gives(encoded(call, words, mode, depth), "float32");
  },
  weights: (call) => idfWeights(call, modeText(call)),
};

const ends: readonly Argument[] = [
  { name: "idf_weights", default: null },
  { name: "encoding", default: "utf-8", only: ["keras2"] },
  { name: "invert", default: false },
  { name: "output_mode", default: "int" },
  { name: "pad_to_max_tokens", default: false, only: ["keras3"] },
  { name: "sparse", default: false },
  { name: "pad_to_max_tokens", default: false, only: ["keras2"] },
  { name: "encoding", default: "utf-8", only: ["keras3"] },
  { name: "name", default: null, only: ["keras3"] },
  { name: "salt", default: null, only: ["keras3"] },
];

export const LOOKUPS: readonly LayerType[] = [
  lookup("StringLookup", [
    { name: "max_tokens", default: null },
    { name: "num_oov_indices", default: 1 },
    { name: "mask_token", default: null },
    { name: "oov_token", default: "[UNK]" },
    { name: "vocabulary", default: null },
    ...ends,
  ]),
  lookup("IntegerLookup", [
    { name: "max_tokens", default: null },
    { name: "num_oov_indices", default: 1 },
    { name: "mask_token", default: null },
    { name: "oov_token", default: -1 },
    { name: "vocabulary", default: null },
    { name: "vocabulary_dtype", default: "int64" },
    { name: "idf_weights", default: null },
    { name: "invert", default: false },
    { name: "output_mode", default: "int" },
    { name: "sparse", default: false },
    { name: "pad_to_max_tokens", default: false },
    { name: "oov_method", default: "floormod", only: ["keras3"] },
    { name: "salt", default: null, only: ["keras3"] },
    { name: "name", default: null, only: ["keras3"] },
    ...["max_values", "mask_value", "oov_value"].map((name) => ({
      name,
      default: null,
      only: ["keras2"] as const,
      unlisted: true,
      keywordOnly: true,
    })),
  ]),
  textVectorization,
];
