// Multiply-accumulates of operations that multiply tensors: `matmul`, `einsum`. Those of others are none worth telling.
import type { Tensors } from "../../../model/layers/catalog.types";
import { isTensor } from "../../../model/layers/tensors";
import { type Dim, times } from "../../../model/shape";
import type { Arguments, TensorValue } from "../value";

const PRODUCT =
  /^(matmul|einsum|dot|inner|outer|tensordot|batch_dot|vdot|convolution|(depthwise_|separable_)?conv.*|.*fft.*)$/;

/** For one example: what is multiplied without a batch in it cannot be told from weights. */
export function productMacs(name: string, args: Arguments, tensors: readonly TensorValue[], outputs: Tensors): Dim {
  if (!PRODUCT.test(name)) return 0;
  const [a, b] = tensors.map(({ type }) => type.shape);
  if (!isTensor(outputs) || !a || !b || outputs.shape === "?" || a === "?" || b === "?" || tensors.length !== 2)
    return "?";
  if (outputs.shape[0] !== null) return "?";
  if (name === "matmul" && args.positional.length <= 2) {
    const flip = args.named.get("transpose_a");
    if (flip && flip.kind !== "boolean") return "?";
    const summed = a.at(flip?.value ? -2 : -1);
    return summed === undefined ? "?" : times(...outputs.shape.slice(1), summed);
  }
  const [equation] = args.positional;
  return name === "einsum" && equation?.kind === "string" ? einsumMacs(equation.value, [a, b]) : "?";
}

/** Every combination of the labels is one product; the first of the output is the batch. */
function einsumMacs(equation: string, shapes: readonly (readonly Dim[])[]): Dim {
  const match = /^(\w+),(\w+)->(\w+)$/.exec(equation.replaceAll(" ", ""));
  if (!match) return "?";
  const sizes = new Map<string, Dim>();
  for (const [at, labels] of [match[1]!, match[2]!].entries())
    for (const [index, label] of [...labels].entries()) {
      const size = shapes[at]![index] ?? "?";
      if (typeof sizes.get(label) !== "number") sizes.set(label, size);
    }
  const batch = match[3]![0]!;
  return times(...[...sizes].filter(([label]) => label !== batch).map(([, size]) => size));
}
