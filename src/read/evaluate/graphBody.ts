// What a model's graph is made of: tensors that it begins and ends with, or a row of layers. Where a model of the user's own was
// called with data only, its `call` is gone through once more with inputs that stand for any batch, and all of it is taken back.
import type { AnyShape } from "../../model/shape";
import { tensorsIn } from "./keras/convert";
import { callInstance, replaced } from "./keras/layers";
import { placeholder, sequenceOf } from "./keras/models";
import { isSpent, type OwnCall, type Run } from "./run";
import {
  type Arguments,
  INPUTS,
  isNothing,
  type LayerValue,
  OUTPUTS,
  positional,
  type TensorValue,
  UNKNOWN,
  type Value,
} from "./value";

export type Body =
  | { readonly kind: "graph"; readonly inputs: readonly TensorValue[]; readonly outputs: readonly TensorValue[] }
  | { readonly kind: "row"; readonly layers: readonly LayerValue[] };

/** Steps that going through a `call` again may take. */
const MOST_STEPS_AGAIN = 60_000;

/** Knows the bodies of a run's models; what it has gone through again it remembers. */
export function makeBodies(run: Run) {
  const calls = new Map<LayerValue, OwnCall[]>();
  const known = new Map<LayerValue, Body | null>();
  const note = (some: readonly OwnCall[]): void => {
    for (const one of some) {
      const all = calls.get(one.layer);
      if (all) all.push(one);
      else calls.set(one.layer, [one]);
    }
  };
  note(run.ownCalls);

  /** What its `call` makes of inputs of which only the sizes are known. */
  const goneThrough = (layer: LayerValue): Body | null => {
    const { instance, place } = layer;
    if (!instance) return null;
    const called = calls.get(layer)?.[0];
    const given = called ? [...called.args.positional, ...called.args.named.values()].flatMap(tensorsIn) : [];
    const inputs =
      given.length > 0
        ? given.map(({ type }) => placeholder(anyBatch(type.shape), type.dtype, place))
        : called
          ? []
          : [placeholder("?", "?", place)];
    if (inputs.length === 0) return null;
    const args: Arguments = called ? replaced(called.args, given, inputs) : positional(...inputs);
    const { value, inside } = attempted(run, () => callInstance(run, layer, instance, args));
    note(inside);
    const outputs = tensorsIn(value);
    return outputs.length > 0 ? { kind: "graph", inputs, outputs } : null;
  };

  const own = (layer: LayerValue): Body | null => {
    const [inputs, outputs] = [layer.slots.get(INPUTS), layer.slots.get(OUTPUTS)] as (Value | undefined)[];
    const [starts, ends] = [inputs ? tensorsIn(inputs) : [], outputs ? tensorsIn(outputs) : []];
    if (starts.length > 0 && ends.length > 0) return { kind: "graph", inputs: starts, outputs: ends };
    const layers = layer.form === "sequential" ? sequenceOf(layer) : null;
    if (layers && layers.length > 0) return { kind: "row", layers };
    return layer.form === "subclass" ? goneThrough(layer) : null;
  };

  return {
    /** Of the model by itself; null: nothing is known of its inside. */
    of(layer: LayerValue): Body | null {
      let body = known.get(layer);
      if (body === undefined) {
        known.set(layer, null);
        body = own(layer);
        known.set(layer, body);
      }
      return body;
    },
    /** Of one call of it, with these tensors. */
    ofCall(layer: LayerValue, given: readonly TensorValue[]): Body | null {
      if (layer.form !== "subclass" || layer.slots.has(OUTPUTS)) return this.of(layer);
      const call = calls.get(layer)?.find(({ args, isSymbolic }) => isSymbolic && isGiven(args, given));
      const outputs = call ? tensorsIn(call.outputs) : [];
      return outputs.length > 0 ? { kind: "graph", inputs: given, outputs } : null;
    },
  };
}

export type Bodies = ReturnType<typeof makeBodies>;

function isGiven({ positional: values, named }: Arguments, given: readonly TensorValue[]): boolean {
  const all = [...values, ...named.values()].flatMap(tensorsIn);
  return all.length === given.length && all.every((one, at) => one === given[at]);
}

/** The first size of data says nothing of a model. */
export const anyBatch = (shape: AnyShape): AnyShape =>
  shape === "?" || shape.length === 0 ? shape : [null, ...shape.slice(1)];

/** Runs something and leaves the run as it was. What was inside of calls meanwhile is handed out. */
function attempted(run: Run, work: () => Value): { value: Value; inside: readonly OwnCall[] } {
  const before = { ...run };
  const lengths = Object.values(run)
    .filter((value): value is unknown[] => Array.isArray(value))
    .map((list) => [list, list.length] as const);
  const called = run.called.size;
  const from = run.ownCalls.length;
  let inside: readonly OwnCall[] = [];
  Object.assign(run, { steps: MOST_STEPS_AGAIN, depth: 0, block: null });
  try {
    const { result } = run.journal.attempt(() => {
      try {
        const value = work();
        return isNothing(value) ? UNKNOWN : value;
      } catch (error) {
        if (isSpent(error)) return UNKNOWN;
        throw error;
      }
    });
    inside = run.ownCalls.slice(from);
    return { value: result, inside };
  } finally {
    for (const [list, length] of lengths) list.length = length;
    for (const one of [...run.called].slice(called)) run.called.delete(one);
    const { steps, depth, block, nextId, uncertain, symbolic } = before;
    Object.assign(run, { steps, depth, block, nextId, uncertain, symbolic });
  }
}
