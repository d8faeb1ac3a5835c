// What was seen, by where it is written: each call that makes a layer or model, with the shapes that it gives and its parameters.
import type { Tensors, Weight } from "../../model/layers/catalog.types";
import { type Mapped, mapTensors } from "../../model/layers/tensors";
import { type AnyShape, elements, plus } from "../../model/shape";
import type { Unit } from "../code";
import { libraryBase } from "./access";
import { tensorsIn } from "./keras/convert";
import { allWeights } from "./keras/layers";
import { lastName } from "./keras/names";
import { knownEntries } from "./lists";
import type { Seen } from "./run";
import { type LayerValue, OUTPUTS, type Place, type Value } from "./value";

export interface Site {
  readonly place: Place;
  /** As it is written. */
  readonly layer: string;
  readonly kind: "layer" | "input" | "model";
  /** What is made and given here, each difference once, in the order seen. */
  readonly variants: readonly Variant[];
}

export interface Variant {
  /** What it was called with; null where that is not known, or where it needs nothing. */
  readonly inputs: Tensors;
  /** Null: it was never called. */
  readonly outputs: Tensors;
  readonly parameters: number | "?";
  /** Those of all layers in it. */
  readonly weights: readonly Weight[] | "?";
  /** How its sizes come about. */
  readonly because: readonly string[];
  /** The call in another file that it is so for; absent: what the file itself tells. */
  readonly from?: CallPlace;
}

export interface CallPlace {
  /** As it is written from the file that is read: `train.py`, `../train.ipynb`. */
  readonly file: string;
  /** From 1, and of a notebook the cell that it is counted in, from 0; null where it is not known which call. */
  readonly line: number | null;
  readonly cell?: number;
  /** The program that it is so in, where the call is in a module of that. */
  readonly program?: string;
}

/** The sites of layers that were made, with what was seen of them. Sites that are the same place are one. */
export function sitesIn(layers: Iterable<LayerValue>, seenBy: ReadonlyMap<LayerValue, readonly Seen[]>): Site[] {
  // Those of other files are shown there.
  const here = [...layers].filter(({ place }) => place.unit.file === undefined);
  return mergedSites(here.map((layer) => siteOf(layer, seenBy.get(layer) ?? [])));
}

export function siteOf(layer: LayerValue, seen: readonly Seen[]): Site {
  const weights = allWeights(layer);
  const parameters = parametersIn(weights);
  // What a model gives to some data says less than what it gives to any.
  const forAny = seen.filter(({ isEager }) => !isEager);
  const calls = [...ownOutputs(layer), ...(forAny.length > 0 || layer.slots.has(OUTPUTS) ? forAny : seen)];
  const given = calls.length > 0 ? calls : [{ inputs: null, outputs: null, because: [] }];
  const variants = given.map(({ inputs, outputs, because }) => ({ inputs, outputs, parameters, weights, because }));
  return { place: layer.place, layer: layer.written, kind: kindOf(layer), variants };
}

function kindOf(layer: LayerValue): Site["kind"] {
  if (layer.form === "input" || layer.type?.name === "InputLayer") return "input";
  return isModel(layer) ? "model" : "layer";
}

/** A model of a library, or an object of a user's class that is one; Estimators too. */
export function isModel({ form, instance }: LayerValue): boolean {
  if (form !== "subclass") return form !== "layer" && form !== "input";
  const base = instance && libraryBase(instance);
  return base !== null && /^(Model|Functional|Sequential|LayersModel)$/.test(lastName(base.path));
}

/** The name that it was given. */
export const givenName = ({ config: { name } }: LayerValue): string | null =>
  name?.kind === "string" ? name.value : null;

/** What was seen, by layer. */
export function seenByLayer(seen: Iterable<Seen>): Map<LayerValue, Seen[]> {
  const by = new Map<LayerValue, Seen[]>();
  for (const one of seen) {
    const known = by.get(one.layer);
    if (known) known.push(one);
    else by.set(one.layer, [one]);
  }
  return by;
}

export type SitesByUnit = ReadonlyMap<Unit, readonly Site[]>;

export function byUnit(sites: readonly Site[]): SitesByUnit {
  const by = new Map<Unit, Site[]>();
  for (const site of sites) {
    const known = by.get(site.place.unit);
    if (known) known.push(site);
    else by.set(site.place.unit, [site]);
  }
  return by;
}

/** Each place once, in the order met, with all that is made and given there. */
export function mergedSites(sites: Iterable<Site>): Site[] {
  const byCode = new Map<object, Map<string, Site[]>>();
  const merged: Site[][] = [];
  for (const site of sites) {
    const { place, layer } = site;
    const places = byCode.get(place.unit) ?? new Map<string, Site[]>();
    byCode.set(place.unit, places);
    const key = `${place.start} ${place.end} ${layer}`;
    const known = places.get(key);
    if (known) known.push(site);
    else {
      const group = [site];
      places.set(key, group);
      merged.push(group);
    }
  }
  return merged.map((group) => {
    const [first] = group;
    return group.length === 1 && first!.variants.length === 1
      ? first!
      : { ...first!, variants: distinct(group.flatMap((one) => one.variants)) };
  });
}

/** What a model between tensors gives, called or not. */
function ownOutputs(model: LayerValue): Pick<Variant, "inputs" | "outputs" | "because">[] {
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
  return [{ inputs: null, outputs: types.length === 1 ? types[0]! : types, because: [] }];
}

export const parametersOf = (layer: LayerValue): number | "?" => parametersIn(allWeights(layer));

function parametersIn(weights: readonly Weight[] | "?"): number | "?" {
  return weights === "?" ? "?" : (plus(...weights.map(({ shape }) => elements(shape))) ?? "?");
}

function distinct(variants: readonly Variant[]): Variant[] {
  const found = new Map<string, Variant>();
  for (const one of variants) {
    const key = `${JSON.stringify(shapesOf(one.outputs))} ${one.parameters}`;
    // The first that says how it comes about.
    if (!found.get(key)?.because.length) found.set(key, one);
  }
  // Of which nothing is known says nothing beside the others.
  if (found.size > 1) found.delete("null ?");
  return [...found.values()];
}

/** Shapes alone, nested as the tensors are. */
export const shapesOf = (tensors: Tensors): Mapped<AnyShape> => mapTensors(tensors, ({ shape }) => shape);
