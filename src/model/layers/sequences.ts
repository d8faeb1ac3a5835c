// What the recurrent layers share: the sequence that they are called with, its steps, what goes round.
import type { Dim } from "../shape";
import { failure, flag, withDefault } from "./arguments";
import type { Argument, Failure, LayerCall, TensorType } from "./catalog.types";
import { isTensor, UNKNOWN_TENSOR } from "./tensors";

/** What goes round, read the same way for every recurrent layer. */
export const turning = {
  return_sequences: withDefault(false, flag()),
  return_state: withDefault(false, flag()),
  go_backwards: withDefault(false, flag()),
  stateful: withDefault(false, flag()),
  unroll: withDefault(false, flag()),
  time_major: withDefault(false, flag()),
};

export const turns: readonly Argument[] = ["return_sequences", "return_state", "go_backwards", "stateful"].map(
  (name) => ({ name, default: false }),
);
/** The sequence that the layer is called with; Keras 2 and TensorFlow.js may be given its first states in one list with it. */
export function sequenceOf({ inputs, library }: LayerCall): TensorType {
  if (isTensor(inputs)) return inputs;
  if (!Array.isArray(inputs) || (library === "keras3" && inputs.length > 1)) return UNKNOWN_TENSOR;
  const [first] = inputs;
  return isTensor(first) ? first : UNKNOWN_TENSOR;
}

/** The same without its time: what the cell is called with. */
export function stepOf(sequence: TensorType, timeMajor: boolean | "?"): TensorType {
  if (sequence.shape === "?" || timeMajor === "?") return { shape: "?", dtype: sequence.dtype };
  const [first, second, ...others] = sequence.shape;
  return { shape: [(timeMajor ? second : first) ?? null, ...others], dtype: sequence.dtype };
}

/** Fails where the layer cannot be built for the batch or the length that it is given. */
export function undefinedTime(
  layer: string,
  call: LayerCall,
  { stateful, unroll: unrolled }: { readonly stateful: boolean | "?"; readonly unroll: boolean | "?" },
  [batch, time]: readonly (Dim | undefined)[],
): Failure | null {
  if (stateful === true && batch === null) {
    return failure(
      "undefined-size",
      `${layer} keeps its state from batch to batch (\`stateful\`), so it must know the size of a batch. Give the input a batch size.`,
    );
  }
  if (unrolled === true && time === null && call.library === "keras2") {
    return failure(
      "undefined-size",
      `${layer} cannot unroll a length that is not known. Give the input its length, or leave out \`unroll\`.`,
    );
  }
  return null;
}
