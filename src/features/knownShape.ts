// Whether the shapes of an output are known, every size of them.
import type { Tensors } from "../model/layers/catalog.types";
import type { Mapped } from "../model/layers/tensors";
import type { AnyShape } from "../model/shape";
import { shapesOf } from "../read/evaluate/sites";

/** Shapes of an output, nested as it is: `[null, 26, 26, 32]`; undefined where one of them is not known. */
export function knownShape(outputs: Tensors): Mapped<AnyShape> | undefined {
  const shapes = shapesOf(outputs);
  return isKnown(shapes) ? shapes : undefined;
}

function isKnown(shapes: unknown): boolean {
  if (typeof shapes !== "object" || shapes === null) return shapes !== "?";
  return Object.values(shapes).every(isKnown);
}
