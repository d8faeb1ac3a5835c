// Operations on tensors whose shapes do not fit: what fails with any values. Null facts are not known.

import { shapeInWords } from "../../../model/layers/tensors";
import { elementsText, problem } from "../../../model/problem";
import { type AnyShape, broadcast, differ, elements, type Shape } from "../../../model/shape";
import type { Found } from "../found";
import type { Place } from "../value";

const found = (place: Place, failure: Found["failure"]): Found[] => [{ place, failure, severity: "error" }];

export function checkReshape(place: Place, shape: AnyShape, target: AnyShape): Found[] {
  const all = shape === "?" ? "?" : elements(shape);
  if (shape === "?" || target === "?" || typeof all !== "number") return [];
  const rest = elements(target.filter((dim) => dim !== -1));
  const free = target.filter((dim) => dim === -1).length;
  if (typeof rest !== "number" || free > 1 || all === 0) return [];
  const fits = free === 0 ? all === rest : rest > 0 && all % rest === 0;
  return fits ? [] : found(place, elementsText(shapeInWords(shape), all, shapeInWords(target), rest, free > 0));
}

/** Products of matrices; vectors have rules of their own in each library. */
export function checkProduct(place: Place, a: AnyShape, b: AnyShape): Found[] {
  if (a === "?" || b === "?" || a.length < 2 || b.length < 2 || !differ(a.at(-1)!, b.at(-2)!)) return [];
  const why = `the ${a.at(-1)} columns of the first meet ${b.at(-2)} rows`;
  return found(place, problem("operation-shapes", { what: "multiply as matrices", ...both(a, b), why }));
}

export function checkElementwise(place: Place, a: AnyShape, b: AnyShape): Found[] {
  if (broadcast(a, b) !== null) return [];
  const why = "sizes must be equal, or one of them 1, from the last on";
  return found(place, problem("operation-shapes", { what: "combine", ...both(a, b), why }));
}

const both = (a: AnyShape, b: AnyShape) => ({ a: shapeInWords(a), b: shapeInWords(b) });

/** `axis`: null where it is not written; then it fails only where it would along any. */
export function checkConcat(place: Place, shapes: readonly AnyShape[], axis: number | null): Found[] {
  const [first] = shapes;
  if (!first || first === "?" || first.length === 0 || shapes.includes("?")) return [];
  const wrong = (at: number) =>
    (shapes as readonly Shape[]).find((one) => !fitsBut(first, one, at < 0 ? at + first.length : at));
  const axes = axis === null ? first.map((_, at) => at) : [axis];
  const other = wrong(axes[0]!);
  if (!other || !axes.every(wrong)) return [];
  const where = axis === null ? "" : ` along axis ${axis}`;
  const why = `all other sizes must be equal`;
  return found(place, problem("operation-shapes", { what: `join${where}`, ...both(first, other), why }));
}

export function checkStack(place: Place, shapes: readonly AnyShape[]): Found[] {
  const [first] = shapes;
  if (!first || first === "?" || shapes.includes("?")) return [];
  const other = (shapes as readonly Shape[]).find((one) => !fitsBut(first, one, -1));
  return other
    ? found(
        place,
        problem("operation-shapes", { what: "stack", ...both(first, other), why: "all sizes must be equal" }),
      )
    : [];
}

const fitsBut = (a: Shape, b: Shape, axis: number): boolean =>
  a.length === b.length && a.every((dim, at) => at === axis || !differ(dim, b[at]!));
