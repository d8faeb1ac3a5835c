// `x[0]`, `x[:, 1:, None]`, `x[..., -1]` of tensors and arrays.
import { type AnyShape, broadcast, type Dim, type Shape } from "../../../model/shape";
import { nodeOf, originOf } from "../keras/layers";
import { listItems, listOf } from "../lists";
import type { Run } from "../run";
import { isNothing, type Place, type TensorValue, UNKNOWN, type Value } from "../value";
import { worked } from "../work";
import { asTensor, isSymbolic, ranked, vague } from "./given";
import { slicedDim } from "./shapes";

export function indexTensor(run: Run, tensor: TensorValue, index: Value, place: Place): Value {
  const origin = originOf(run, null, [tensor], place, "[]");
  const unclear = vague([tensor], tensor.type.dtype, origin);
  const keys = index.kind === "list" && index.type === "tuple" ? listItems(index) : [index];
  const { shape } = tensor.type;
  if (!keys || shape === "?") return unclear;
  // Only arrays are picked from with arrays.
  if (isSymbolic(tensor) && keys.some((key) => isArray(run, key))) return unclear;
  const result = sliced(run, shape, keys);
  if (!result) return unclear;
  const again = ([other]: readonly TensorValue[]): Value => (other ? indexTensor(run, other, index, place) : UNKNOWN);
  const type = { shape: result, dtype: tensor.type.dtype };
  const work = worked(run, { layer: null, operation: "[]", outputs: type });
  return {
    kind: "tensor",
    type,
    node: tensor.isOpen ? null : nodeOf(run, work, [tensor], place, again),
    output: 0,
    elements: elementsAt(run, tensor, index),
    ...(tensor.isOpen && { isOpen: true, origin }),
  };
}

/** The shape that is left; null where an index is something that is not known. */
function sliced(run: Run, shape: readonly Dim[], keys: readonly Value[]): Shape | null {
  const taken = keys.map((key) => dimsTaken(run, key));
  const all = taken.reduce((sum, count) => sum + count, 0);
  if (all > shape.length || keys.filter(isEllipsis).length > 1) return null;
  const result: Dim[] = [];
  const picked: Picked[] = [];
  let at = 0;
  for (const [place, key] of keys.entries()) {
    const dims = shape.slice(at, at + taken[place]!);
    at += dims.length;
    if (isNothing(key)) result.push(1);
    else if (isEllipsis(key)) for (let more = shape.length - all; more > 0; more--) result.push(shape[at++]!);
    else if (key.kind === "slice") {
      const part = (value: Value): number | null | "?" =>
        isNothing(value) ? null : value.kind === "number" ? value.value : "?";
      result.push(slicedDim(dims[0]!, part(key.from), part(key.to), part(key.step)));
    } else {
      const found = picks(run, key);
      if (!found) return null;
      picked.push({ shape: found, place, at: result.length });
    }
  }
  return withPicked([...result, ...shape.slice(at)], picked);
}

const isArray = (run: Run, key: Value): boolean =>
  key.kind === "list" || key.kind === "range" || (key.kind === "tensor" && picks(run, key)?.length !== 0);

const isEllipsis = (key: Value): boolean => key.kind === "builtin" && key.name === "Ellipsis";

/** Numbers and arrays of them: what is picked, which of the keys it is, and before which of the dimensions that are left. */
interface Picked {
  readonly shape: Shape;
  readonly place: number;
  readonly at: number;
}

/** Where all that is picked stands together, its dimensions come there; else they come first, as in NumPy. */
function withPicked(left: Shape, picked: readonly Picked[]): Shape | null {
  const shape = picked.reduce<AnyShape | null>((all, one) => (all === null ? null : broadcast(all, one.shape)), []);
  if (shape === null || shape === "?") return null;
  const [first] = picked;
  const isTogether = picked.every(({ place }, index) => place === first!.place + index);
  return left.toSpliced(isTogether ? (first?.at ?? 0) : 0, 0, ...shape);
}

/** The dimensions that a key is of: a mask is of as many as it has itself. */
function dimsTaken(run: Run, key: Value): number {
  if (isNothing(key) || isEllipsis(key)) return 0;
  const mask = key.kind === "tensor" && key.type.dtype === "bool" ? ranked(key) : maskIn(run, key);
  return mask ? mask.length : 1;
}

function maskIn(run: Run, key: Value): Shape | null {
  const items = key.kind === "list" ? listItems(key) : null;
  return items?.length && items.every(({ kind }) => kind === "boolean") ? ranked(asTensor(run, key)) : null;
}

/** The shape of what a key picks; a mask picks as many as nobody knows. */
function picks(run: Run, key: Value): Shape | null {
  if (key.kind === "number") return [];
  if (key.kind !== "tensor" && key.kind !== "list" && key.kind !== "range") return null;
  const tensor = asTensor(run, key);
  const shape = ranked(tensor);
  if (!tensor || !shape || shape.length === 0) return shape;
  const isMask = tensor.type.dtype === "bool" || maskIn(run, key) !== null;
  return isMask ? ["?"] : /int/.test(tensor.type.dtype) ? shape : null;
}

/** Of what is counted: `tf.shape(x)[1]`, `tf.shape(x)[:-1]`. */
function elementsAt(run: Run, tensor: TensorValue, index: Value): readonly Value[] | null {
  if (!tensor.elements || tensor.type.shape === "?" || tensor.type.shape.length !== 1) return null;
  const value = run.language.index(run, listOf("tuple", tensor.elements), index);
  return value.kind === "list"
    ? listItems(value)
    : value.kind === "unknown"
      ? null
      : value.kind === "tensor"
        ? value.elements
        : [value];
}
