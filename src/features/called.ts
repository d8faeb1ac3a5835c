// What callers in other files make of a document's layers, and how that is told beside what the document itself tells.
import type { Unit } from "../read/code";
import type { CalledSite } from "../read/evaluate/called";
import type { Program } from "../read/evaluate/program";
import type { Site, SitesByUnit, Variant } from "../read/evaluate/sites";
import { knownShape } from "./knownShape";

/** What callers make of a document, by the code of its statements: what is said of a statement holds while its code is the same. */
export type Called = ReadonlyMap<Unit["code"], readonly CalledSite[]>;

/** What several callers make of it. */
export function calledOf(units: readonly Unit[], all: readonly (readonly CalledSite[])[]): Called {
  const by = new Map<Unit["code"], CalledSite[]>();
  for (const site of all.flat()) {
    const { code } = units[site.unit]!;
    const known = by.get(code);
    if (known) known.push(site);
    else by.set(code, [site]);
  }
  return by;
}

const isTold = ({ outputs, parameters }: Variant): boolean =>
  outputs !== null && knownShape(outputs) !== undefined && parameters !== "?";

/** What is never called itself, as the layer within a wrapper is, has parameters all the same. */
const hasParameters = ({ outputs, parameters }: Variant): boolean => outputs === null && parameters !== "?";

const unsure = new WeakMap<SitesByUnit, boolean>();

/** Are there sites of which the document tells too little? Asked after each key press. */
export function hasUnsure({ tasks, trials }: Program): boolean {
  const isUnsure = ({ sites }: { readonly sites: SitesByUnit }): boolean => {
    let known = unsure.get(sites);
    if (known === undefined) {
      known = [...sites.values()].some((some) => some.some(({ variants }) => !variants.some(isTold)));
      unsure.set(sites, known);
    }
    return known;
  };
  for (const trial of trials.values()) if (isUnsure(trial)) return true;
  return tasks.some(isUnsure);
}

/** Sites of which the document itself tells no whole variant are told as they are called from elsewhere. */
export function withCalled(sites: readonly Site[], units: readonly Unit[], called: Called): Site[] {
  const merged = [...sites];
  for (const unit of units) {
    const some = called.get(unit.code);
    if (!some) continue;
    const places = new Map<string, CalledSite[]>();
    for (const one of some) {
      const key = `${one.start} ${one.end} ${one.layer}`;
      places.set(key, [...(places.get(key) ?? []), one]);
    }
    for (const group of places.values()) {
      const { start, end, layer, kind } = group[0]!;
      const all = group.flatMap((one) => one.variants);
      const whole = distinct(all.filter(isTold));
      const variants = whole.length > 0 ? whole : distinct(all.filter(hasParameters));
      if (variants.length === 0) continue;
      const at = merged.findIndex(
        ({ place, layer: name }) =>
          place.unit.code === unit.code &&
          place.unit.start === unit.start &&
          place.start === start &&
          place.end === end &&
          name === layer,
      );
      if (at < 0) merged.push({ place: { unit, start, end }, layer, kind, variants });
      else if (!merged[at]!.variants.some(whole.length > 0 ? isTold : (one) => one.parameters !== "?"))
        merged[at] = { ...merged[at]!, variants };
    }
  }
  return merged;
}

function distinct(variants: readonly Variant[]): Variant[] {
  const found = new Map<string, Variant>();
  for (const one of variants) {
    const key = `${JSON.stringify(one.outputs && knownShape(one.outputs))} ${one.parameters}`;
    if (!found.has(key)) found.set(key, one);
  }
  return [...found.values()];
}
