// EinsumDense: a dense layer whose sums an equation names, such as `abc,cd->abd`.
import { type Dim, differ, type Shape, times } from "../shape";
import { failure, isFailure, optional, read, shape, size, text } from "./arguments";
import type { Failure, LayerCall, LayerType, Weight } from "./catalog.types";
import { constraint, initializer, regularizer } from "./common";
import { computeDtype, gives, isTensor, shapeInWords, single } from "./tensors";

interface Analysis {
  readonly output: Shape;
  readonly kernel: Shape;
  readonly bias: Shape | null;
  /** Labels that are summed over, by size: for the multiplications. */
  readonly summed: Shape;
  /** The output has the dimensions that the equation names: Keras 3 takes another shape at its word. */
  readonly isExact: boolean;
}

const FORMS: readonly { readonly form: RegExp; readonly elided: "none" | "left" | "right" }[] = [
  { form: /^([a-zA-Z]+),([a-zA-Z]+)->([a-zA-Z]+)/, elided: "none" },
  { form: /^0([a-zA-Z]+),([a-zA-Z]+)->0([a-zA-Z]+)/, elided: "left" },
  { form: /^([a-zA-Z]{2,})0,([a-zA-Z]+)->([a-zA-Z]+)0/, elided: "right" },
];

const bad = (message: string): Failure => failure("bad-einsum", `EinsumDense: ${message}`);

/** The shapes that an equation gives; "?" where the arguments or the input are not known. */
function analysed(call: LayerCall): Analysis | Failure | "?" {
  const args = read("EinsumDense", call, {
    equation: text(),
    output_shape: shape({ orOne: true }),
    bias_axes: optional(text()),
  });
  if (isFailure(args)) return args;
  if (args.equation === "?") return "?";
  const equation = args.equation.replaceAll("...", "0");
  const found = FORMS.map(({ form, elided }) => ({ match: form.exec(equation), elided })).find(({ match }) => match);
  if (!found?.match) {
    return bad(
      `the equation ${JSON.stringify(args.equation)} is none of the forms "ab,bc->ac", "...b,bc->...c" and "ab...,bc->ac...".`,
    );
  }
  const [, from = "", weights = "", to = ""] = found.match;
  const { shape: input } = single(call.inputs);
  if (input === "?" || args.output_shape === "?" || args.bias_axes === "?") return "?";
  return sizesOf({
    from,
    weights,
    to,
    isLeft: found.elided === "left",
    isWhole: found.elided === "none",
    input,
    partial: args.output_shape,
    biasAxes: args.bias_axes,
    library: call.library,
  });
}

function sizesOf({
  from,
  weights,
  to,
  isLeft,
  isWhole,
  input,
  partial,
  biasAxes,
  library,
}: {
  readonly from: string;
  readonly weights: string;
  readonly to: string;
  readonly isLeft: boolean;
  /** It elides nothing. */
  readonly isWhole: boolean;
  readonly input: Shape;
  readonly partial: Shape;
  readonly biasAxes: string | null;
  readonly library: LayerCall["library"];
}): Analysis | Failure {
  const elided = input.length - from.length;
  const first = input[0] ?? null;
  const between = elided > 0 && isLeft ? input.slice(1, elided).toReversed() : [];
  const after = elided > 0 && !isLeft ? input.slice(input.length - elided) : [];
  const output: Dim[] = [first, ...between, ...partial, ...after];
  const skipped = isLeft ? elided : 0;
  const inputDims = new Map([...from].map((label, at) => [label, input[at + skipped]] as const));
  const outputDims = new Map([...to].map((label, at) => [label, output[at + skipped]] as const));
  if ([...inputDims.values(), ...outputDims.values()].includes(undefined)) {
    return bad(`the input ${shapeInWords(input)} or \`output_shape\` has fewer dimensions than the equation names.`);
  }
  for (const label of from) {
    const [a, b] = [inputDims.get(label) ?? null, outputDims.get(label)];
    // Keras compares the two as they are: None is not 5.
    if (b !== undefined && b !== null && (differ(a, b) || (a === null && b !== "?"))) {
      return bad(`"${label}" is ${a ?? "None"} in the input ${shapeInWords(input)} and ${b} in \`output_shape\`.`);
    }
  }
  const stray = [...to].find((label) => !from.includes(label) && !weights.includes(label));
  if (stray) return bad(`"${stray}" of the output is neither in the input nor in the kernel.`);
  const unmatched = [...weights].find((label) => !inputDims.has(label) && !outputDims.has(label));
  if (unmatched) return bad(`"${unmatched}" of the kernel is neither in the input nor in the output.`);
  const [one, other] = library === "keras3" ? [outputDims, inputDims] : [inputDims, outputDims];
  const kernel = [...weights].map((label) => (one.has(label) ? one.get(label) : other.get(label)) ?? null);
  if (kernel.includes(null)) {
    return failure(
      "undefined-channels",
      `EinsumDense must know the sizes "${weights}" to make its kernel. The input is ${shapeInWords(input)}.`,
    );
  }
  const missing = [...(biasAxes ?? "")].find((label) => !to.includes(label));
  if (missing) return bad(`"${missing}" of \`bias_axes\` is not in the output "${to}".`);
  if (library === "keras2" && isWhole && elided !== 0) {
    return bad(`the equation names ${from.length} dimensions of its input, which is ${shapeInWords(input)}.`);
  }
  // Keras 2 gives what the sum itself gives: each label's size, in the order of the equation.
  const sizeOf = (label: string): Dim => inputDims.get(label) ?? kernel[weights.indexOf(label)] ?? null;
  const summedShape = (): Shape => {
    const named = [...to].map(sizeOf);
    if (elided <= 0) return named;
    return isLeft ? [...input.slice(0, elided), ...named] : [...named, ...input.slice(-elided)];
  };
  const summed = [...from].filter((label) => !to.includes(label)).map((label) => inputDims.get(label) ?? null);
  return {
    output: library === "keras2" ? summedShape() : output,
    kernel,
    bias: biasAxes ? biasShape(biasAxes, to, outputDims, isLeft ? 0 : Math.max(elided, 0)) : null,
    summed,
    isExact: output.length === to.length + Math.max(elided, 0),
  };
}

function biasShape(axes: string, to: string, dims: ReadonlyMap<string, Dim | undefined>, more: number): Shape {
  const start = Math.min(...[...axes].map((label) => to.indexOf(label)));
  const own = [...to.slice(start)].map((label) => (axes.includes(label) ? (dims.get(label) ?? null) : 1));
  return [...own, ...Array<number>(more).fill(1)];
}

export const einsumDense: LayerType = {
  name: "EinsumDense",
  in: ["keras3", "keras2"],
  arguments: [
    { name: "equation" },
    { name: "output_shape" },
    { name: "activation", default: null },
    { name: "bias_axes", default: null },
    initializer("kernel", "glorot_uniform"),
    initializer("bias", "zeros"),
    regularizer("kernel"),
    regularizer("bias"),
    { name: "activity_regularizer", default: null, only: ["keras2"] },
    constraint("kernel"),
    constraint("bias"),
    { name: "lora_rank", default: null, only: ["keras3"] },
    { name: "lora_alpha", default: null, only: ["keras3"] },
    { name: "gptq_unpacked_column_size", default: null, only: ["keras3"] },
    { name: "quantization_config", default: null, only: ["keras3"] },
  ],
  call(call) {
    const found = analysed(call);
    if (found === "?") return gives("?", computeDtype(call));
    if (isFailure(found)) return found;
    if (found.bias?.includes(null)) {
      return failure(
        "undefined-channels",
        `EinsumDense must know the sizes of its bias. It would be ${shapeInWords(found.bias)}.`,
      );
    }
    return gives(found.output, computeDtype(call));
  },
  weights(call) {
    const found = analysed(call);
    const args = read("EinsumDense", call, { lora_rank: optional(size()) });
    if (found === "?" || isFailure(found) || isFailure(args)) return "?";
    const rank = args.lora_rank;
    if (rank === "?") return "?";
    const lowRank: readonly Weight[] =
      rank === null
        ? []
        : [
            { name: "lora_kernel_a", shape: [...found.kernel.slice(0, -1), rank], trainable: true },
            { name: "lora_kernel_b", shape: [rank, found.kernel.at(-1) ?? "?"], trainable: true },
          ];
    const bias = found.bias ? [{ name: "bias", shape: found.bias, trainable: true }] : [];
    return [{ name: "kernel", shape: found.kernel, trainable: rank === null }, ...bias, ...lowRank];
  },
  macs(call, outputs) {
    const found = analysed(call);
    if (found === "?" || isFailure(found) || !isTensor(outputs) || outputs.shape === "?") return "?";
    return found.isExact ? times(...outputs.shape.slice(1), ...found.summed) : "?";
  },
};
