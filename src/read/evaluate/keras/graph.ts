// The graph between a model's inputs and outputs: which calls are in it, in the order in which Keras lists its layers.
import { isSymbolic } from "../tensors/given";
import { type GraphNode, INPUTS, type LayerValue, OUTPUTS, type TensorValue, type Value } from "../value";
import { tensorsIn } from "./convert";

/** Every layer on the way from inputs to outputs, once; null where a part of the way is not known. */
export function layersBetween(inputs: Value, outputs: Value): readonly LayerValue[] | null {
  const nodes = nodesBetween(inputs, outputs);
  return nodes && [...new Set(nodes.flatMap(({ layer }) => (layer ? [layer] : [])))];
}

/** The calls that a model between tensors consists of; null where they are not all known. */
export function graphOf(model: LayerValue): readonly GraphNode[] | null {
  const [inputs, outputs] = [INPUTS, OUTPUTS].map((slot) => model.slots.get(slot) as Value | undefined);
  return inputs && outputs ? nodesBetween(inputs, outputs) : null;
}

/**
 * As Keras sorts them: those that are farthest from the outputs come first, a layer that is called more often by its farthest call;
 * of the same distance those that are met first on the way back from the outputs.
 */
function nodesBetween(inputs: Value, outputs: Value): readonly GraphNode[] | null {
  const ends = tensorsIn(outputs);
  const starts = tensorsIn(inputs);
  if (ends.length === 0 || starts.length === 0) return null;
  const startNodes = new Set(starts.map(({ node }) => node));
  const walked = walkBack(ends, startNodes);
  if (!walked) return null;
  const { nodes, met } = walked;
  const depths = new Map<GraphNode, number>();
  const ofOperation = new Map<object, number>();
  for (const node of [...nodes].reverse()) {
    const key = node.layer ?? node;
    const depth = Math.max(depths.get(node) ?? 0, ofOperation.get(key) ?? 0);
    depths.set(node, depth);
    ofOperation.set(key, depth);
    for (const { node: before } of node.inputs)
      if (before && walked.inside.has(before)) depths.set(before, Math.max(depth + 1, depths.get(before) ?? 0));
  }
  // An input that no output needs belongs to the model all the same.
  const unused = starts.flatMap(({ node }) => (node && !walked.inside.has(node) ? [node] : []));
  for (const node of unused) ofOperation.set(node.layer ?? node, 0);
  const keyOf = (node: GraphNode) => node.layer ?? node;
  // A tensor in the middle of another graph becomes an input: the layer that made it stays outside.
  const stays = (node: GraphNode) => startNodes.has(node) && node.layer !== null && node.layer.form !== "input";
  return [...unused, ...nodes]
    .filter((node) => !stays(node))
    .sort(
      (a, b) =>
        ofOperation.get(keyOf(b))! - ofOperation.get(keyOf(a))! ||
        (met.get(keyOf(a)) ?? -1) - (met.get(keyOf(b)) ?? -1),
    );
}

interface Walked {
  /** Each after those that it needs. */
  readonly nodes: readonly GraphNode[];
  readonly inside: ReadonlySet<GraphNode>;
  /** When a layer, or an operation, was first met. */
  readonly met: ReadonlyMap<object, number>;
}

/** Depth first from the outputs; null where something on the way is not known. Graphs may be deep: no recursion. */
function walkBack(ends: readonly TensorValue[], starts: ReadonlySet<GraphNode | null>): Walked | null {
  const nodes: GraphNode[] = [];
  const inside = new Set<GraphNode>();
  const met = new Map<object, number>();
  const todo: { readonly node: GraphNode; readonly before: readonly TensorValue[]; at: number }[] = [];
  const enter = (tensor: TensorValue): boolean => {
    if (tensor.isOpen || (!tensor.node && !tensor.elements)) return false;
    const { node } = tensor;
    if (!node || inside.has(node)) return true;
    inside.add(node);
    const key = node.layer ?? node;
    if (!met.has(key)) met.set(key, met.size);
    todo.push({ node, before: starts.has(node) ? [] : node.inputs.filter(isSymbolic), at: 0 });
    return true;
  };
  for (const end of ends) {
    if (!enter(end)) return null;
    for (let one = todo.at(-1); one; one = todo.at(-1)) {
      const next = one.before[one.at++];
      if (!next) nodes.push(todo.pop()!.node);
      else if (!enter(next)) return null;
    }
  }
  return { nodes, inside, met };
}
