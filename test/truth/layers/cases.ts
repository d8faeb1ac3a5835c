// What a grid of layer calls is: one case is one layer, its arguments, the tensors that it is called with. Both the catalog and
// the real library answer each. Values are plain JSON, so that they reach another process as they are.

export type Json = number | string | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Library = "keras3" | "keras2" | "tfjs";

/** A shape with its batch, `[null, 28, 28, 1]`, of float32 unless it says so. Several make a list or a dictionary of tensors. */
export type Input =
  | readonly (number | null)[]
  | { readonly shape: readonly (number | null)[]; readonly dtype: string }
  | { readonly list: readonly Input[] }
  | { readonly dict: { readonly [key: string]: Input } };

export interface Case {
  /** Python's class. */
  readonly layer: string;
  /** Positional arguments, for Python only. */
  readonly args?: readonly Json[];
  /**
   * Arguments by Python's names, for TensorFlow.js as well. `layerOf(…)` is a layer; `{ "$python": "lambda x: x" }` is a value that
   * only Python has, opaque to the catalog.
   */
  readonly config?: Readonly<Record<string, Json>>;
  readonly input: Input;
  /** Arguments of the call beside the inputs: plain ones, or tensors as `{ "$input": [null, 3] }`. */
  readonly options?: Readonly<Record<string, Json>>;
  /** Absent: all libraries that have the layer. */
  readonly in?: readonly Library[];
  /** Why the catalog may leave something unsaid here: an error of the library, a size. What it does say must still be right. */
  readonly unsaid?: string;
}

export const layerOf = (layer: string, config: Readonly<Record<string, Json>> = {}): Json => ({
  $layer: layer,
  config,
});

type Others = Pick<Case, "in" | "unsaid" | "options">;

/** Every combination of the arguments (a list of values each) with every input. */
export function grid(
  layer: string,
  config: Readonly<Record<string, readonly Json[]>>,
  inputs: readonly Input[],
  others: Others = {},
): Case[] {
  let configs: Record<string, Json>[] = [{}];
  for (const [name, values] of Object.entries(config)) {
    configs = configs.flatMap((one) => values.map((value) => ({ ...one, [name]: value })));
  }
  return configs.flatMap((one) => inputs.map((input) => ({ layer, config: one, input, ...others })));
}

/** One case per set of arguments and input, the arguments being no product of each other. */
export const each = (
  layer: string,
  configs: readonly Readonly<Record<string, Json>>[],
  inputs: readonly Input[],
  others: Others = {},
): Case[] => configs.flatMap((config) => inputs.map((input) => ({ layer, config, input, ...others })));
