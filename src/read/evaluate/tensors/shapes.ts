// What operations on tensors do to shapes: the rules that NumPy, TensorFlow and keras.ops share. Pure.
import {
  type AnyShape,
  broadcast,
  ceilDivide,
  type Dim,
  differ,
  elements,
  plus,
  type Shape,
  times,
} from "../../../model/shape";

export const axisOf = (axis: number, rank: number): number | null => {
  const at = axis < 0 ? axis + rank : axis;
  return at >= 0 && at < rank ? at : null;
};

/** `reshape`: at most one size is -1. null: it cannot be. */
export function reshaped(shape: AnyShape, target: AnyShape): AnyShape | null {
  if (target === "?") return "?";
  const free = target.filter((dim) => dim === -1).length;
  if (free > 1) return null;
  const others = target.filter((dim) => dim !== -1);
  if (free === 0) {
    if (shape !== "?" && differ(elements(shape), elements(target))) return null;
    return target;
  }
  if (shape === "?") return target.map((dim) => (dim === -1 ? "?" : dim));
  const all = elements(shape);
  const rest = elements(others);
  let found: Dim = all === "?" || rest === "?" ? "?" : null;
  if (typeof all === "number" && typeof rest === "number") {
    if (rest === 0 || all % rest !== 0) return null;
    found = all / rest;
  } else if (all === null && rest !== "?") {
    // One None on each side is the same; of more, nothing is told.
    const free = shape.filter((dim) => dim === null).length;
    const kept = others.filter((dim) => dim === null).length;
    if (free === 1 && kept === 1) {
      const size = times(...shape.filter((dim) => dim !== null));
      const wanted = times(...others.filter((dim) => dim !== null));
      if (typeof size === "number" && typeof wanted === "number" && wanted > 0 && size % wanted === 0)
        found = size / wanted;
    }
  }
  return target.map((dim) => (dim === -1 ? found : dim));
}

/** Reductions: `axis` undefined is all of them; "?" is not known. */
export function reduced(shape: AnyShape, axis: readonly number[] | undefined | "?", keep: boolean | "?"): AnyShape {
  if (axis === undefined && keep === false) return [];
  if (shape === "?" || axis === "?" || keep === "?") return "?";
  const axes = axis === undefined ? shape.map((_, at) => at) : axis.map((one) => axisOf(one, shape.length));
  if (axes.includes(null)) return "?";
  return keep ? shape.map((dim, at) => (axes.includes(at) ? 1 : dim)) : shape.filter((_, at) => !axes.includes(at));
}

export function concatenated(shapes: readonly AnyShape[], axis: number): AnyShape | null {
  const [first] = shapes;
  if (first === undefined || shapes.includes("?")) return "?";
  const all = shapes as readonly Shape[];
  const rank = all[0]!.length;
  const at = axisOf(axis, rank);
  if (at === null || all.some((one) => one.length !== rank)) return null;
  return all[0]!.map((_, index): Dim => {
    const dims = all.map((one) => one[index]!);
    if (index === at) return plus(...dims);
    return dims.find((dim) => typeof dim === "number") ?? (dims.includes("?") ? "?" : null);
  });
}

export function stacked(shapes: readonly AnyShape[], axis: number): AnyShape {
  const [first] = shapes;
  if (first === undefined || first === "?") return "?";
  const at = axisOf(axis, first.length + 1);
  return at === null ? "?" : [...first.slice(0, at), shapes.length, ...first.slice(at)];
}

export function transposed(shape: AnyShape, order: readonly number[] | undefined): AnyShape {
  if (shape === "?") return "?";
  if (!order) return [...shape].reverse();
  if (order.length !== shape.length) return "?";
  const axes = order.map((axis) => axisOf(axis, shape.length));
  return axes.includes(null) ? "?" : axes.map((axis) => shape[axis!]!);
}

export function multiplied(a: AnyShape, b: AnyShape): AnyShape | null {
  if (a === "?" || b === "?") return "?";
  if (a.length === 0 || b.length === 0) return null;
  if (a.length === 1 && b.length === 1) return differ(a[0]!, b[0]!) ? null : [];
  if (b.length === 1) return differ(a.at(-1)!, b[0]!) ? null : a.slice(0, -1);
  if (a.length === 1) return differ(a[0]!, b.at(-2)!) ? null : [...b.slice(0, -2), b.at(-1)!];
  if (differ(a.at(-1)!, b.at(-2)!)) return null;
  const batch = broadcast(a.slice(0, -2), b.slice(0, -2));
  return batch === null || batch === "?" ? batch : [...batch, a.at(-2)!, b.at(-1)!];
}

export function expanded(shape: AnyShape, axis: number): AnyShape {
  if (shape === "?") return "?";
  const at = axisOf(axis, shape.length + 1);
  return at === null ? "?" : [...shape.slice(0, at), 1, ...shape.slice(at)];
}

export function squeezed(shape: AnyShape, axis: readonly number[] | undefined): AnyShape {
  if (shape === "?") return "?";
  // A first dimension of 1 may be a batch, which is of another size next time.
  if (!axis)
    return shape[0] === 1 || shape.some((dim) => typeof dim !== "number") ? "?" : shape.filter((dim) => dim !== 1);
  const axes = axis.map((one) => axisOf(one, shape.length));
  return axes.includes(null) ? "?" : shape.filter((_, at) => !axes.includes(at));
}

/** How many a slice takes of a dimension. */
export function slicedDim(
  dim: Dim,
  from: number | null | "?",
  to: number | null | "?",
  step: number | null | "?",
): Dim {
  if (from === "?" || to === "?" || step === "?") return "?";
  const by = step ?? 1;
  if (by === 0) return "?";
  if (typeof dim !== "number") {
    if (from === null && to === null) return Math.abs(by) === 1 ? dim : ceilDivide(dim, Math.abs(by));
    // Of a length that is not known: how many are taken is not known either.
    return dim === null ? null : "?";
  }
  const clamp = (at: number) => Math.min(Math.max(at < 0 ? at + dim : at, by > 0 ? 0 : -1), by > 0 ? dim : dim - 1);
  const start = from === null ? (by > 0 ? 0 : dim - 1) : clamp(from);
  const end = to === null ? (by > 0 ? dim : -1) : clamp(to);
  return Math.max(0, Math.ceil((end - start) / by));
}

export function lastTwoSwapped(shape: AnyShape): AnyShape {
  return shape === "?" || shape.length < 2 ? "?" : [...shape.slice(0, -2), shape.at(-1)!, shape.at(-2)!];
}

export const addDim = (a: Dim, b: Dim): Dim => (a === "?" || b === "?" ? "?" : a === null || b === null ? null : a + b);

/** All elements in a row. */
export const flat = (shape: AnyShape): AnyShape => (shape === "?" ? ["?"] : [elements(shape)]);

/** A shape whose one axis is longer by so much; null: it has no such axis, or would be shorter than nothing. */
export function summed(shape: Shape, axis: number, by: Dim): Shape | null {
  const at = axisOf(axis, shape.length);
  if (at === null) return null;
  const size = plus(shape[at]!, by);
  return typeof size === "number" && size < 0 ? null : shape.with(at, size);
}
