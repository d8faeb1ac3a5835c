// Layers: made from a call of their class, called with tensors, counted. Models are layers too; what they have inside is in models.ts.

import { isFailure } from "../../../model/layers/arguments";
import { bind } from "../../../model/layers/bind";
import type {
  CallOptions,
  CallResult,
  Config,
  LayerType,
  Library,
  Tensors,
  Weight,
} from "../../../model/layers/catalog.types";
import { isTensor, mapTensors, UNKNOWN_TENSOR } from "../../../model/layers/tensors";
import { callFunction } from "../calls";
import { memberOf } from "../classes";
import { itemsOf, listItems } from "../lists";
import { type Run, spend } from "../run";
import { isSymbolic } from "../tensors/given";
import {
  type Arguments,
  BUILT,
  type GraphNode,
  type InstanceValue,
  LAST,
  type LayerValue,
  OWN_WEIGHTS,
  type Place,
  positional,
  type TensorValue,
  TRAINABLE,
  UNKNOWN,
  type Value,
} from "../value";
import { configOf, shapeValue, tensorsIn, tensorsOf, valueFrom } from "./convert";
import { callModel, partsOf } from "./models";

export interface Making {
  readonly className: string;
  readonly written: string;
  readonly type: LayerType | null;
  readonly library: Library;
  readonly form: LayerValue["form"];
  readonly place: Place;
  readonly config?: Readonly<Record<string, Value>>;
  readonly catalog?: Config;
  readonly instance?: InstanceValue;
}

export function newLayer(run: Run, making: Making): LayerValue {
  const layer: LayerValue = {
    kind: "layer",
    id: run.nextId++,
    className: making.className,
    written: making.written,
    type: making.type,
    library: making.library,
    config: making.config ?? {},
    catalog: making.catalog ?? {},
    place: making.place,
    instance: making.instance ?? null,
    form: making.form,
    slots: new Map(),
  };
  run.layers.push(layer);
  return layer;
}

/** `Dense(10, activation="relu")`. */
export function makeLayer(
  run: Run,
  type: LayerType,
  written: string,
  library: Library,
  args: Arguments,
  place: Place,
): LayerValue {
  const { config, problems } = bind(type, library, {
    positional: args.positional.map((value) => configOf(run, value)),
    named: Object.fromEntries([...args.named].map(([name, value]) => [name, configOf(run, value)])),
    isPartial: args.open,
  });
  for (const failure of problems) run.found.push({ place, failure });
  const layer = newLayer(run, {
    className: type.name,
    written,
    type,
    library,
    form: "layer",
    place,
    config: Object.fromEntries(args.named),
    catalog: config,
  });
  if (config["trainable"] === false) layer.slots.set(TRAINABLE, false);
  return layer;
}

/** What calling it gives, without a place in a graph; it is built by that, if it was not. */
export function run1(run: Run, layer: LayerValue, inputs: Tensors, options: CallOptions, changed?: Config): CallResult {
  if (layer.type) {
    const call = { config: changed ?? layer.catalog, inputs, options, library: layer.library };
    const result = layer.type.call(call);
    if (!isFailure(result)) build(run, layer, inputs, options, changed);
    return result;
  }
  const value = callModel(run, layer, positional(valueFrom(inputs, null)), layer.place);
  return { outputs: tensorsOf(run, value) };
}

export function build(run: Run, layer: LayerValue, inputs: Tensors, options: CallOptions = {}, changed?: Config): void {
  if (!layer.type || layer.slots.has(BUILT)) return;
  run.journal.set(
    layer,
    BUILT,
    layer.type.weights?.({ config: changed ?? layer.catalog, inputs, options, library: layer.library }) ?? [],
  );
}

export function weightsOf(run: Run, layer: LayerValue, inputs: Tensors, changed?: Config): readonly Weight[] | "?" {
  if (layer.type) {
    build(run, layer, inputs, {}, changed);
    // With other arguments it is another layer: the way back of a Bidirectional.
    if (changed) return layer.type.weights?.({ config: changed, inputs, options: {}, library: layer.library }) ?? [];
  }
  return allWeights(layer);
}

/** All weights of a layer and of what is in it, each layer once; "?" where one cannot be told. */
export function allWeights(layer: LayerValue, done = new Set<LayerValue>()): readonly Weight[] | "?" {
  if (done.has(layer)) return [];
  done.add(layer);
  const own = ownWeights(layer);
  if (own === "?") return "?";
  const frozen = layer.slots.get(TRAINABLE) === false;
  const all: Weight[] = [...own];
  for (const part of partsOf(layer)) {
    const inside = part === "?" ? "?" : allWeights(part, done);
    if (inside === "?") return "?";
    all.push(...inside);
  }
  return frozen ? all.map((weight) => ({ ...weight, trainable: false })) : all;
}

function ownWeights(layer: LayerValue): readonly Weight[] | "?" {
  const built = layer.slots.get(BUILT) as readonly Weight[] | "?" | undefined;
  const added = (layer.slots.get(OWN_WEIGHTS) as readonly Weight[] | "?" | undefined) ?? [];
  if (built === "?" || added === "?") return "?";
  if (layer.form === "application") return built ?? "?";
  if (layer.type) return built ?? (layer.type.weights ? "?" : []);
  const variables = layer.instance ? variablesOf(layer, layer.instance) : [];
  return variables === "?" ? "?" : [...added, ...variables];
}

/** Variables among the attributes: Keras 2 counts TensorFlow's, Keras 3 its own only. */
function variablesOf(layer: LayerValue, instance: InstanceValue): readonly Weight[] | "?" {
  const found: Weight[] = [];
  for (const [name, slot] of instance.slots) {
    const value = slot as Value;
    if (typeof name === "symbol" || value?.kind !== "tensor" || !value.variable) continue;
    if (value.variable.by === "tf" && layer.library !== "keras2") continue;
    const { shape } = value.type;
    const { trainable } = value.variable;
    if (shape === "?" || trainable === "?") return "?";
    found.push({ name: String(name), shape, trainable });
  }
  return found;
}

/** A call takes as long as about so many steps; a model in a model in a model may be called without end. */
const STEPS_OF_A_CALL = 5;

/** A call of any layer or model: its result, in the graph of a model where its inputs are. */
export function callLayer(run: Run, layer: LayerValue, args: Arguments, place: Place): Value {
  spend(run, STEPS_OF_A_CALL);
  if (!layer.type) return callModel(run, layer, args, place);
  const given =
    args.positional[0] ??
    args.named.get("sequences") ??
    args.named.get("inputs") ??
    args.named.get("query") ??
    args.named.get("input");
  if (!given) return UNKNOWN;
  const inputs = tensorsOf(run, given);
  const options = optionsOf(run, args);
  const result = layer.type.call({ config: layer.catalog, inputs, options, library: layer.library });
  if (isFailure(result)) {
    run.found.push({ place, failure: result });
    run.seen.push({ layer, place, inputs, outputs: UNKNOWN_TENSOR, because: [], isEager: false });
    return UNKNOWN;
  }
  build(run, layer, inputs, options);
  return remember(run, layer, args, inputs, result.outputs, result.because ?? [], place);
}

/** Notes a call, and gives its outputs a place in the graph. */
export function remember(
  run: Run,
  layer: LayerValue,
  args: Arguments,
  inputs: Tensors,
  outputs: Tensors,
  because: readonly string[],
  place: Place,
): Value {
  const from = [...args.positional, ...args.named.values()].flatMap(tensorsIn);
  // Called with data: how many examples these are says nothing of the layer.
  const isEager = run.symbolic === 0 && !from.some(isSymbolic);
  run.seen.push({ layer, place, inputs, outputs: isEager ? anyBatch(outputs) : outputs, because, isEager });
  const node = nodeOf(run, layer, from, place, (again) => callLayer(run, layer, replaced(args, from, again), place));
  const isOpen = from.some((one) => one.isOpen);
  const origin = !node && (isOpen || from.length === 0) ? originOf(run, layer, from, place) : undefined;
  const value = valueFrom(outputs, node, isOpen, origin);
  run.journal.set(layer, LAST, value);
  return value;
}

const anyBatch = (tensors: Tensors): Tensors =>
  mapTensors(tensors, ({ shape, dtype }) => ({
    shape: shape === "?" || shape.length === 0 ? shape : [null, ...shape.slice(1)],
    dtype,
  }));

export function nodeOf(
  { block }: Run,
  layer: LayerValue | null,
  inputs: readonly TensorValue[],
  place: Place,
  again: (inputs: readonly TensorValue[]) => Value,
  operation = "",
): GraphNode | null {
  const symbolic = inputs.filter((one) => one.node);
  if (symbolic.length === 0) return null;
  const depth = 1 + Math.max(...symbolic.map((one) => one.node!.depth));
  return { layer, operation, inputs, place, depth, block, again };
}

/** Like a node, of something that begins nobody knows where. */
export const originOf = (
  { block }: Run,
  layer: LayerValue | null,
  inputs: readonly TensorValue[],
  place: Place,
  operation = "",
): GraphNode => ({ layer, operation, inputs, place, depth: 0, block, again: () => UNKNOWN });

/** The same arguments with other tensors in the places of these. */
export function replaced(args: Arguments, from: readonly TensorValue[], to: readonly TensorValue[]): Arguments {
  const swap = (value: Value): Value => {
    if (value.kind === "tensor") {
      const at = from.indexOf(value);
      return at < 0 ? value : (to[at] ?? value);
    }
    if (value.kind === "list") {
      const items = listItems(value);
      return items
        ? {
            ...value,
            slots: new Map([...value.slots].map(([key, slot]) => [key, slot === items ? items.map(swap) : slot])),
          }
        : value;
    }
    if (value.kind === "dict")
      return {
        ...value,
        slots: new Map(
          [...value.slots].map(([key, slot]) => [key, typeof key === "symbol" ? slot : swap(slot as Value)]),
        ),
      };
    return value;
  };
  return {
    positional: args.positional.map(swap),
    named: new Map([...args.named].map(([name, value]) => [name, swap(value)])),
    open: args.open,
  };
}

function optionsOf(run: Run, args: Arguments): CallOptions {
  const options: Record<string, ReturnType<typeof configOf> | Tensors> = {};
  const put = (name: string, value: Value): void => {
    options[name] = tensorsIn(value).length > 0 ? tensorsOf(run, value) : configOf(run, value);
  };
  for (const [name, value] of args.named) put(name, value);
  // The second of a layer that takes several tensors by place: `attention(query, value)`.
  for (const [at, value] of args.positional.slice(1).entries()) put(ORDER[at] ?? `argument_${at + 2}`, value);
  return options;
}

const ORDER = ["second", "third", "fourth"];

/** An object of a user's class: `build` once, then `call`. */
export function callInstance(run: Run, layer: LayerValue, instance: InstanceValue, args: Arguments): Value {
  const [first] = args.positional;
  if (!layer.slots.has(BUILT)) {
    run.journal.set(layer, BUILT, []);
    const buildMethod = memberOf(instance.class, "build")?.value;
    if (buildMethod?.kind === "function" && first) {
      const type = tensorsOf(run, first);
      const shape = isTensor(type) ? shapeValue(type.shape) : UNKNOWN;
      callFunction(run, buildMethod, positional(instance, shape), instance);
    }
  }
  const method = memberOf(instance.class, "call")?.value ?? memberOf(instance.class, "forward")?.value;
  if (method?.kind !== "function") return UNKNOWN;
  return callFunction(run, method, { ...args, positional: [instance, ...args.positional] }, instance);
}

/** Layers that an attribute holds: one, or those in its lists and dictionaries. */
export function layersIn(value: Value, depth = 0): (LayerValue | "?")[] {
  if (depth > 4) return [];
  switch (value.kind) {
    case "layer":
      return [value];
    case "instance":
      return value.native ? [value.native] : [];
    case "list": {
      const items = listItems(value);
      return items ? items.flatMap((item) => layersIn(item, depth + 1)) : [];
    }
    case "dict":
      return (itemsOf(value) ?? []).flatMap(([, item]) => layersIn(item, depth + 1));
    default:
      return [];
  }
}
