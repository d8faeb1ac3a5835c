// The layers and models of a document as they are read: where each is made, what it gives, how many parameters it has.

import type { Tensors } from "../model/layers/catalog.types";
import { isTensor, type Mapped } from "../model/layers/tensors";
import { type AnyShape, shapeText } from "../model/shape";
import { formatCount } from "../protocol/words";
import { JAVASCRIPT } from "../read/evaluate/javascript/language";
import { pythonLibraries } from "../read/evaluate/keras/library";
import { evaluateProgram } from "../read/evaluate/program";
import { PYTHON } from "../read/evaluate/python/language";
import type { Run } from "../read/evaluate/run";
import { type Site, shapesOf, sitesOf } from "../read/evaluate/sites";
import { TFJS } from "../read/evaluate/tfjs/library";
import type { Source } from "../read/source";
import { splitUnits } from "../read/units";

/** `keras`: which Keras a Python script runs with where it does not say so itself. */
export function evaluated(source: Source, keras: "keras3" | "keras2" = "keras3"): Run {
  const units = splitUnits(source);
  return source.dialect === "python"
    ? evaluateProgram(units, PYTHON, pythonLibraries(keras))
    : evaluateProgram(units, JAVASCRIPT, TFJS);
}

export function layerSites(source: Source, keras: "keras3" | "keras2" = "keras3"): Site[] {
  return sitesOf(evaluated(source, keras)).sort((a, b) => offsetOf(a) - offsetOf(b));
}

export const offsetOf = ({ place }: Site): number => place.unit.start + place.start;

/** Shapes of an output, nested as it is: `[null, 26, 26, 32]`; undefined where one of them is not known. */
export function knownShape(outputs: Tensors): Mapped<AnyShape> | undefined {
  const shapes = shapesOf(outputs);
  return isKnown(shapes) ? shapes : undefined;
}

function isKnown(shapes: unknown): boolean {
  if (typeof shapes !== "object" || shapes === null) return shapes !== "?";
  return Object.values(shapes).every(isKnown);
}

/** `26 × 26 × 32 · 320`: the batch is left out, and what is not known. "" where nothing is known. */
export function siteText({ variants }: Site): string {
  const called = variants.filter(({ outputs }) => outputs !== null);
  const shapes = [
    ...new Set(called.map(({ outputs }) => (knownShape(outputs) === undefined ? null : outputText(outputs)))),
  ];
  const counts = [...new Set(variants.map(({ parameters }) => parameters))];
  const count = counts.length === 1 && counts[0] !== "?" ? formatCount(counts[0]!) : "";
  const [first] = shapes;
  if (first === undefined) return "";
  if (shapes.includes(null)) return count && `· ${count}`;
  const shape = shapes.length === 1 ? first : `${first} … ${shapes.at(-1)} (${shapes.length}×)`;
  return count ? `${shape} · ${count}` : shape!;
}

function outputText(outputs: Tensors): string {
  if (outputs === null) return "None";
  if (isTensor(outputs)) return shapeText(outputs.shape) || "one number";
  const parts = Array.isArray(outputs)
    ? outputs.map(outputText)
    : Object.entries(outputs).map(([key, one]) => `${key}: ${outputText(one as Tensors)}`);
  return parts.join(", ");
}
