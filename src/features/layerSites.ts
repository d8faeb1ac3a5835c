// The layers and models of a document as they are read: where each is made, what it gives, how many parameters it has.

import type { Tensors } from "../model/layers/catalog.types";
import { isTensor } from "../model/layers/tensors";
import { shapeText } from "../model/shape";
import type { Span } from "../model/span";
import { formatCount } from "../protocol/words";
import type { Unit } from "../read/code";
import { sitesOf } from "../read/evaluate/program";
import type { Site } from "../read/evaluate/sites";
import { withCalled } from "./called";
import { knownShape } from "./knownShape";
import type { Reading } from "./reading";

/** In the order of the text; all of them, or those in the statements that a span touches. */
export function layerSites({ program, units, called }: Reading, within?: Span): Site[] {
  const isWanted = ({ start, end }: Unit) => !within || (start <= within.end && end >= within.start);
  const own = sitesOf(program, isWanted);
  const sites = called ? withCalled(own, units.filter(isWanted), called) : own;
  return sites.sort((a, b) => offsetOf(a) - offsetOf(b));
}

export const offsetOf = ({ place }: Site): number => place.unit.start + place.start;

/** `26 × 26 × 32` and `320`: the batch is left out, and what is not known. */
export function siteParts({ variants }: Site): { shape: string; count: string } {
  const called = variants.filter(({ outputs }) => outputs !== null);
  const shapes = new Set(called.map(({ outputs }) => (knownShape(outputs) === undefined ? null : outputText(outputs))));
  const counts = new Set(variants.map(({ parameters }) => parameters));
  const [count] = counts;
  const [first, last] = [[...shapes][0], [...shapes].at(-1)];
  const hasShape = typeof first === "string" && !shapes.has(null);
  return {
    shape: !hasShape ? "" : shapes.size === 1 ? first : `${first} … ${last} (${shapes.size}×)`,
    count: first === undefined || counts.size !== 1 || typeof count !== "number" ? "" : formatCount(count),
  };
}

/** Both in one: `26 × 26 × 32 · 320`. "" where nothing is known. */
export function siteText(site: Site): string {
  const { shape, count } = siteParts(site);
  return count ? `${shape} · ${count}`.trimStart() : shape;
}

function outputText(outputs: Tensors): string {
  if (outputs === null) return "None";
  if (isTensor(outputs)) return shapeText(outputs.shape) || "one number";
  const parts = Array.isArray(outputs)
    ? outputs.map(outputText)
    : Object.entries(outputs).map(([key, one]) => `${key}: ${outputText(one as Tensors)}`);
  return parts.join(", ");
}
