// What the catalog answers to a case, in the form in which the libraries' runners answer.
import { bind, scriptName } from "../../../src/model/layers/bind";
import { layerNamed } from "../../../src/model/layers/catalog";
import {
  type CallOptions,
  type CallResult,
  type ConfigValue,
  type LayerHandle,
  type LayerType,
  type Library,
  OPAQUE,
  type Tensors,
  UNKNOWN,
  type Weight,
} from "../../../src/model/layers/catalog.types";
import { macsOfCall } from "../../../src/model/layers/costs";
import type { Dim } from "../../../src/model/shape";
import type { Case, Input, Json } from "./cases";

/** A tensor is a shape and a dtype; nested as the library nests them. */
export type Outputs =
  | { shape: (number | null | "?")[] | "?"; dtype: string }
  | null
  | Outputs[]
  | { dict: Record<string, Outputs> };

export type Answer =
  | { ok: true; outputs: Outputs; trainable: number | "?"; fixed: number | "?" }
  | { ok: false; error: string };

export interface Asked {
  readonly layer: LayerType;
  readonly library: Library;
  readonly config: Readonly<Record<string, ConfigValue>>;
  readonly inputs: Tensors;
  readonly options: CallOptions;
}

/** A case as a call of the catalog; a failure where its arguments do not bind. */
export function asked(one: Case, library: Library): Asked | { error: string } {
  const layer = layerNamed(one.layer, library);
  if (!layer) return { error: `no ${one.layer} in the catalog for ${library}` };
  const isScript = library === "tfjs";
  const named: Record<string, ConfigValue> = {};
  for (const [name, value] of Object.entries(one.config ?? {})) {
    if (!isScript) named[name] = configValue(value, library);
    else named[scriptName(name)] = typeof value === "string" ? scriptValue(name, value) : configValue(value, library);
  }
  const positional = (one.args ?? []).map((value) => configValue(value, library));
  const { config, problems } = bind(layer, library, { positional, named });
  const problem = problems.find(({ isError }) => isError);
  if (problem) return { error: `${problem.fails}: ${problem.message}` };
  const options: Record<string, Tensors | ConfigValue> = {};
  for (const [name, value] of Object.entries(one.options ?? {})) options[name] = optionOf(value, library);
  return { layer, library, config, inputs: tensors(one.input), options };
}

const scriptValue = (name: string, value: string) => (name === "name" || name === "dtype" ? value : scriptName(value));

export function answer(one: Case, library: Library): Answer {
  const call = asked(one, library);
  return "error" in call ? { ok: false, error: call.error } : answerOf(call);
}

export function answerOf(call: Asked): Answer {
  const result = call.layer.call(call);
  if ("fails" in result) return { ok: false, error: `${result.fails}: ${result.message}` };
  const weights = call.layer.weights?.(call) ?? [];
  return {
    ok: true,
    outputs: outputsOf(result.outputs),
    ...counts(call.config["trainable"] === UNKNOWN ? "?" : weights, call.config["trainable"] !== false),
  };
}

/** Multiply-accumulates of one example. */
export function macsOf(call: Asked): Dim {
  const result = call.layer.call(call);
  if ("fails" in result) return "?";
  return macsOfCall(call.layer, call, result.outputs);
}

function counts(
  weights: readonly Weight[] | "?",
  isTrainable: boolean,
): { trainable: number | "?"; fixed: number | "?" } {
  if (weights === "?") return { trainable: "?", fixed: "?" };
  const total = (some: readonly Weight[]) => {
    const sizes = some.map(({ shape }) =>
      (shape as readonly Dim[]).reduce<number | "?">((a, b) => (a === "?" || typeof b !== "number" ? "?" : a * b), 1),
    );
    return sizes.reduce<number | "?">((a, b) => (a === "?" || b === "?" ? "?" : a + b), 0);
  };
  // A layer that does not train has its weights all the same.
  return {
    trainable: total(weights.filter(({ trainable }) => trainable && isTrainable)),
    fixed: total(weights.filter(({ trainable }) => !(trainable && isTrainable))),
  };
}

function outputsOf(outputs: Tensors): Outputs {
  if (outputs === null) return null;
  if (Array.isArray(outputs)) return outputs.map(outputsOf);
  const one = outputs as { readonly [key: string]: Tensors };
  if ("shape" in one && "dtype" in one) return one as unknown as Outputs;
  return { dict: Object.fromEntries(Object.entries(one).map(([key, value]) => [key, outputsOf(value)])) };
}

export function tensors(input: Input): Tensors {
  if (Array.isArray(input)) return { shape: input as readonly (number | null)[], dtype: "float32" };
  if ("list" in input) return (input.list as readonly Input[]).map(tensors);
  if ("dict" in input) {
    return Object.fromEntries(
      Object.entries(input.dict as Record<string, Input>).map(([key, value]) => [key, tensors(value)]),
    );
  }
  return input as { shape: readonly (number | null)[]; dtype: string };
}

function optionOf(value: Json, library: Library): Tensors | ConfigValue {
  if (Array.isArray(value)) return value.map((one) => optionOf(one, library)) as Tensors;
  if (value !== null && typeof value === "object" && "$input" in value)
    return tensors((value as { $input: Input }).$input);
  return configValue(value, library);
}

function configValue(value: Json, library: Library): ConfigValue {
  if (value === null || typeof value !== "object") return value;
  if (Array.isArray(value)) return value.map((one: Json) => configValue(one, library));
  const one = value as { readonly [key: string]: Json };
  if ("$python" in one) return OPAQUE;
  if ("$layer" in one) return handle(one as { $layer: string; config: Record<string, Json> }, library);
  return Object.fromEntries(Object.entries(one).map(([key, inner]) => [key, configValue(inner, library)]));
}

/** A layer within another one's arguments, as the evaluator will hand it to the catalog. */
function handle({ $layer, config }: { $layer: string; config: Record<string, Json> }, library: Library): LayerHandle {
  const call = asked({ layer: $layer, config, input: [] }, library);
  if ("error" in call) throw new Error(call.error);
  const made = (bound: Readonly<Record<string, ConfigValue>>): LayerHandle => ({
    isLayer: true,
    className: call.layer.name,
    config: bound,
    call: (inputs, options = {}): CallResult => call.layer.call({ config: bound, inputs, options, library }),
    weights: (inputs) => call.layer.weights?.({ config: bound, inputs, options: {}, library }) ?? [],
    macs: (inputs) => macsOf({ layer: call.layer, library, config: bound, inputs, options: {} }),
    with: made,
  });
  return made(call.config);
}
