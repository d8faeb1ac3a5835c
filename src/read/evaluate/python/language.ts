// Python as the evaluator asks for it.
import { call, callMethod } from "../calls";
import { memberOf } from "../classes";
import type { Language } from "../language";
import { entryOf, itemsOf, keyOf, listItems, listOf, openUp, setItems } from "../lists";
import { MOST_TURNS, type Run } from "../run";
import {
  builtin,
  type FunctionValue,
  type InstanceValue,
  type ListValue,
  number,
  positional,
  string,
  UNKNOWN,
  type Value,
} from "../value";
import { builtinOf } from "./builtins";
import { methodOf } from "./methods";
import { binary, rangeLength, textOf, truthOf, unary } from "./operators";

/** What a class of the user's can say of an operator. */
const METHODS: Readonly<Record<string, string>> = {
  "+": "__add__",
  "-": "__sub__",
  "*": "__mul__",
  "/": "__truediv__",
  "//": "__floordiv__",
  "%": "__mod__",
  "**": "__pow__",
  "@": "__matmul__",
  "==": "__eq__",
  "<": "__lt__",
  ">": "__gt__",
};

/** What an object of a class of the user's goes over. One that goes over itself, or over another such, is not followed. */
function itemsOfInstance(run: Run, value: InstanceValue): readonly Value[] | null {
  if (!memberOf(value.class, "__iter__")) return null;
  const over = callMethod(run, value, "__iter__", [], value.place);
  return over.kind === "instance" ? null : PYTHON.items(run, over);
}

export const PYTHON: Language = {
  name: "python",
  builtin: builtinOf,
  truth: (run, value) => {
    if (value.kind === "instance") {
      const length = memberOf(value.class, "__len__") ? callMethod(run, value, "__len__", [], value.place) : null;
      return memberOf(value.class, "__bool__") ? null : length ? truthOf(length) : true;
    }
    return truthOf(value);
  },
  binary,
  operate(run, operator, left, right, place) {
    if (left.kind === "unknown" || right.kind === "unknown") {
      return run.libraries.operate(run, operator, left, right, place) ?? binary(run, operator, left, right);
    }
    const theirs = run.libraries.operate(run, operator, left, right, place);
    if (theirs) return theirs;
    const method = METHODS[operator];
    if (method && left.kind === "instance" && memberOf(left.class, method))
      return callMethod(run, left, method, [right], place);
    return binary(run, operator, left, right);
  },
  operateInPlace(run, operator, left, right, place) {
    if (left.kind === "list" && left.type === "list" && operator === "+") {
      const [items, more] = [listItems(left), this.items(run, right)];
      setItems(run.journal, left, items && more ? [...items, ...more] : null);
      return left;
    }
    return this.operate(run, operator, left, right, place);
  },
  unary: (_run, operator, value) =>
    value.kind === "tensor"
      ? { ...value, node: null, elements: null, ...((value.node || value.isOpen) && { isOpen: true }) }
      : unary(operator, value),
  attribute: (run, object, name) => {
    if (object.kind === "class" && name === "__name__") return string(object.name);
    if (object.kind === "function" && name === "__name__") return string(object.code.name);
    if (object.kind === "instance" && name === "__class__") return object.class;
    if (object.kind === "instance" && name === "__dict__") return UNKNOWN;
    const method = methodOf(run, object, name);
    return method ?? (object.kind === "list" && object.type === "tuple" ? shapeAttribute(object, name) : null);
  },
  index(run, object, index) {
    switch (object.kind) {
      case "list":
        return itemOf(object.type, listItems(object), index);
      case "string": {
        const at = itemOf("tuple", [...object.value].map(string), index);
        if (at.kind !== "list") return at;
        const items = listItems(at);
        return items ? string(items.map((one) => (one as { value: string }).value).join("")) : UNKNOWN;
      }
      case "range":
        return itemOf("tuple", this.items(run, object), index);
      case "dict": {
        const key = keyOf(index);
        return (key === null ? undefined : entryOf(object, key)) ?? UNKNOWN;
      }
      case "instance":
        return memberOf(object.class, "__getitem__")
          ? callMethod(run, object, "__getitem__", [index], object.place)
          : UNKNOWN;
      default:
        return UNKNOWN;
    }
  },
  setIndex(run, object, index, value) {
    if (object.kind === "dict") {
      const key = keyOf(index);
      if (key === null) openUp(run.journal, object);
      else run.journal.set(object, key, value);
    } else if (object.kind === "list") {
      const items = listItems(object);
      const at = index.kind === "number" ? (index.value < 0 ? (items?.length ?? 0) + index.value : index.value) : -1;
      const known = items && at >= 0 && at < items.length;
      setItems(run.journal, object, known ? items.with(at, value) : null);
    }
  },
  items(run, value) {
    switch (value.kind) {
      case "list":
        return listItems(value);
      case "dict":
        return itemsOf(value)?.map(([key]) => (typeof key === "string" ? string(key) : number(key))) ?? null;
      case "string":
        return [...value.value].map(string);
      case "range": {
        const length = rangeLength(value);
        if (length > MOST_TURNS) return null;
        return Array.from({ length }, (_, at) => number(value.from + at * value.step, false));
      }
      case "tensor":
      case "dataset":
        return run.libraries.items(run, value);
      case "instance":
        return itemsOfInstance(run, value);
      default:
        return null;
    }
  },
  part: (run, value) =>
    value.kind === "tensor" || value.kind === "dataset" ? run.libraries.element(run, value) : UNKNOWN,
  keys: (_run, value) => value,
  enter: (run, value) => {
    if (value.kind !== "instance" || !memberOf(value.class, "__enter__"))
      return value.kind === "library" ? value : UNKNOWN;
    return callMethod(run, value, "__enter__", [], value.place);
  },
  decorate(run, decorator, value) {
    if (decorator.kind === "builtin" && value.kind === "function") {
      const role = ({ property: "property", staticmethod: "static", classmethod: "class" } as const)[
        decorator.name as "property"
      ];
      if (role) return { ...value, role } satisfies FunctionValue;
    }
    if (decorator.kind === "function" && (value.kind === "function" || value.kind === "class")) {
      const made = call(run, decorator, positional(value), { unit: value.unit, start: 0, end: 0 });
      return made.kind === "unknown" ? value : made;
    }
    // `@tf.function`, `@keras.saving.register_keras_serializable()`: what they make trains and is called as before.
    return value;
  },
  element: (run, value) =>
    value.kind === "tensor" || value.kind === "dataset" ? run.libraries.element(run, value) : UNKNOWN,
  text: (_run, value, format) => (format ? null : textOf(value)),
};

/** A tuple may be a shape of TensorFlow, which is more. */
function shapeAttribute(shape: ListValue, name: string): Value | null {
  const items = listItems(shape);
  if (name === "rank" || name === "ndims") return items ? number(items.length, false) : UNKNOWN;
  if (name === "as_list") return builtin(name, () => listOf("list", items));
  return null;
}

/** `xs[i]`, `xs[-1]`, `xs[a:b:c]`. */
function itemOf(
  type: "list" | "tuple" | "set" | "array" | "iterator",
  items: readonly Value[] | null,
  index: Value,
): Value {
  if (index.kind === "number" && Number.isInteger(index.value)) {
    return items?.at(index.value) ?? UNKNOWN;
  }
  if (index.kind !== "slice") return UNKNOWN;
  const made = type === "tuple" ? "tuple" : "list";
  const bounds = items && sliceOf(index, items.length);
  if (!items || !bounds) return listOf(made, null);
  const { from, to, step } = bounds;
  const some: Value[] = [];
  for (let at = from; step > 0 ? at < to : at > to; at += step) some.push(items[at]!);
  return listOf(made, some);
}

/** A slice's first, last (excluded) and step for a length; null where they are not known. */
function sliceOf(slice: Value & { kind: "slice" }, length: number): { from: number; to: number; step: number } | null {
  const part = (value: Value): number | null | undefined =>
    value.kind === "none" || value.kind === "undefined"
      ? undefined
      : value.kind === "number" && Number.isInteger(value.value)
        ? value.value
        : null;
  const [from, to, step = 1] = [part(slice.from), part(slice.to), part(slice.step)];
  if (from === null || to === null || step === null || step === 0) return null;
  const clamp = (at: number) => {
    const index = at < 0 ? at + length : at;
    return step > 0 ? Math.min(Math.max(index, 0), length) : Math.min(Math.max(index, -1), length - 1);
  };
  return {
    from: from === undefined ? (step > 0 ? 0 : length - 1) : clamp(from),
    to: to === undefined ? (step > 0 ? length : -1) : clamp(to),
    step,
  };
}
