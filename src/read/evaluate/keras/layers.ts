// Layers: made from a call of their class, called with tensors, counted. Models are layers too; what they have inside is in models.ts.

import { isFailure } from "../../../model/layers/arguments";
import { AUGMENTATION } from "../../../model/layers/augmentation";
import { bind, type Given } from "../../../model/layers/bind";
import type {
  CallOptions,
  CallResult,
  Config,
  LayerType,
  Library,
  Tensors,
  Weight,
} from "../../../model/layers/catalog.types";
import { macsOfCall } from "../../../model/layers/costs";
import { batched, isTensor, mapTensors, UNKNOWN_TENSOR, weightDtype } from "../../../model/layers/tensors";
import type { Dim } from "../../../model/shape";
import { call, callFunction } from "../calls";
import { memberOf } from "../classes";
import { itemsOf, listItems, listOf } from "../lists";
import { makingFacts, type Run, spend } from "../run";
import { data, isSymbolic } from "../tensors/given";
import {
  type Arguments,
  BASE_CONFIG,
  BASE_WEIGHTS,
  BUILT,
  type GraphNode,
  type InstanceValue,
  LAST,
  LAYERS,
  type LayerValue,
  OWN_WEIGHTS,
  type Place,
  positional,
  Slots,
  type TensorValue,
  TRAINABLE,
  UNKNOWN,
  type Value,
} from "../value";
import { aside, type Inside, macsOf, type Work, within, worked } from "../work";
import { configOf, shapeOf, shapeValue, tensorsIn, tensorsOf, valueFrom } from "./convert";
import { reportArguments, reportCall, reportCalled, reportMade } from "./failing";
import { callModel, partsOf } from "./models";
import { variablesOf } from "./variables";

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
  readonly base?: LayerType | null;
  /** Not all arguments are known. */
  readonly isOpen?: boolean;
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
    base: making.base ?? null,
    making: makingFacts(run, making.isOpen),
    block: run.block,
    slots: new Slots(),
  };
  run.layers.push(layer);
  return layer;
}

export const bound = (run: Run, type: LayerType, library: Library, args: Arguments) =>
  bind(type, library, {
    positional: args.positional.map((value) => configOf(run, value)),
    named: Object.fromEntries([...args.named].map(([name, value]) => [name, configOf(run, value)])),
    isPartial: args.open,
  });

/** `Dense(10, activation="relu")`. */
export function makeLayer(
  run: Run,
  type: LayerType,
  written: string,
  library: Library,
  args: Arguments,
  place: Place,
): LayerValue {
  const given: Given = {
    positional: args.positional.map((value) => configOf(run, value)),
    named: Object.fromEntries([...args.named].map(([name, value]) => [name, configOf(run, value)])),
    isPartial: args.open,
  };
  const { config, problems } = bind(type, library, given);
  reportArguments(run, type, library, given, problems, place);
  const layer = newLayer(run, {
    className: type.name,
    written,
    type,
    library,
    form: "layer",
    place,
    isOpen: args.open,
    config: {
      ...(type.name === "Lambda" && args.positional[0] && { function: args.positional[0] }),
      ...Object.fromEntries(args.named),
    },
    catalog: config,
  });
  if (config["trainable"] === false) layer.slots.set(TRAINABLE, false);
  reportMade(run, layer);
  return layer;
}

/** What calling it gives, without a place in a graph; it is built by that, if it was not. */
export function run1(run: Run, layer: LayerValue, inputs: Tensors, options: CallOptions, changed?: Config): CallResult {
  if (layer.type) {
    const call = { config: changed ?? layer.catalog, inputs, options, library: layer.library };
    const result = aside(run, () => layer.type!.call(call));
    if (!isFailure(result)) build(run, layer, inputs, options, changed);
    return result;
  }
  // A cell of the user's own is called with a step and its states.
  const states = layer.instance ? (options["states"] as Tensors | undefined) : undefined;
  const given = [inputs, ...(states === undefined ? [] : [states])].map((one) => valueFrom(one, null));
  const value = aside(run, () => callModel(run, layer, positional(...given), layer.place));
  return { outputs: tensorsOf(run, value) };
}

/** Multiply-accumulates of one example, were it called with this. */
export function macs1(run: Run, layer: LayerValue, inputs: Tensors, changed?: Config): Dim {
  if (!layer.type) {
    const { inside } = within(run, () => callModel(run, layer, positional(valueFrom(inputs, null)), layer.place));
    return inside.works.length === 0 ? "?" : macsOf(inside);
  }
  const call = { config: changed ?? layer.catalog, inputs, options: {}, library: layer.library };
  return aside(run, () => {
    const result = layer.type!.call(call);
    return isFailure(result) ? "?" : macsOfCall(layer.type!, call, result.outputs);
  });
}

export function build(run: Run, layer: LayerValue, inputs: Tensors, options: CallOptions = {}, changed?: Config): void {
  // One that was built of something unknown is built of what is known, once that comes: they must fit.
  if (!layer.type || (layer.slots.has(BUILT) && layer.slots.get(BUILT) !== "?")) return;
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
  if (layer.instance && layer.library === "keras3") buildInstance(run, layer, layer.instance, inputs);
  return allWeights(layer);
}

/** All weights of a layer and of what is in it, each layer once; "?" where one cannot be told. */
export function allWeights(layer: LayerValue, done = new Set<LayerValue>()): readonly Weight[] | "?" {
  if (done.has(layer)) return [];
  done.add(layer);
  const own = ownWeights(layer);
  if (own === "?") return "?";
  const frozen = layer.slots.get(TRAINABLE) === false;
  const dtype = layer.type ? weightDtype({ config: layer.catalog, library: layer.library }) : "float32";
  const all: Weight[] = dtype === "float32" ? [...own] : own.map((weight) => ({ dtype, ...weight }));
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
  if (layer.form === "application" || layer.form === "estimator") return built ?? "?";
  if (layer.type) return built ?? (layer.type.weights ? "?" : []);
  const variables = layer.instance ? variablesOf(layer, layer.instance) : [];
  const inherited = layer.base ? ((layer.slots.get(BASE_WEIGHTS) as readonly Weight[] | "?" | undefined) ?? "?") : [];
  return variables === "?" || inherited === "?" ? "?" : [...inherited, ...added, ...variables];
}

/** What the rules of a layer cost, in steps of the program. */
const STEPS_OF_A_CALL = 4;

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
  const { type } = layer;
  const asked = { config: layer.catalog, inputs, options, library: layer.library };
  const isAround = HAS_LAYERS.has(type.name);
  const result = isAround ? aside(run, () => type.call(asked)) : type.call(asked);
  if (isFailure(result)) {
    reportCall(run, layer, asked, result, tensorsIn(given), place);
    run.seen.push({ layer, place, inputs, outputs: UNKNOWN_TENSOR, because: [], isEager: false });
    if (run.inside) run.inside.isVague = true;
    return UNKNOWN;
  }
  reportCalled(run, layer, given, place);
  build(run, layer, inputs, options);
  // Only a function of the user's own may make something else of a batch.
  const isLambda = type.name === "Lambda";
  const outputs = isLambda
    ? (ofFunction(run, layer, given, place) ?? result.outputs)
    : batched(inputs, keepsLast(type, inputs, result.outputs));
  const { because = [] } = result;
  const cost = () => macsOfCall(type, asked, outputs);
  // What is around other layers asks them, which is possible only now.
  const macs = !type.macs ? 0 : isAround ? aside(run, cost) : cost;
  return remember(run, layer, args, { inputs, outputs, because, macs }, place);
}

/** Layers that call those among their arguments. */
const HAS_LAYERS = new Set(
  "TimeDistributed Bidirectional SpectralNormalization RNN StackedRNNCells Pipeline Wrapper".split(" "),
);

const KEEPS_SHAPE = new Set("Dropout Activation ReLU LeakyReLU ELU PReLU Softmax GaussianNoise Masking".split(" "));

/** A layer that leaves the shape as it is leaves its last size, also where no more is known. */
function keepsLast(type: LayerType, inputs: Tensors, outputs: Tensors): Tensors {
  if (!KEEPS_SHAPE.has(type.name) || !isTensor(inputs) || inputs.last === undefined) return outputs;
  return isTensor(outputs) && outputs.shape === "?" ? { ...outputs, last: inputs.last } : outputs;
}

/** What the function of a Lambda makes of its input; null where that is not known. */
function ofFunction(run: Run, { config }: LayerValue, given: Value, place: Place): Tensors | null {
  const { function: callee, arguments: more } = config;
  if (!callee || callee.kind === "unknown") return null;
  const named = new Map(more?.kind === "dict" ? (itemsOf(more) ?? []).map(([key, one]) => [String(key), one]) : []);
  const value = call(run, callee, { positional: [given], named, open: false }, place);
  const outputs = tensorsOf(run, value);
  let isKnown = true;
  mapTensors(outputs, ({ shape }) => {
    isKnown &&= shape !== "?";
  });
  return isKnown ? outputs : null;
}

/** What a call gave. */
export interface Called {
  readonly inputs: Tensors;
  readonly outputs: Tensors;
  readonly because: readonly string[];
  readonly macs: Dim | (() => Dim);
  readonly bytes?: Dim;
  readonly inside?: Inside | null;
}

/** Notes a call, and gives its outputs a place in the graph. */
export function remember(
  run: Run,
  layer: LayerValue,
  args: Arguments,
  { inputs, outputs, because, macs, bytes, inside }: Called,
  place: Place,
): Value {
  const from = [...args.positional, ...args.named.values()].flatMap(tensorsIn);
  // Called with data: how many examples these are says nothing of the layer.
  const isEager = run.symbolic === 0 && !from.some(isSymbolic);
  const shown = isEager && !isOneImage(layer, inputs) ? anyBatch(outputs) : outputs;
  run.seen.push({ layer, place, inputs, outputs: shown, because, isEager, ...(inside && { inside }) });
  const work = worked(run, { layer, operation: "", outputs: shown, macs, ...(bytes !== undefined && { bytes }) });
  const again = (others: readonly TensorValue[]) => callLayer(run, layer, replaced(args, from, others), place);
  const node = nodeOf(run, work, from, place, again);
  const isOpen = from.some((one) => one.isOpen);
  const origin = !node && (isOpen || from.length === 0) ? originOf(run, layer, from, place) : undefined;
  const value = valueFrom(outputs, node, isOpen, origin);
  run.journal.set(layer, LAST, value);
  return value;
}

/** Layers that change images take one without a batch as well: height, width and channels. */
function isOneImage(layer: LayerValue, inputs: Tensors): boolean {
  const [first] =
    layer.form === "sequential" ? ((layer.slots.get(LAYERS) as readonly LayerValue[] | "?") ?? []) : [layer];
  if (!isTensor(inputs) || inputs.shape === "?" || inputs.shape.length !== 3) return false;
  const takesOne = typeof first === "object" && first.type !== null && AUGMENTATION.includes(first.type);
  return takesOne && [1, 3, 4].includes(inputs.shape[2] as number);
}

/** Of data, only the batch is any: another size that the text does not tell, the data has. */
const anyBatch = (tensors: Tensors): Tensors =>
  mapTensors(tensors, ({ shape, dtype }) => ({
    shape: shape === "?" || shape.length === 0 ? shape : [null, ...shape.slice(1).map((dim) => dim ?? "?")],
    dtype,
  }));

export function nodeOf(
  { block }: Run,
  work: Work,
  inputs: readonly TensorValue[],
  place: Place,
  again: (inputs: readonly TensorValue[]) => Value,
): GraphNode | null {
  const symbolic = inputs.filter((one) => one.node);
  if (symbolic.length === 0) return null;
  const depth = 1 + Math.max(...symbolic.map((one) => one.node!.depth));
  return { layer: work.layer, operation: work.operation, inputs, place, depth, block, work, again };
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
            slots: new Slots([...value.slots].map(([key, slot]) => [key, slot === items ? items.map(swap) : slot])),
          }
        : value;
    }
    if (value.kind === "dict")
      return {
        ...value,
        slots: new Slots(
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

/** `build` of an object of a user's class, once. */
export function buildInstance(
  run: Run,
  layer: LayerValue,
  instance: InstanceValue,
  inputs: Tensors,
  options: CallOptions = {},
): void {
  if (layer.slots.has(BUILT)) return;
  run.journal.set(layer, BUILT, []);
  const isScript = layer.library === "tfjs";
  const method = memberOf(instance.class, "build")?.value;
  if (method?.kind === "function") {
    const shape = shapesValue(inputs, isScript ? "array" : "tuple");
    callFunction(run, method, positional(...(isScript ? [] : [instance]), shape), instance);
  } else if (layer.base) buildBase(run, layer, inputs, options);
}

/** An object of a user's class: `build` once, then `call`. */
export function callInstance(run: Run, layer: LayerValue, instance: InstanceValue, args: Arguments): Value {
  const first = args.positional[0] ?? [...args.named.values()].find((value) => tensorsIn(value).length > 0);
  const isScript = layer.library === "tfjs";
  const shape = first ? shapesValue(tensorsOf(run, first), isScript ? "array" : "tuple") : UNKNOWN;
  const self = isScript ? [] : [instance];
  if (first) buildInstance(run, layer, instance, tensorsOf(run, first), optionsOf(run, args));
  if (isScript && first && tensorsIn(first).some(isSymbolic)) {
    // TensorFlow.js asks for the shape alone; a class that does not say it gives what it is given.
    const says = memberOf(instance.class, "computeOutputShape")?.value;
    const gives = says?.kind === "function" ? callFunction(run, says, positional(shape), instance) : shape;
    return tensorsOfShapes(run, gives);
  }
  const method = memberOf(instance.class, "call")?.value ?? memberOf(instance.class, "forward")?.value;
  if (!method && layer.base) return callBase(run, layer, args);
  if (method?.kind !== "function") return UNKNOWN;
  const value = callFunction(run, method, { ...args, positional: [...self, ...args.positional] }, instance);
  const inGraph = first !== undefined && tensorsIn(first).some(isSymbolic);
  return (layer.library === "keras3" && inGraph ? saidShapes(run, layer, instance, args, shape) : null) ?? value;
}

/** Keras 3 does not ask `call` for the shape where a class says it itself, or is made of a layer that does. */
function saidShapes(run: Run, layer: LayerValue, instance: InstanceValue, args: Arguments, shape: Value): Value | null {
  const says = memberOf(instance.class, "compute_output_shape")?.value;
  if (says?.kind !== "function") return layer.base ? callBase(run, layer, args) : null;
  const said = callFunction(run, says, positional(instance, shape), instance);
  const value = said.kind === "list" ? tensorsOfShapes(run, said) : UNKNOWN;
  const isKnown = value.kind !== "unknown" && tensorsIn(value).every(({ type }) => type.shape !== "?");
  return isKnown ? value : null;
}

/** The weights of the layer of the catalog behind a user's class. */
export function buildBase(run: Run, layer: LayerValue, inputs: Tensors, options: CallOptions = {}): void {
  const config = layer.slots.get(BASE_CONFIG) as Config | null | undefined;
  if (!layer.base || (layer.slots.get(BASE_WEIGHTS) ?? "?") !== "?") return;
  const weights = config ? (layer.base.weights?.({ config, inputs, options, library: layer.library }) ?? []) : "?";
  run.journal.set(layer, BASE_WEIGHTS, weights);
}

/** What that layer itself makes of an input. */
export function callBase(run: Run, layer: LayerValue, args: Arguments): Value {
  const config = layer.slots.get(BASE_CONFIG) as Config | null | undefined;
  const given = args.positional[0] ?? args.named.get("inputs");
  if (!layer.base || !config || !given) return UNKNOWN;
  const [inputs, options] = [tensorsOf(run, given), optionsOf(run, args)];
  const result = layer.base.call({ config, inputs, options, library: layer.library });
  if (isFailure(result)) return UNKNOWN;
  buildBase(run, layer, inputs, options);
  const from = tensorsIn(given);
  return valueFrom(batched(inputs, result.outputs), null, from.some(isSymbolic));
}

/** The shapes of tensors as code sees them, nested as the tensors are. */
function shapesValue(tensors: Tensors, type: "tuple" | "array"): Value {
  if (isTensor(tensors)) return shapeValue(tensors.shape, type);
  if (Array.isArray(tensors))
    return listOf(
      type === "tuple" ? "list" : type,
      tensors.map((one) => shapesValue(one, type)),
    );
  return UNKNOWN;
}

/** Tensors of a shape, or of several. */
function tensorsOfShapes(run: Run, shapes: Value): Value {
  const items = shapes.kind === "list" ? listItems(shapes) : null;
  if (items?.some((item) => item.kind === "list")) {
    return listOf(
      "array",
      items.map((item) => tensorsOfShapes(run, item)),
    );
  }
  return data(items ? shapeOf(run, shapes) : "?", "float32");
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
