// What the convolutions share: their arguments and how they are read, what their constructors refuse, their biases.
import { type Dim, type Shape, times } from "../shape";
import { type Count, choice, dataFormat, failure, flag, sizes, withDefault } from "./arguments";
import type { Argument, ConfigValue, Failure, Library, Tensors, Weight } from "./catalog.types";
import { constraint, initializer, regularizer } from "./common";
import type { DataFormat } from "./spatial";
import { isTensor, shapeInWords } from "./tensors";

export type Rank = 1 | 2 | 3;

/** Keras writes 1 for one dimension and (1, 1) for two. */
export const ones = (rank: Rank): ConfigValue => (rank === 1 ? 1 : Array<number>(rank).fill(1));

export const padding: Argument = { name: "padding", default: "valid" };
export const formatArgument: Argument = { name: "data_format", default: null };
export const activation: Argument = { name: "activation", default: null };
export const useBias: Argument = { name: "use_bias", default: true };
/** TensorFlow.js starts convolutions with glorotNormal. */
export const kernelInitializer: Argument = {
  ...initializer("kernel", "glorot_uniform"),
  defaultIn: { tfjs: "glorot_normal" },
};
export const activityRegularizer: Argument = { name: "activity_regularizer", default: null };
export const lora: readonly Argument[] = [
  { name: "lora_rank", default: null, keywordOnly: true, unlisted: true, only: ["keras3"] },
  { name: "lora_alpha", default: null, keywordOnly: true, unlisted: true, only: ["keras3"] },
];

export const strided = (rank: Rank): Argument => ({ name: "strides", default: ones(rank) });
export const dilated = (rank: Rank): Argument => ({ name: "dilation_rate", default: ones(rank) });
export const kernelEnd: readonly Argument[] = [
  activation,
  useBias,
  kernelInitializer,
  initializer("bias", "zeros"),
  regularizer("kernel"),
  regularizer("bias"),
  activityRegularizer,
  constraint("kernel"),
  constraint("bias"),
];

/** What every kind reads, whichever of it the library has. */
export const readers = (rank: Rank) => ({
  kernel_size: sizes(rank),
  strides: sizes(rank),
  padding: choice(["valid", "same", "causal"], { ignoreCase: true }),
  data_format: dataFormat(),
  dilation_rate: withDefault(Array<Count>(rank).fill(1), sizes(rank)),
  use_bias: flag(),
});

/** What they are when read. */
export type Common = {
  readonly kernel_size: readonly Count[];
  readonly strides: readonly Count[];
  readonly padding: "valid" | "same" | "causal" | "?";
  readonly data_format: DataFormat;
  readonly dilation_rate: readonly Count[];
  readonly use_bias: boolean | "?";
};

const some = (counts: readonly Count[], test: (count: number) => boolean) =>
  counts.some((count) => count !== "?" && test(count));

/** What the constructors of Keras refuse. */
export function refused(
  layer: string,
  { strides, dilation_rate, padding }: Common,
  causal: boolean,
  library: Library,
): Failure | null {
  if (library === "tfjs") return null;
  if (padding === "causal" && !causal) {
    return failure(
      "bad-argument",
      `${layer} cannot pad "causal"; only one-dimensional convolutions can. Use "valid" or "same".`,
    );
  }
  if (some(strides, (stride) => stride > 1) && some(dilation_rate, (rate) => rate > 1)) {
    return failure(
      "strides-with-dilation",
      `${layer} cannot have both strides and a dilation rate over 1. Here \`strides\` is ${strides.join(", ")} and \`dilation_rate\` is ${dilation_rate.join(", ")}. Set one of them to 1.`,
    );
  }
  return null;
}

/** The weights' shapes depend on the channels: no library builds a convolution without knowing them. */
export function noChannels(layer: string, input: Shape, channels: Dim): Failure | null {
  if (channels !== null) return null;
  return failure(
    "undefined-channels",
    `${layer} must know the number of channels of its input to make its kernel. The input is ${shapeInWords(input)}.`,
  );
}

/** TensorFlow.js notices only when it runs that nothing is left. */
export const leastOutput = (library: Library) => (library === "tfjs" ? -Infinity : 1);

export const windowOf = (args: Common, at: number) => ({
  kernel: args.kernel_size[at]!,
  stride: args.strides[at]!,
  dilation: args.dilation_rate[at]!,
  padding: args.padding,
});

/** TensorFlow.js takes "causal", and computes the size as for "valid". */
export const paddedAs = (args: Common, library: Library): Common =>
  library === "tfjs" && args.padding === "causal" ? { ...args, padding: "valid" } : args;

export const biasOf = (args: Common, channels: Dim): readonly Weight[] | "?" =>
  args.use_bias === "?" ? "?" : args.use_bias ? [{ name: "bias", shape: [channels], trainable: true }] : [];

export const withBias = (kernels: readonly Weight[], bias: readonly Weight[] | "?"): readonly Weight[] | "?" =>
  bias === "?" ? "?" : [...kernels, ...bias];

export const outputElements = (outputs: Tensors): Dim =>
  isTensor(outputs) && outputs.shape !== "?" ? times(...outputs.shape.slice(1)) : "?";

/** The types of TensorFlow.js take a plain convolution's kernel arguments here, though its layers do not use them. */
export const kernelOfTypes: readonly Argument[] = [
  { ...initializer("kernel", "glorot_normal"), only: ["tfjs"] },
  { ...regularizer("kernel"), only: ["tfjs"] },
  { ...constraint("kernel"), only: ["tfjs"] },
];

export function indivisible(layer: string, what: string, count: Dim, groups: Count): Failure | null {
  if (typeof count !== "number" || groups === "?" || count % groups === 0) return null;
  return failure(
    "indivisible-groups",
    `${layer} has ${groups} groups, and its ${count} ${what} cannot be divided among them evenly. Choose a number of groups that divides ${count}.`,
  );
}
