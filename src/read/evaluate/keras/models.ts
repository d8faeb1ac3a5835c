// Models: a sequence of layers, a graph between tensors, or a class of the user's with `call`.
import type { Tensors, TensorType } from "../../../model/layers/catalog.types";
import { declaredInput } from "../../../model/layers/declaredInput";
import { UNKNOWN_TENSOR } from "../../../model/layers/tensors";
import type { AnyShape } from "../../../model/shape";
import { knownEntries, listItems, listOf } from "../lists";
import { MOST_DEPTH, type Run } from "../run";
import { isSymbolic } from "../tensors/given";
import {
  type Arguments,
  BUILT,
  type GraphNode,
  INPUTS,
  isNothing,
  LAST,
  LAYERS,
  type LayerValue,
  OUTPUTS,
  type Place,
  positional,
  type TensorValue,
  TRAINABLE,
  UNKNOWN,
  type Value,
} from "../value";
import { bytesInside, type Inside, macsOf, within } from "../work";
import { macsOfApplication } from "./applications";
import { tensorsIn, tensorsOf, valueFrom } from "./convert";
import { graphOf, layersBetween } from "./graph";
import { callInstance, callLayer, layersIn, newLayer, originOf, remember } from "./layers";

/** A tensor that a model begins with. */
export function inputTensor(
  run: Run,
  shape: AnyShape,
  dtype: string,
  place: Place,
  making: { written: string; library: LayerValue["library"]; name?: Value; isBatched?: boolean; isOpen?: boolean },
): TensorValue {
  const layer = newLayer(run, {
    className: "InputLayer",
    written: making.written,
    type: null,
    library: making.library,
    form: "input",
    place,
    isOpen: making.isOpen ?? false,
    ...(making.name && { config: { name: making.name } }),
  });
  run.journal.set(layer, BUILT, []);
  const type: TensorType = { shape, dtype, ...(shape === "?" && making.isBatched && { isBatched: true }) };
  run.seen.push({ layer, place, inputs: null, outputs: type, because: [], isEager: false });
  const { block } = run;
  const node: GraphNode = { layer, operation: "", inputs: [], place, depth: 0, block, again: () => UNKNOWN };
  const made: TensorValue = { kind: "tensor", type, node, output: 0, elements: null };
  run.journal.set(layer, OUTPUTS, made);
  return made;
}

/** A sequence of what is given for its layers: a list, or nothing. */
export function fill(run: Run, model: LayerValue, layers: Value | undefined, place: Place): void {
  run.journal.set(model, LAYERS, []);
  if (!layers || isNothing(layers)) return;
  const items = run.language.items(run, layers);
  if (!items) addLayer(run, model, UNKNOWN, place);
  for (const layer of items ?? []) addLayer(run, model, layer, place);
}

/** A layer of a model by the name that it was given, else by its index. */
export function layerBy(model: LayerValue, name: Value | undefined, index: Value | undefined): Value {
  const layers = sequenceOf(model);
  if (!layers) return UNKNOWN;
  if (name?.kind === "string") {
    const isNamed = ({ config: { name: own } }: LayerValue) => own?.kind === "string" && own.value === name.value;
    return layers.find(isNamed) ?? UNKNOWN;
  }
  return index?.kind === "number" ? (layers.at(index.value) ?? UNKNOWN) : UNKNOWN;
}

/** The layers of a sequence, as far as they are known. */
export const sequenceOf = (model: LayerValue): readonly LayerValue[] | null =>
  (model.slots.get(LAYERS) as readonly LayerValue[] | null | undefined) ?? null;

/** `model.add(layer)`: while the shape of the input is known, what comes out is known as well. */
export function addLayer(run: Run, model: LayerValue, value: Value, place: Place): void {
  const layers = sequenceOf(model);
  // `keras.Input(…)` stands for its layer.
  const given = value.kind === "layer" && value.form === "input" ? (value.slots.get(OUTPUTS) as Value) : value;
  const input = given?.kind === "tensor" && given.node?.layer?.form === "input" ? given : null;
  const [layer] = input ? [input.node!.layer!] : layersIn(value);
  const before = model.slots.get(OUTPUTS) as Value | undefined;
  if (!layer || layer === "?") {
    run.journal.set(model, LAYERS, null);
    run.journal.set(model, OUTPUTS, before?.kind === "tensor" ? afterUnknown(before) : UNKNOWN);
    return;
  }
  run.journal.set(model, LAYERS, layers && [...layers, layer]);
  if (input) {
    run.journal.set(model, INPUTS, input);
    run.journal.set(model, OUTPUTS, input);
    return;
  }
  const outputs = before ?? (layers?.length === 0 ? beginning(run, model, layer) : undefined);
  if (!outputs) return;
  run.journal.set(model, OUTPUTS, callLayer(run, layer, positional(outputs), place));
}

/** What comes out of a layer that is not known: nothing is, but that a batch stays one. */
const afterUnknown = ({ type: { shape, isBatched } }: TensorValue): TensorValue => ({
  kind: "tensor",
  type: { shape: "?", dtype: "?", ...((shape === "?" ? isBatched : shape[0] === null) && { isBatched: true }) },
  node: null,
  output: 0,
  elements: null,
  isOpen: true,
});

/** The input that the first layer of a sequence names for itself. */
function beginning(run: Run, model: LayerValue, first: LayerValue): Value | undefined {
  const input = ownInput(first);
  if (input) run.journal.set(model, INPUTS, input);
  return input;
}

function ownInput(first: LayerValue): Value | undefined {
  if (first.form === "input") return first.slots.get(OUTPUTS) as Value | undefined;
  if (first.form === "sequential" || first.form === "functional" || first.form === "application") {
    const inputs = first.slots.get(INPUTS) as Value | undefined;
    return inputs?.kind === "tensor" ? placeholder(inputs.type.shape, inputs.type.dtype, first.place) : undefined;
  }
  const shape = first.type ? declaredInput(first.type, first.library, first.catalog) : null;
  if (shape === null) return undefined;
  const made = placeholder(shape, "float32", first.place);
  const { batch_input_shape: whole = null, batch_size: size = null } = first.catalog;
  return shape === "?" && whole === null && size === null ? { ...made, type: { ...made.type, isBatched: true } } : made;
}

/** An input that nobody wrote: it is in the graph, and no site of the source. */
export const placeholder = (shape: AnyShape, dtype: string, place: Place): TensorValue => ({
  kind: "tensor",
  type: { shape, dtype },
  node: { layer: null, operation: "input", inputs: [], place, depth: 0, block: null, again: () => UNKNOWN },
  output: 0,
  elements: null,
});

/** A model between tensors of a graph: `Model(inputs, outputs)`. */
export function connect(run: Run, model: LayerValue, inputs: Value, outputs: Value): void {
  run.journal.set(model, INPUTS, inputs);
  run.journal.set(model, OUTPUTS, outputs);
  run.journal.set(model, LAYERS, layersBetween(inputs, outputs));
}

/** The layers that are directly in a layer or model. */
export function partsOf(layer: LayerValue): readonly (LayerValue | "?")[] {
  if (layer.form === "sequential" || layer.form === "functional") return sequenceOf(layer) ?? ["?"];
  // Those that its model_fn has called.
  if (layer.form === "estimator") return sequenceOf(layer) ?? [];
  if (!layer.instance) return [];
  const inGraph = layer.slots.has(LAYERS) ? sequenceOf(layer) : [];
  // One that was never called may make its layers then.
  if (!inGraph || (inGraph.length === 0 && !layer.slots.has(BUILT))) return ["?"];
  const attributes = knownEntries({ kind: "dict", type: "object", slots: layer.instance.slots });
  return [...new Set([...inGraph, ...attributes.flatMap(([, value]) => layersIn(value))])];
}

/** `layer.trainable = …` is said of everything in it as well; null: what is said is not known. */
export function setTrainable(run: Run, layer: LayerValue, trainable: boolean | null, depth = 0): void {
  run.journal.set(layer, TRAINABLE, trainable);
  if (depth > MOST_DEPTH) return;
  for (const part of partsOf(layer)) if (part !== "?") setTrainable(run, part, trainable, depth + 1);
}

/** Calls a model, or a layer of the user's own. */
export function callModel(run: Run, model: LayerValue, args: Arguments, place: Place): Value {
  const given = args.positional[0] ?? args.named.get("inputs") ?? args.named.get("x") ?? firstTensor(model, args);
  if (!given || run.depth >= MOST_DEPTH) return UNKNOWN;
  const inGraph = tensorsIn(given).some(isSymbolic);
  run.symbolic += inGraph ? 1 : 0;
  // A model may be in itself.
  run.depth++;
  let outputs: Value;
  let inside: Inside;
  try {
    ({ result: outputs, inside } = within(run, () => outputsFor(run, model, given, args, place)));
  } finally {
    run.depth--;
    run.symbolic -= inGraph ? 1 : 0;
  }
  const kinds: Tensors = outputs.kind === "unknown" ? UNKNOWN_TENSOR : tensorsOf(run, outputs);
  const does = outputs.kind === "unknown" ? null : (insideOf(model, inside) ?? null);
  const value = remember(
    run,
    model,
    args,
    {
      inputs: tensorsOf(run, given),
      outputs: kinds,
      because: [],
      macs: does
        ? macsOf(does)
        : model.form === "application" && outputs.kind !== "unknown"
          ? macsOfApplication(model, tensorsOf(run, given))
          : "?",
      bytes: does ? bytesInside(does) : "?",
      // What it did the first time tells enough; all calls together would be much to keep.
      inside: model.slots.has(LAST) ? null : does,
    },
    place,
  );
  if (outputs.kind !== "unknown") return withElements(value, outputs);
  return inGraph ? open(value, originOf(run, model, tensorsIn(given), place)) : UNKNOWN;
}

/** What a model did when it was called; one between tensors is not run again for the same shapes. */
function insideOf(model: LayerValue, inside: Inside): Inside | null {
  if (model.form === "application") return null;
  if (inside.works.length > 0 || !model.slots.has(INPUTS) || model.form === "sequential") return inside;
  const nodes = graphOf(model);
  return nodes && { ...inside, works: nodes.flatMap(({ work }) => work ?? []) };
}

/** A layer of the user's own may be called by the names of its arguments alone. */
const firstTensor = (model: LayerValue, { named }: Arguments): Value | undefined =>
  model.instance ? [...named.values()].find((value) => tensorsIn(value).length > 0) : undefined;

/** Sizes that a layer gives beside its tensors are still known: `return x, tf.shape(x)[1]`. */
function withElements(value: Value, from: Value): Value {
  if (value.kind === "tensor" && from.kind === "tensor")
    return from.elements ? { ...value, elements: from.elements } : value;
  if (value.kind !== "list" || from.kind !== "list") return value;
  const [items, others] = [listItems(value), listItems(from)];
  if (!items || items.length !== others?.length) return value;
  return listOf(
    value.type,
    items.map((item, at) => withElements(item, others[at]!)),
  );
}

/** Part of a graph of which nothing is known. */
const open = (value: Value, origin: GraphNode): Value =>
  value.kind === "tensor" ? { ...value, node: null, isOpen: true, origin } : UNKNOWN;

function outputsFor(run: Run, model: LayerValue, given: Value, args: Arguments, place: Place): Value {
  switch (model.form) {
    case "sequential":
      return (
        sequenceOf(model)?.reduce<Value>(
          (value, layer) => (layer.form === "input" ? value : callLayer(run, layer, positional(value), place)),
          withoutNode(given),
        ) ?? UNKNOWN
      );
    case "functional":
    case "application":
      return throughGraph(model, given);
    default: {
      if (model.instance && model.slots.has(OUTPUTS)) return throughGraph(model, given);
      if (!model.instance) return UNKNOWN;
      const outputs = callInstance(run, model, model.instance, args);
      run.ownCalls.push({ layer: model, args, outputs, isSymbolic: tensorsIn(given).some(isSymbolic) });
      return outputs;
    }
  }
}

/** What happens inside of a model is not in the graph of the model around it. */
const withoutNode = (value: Value): Value =>
  value.kind === "tensor"
    ? { kind: "tensor", type: value.type, node: null, output: 0, elements: value.elements }
    : value;

function throughGraph(model: LayerValue, given: Value): Value {
  const [inputs, outputs] = [model.slots.get(INPUTS), model.slots.get(OUTPUTS)] as (Value | undefined)[];
  if (!inputs || !outputs) return UNKNOWN;
  const [from, to] = [tensorsIn(inputs), tensorsIn(given)];
  if (from.length !== to.length) return UNKNOWN;
  if (from.every((one, at) => JSON.stringify(one.type.shape) === JSON.stringify(to[at]!.type.shape))) return outputs;
  const known = new Map<GraphNode, Value>();
  const follow = (tensor: TensorValue): TensorValue | null => {
    const start = from.findIndex((one) => one.node === tensor.node && one.output === tensor.output);
    if (start >= 0) return { ...to[start]!, node: null };
    if (!tensor.node) return tensor;
    let result = known.get(tensor.node);
    if (!result) {
      const before = tensor.node.inputs.map(follow);
      if (before.includes(null)) return null;
      result = tensor.node.again(before as TensorValue[]);
      known.set(tensor.node, result);
    }
    return tensorsIn(result)[tensor.output] ?? null;
  };
  const ends = tensorsIn(outputs).map(follow);
  if (ends.includes(null)) return UNKNOWN;
  const all = ends as TensorValue[];
  return outputs.kind === "tensor"
    ? all[0]!
    : valueFrom(
        all.map(({ type }) => type),
        null,
      );
}
