// Values of the evaluator as the catalog takes them, and back. Knows no layer.
import { type ConfigValue, UNKNOWN as NOT_KNOWN, OPAQUE, type Tensors } from "../../../model/layers/catalog.types";
import { isTensor, UNKNOWN_TENSOR } from "../../../model/layers/tensors";
import type { AnyShape, Dim } from "../../../model/shape";
import { dictFrom, itemsOf, listItems, listOf } from "../lists";
import type { Run } from "../run";
import { type GraphNode, NONE, number, type TensorValue, UNKNOWN, type Value } from "../value";
import { handleOf } from "./handles";
import { lastName } from "./names";

export function configOf(run: Run, value: Value): ConfigValue {
  switch (value.kind) {
    case "unknown":
      return NOT_KNOWN;
    case "number":
    case "string":
    case "boolean":
      return value.value;
    case "none":
    case "undefined":
      return null;
    case "list": {
      const items = listItems(value);
      return items && value.type !== "iterator" ? items.map((item) => configOf(run, item)) : NOT_KNOWN;
    }
    case "range":
      return (run.language.items(run, value) ?? []).map((item) => configOf(run, item));
    case "dict": {
      const entries = itemsOf(value);
      return entries
        ? Object.fromEntries(entries.map(([key, entry]) => [String(key), configOf(run, entry)]))
        : NOT_KNOWN;
    }
    case "layer":
      return handleOf(run, value);
    case "instance":
      return value.native ? handleOf(run, value.native) : OPAQUE;
    case "library":
      // `tf.nn.relu`, `tf.float32`: known by their names.
      return /^(tf|keras|np)\./.test(value.path) ? lastName(value.path) : OPAQUE;
    case "column":
      return {
        isColumn: true,
        dense: value.dense === "?" ? NOT_KNOWN : value.dense,
        table: value.table?.shape.map((dim) => (dim === "?" ? NOT_KNOWN : dim)) ?? null,
        isShared: Boolean(value.table?.shared),
      };
    case "tensor": {
      const [only] = value.elements ?? [];
      return value.elements?.length === 1 && only ? configOf(run, only) : NOT_KNOWN;
    }
    default:
      return OPAQUE;
  }
}

/** Tensors as layers take them; what is no tensor as far as is known is one of which nothing is known. */
export function tensorsOf(run: Run, value: Value): Tensors {
  switch (value.kind) {
    case "tensor":
      return value.type;
    case "none":
    case "undefined":
      return null;
    case "list": {
      const items = listItems(value);
      if (!items) return UNKNOWN_TENSOR;
      // A list of numbers is data.
      if (items.length > 0 && items.every((item) => item.kind === "number"))
        return { shape: [items.length], dtype: "float32" };
      return items.map((item) => tensorsOf(run, item));
    }
    case "dict": {
      const entries = itemsOf(value);
      return entries
        ? Object.fromEntries(entries.map(([key, entry]) => [String(key), tensorsOf(run, entry)]))
        : UNKNOWN_TENSOR;
    }
    case "number":
      return { shape: [], dtype: value.isFloat ? "float32" : "int32" };
    default:
      return UNKNOWN_TENSOR;
  }
}

/** The tensors in a value, in order. */
export function tensorsIn(value: Value): TensorValue[] {
  if (value.kind === "tensor") return [value];
  if (value.kind === "list") return (listItems(value) ?? []).flatMap(tensorsIn);
  if (value.kind === "dict") return (itemsOf(value) ?? []).flatMap(([, entry]) => tensorsIn(entry));
  return [];
}

/** What a call gave, as a value: `node` is where it comes from in a model's graph. */
export function valueFrom(tensors: Tensors, node: GraphNode | null, isOpen = false, origin?: GraphNode): Value {
  let output = 0;
  const made = (one: Tensors): Value => {
    if (one === null) return NONE;
    if (isTensor(one)) {
      const from = { ...(isOpen && { isOpen }), ...(origin && { origin }) };
      return { kind: "tensor", type: one, node, output: output++, elements: null, ...from };
    }
    if (Array.isArray(one)) return listOf("list", one.map(made));
    return dictFrom(Object.entries(one).map(([key, entry]) => [key, made(entry as Tensors)] as const));
  };
  return made(tensors);
}

/** A shape as Python shows it: a tuple with None. */
export function shapeValue(shape: AnyShape, type: "tuple" | "array" | "list" = "tuple"): Value {
  return shape === "?" ? UNKNOWN : listOf(type, shape.map(dimValue));
}

/** A model's inputs or outputs as a list, where there is one of them as well. */
export const asList = (value: Value | null, type: "list" | "array"): Value | null =>
  value?.kind === "tensor" ? listOf(type, [value]) : value;

export const dimValue = (dim: Dim): Value => (dim === null ? NONE : dim === "?" ? UNKNOWN : number(dim, false));

/** A shape as code gives it: a tuple or list of numbers and None, or one number. */
export function shapeOf(run: Run, value: Value): AnyShape {
  if (value.kind === "number") return [value.value];
  if (value.kind === "tensor" && value.elements) return value.elements.map((one) => dimOf(one));
  const items = run.language.items(run, value);
  return items ? items.map((item) => dimOf(item)) : "?";
}

export function dimOf(value: Value): Dim {
  if (value.kind === "number") return Number.isInteger(value.value) ? value.value : "?";
  if (value.kind === "none" || value.kind === "undefined") return null;
  if (value.kind === "tensor" && value.elements?.length === 1) return dimOf(value.elements[0]!);
  return "?";
}
