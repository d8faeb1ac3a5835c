// Where the values of a model's output come from: which function they are given last, which layer has the units. Follows the graph back;
// judges nothing.
import type { AnyShape } from "../../../model/shape";
import type { ActivationFacts, OutputFacts } from "../checks/facts";
import { itemsOf, listItems } from "../lists";
import { INPUTS, LAYERS, type LayerValue, OUTPUTS, type TensorValue, type Value } from "../value";
import { tensorsIn } from "./convert";

/** Layers whose argument `activation` is what their output is given. */
const ACTIVATED =
  /^(Dense|EinsumDense|Conv[123]D(Transpose)?|SeparableConv[12]D|DepthwiseConv[12]D|LocallyConnected[12]D)$/;
/** Layers that are nothing but an activation. */
const ALONE: Readonly<Record<string, string>> = { Softmax: "softmax", ReLU: "relu", ELU: "elu" };
/** Layers that only move values about. */
const MOVES = /^(Flatten|Reshape|Permute)$/;
const OPERATIONS = new Set(["softmax", "sigmoid", "relu", "tanh"]);
const MOST_BACK = 20;

/** The only output of a model; null where there are several or none is known. */
export function outputOf(model: LayerValue): OutputFacts | null {
  const outputs = model.slots.get(OUTPUTS) as Value | undefined;
  const tensors = outputs ? tensorsIn(outputs) : [];
  if (tensors.length > 1 || (outputs && outputs.kind === "dict")) return null;
  const [tensor] = tensors;
  if (tensor) return { shape: tensor.type.shape, activation: activationOf(tensor), units: unitsOf(tensor) };
  if (model.form !== "sequential" || outputs) return null;
  // What it begins with is not known yet; what it ends with is.
  const layers = model.slots.get(LAYERS) as readonly LayerValue[] | null | undefined;
  const end = layers?.at(-1);
  if (end?.className !== "Dense") return null;
  return { shape: "?", activation: ofLayer(end, null, 0), units: null };
}

export interface NamedOutput {
  /** The entries of a dictionary of losses that may stand for it; null: it has a name that is not known. */
  readonly names: readonly string[] | null;
  readonly facts: OutputFacts;
}

/** The outputs of a model that has them in a list or a dictionary, in their order; null where they are not all known. */
export function outputsOf(model: LayerValue): readonly NamedOutput[] | null {
  const outputs = model.slots.get(OUTPUTS) as Value | undefined;
  if (model.form !== "functional" || !outputs) return null;
  const entries =
    outputs.kind === "dict"
      ? itemsOf(outputs)
      : outputs.kind === "list"
        ? (listItems(outputs)?.map((one) => [null, one] as const) ?? null)
        : [[null, outputs] as const];
  if (!entries) return null;
  const found = entries.map(([key, value]): NamedOutput | null => {
    if (value.kind !== "tensor") return null;
    const own = value.node?.layer ? givenName(value.node.layer) : null;
    const names = key !== null ? [String(key), ...(own === null ? [] : [own])] : own === null ? null : [own];
    return {
      names,
      facts: { shape: value.type.shape, activation: activationOf(value), units: unitsOf(value) },
    };
  });
  return found.includes(null) ? null : (found as NamedOutput[]);
}

/** The name that it was given. */
const givenName = ({ config: { name } }: LayerValue): string | null => (name?.kind === "string" ? name.value : null);

export function activationOf(tensor: TensorValue, back = 0): ActivationFacts | null {
  const { node } = tensor;
  if (!node || back > MOST_BACK) return null;
  if (node.layer) return ofLayer(node.layer, node.inputs[0] ?? null, back + 1);
  return OPERATIONS.has(node.operation)
    ? { name: node.operation, place: node.place, layer: node.operation, isArgument: false, isGiven: false }
    : null;
}

function ofLayer(layer: LayerValue, input: TensorValue | null, back: number): ActivationFacts | null {
  const { className, catalog, place, written } = layer;
  const facts = (name: string, isArgument: boolean): ActivationFacts => ({
    name,
    place,
    layer: written,
    isArgument,
    isGiven: isArgument && catalog["activation"] !== null,
  });
  if (layer.form === "sequential" || layer.form === "functional") {
    const inside = layer.slots.get(OUTPUTS) as Value | undefined;
    return inside?.kind === "tensor" ? activationOf(inside, back) : null;
  }
  if (layer.form !== "layer" || !layer.type) return null;
  if (ACTIVATED.test(className)) {
    const name = catalog["activation"] ?? null;
    if (name === null) return facts("linear", true);
    return typeof name === "string" ? facts(name, true) : null;
  }
  if (className === "Activation") {
    const name = catalog["activation"];
    // It changes nothing.
    if (name === "linear" && input) return activationOf(input, back);
    return typeof name === "string" ? { ...facts(name, true), isArgument: true, isGiven: true } : null;
  }
  if (Object.hasOwn(ALONE, className)) return facts(ALONE[className]!, false);
  return MOVES.test(className) && input ? activationOf(input, back) : null;
}

function unitsOf(tensor: TensorValue, back = 0): OutputFacts["units"] {
  const layer = tensor.node?.layer;
  if (!layer || back > MOST_BACK) return null;
  if (layer.className === "Dense" && layer.form === "layer") return { place: layer.place, layer: layer.written };
  if (layer.className === "Activation" || layer.className === "Softmax")
    return tensor.node!.inputs[0] ? unitsOf(tensor.node!.inputs[0], back + 1) : null;
  if (layer.form === "sequential" || layer.form === "functional") {
    const inside = layer.slots.get(OUTPUTS) as Value | undefined;
    return inside?.kind === "tensor" ? unitsOf(inside, back + 1) : null;
  }
  return null;
}

/** The only input of a model; "?" where there are several or none is known. */
export function inputOf(model: LayerValue): AnyShape {
  const inputs = model.slots.get(INPUTS) as Value | undefined;
  const tensors = inputs ? tensorsIn(inputs) : [];
  return tensors.length === 1 && inputs?.kind !== "dict" ? tensors[0]!.type.shape : "?";
}
