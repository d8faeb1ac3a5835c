// What was seen, by where it is written: each call that makes a layer or model, with the shapes that it gives and its parameters.
import type { Tensors } from "../../model/layers/catalog.types";
import { type Mapped, mapTensors } from "../../model/layers/tensors";
import { type AnyShape, elements, plus } from "../../model/shape";
import { tensorsIn } from "./keras/convert";
import { allWeights } from "./keras/layers";
import { knownEntries } from "./lists";
import type { Run, Seen } from "./run";
import { type LayerValue, OUTPUTS, type Place, type Value } from "./value";

export interface Site {
  readonly place: Place;
  /** As it is written. */
  readonly layer: string;
  /** What is made and given here, each difference once, in the order seen. */
  readonly variants: readonly Variant[];
  readonly because: readonly string[];
}

export interface Variant {
  /** Null: it was never called. */
  readonly outputs: Tensors;
  readonly parameters: number | "?";
}

export function sitesOf(run: Run): Site[] {
  const sites = new Map<string, { place: Place; layer: string; layers: LayerValue[] }>();
  const seenBy = new Map<LayerValue, Seen[]>();
  for (const seen of run.seen) {
    const all = seenBy.get(seen.layer);
    if (all) all.push(seen);
    else seenBy.set(seen.layer, [seen]);
  }
  // What a model gives to some data says less than what it gives to any.
  for (const [layer, all] of seenBy) {
    const forAny = all.filter(({ isEager }) => !isEager);
    if (forAny.length > 0 || layer.slots.has(OUTPUTS)) seenBy.set(layer, forAny);
  }
  for (const layer of run.layers) {
    const key = `${layer.place.unit.start + layer.place.start} ${layer.place.unit.start + layer.place.end} ${layer.written}`;
    const site = sites.get(key) ?? { place: layer.place, layer: layer.written, layers: [] };
    site.layers.push(layer);
    sites.set(key, site);
  }
  return [...sites.values()].map(({ place, layer, layers }) => {
    const seen = layers.map((one) => ({ one, calls: [...ownOutputs(one), ...(seenBy.get(one) ?? [])] }));
    const variants = seen.flatMap(({ one, calls }): Variant[] => {
      const parameters = parametersOf(one);
      return calls.length > 0 ? calls.map(({ outputs }) => ({ outputs, parameters })) : [{ outputs: null, parameters }];
    });
    const because = seen.flatMap(({ calls }) => calls)[0]?.because ?? [];
    return { place, layer, variants: distinct(variants), because };
  });
}

/** What a model between tensors gives, called or not. */
function ownOutputs(model: LayerValue): { outputs: Tensors; because: readonly string[] }[] {
  const outputs = model.slots.get(OUTPUTS) as Value | undefined;
  if (!outputs || model.form === "input") return [];
  // Keras takes a dictionary's outputs in the order of their names.
  const inOrder =
    outputs.kind === "dict"
      ? knownEntries(outputs)
          .sort(([a], [b]) => (a < b ? -1 : 1))
          .map(([, one]) => one)
      : [outputs];
  const types = inOrder.flatMap(tensorsIn).map(({ type }) => type);
  if (types.length === 0) return [];
  return [{ outputs: types.length === 1 ? types[0]! : types, because: [] }];
}

export function parametersOf(layer: LayerValue): number | "?" {
  const weights = allWeights(layer);
  return weights === "?" ? "?" : (plus(...weights.map(({ shape }) => elements(shape))) ?? "?");
}

function distinct(variants: readonly Variant[]): Variant[] {
  const found = new Map<string, Variant>();
  for (const one of variants) found.set(`${JSON.stringify(shapesOf(one.outputs))} ${one.parameters}`, one);
  return [...found.values()];
}

/** Shapes alone, nested as the tensors are. */
export const shapesOf = (tensors: Tensors): Mapped<AnyShape> => mapTensors(tensors, ({ shape }) => shape);
