// `x[0]`, `x[:, 1:, None]`, `x[..., -1]` of tensors and arrays.
import { bytesOf } from "../../../model/layers/tensors";
import type { Dim } from "../../../model/shape";
import { nodeOf, originOf } from "../keras/layers";
import { listItems, listOf } from "../lists";
import type { Run } from "../run";
import { isNothing, type Place, type TensorValue, UNKNOWN, type Value } from "../value";
import { worked } from "../work";
import { vague } from "./given";
import { slicedDim } from "./shapes";

export function indexTensor(run: Run, tensor: TensorValue, index: Value, place: Place): Value {
  const origin = originOf(run, null, [tensor], place, "[]");
  const unclear = vague([tensor], tensor.type.dtype, origin);
  const keys = index.kind === "list" && index.type === "tuple" ? listItems(index) : [index];
  const { shape } = tensor.type;
  if (!keys || shape === "?") return unclear;
  const result = sliced(shape, keys);
  if (!result) return unclear;
  const again = ([other]: readonly TensorValue[]): Value => (other ? indexTensor(run, other, index, place) : UNKNOWN);
  const type = { shape: result, dtype: tensor.type.dtype };
  const work = worked(run, { layer: null, operation: "[]", outputs: type, macs: 0, bytes: bytesOf(type) });
  return {
    kind: "tensor",
    type,
    node: tensor.isOpen ? null : nodeOf(run, work, [tensor], place, again),
    output: 0,
    elements: elementsAt(run, tensor, index),
    ...(tensor.isOpen && { isOpen: true, origin }),
  };
}

/** The shape that is left; null where an index is something else: an array, a mask. */
function sliced(shape: readonly Dim[], keys: readonly Value[]): Dim[] | null {
  const isEllipsis = (key: Value) => key.kind === "builtin" && key.name === "Ellipsis";
  const taken = keys.filter((key) => !isNothing(key) && !isEllipsis(key)).length;
  if (taken > shape.length || keys.filter(isEllipsis).length > 1) return null;
  const result: Dim[] = [];
  let at = 0;
  for (const key of keys) {
    if (isNothing(key)) {
      result.push(1);
      continue;
    }
    if (isEllipsis(key)) {
      for (let more = shape.length - taken; more > 0; more--) result.push(shape[at++]!);
      continue;
    }
    const dim = shape[at++]!;
    if (key.kind === "number") continue;
    if (key.kind === "tensor" && key.type.shape !== "?" && key.type.shape.length === 0) continue;
    if (key.kind !== "slice") return null;
    const part = (value: Value): number | null | "?" =>
      isNothing(value) ? null : value.kind === "number" ? value.value : "?";
    result.push(slicedDim(dim, part(key.from), part(key.to), part(key.step)));
  }
  return [...result, ...shape.slice(at)];
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
