// Methods and properties of JavaScript's texts, arrays and objects, as far as code that builds models uses them.
import { call } from "../calls";
import { dictFrom, isOpen, itemsOf, keyOf, knownEntries, listItems, listOf, openUp, setItems } from "../lists";
import { maybe, settle } from "../loops";
import type { Run } from "../run";
import {
  type Arguments,
  type BuiltinValue,
  boolean,
  type DictValue,
  type ListValue,
  NONE,
  number,
  type Place,
  positional,
  string,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from "../value";
import { binary, textOf, truthOf } from "./operators";

type Method<T> = (run: Run, self: T, args: Arguments, place: Place) => Value;

const whole = (value: Value | undefined, otherwise: number): number | null =>
  !value || value.kind === "undefined" ? otherwise : value.kind === "number" ? Math.trunc(value.value) : null;

/** A method that goes over known items with a function. */
const each =
  (
    make: (run: Run, items: readonly Value[], apply: (item: Value, at: number) => Value, self: ListValue) => Value,
    otherwise: (run: Run) => Value,
  ): Method<ListValue> =>
  (run, self, { positional: [callee] }, place) => {
    const items = listItems(self);
    if (!items || !callee) {
      // Whatever the items are: what is made for one of them may be seen. The first of them is at 0.
      if (callee) {
        maybe(run, () => {
          call(run, callee, positional(UNKNOWN, number(0), self), place);
          settle(run, () => void call(run, callee, positional(UNKNOWN, UNKNOWN, self), place));
        });
      }
      return otherwise(run);
    }
    return make(run, items, (item, at) => call(run, callee, positional(item, number(at), self), place), self);
  };

const ARRAY: Record<string, Method<ListValue>> = {
  push: (run, self, { positional, open }) => {
    const items = listItems(self);
    setItems(run.journal, self, items && !open ? [...items, ...positional] : null);
    return items ? number(items.length + positional.length) : UNKNOWN;
  },
  unshift: (run, self, { positional }) => {
    const items = listItems(self);
    setItems(run.journal, self, items ? [...positional, ...items] : null);
    return UNKNOWN;
  },
  pop: (run, self) => {
    const items = listItems(self);
    setItems(run.journal, self, items ? items.slice(0, -1) : null);
    return items ? (items.at(-1) ?? UNDEFINED) : UNKNOWN;
  },
  shift: (run, self) => {
    const items = listItems(self);
    setItems(run.journal, self, items ? items.slice(1) : null);
    return items ? (items[0] ?? UNDEFINED) : UNKNOWN;
  },
  concat: (_run, self, { positional }) => {
    const parts = [self as Value, ...positional].map((one) =>
      one.kind === "list" ? listItems(one) : one.kind === "unknown" ? null : [one],
    );
    return listOf("array", parts.includes(null) ? null : (parts as Value[][]).flat());
  },
  slice: (_run, self, { positional: [from, to] }) => {
    const items = listItems(self);
    const [start, end] = [whole(from, 0), whole(to, Number.MAX_SAFE_INTEGER)];
    return listOf("array", items && start !== null && end !== null ? items.slice(start, end) : null);
  },
  splice: (run, self, { positional: [from, count, ...added], open }) => {
    const items = listItems(self);
    const [start, length] = [whole(from, 0), whole(count, Number.MAX_SAFE_INTEGER)];
    if (!items || open || start === null || length === null) {
      setItems(run.journal, self, null);
      return listOf("array", null);
    }
    const left = [...items];
    const taken = left.splice(start, length, ...added);
    setItems(run.journal, self, left);
    return listOf("array", taken);
  },
  reverse: (run, self) => {
    const items = listItems(self);
    setItems(run.journal, self, items ? [...items].reverse() : null);
    return self;
  },
  fill: (run, self, { positional: [value] }) => {
    const items = listItems(self);
    setItems(run.journal, self, items && value ? items.map(() => value) : null);
    return self;
  },
  join: (_run, self, { positional: [mark] }) => {
    const texts = listItems(self)?.map(textOf);
    const by = mark ? textOf(mark) : ",";
    return texts && !texts.includes(null) && by !== null ? string(texts.join(by)) : UNKNOWN;
  },
  includes: (_run, self, { positional: [value] }) => {
    const items = listItems(self);
    if (!items || !value) return UNKNOWN;
    const found = items.map((item) => truthOf(binary("===", item, value)));
    return found.includes(true) ? boolean(true) : found.includes(null) ? UNKNOWN : boolean(false);
  },
  indexOf: (_run, self, { positional: [value] }) => {
    const items = listItems(self);
    if (!items || !value) return UNKNOWN;
    const found = items.map((item) => truthOf(binary("===", item, value)));
    return found.includes(null) ? UNKNOWN : number(found.indexOf(true));
  },
  at: (_run, self, { positional: [index] }) =>
    index?.kind === "number" ? (listItems(self)?.at(index.value) ?? UNKNOWN) : UNKNOWN,
  flat: (_run, self) => {
    const items = listItems(self)?.map((item) => (item.kind === "list" ? listItems(item) : [item]));
    return listOf("array", items && !items.includes(null) ? (items as Value[][]).flat() : null);
  },
  keys: (_run, self) => listOf("iterator", listItems(self)?.map((_, at) => number(at)) ?? null),
  values: (_run, self) => listOf("iterator", listItems(self)),
  entries: (_run, self) =>
    listOf("iterator", listItems(self)?.map((item, at) => listOf("array", [number(at), item])) ?? null),
  map: each(
    (_run, items, apply) => listOf("array", items.map(apply)),
    () => listOf("array", null),
  ),
  forEach: each(
    (_run, items, apply) => {
      items.forEach(apply);
      return UNDEFINED;
    },
    () => UNDEFINED,
  ),
  flatMap: each(
    (_run, items, apply) => {
      const parts = items.map(apply).map((one) => (one.kind === "list" ? listItems(one) : [one]));
      return listOf("array", parts.includes(null) ? null : (parts as Value[][]).flat());
    },
    () => listOf("array", null),
  ),
  filter: each(
    (_run, items, apply) => {
      const truths = items.map((item, at) => truthOf(apply(item, at)));
      return listOf("array", truths.includes(null) ? null : items.filter((_, at) => truths[at]));
    },
    () => listOf("array", null),
  ),
  find: each(
    (_run, items, apply) => {
      for (const [at, item] of items.entries()) {
        const truth = truthOf(apply(item, at));
        if (truth === null) return UNKNOWN;
        if (truth) return item;
      }
      return UNDEFINED;
    },
    () => UNKNOWN,
  ),
  reduce: (run, self, { positional: [callee, start] }, place) => {
    const items = listItems(self);
    if (!items || !callee) return UNKNOWN;
    const rest: readonly Value[] = start ? items : items.slice(1);
    const first = start ?? items[0];
    return rest.reduce<Value>(
      (sum, item, at) => call(run, callee, positional(sum, item, number(at)), place),
      first ?? UNKNOWN,
    );
  },
};

const ofText =
  (make: (self: string, ...args: string[]) => string): Method<string> =>
  (_run, self, { positional }) => {
    const given = positional.map(textOf);
    return given.includes(null) ? UNKNOWN : string(make(self, ...(given as string[])));
  };

const TEXT: Record<string, Method<string>> = {
  toLowerCase: ofText((self) => self.toLowerCase()),
  toUpperCase: ofText((self) => self.toUpperCase()),
  trim: ofText((self) => self.trim()),
  toString: ofText((self) => self),
  concat: ofText((self, ...more) => self + more.join("")),
  startsWith: (_run, self, { positional: [start] }) =>
    start?.kind === "string" ? boolean(self.startsWith(start.value)) : UNKNOWN,
  endsWith: (_run, self, { positional: [end] }) =>
    end?.kind === "string" ? boolean(self.endsWith(end.value)) : UNKNOWN,
  includes: (_run, self, { positional: [part] }) =>
    part?.kind === "string" ? boolean(self.includes(part.value)) : UNKNOWN,
  split: (_run, self, { positional: [mark] }) =>
    mark?.kind === "string" ? listOf("array", self.split(mark.value).map(string)) : UNKNOWN,
  match: (_run, self, { positional: [part] }) => {
    if (part?.kind !== "string" || /[^\w -]/.test(part.value)) return UNKNOWN;
    return self.includes(part.value) ? listOf("array", [string(part.value)]) : NONE;
  },
  slice: (_run, self, { positional: [from, to] }) => {
    const [start, end] = [whole(from, 0), whole(to, self.length)];
    return start === null || end === null ? UNKNOWN : string(self.slice(start, end));
  },
};

const MAP: Record<string, Method<DictValue>> = {
  get: (_run, self, { positional: [key] }) => {
    const name = key ? keyOf(key) : null;
    return name === null
      ? UNKNOWN
      : ((self.slots.get(name) as Value | undefined) ?? (isOpen(self) ? UNKNOWN : UNDEFINED));
  },
  set: (run, self, { positional: [key, value] }) => {
    const name = key ? keyOf(key) : null;
    if (name === null) openUp(run.journal, self);
    else run.journal.set(self, name, value ?? UNDEFINED);
    return self;
  },
  has: (_run, self, { positional: [key] }) => {
    const name = key ? keyOf(key) : null;
    return name === null || isOpen(self) ? UNKNOWN : boolean(self.slots.has(name));
  },
};

/** A method or property by name; null: there is none of that name. */
export function memberOfValue(run: Run, object: Value, name: string): Value | null {
  if (object.kind === "list") {
    if (name === "length") {
      const items = listItems(object);
      return items ? number(items.length) : UNKNOWN;
    }
    return made(ARRAY, object, name, run);
  }
  if (object.kind === "string")
    return name === "length" ? number(object.value.length) : made(TEXT, object.value, name, run);
  if (object.kind === "dict") return made(MAP, object, name, run);
  if (object.kind === "unknown" && /^(forEach|map|flatMap)$/.test(name)) {
    // Whatever it is, it calls what it is given.
    const { call: overAny } = made(ARRAY, listOf("array", null), name, run)!;
    const call = (...given: Parameters<typeof overAny>) => {
      overAny(...given);
      return UNKNOWN;
    };
    return { kind: "builtin", name, call };
  }
  if (object.kind === "number" && /^to(String|Fixed|LocaleString)$/.test(name)) {
    return {
      kind: "builtin",
      name,
      call: ({ positional }) =>
        name === "toString" && positional.length === 0 ? string(String(object.value)) : UNKNOWN,
    };
  }
  return null;
}

function made<T>(table: Record<string, Method<T>>, self: T, name: string, run: Run): BuiltinValue | null {
  if (!Object.hasOwn(table, name)) return null;
  const method = table[name]!;
  const receiver = typeof self === "object" ? { receiver: self as Value } : {};
  return { kind: "builtin", name, ...receiver, call: (given, place) => method(run, self, given, place) };
}

const keyValue = (key: string | number): Value => string(String(key));

/** `Object.keys`, `Math.max` …: members of JavaScript's own objects, by path. */
export const GLOBALS: Readonly<Record<string, (run: Run, args: Arguments, place: Place) => Value>> = {
  "Object.keys": (_run, { positional: [of] }) =>
    listOf("array", of?.kind === "dict" ? (itemsOf(of)?.map(([key]) => keyValue(key)) ?? null) : null),
  "Object.values": (_run, { positional: [of] }) =>
    listOf("array", of?.kind === "dict" ? (itemsOf(of)?.map(([, value]) => value) ?? null) : null),
  "Object.entries": (_run, { positional: [of] }) =>
    listOf(
      "array",
      of?.kind === "dict"
        ? (itemsOf(of)?.map(([key, value]) => listOf("array", [keyValue(key), value])) ?? null)
        : null,
    ),
  "Object.assign": (run, { positional: [to, ...from] }) => {
    if (to?.kind !== "dict") return UNKNOWN;
    for (const one of from) {
      if (one.kind === "dict") for (const [key, value] of knownEntries(one)) run.journal.set(to, key, value);
      if (one.kind === "unknown" || (one.kind === "dict" && isOpen(one))) openUp(run.journal, to);
    }
    return to;
  },
  "Object.freeze": (_run, { positional: [of] }) => of ?? UNKNOWN,
  "Object.fromEntries": (run, { positional: [of] }) => {
    const pairs = of && run.language.items(run, of)?.map((pair) => run.language.items(run, pair));
    if (!pairs || pairs.includes(null)) return UNKNOWN;
    const entries = (pairs as (readonly Value[])[]).map(
      ([key, value]) => [key ? keyOf(key) : null, value ?? UNDEFINED] as const,
    );
    return entries.some(([key]) => key === null) ? UNKNOWN : dictFrom(entries as [string | number, Value][], "object");
  },
  "Array.from": (run, { positional: [from, callee] }, place) => {
    const length = from?.kind === "dict" ? (from.slots.get("length") as Value | undefined) : undefined;
    const items =
      length?.kind === "number" && length.value <= 5000
        ? Array.from({ length: length.value }, (): Value => UNDEFINED)
        : from
          ? run.language.items(run, from)
          : null;
    if (!items || !callee) return listOf("array", items);
    return listOf(
      "array",
      items.map((item, at) => call(run, callee, positional(item, number(at)), place)),
    );
  },
  "Array.isArray": (_run, { positional: [value] }) =>
    value && value.kind !== "unknown" ? boolean(value.kind === "list") : UNKNOWN,
  "Array.of": (_run, { positional }) => listOf("array", positional),
  "Number.isInteger": (_run, { positional: [value] }) =>
    value?.kind === "number" ? boolean(Number.isInteger(value.value)) : UNKNOWN,
  parseInt: (_run, { positional: [value] }) => numeric(value, Number.parseInt),
  parseFloat: (_run, { positional: [value] }) => numeric(value, Number.parseFloat),
  Number: (_run, { positional: [value] }) => numeric(value, Number),
  String: (_run, { positional: [value] }) => {
    const text = value ? textOf(value) : "";
    return text === null ? UNKNOWN : string(text);
  },
  Boolean: (_run, { positional: [value] }) => {
    const truth = value ? truthOf(value) : false;
    return truth === null ? UNKNOWN : boolean(truth);
  },
};

function numeric(value: Value | undefined, parse: (text: string) => number): Value {
  const text = value ? textOf(value) : null;
  const parsed = text === null ? Number.NaN : parse(text);
  return Number.isNaN(parsed) ? UNKNOWN : number(parsed);
}

const MATH = new Set("abs ceil floor round trunc sqrt cbrt log log2 log10 exp sign pow min max hypot".split(" "));

export function mathOf(name: string, { positional, open }: Arguments): Value {
  if (!MATH.has(name) || open || !positional.every((one) => one.kind === "number")) return UNKNOWN;
  const result = (Math[name as "pow"] as (...args: number[]) => number)(
    ...positional.map((one) => (one as { value: number }).value),
  );
  return Number.isNaN(result) ? UNKNOWN : number(result);
}
