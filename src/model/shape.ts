// Sizes and shapes, as far as a source tells them. Pure arithmetic; knows no layer.

/** A number; null where the library itself says None (a batch, a free length); "?" where the source does not tell. */
export type Dim = number | null | "?";
export type Shape = readonly Dim[];
/** "?": not even the number of dimensions is known. */
export type AnyShape = Shape | "?";

/** Applies a rule to sizes: None where one is None, unknown where one is unknown. */
export function withDims(dims: readonly Dim[], rule: (...sizes: number[]) => number): Dim {
  if (dims.includes("?")) return "?";
  if (dims.includes(null)) return null;
  return rule(...(dims as number[]));
}

export const plus = (...dims: Dim[]): Dim => withDims(dims, (...sizes) => sizes.reduce((a, b) => a + b, 0));
export const minus = (a: Dim, b: Dim): Dim => withDims([a, b], (x, y) => x - y);
export const times = (...dims: Dim[]): Dim => withDims(dims, (...sizes) => sizes.reduce((a, b) => a * b, 1));
export const floorDivide = (a: Dim, b: Dim): Dim => withDims([a, b], (x, y) => Math.floor(x / y));
export const ceilDivide = (a: Dim, b: Dim): Dim => withDims([a, b], (x, y) => Math.ceil(x / y));

/** Elements of a shape. */
export const elements = (shape: Shape): Dim => times(...shape);

export const isKnown = (shape: AnyShape): shape is Shape => shape !== "?" && !shape.includes("?");

/** Certainly of different sizes: None and what is unknown fit anything. */
export const differ = (a: Dim, b: Dim): boolean => typeof a === "number" && typeof b === "number" && a !== b;

/** The more telling of two sizes that are the same at run time. */
export const either = (a: Dim, b: Dim): Dim =>
  typeof a === "number" ? a : typeof b === "number" ? b : a === "?" || b === "?" ? "?" : null;

/** Dimensions from the right, as NumPy broadcasts; null where they do not fit. */
export function broadcast(a: AnyShape, b: AnyShape): AnyShape | null {
  if (a === "?" || b === "?") return "?";
  const rank = Math.max(a.length, b.length);
  const result: Dim[] = [];
  for (let at = 0; at < rank; at++) {
    const left = a[a.length - rank + at] ?? (at < rank - a.length ? 1 : null);
    const right = b[b.length - rank + at] ?? (at < rank - b.length ? 1 : null);
    if (left === 1) result.push(right);
    else if (right === 1) result.push(left);
    else if (differ(left, right)) return null;
    // None may be 1 at run time; where the other is larger than 1, the result is the other.
    else result.push(either(left, right));
  }
  return result;
}

/** `28 × 28 × 1` of [null, 28, 28, 1]: a batch of any size is left out, unless it is asked for. */
export const shapeText = (shape: AnyShape, { batch = false } = {}): string =>
  shape === "?"
    ? "?"
    : (batch || shape[0] !== null ? shape : shape.slice(1))
        .map((dim) => (dim === null ? "None" : String(dim)))
        .join(" × ");
