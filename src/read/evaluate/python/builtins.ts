// Python's own functions, as far as code that builds models uses them.
import { attributeOf, setAttribute } from "../access";
import { call, callMethod } from "../calls";
import { lineOf, memberOf } from "../classes";
import { dictFrom, isOpen, itemsOf, keyOf, listItems, listOf } from "../lists";
import type { Run } from "../run";
import { frameDict, rowsOf } from "../tables/frame";
import { mayCompile } from "../unseen";
import {
  type Arguments,
  boolean,
  builtin,
  datasetOf,
  FALSE,
  isNothing,
  type ListValue,
  NONE,
  number,
  type Place,
  positional as positionally,
  Slots,
  string,
  TRUE,
  UNKNOWN,
  type Value,
} from "../value";
import { sorted } from "./methods";
import { rangeLength, textOf, truthOf } from "./operators";

type Function = (run: Run, args: Arguments, place: Place) => Value;

const whole = (value: Value | undefined): number | null =>
  value?.kind === "number" && Number.isInteger(value.value) ? value.value : null;

const itemsOfAll = (run: Run, values: readonly Value[]): (readonly Value[])[] | null => {
  const all = values.map((value) => run.language.items(run, value));
  return all.includes(null) ? null : (all as (readonly Value[])[]);
};

const collect =
  (type: ListValue["type"]): Function =>
  (run, { positional: [from] }) => {
    if (!from) return listOf(type, []);
    if (type === "iterator" && from.kind === "dataset") return from;
    if (type === "set" && from.kind === "tensor" && from.classes !== undefined)
      return listOf(
        type,
        Array.from({ length: from.classes }, (_, at) => number(at, false)),
      );
    const items = run.language.items(run, from);
    return listOf(type, type === "set" && items ? distinct(items) : items);
  };

function distinct(items: readonly Value[]): readonly Value[] | null {
  const keys = items.map(keyOf);
  if (keys.includes(null)) return null;
  return items.filter((_, at) => keys.indexOf(keys[at]!) === at);
}

function extreme(pick: (a: number, b: number) => number): Function {
  return (run, { positional, named }) => {
    const [labels] = positional;
    if (positional.length === 1 && labels?.kind === "tensor" && labels.classes !== undefined)
      return number(pick(0, labels.classes - 1), false);
    const items = positional.length === 1 ? run.language.items(run, positional[0]!) : positional;
    if (!items || items.length === 0 || named.has("key") || !items.every((one) => one.kind === "number"))
      return UNKNOWN;
    const numbers = items as readonly { value: number; isFloat: boolean }[];
    const found = numbers.reduce((best, one) => (pick(best.value, one.value) === best.value ? best : one));
    return number(found.value, found.isFloat);
  };
}

/** What each turn of a loop gets of something whose items are not all known. */
const elementOf = (run: Run, value: Value): Value =>
  value.kind === "list" ? UNKNOWN : run.language.element(run, value);

function converted(isFloat: boolean): Function {
  return (_run, { positional: [value, base] }) => {
    if (base) return UNKNOWN;
    if (!value) return number(0, isFloat);
    if (value.kind === "number") return number(isFloat ? value.value : Math.trunc(value.value), isFloat);
    if (value.kind === "boolean") return number(value.value ? 1 : 0, isFloat);
    if (value.kind === "string" && /^\s*[-+]?\d+(\.\d*)?(e[-+]?\d+)?\s*$/i.test(value.value)) {
      const parsed = Number(value.value);
      return isFloat || Number.isInteger(parsed) ? number(parsed, isFloat) : UNKNOWN;
    }
    if (value.kind === "tensor" && value.elements?.length === 1) {
      const [one] = value.elements;
      if (one?.kind === "number") return number(isFloat ? one.value : Math.trunc(one.value), isFloat);
    }
    return UNKNOWN;
  };
}

function isInstance(run: Run, value: Value, type: Value): boolean | null {
  if (type.kind === "list") {
    const results = (listItems(type) ?? [UNKNOWN]).map((one) => isInstance(run, value, one));
    return results.includes(true) ? true : results.includes(null) ? null : false;
  }
  if (value.kind === "unknown") return null;
  if (type.kind === "class") {
    if (value.kind === "instance") return lineOf(value.class).includes(type);
    return false;
  }
  if (type.kind === "builtin") {
    switch (type.name) {
      case "int":
        return (value.kind === "number" && !value.isFloat) || value.kind === "boolean";
      case "float":
        return value.kind === "number" && value.isFloat;
      case "bool":
        return value.kind === "boolean";
      case "str":
        return value.kind === "string";
      case "list":
      case "tuple":
      case "set":
        return value.kind === "list" && value.type === type.name;
      case "dict":
        return value.kind === "dict";
      default:
        return null;
    }
  }
  return null;
}

const FUNCTIONS: Readonly<Record<string, Function>> = {
  range: (_run, { positional }) => {
    const [a, b, c] = positional.map(whole);
    if (a === null || b === null || c === null || a === undefined) return UNKNOWN;
    const [from, to] = b === undefined ? [0, a] : [a, b];
    return c === 0 ? UNKNOWN : { kind: "range", from, to, step: c ?? 1 };
  },
  slice: (_run, { positional }) => {
    const [from, to, step] = positional.length === 1 ? [NONE, positional[0]] : positional;
    return { kind: "slice", from: from ?? NONE, to: to ?? NONE, step: step ?? NONE };
  },
  len: (run, { positional: [value] }) => {
    if (!value) return UNKNOWN;
    if (value.kind === "string") return number(value.value.length);
    if (value.kind === "range") return number(rangeLength(value));
    if (value.kind === "list") {
      const items = listItems(value);
      return items ? number(items.length) : UNKNOWN;
    }
    if (value.kind === "dict") {
      const entries = itemsOf(value);
      return entries ? number(entries.length) : UNKNOWN;
    }
    if (value.kind === "frame") {
      const rows = rowsOf(value);
      return typeof rows === "number" ? number(rows) : UNKNOWN;
    }
    if (value.kind === "tensor") {
      const first = value.type.shape === "?" ? "?" : value.type.shape[0];
      return typeof first === "number" ? number(first) : UNKNOWN;
    }
    if (value.kind === "instance" && memberOf(value.class, "__len__"))
      return callMethod(run, value, "__len__", [], value.place);
    return UNKNOWN;
  },
  list: collect("list"),
  tuple: collect("tuple"),
  set: collect("set"),
  frozenset: collect("set"),
  iter: collect("iterator"),
  dict: (run, { positional: [from], named, open }) => {
    if (open) return UNKNOWN;
    const entries = new Map<string | number, Value>();
    if (from?.kind === "frame") return named.size > 0 ? UNKNOWN : frameDict(from);
    if (from?.kind === "dict") {
      if (isOpen(from)) return UNKNOWN;
      for (const [key, value] of itemsOf(from) ?? []) entries.set(key, value);
    } else if (from) {
      const pairs = run.language.items(run, from);
      if (!pairs) return UNKNOWN;
      for (const pair of pairs) {
        const [key, value] = run.language.items(run, pair) ?? [];
        const name = key ? keyOf(key) : null;
        if (name === null || !value) return UNKNOWN;
        entries.set(name, value);
      }
    }
    for (const [key, value] of named) entries.set(key, value);
    return dictFrom(entries);
  },
  enumerate: (run, { positional: [value, from], named }) => {
    const first = from ?? named.get("start");
    const start = first ? whole(first) : 0;
    const items = value ? run.language.items(run, value) : null;
    if (value && !items) return datasetOf(listOf("tuple", [UNKNOWN, elementOf(run, value)]));
    return listOf(
      "iterator",
      items && start !== null ? items.map((one, at) => listOf("tuple", [number(at + start), one])) : null,
    );
  },
  zip: (run, { positional, open }) => {
    const all = open ? null : itemsOfAll(run, positional);
    if (!all)
      return open
        ? listOf("iterator", null)
        : datasetOf(
            listOf(
              "tuple",
              positional.map((one) => elementOf(run, one)),
            ),
          );
    const length = all.length === 0 ? 0 : Math.min(...all.map((one) => one.length));
    return listOf(
      "iterator",
      Array.from({ length }, (_, at) =>
        listOf(
          "tuple",
          all.map((one) => one[at]!),
        ),
      ),
    );
  },
  reversed: (run, { positional: [value] }) => {
    const items = value ? run.language.items(run, value) : null;
    return listOf("iterator", items ? [...items].reverse() : null);
  },
  sorted: (run, { positional: [value], named }, place) => {
    const items = value ? run.language.items(run, value) : null;
    const key = named.get("key");
    const keys = key && items ? items.map((one) => call(run, key, positionally(one), place)) : items;
    const made = items && keys ? sorted(items, keys) : null;
    const order = named.get("reverse");
    const backwards = order ? truthOf(order) : false;
    return listOf("list", made && backwards !== null ? (backwards ? made.reverse() : made) : null);
  },
  map: (run, { positional: [callee, ...lists] }, place) => {
    const all = itemsOfAll(run, lists);
    if (!callee || !all || all.length === 0) return listOf("iterator", null);
    const length = Math.min(...all.map((one) => one.length));
    const each = (at: number): Arguments => ({ positional: all.map((one) => one[at]!), named: new Map(), open: false });
    return listOf(
      "iterator",
      Array.from({ length }, (_, at) => call(run, callee, each(at), place)),
    );
  },
  filter: () => listOf("iterator", null),
  sum: (run, { positional: [value, start = number(0, false)] }, place) => {
    const items = value ? run.language.items(run, value) : null;
    return items ? items.reduce((sum, one) => run.language.operate(run, "+", sum, one, place), start) : UNKNOWN;
  },
  min: extreme(Math.min),
  max: extreme(Math.max),
  abs: (_run, { positional: [value] }) =>
    value?.kind === "number" ? number(Math.abs(value.value), value.isFloat) : UNKNOWN,
  pow: (run, { positional: [a, b, c] }, place) =>
    a && b && !c ? run.language.operate(run, "**", a, b, place) : UNKNOWN,
  round: (_run, { positional: [value, digits] }) => {
    if (value?.kind !== "number" || digits) return UNKNOWN;
    // Half goes to the even one.
    const down = Math.floor(value.value);
    const isHalf = value.value - down === 0.5;
    return number(isHalf ? (down % 2 === 0 ? down : down + 1) : Math.round(value.value), false);
  },
  divmod: (run, { positional: [a, b] }, place) =>
    a && b
      ? listOf(
          "tuple",
          ["//", "%"].map((operator) => run.language.operate(run, operator, a, b, place)),
        )
      : UNKNOWN,
  int: converted(false),
  float: converted(true),
  bool: (_run, { positional: [value] }) => {
    const truth = value ? truthOf(value) : false;
    return truth === null ? UNKNOWN : boolean(truth);
  },
  str: (_run, { positional: [value] }) => {
    const text = value ? textOf(value) : "";
    return text === null ? UNKNOWN : string(text);
  },
  any: (run, { positional: [value] }) => some(run, value, true),
  all: (run, { positional: [value] }) => some(run, value, false),
  isinstance: (run, { positional: [value, type] }) => {
    const result = value && type ? isInstance(run, value, type) : null;
    return result === null ? UNKNOWN : boolean(result);
  },
  callable: (_run, { positional: [value] }) =>
    value && ["function", "bound", "builtin", "class", "layer"].includes(value.kind)
      ? TRUE
      : value && (isNothing(value) || ["string", "number", "list", "dict", "boolean"].includes(value.kind))
        ? FALSE
        : UNKNOWN,
  getattr: (run, { positional: [object, name, otherwise] }, place) => {
    if (!object || name?.kind !== "string") {
      mayCompile(run, object ? [object] : []);
      return UNKNOWN;
    }
    const found = attributeOf(run, object, name.value, place);
    return found.kind === "unknown" || found.kind === "undefined"
      ? otherwise && object.kind === "instance" && !object.native
        ? otherwise
        : UNKNOWN
      : found;
  },
  setattr: (run, { positional: [object, name, value] }) => {
    if (object && value && name?.kind === "string") setAttribute(run, object, name.value, value);
    return NONE;
  },
  hasattr: () => UNKNOWN,
  vars: (_run, { positional: [value] }) =>
    value?.kind === "dict" && value.type === "object"
      ? { kind: "dict", type: "dict", slots: new Slots(value.slots) }
      : UNKNOWN,
  type: (_run, { positional }) => {
    const [value] = positional;
    return positional.length === 1 && value?.kind === "instance" ? value.class : UNKNOWN;
  },
  next: (run, { positional: [value] }) => {
    if (!value) return UNKNOWN;
    return run.language.items(run, value)?.[0] ?? run.language.element(run, value);
  },
  print: () => NONE,
  property: (_run, { positional: [value] }) => value ?? UNKNOWN,
  staticmethod: (_run, { positional: [value] }) => value ?? UNKNOWN,
  classmethod: (_run, { positional: [value] }) => value ?? UNKNOWN,
};

function some(run: Run, value: Value | undefined, wanted: boolean): Value {
  const truths = value && run.language.items(run, value)?.map(truthOf);
  if (!truths) return UNKNOWN;
  if (truths.includes(wanted)) return boolean(wanted);
  return truths.includes(null) ? UNKNOWN : boolean(!wanted);
}

const CONSTANTS: Readonly<Record<string, Value>> = {
  __name__: string("__main__"),
  NotImplemented: UNKNOWN,
  Ellipsis: builtin("Ellipsis", () => UNKNOWN),
};

/** Values of Python's own names; the functions know the run that they are called in. */
export function builtinOf(run: Run, name: string): Value | null {
  if (Object.hasOwn(CONSTANTS, name)) return CONSTANTS[name]!;
  if (!Object.hasOwn(FUNCTIONS, name)) return null;
  const known = run.builtins.get(name);
  if (known) return known;
  const made: Value = { kind: "builtin", name, call: (args, place) => FUNCTIONS[name]!(run, args, place) };
  run.builtins.set(name, made);
  return made;
}
