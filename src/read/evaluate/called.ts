// What a program makes of another file that it imports: the sites of that file's layers, each with the call that it is so for. Gives
// plain data, so that nothing of the program is kept.
import { finished, type Program } from "./program";
import { type CallPlace, type Site, seenByLayer, siteOf, type Variant } from "./sites";
import type { Block, LayerValue, Place } from "./value";

/** A site of the file, by the number of its statement. */
export interface CalledSite extends Omit<Site, "place"> {
  readonly unit: number;
  readonly start: number;
  readonly end: number;
}

/** How a place of the program, or of another of its files, is told; null: somewhere in it. */
export type TellPlace = (place: Place | null) => CallPlace;

/** Functions that the program itself never calls are tried with unknown arguments: what they then call holds for any. */
export function calledSites(program: Program, file: string, numberOf: (place: Place) => number, tell: TellPlace) {
  const { layers, seen } = finished(program);
  const by = seenByLayer(seen);
  const own = new Set([...layers, ...seen.map(({ layer }) => layer)]);
  const found: CalledSite[] = [];
  for (const layer of own) {
    if (layer.place.unit.file !== file) continue;
    const number = numberOf(layer.place);
    if (number < 0) continue;
    const { place, ...site } = siteOf(layer, by.get(layer) ?? []);
    const from = originOf(layer, file) ?? by.get(layer)?.find((one) => one.place.unit.file !== file)?.place ?? null;
    const told = tell(from);
    const variants = site.variants.map((one): Variant => ({ ...one, from: told }));
    found.push({ ...site, variants, unit: number, start: place.start, end: place.end });
  }
  return found;
}

/** The call, outside of the file, in which the layer was made. */
function originOf({ block }: LayerValue, file: string): Place | null {
  for (let at: Block | null = block; at; at = at.outer)
    if (at.kind === "call" && at.place.unit.file !== file) return at.place;
  return null;
}
