// Methods of Python's texts, lists, tuples, sets and dictionaries, as far as code that builds models uses them.
import { mayChange } from "../access";
import { ABSENT } from "../journal";
import { entryOf, isOpen, itemsOf, keyOf, knownEntries, listItems, listOf, openUp, setItems } from "../lists";
import type { Run } from "../run";
import {
  type Arguments,
  type BuiltinValue,
  boolean,
  type DictValue,
  type ListValue,
  NONE,
  number,
  Slots,
  string,
  UNKNOWN,
  type Value,
} from "../value";
import { isEqual, textOf } from "./operators";

type Method<T> = (run: Run, self: T, args: Arguments) => Value;

const plain = (value: Value | undefined): string | null => (value?.kind === "string" ? value.value : null);
const whole = (value: Value | undefined): number | null =>
  value?.kind === "number" && Number.isInteger(value.value) ? value.value : null;

/** A method that only makes a text of texts. */
const ofText =
  (make: (self: string, ...args: string[]) => string): Method<string> =>
  (_run, self, { positional, named }) => {
    const given = positional.map(plain);
    return given.includes(null) || named.size > 0 ? UNKNOWN : string(make(self, ...(given as string[])));
  };

const TEXT: Record<string, Method<string>> = {
  lower: ofText((self) => self.toLowerCase()),
  upper: ofText((self) => self.toUpperCase()),
  capitalize: ofText((self) => self.slice(0, 1).toUpperCase() + self.slice(1).toLowerCase()),
  strip: ofText((self, marks) => strip(self, marks, true, true)),
  lstrip: ofText((self, marks) => strip(self, marks, true, false)),
  rstrip: ofText((self, marks) => strip(self, marks, false, true)),
  replace: ofText((self, from, to) => (from === undefined || to === undefined ? self : self.split(from).join(to))),
  join: (run, self, { positional: [list] }) => {
    const items = list && run.language.items(run, list);
    const texts = items?.map(plain);
    return texts && !texts.includes(null) ? string(texts.join(self)) : UNKNOWN;
  },
  split: (_run, self, { positional: [mark, most] }) => {
    if (most) return UNKNOWN;
    const by = mark && mark.kind !== "none" ? plain(mark) : undefined;
    if (by === null || by === "") return UNKNOWN;
    const parts = by === undefined ? self.split(/\s+/).filter(Boolean) : self.split(by);
    return listOf("list", parts.map(string));
  },
  startswith: (_run, self, { positional: [start] }) => {
    const given = plain(start);
    return given === null ? UNKNOWN : boolean(self.startsWith(given));
  },
  endswith: (_run, self, { positional: [end] }) => {
    const given = plain(end);
    return given === null ? UNKNOWN : boolean(self.endsWith(given));
  },
  isdigit: (_run, self) => boolean(/^\d+$/.test(self)),
  format: (_run, self, { positional, named, open }) => {
    if (open) return UNKNOWN;
    let next = 0;
    let known = true;
    const made = self.replace(/\{\{|\}\}|\{(\w*)\}|\{[^}]*\}/g, (match, name: string | undefined) => {
      if (match === "{{" || match === "}}") return match[0]!;
      const value =
        name === undefined
          ? undefined
          : name === ""
            ? positional[next++]
            : /^\d+$/.test(name)
              ? positional[Number(name)]
              : named.get(name);
      const said = value ? textOf(value) : null;
      if (said === null) known = false;
      return said ?? "";
    });
    return known ? string(made) : UNKNOWN;
  },
};

function strip(text: string, marks: string | undefined, left: boolean, right: boolean): string {
  const isMark = (one: string) => (marks === undefined ? /\s/.test(one) : marks.includes(one));
  let [start, end] = [0, text.length];
  while (left && start < end && isMark(text[start]!)) start++;
  while (right && end > start && isMark(text[end - 1]!)) end--;
  return text.slice(start, end);
}

/** A method that changes a list: gives its new items and what it returns; null items: no longer known. */
const change =
  (make: (items: Value[], args: Value[], run: Run) => { items: Value[] | null; gives?: Value }): Method<ListValue> =>
  (run, self, { positional }) => {
    const items = listItems(self);
    if (!items) return UNKNOWN;
    const made = make([...items], [...positional], run);
    setItems(run.journal, self, made.items);
    return made.gives ?? NONE;
  };

const LIST: Record<string, Method<ListValue>> = {
  append: change((items, [value]) => ({ items: value ? [...items, value] : null })),
  add: change((items, [value]) => ({
    items: value && items.some((one) => isEqual(one, value) === true) ? items : value ? [...items, value] : null,
  })),
  extend: change((items, [more], run) => {
    const added = more && run.language.items(run, more);
    return { items: added ? [...items, ...added] : null };
  }),
  update: change((items, [more], run) => {
    const added = more && run.language.items(run, more);
    return { items: added ? union(items, added) : null };
  }),
  union: (run, self, { positional: [more] }) => {
    const [items, added] = [listItems(self), more && run.language.items(run, more)];
    return listOf(self.type, items && added ? union(items, added) : null);
  },
  insert: change((items, [at, value]) => {
    const index = whole(at);
    if (index === null || !value) return { items: null };
    items.splice(index, 0, value);
    return { items };
  }),
  pop: change((items, [at]) => {
    const index = at ? whole(at) : -1;
    if (index === null || items.length === 0) return { items: null, gives: UNKNOWN };
    const [gives] = items.splice(index, 1);
    return { items, gives: gives ?? UNKNOWN };
  }),
  remove: change((items, [value]) => {
    const index = items.findIndex((one) => value && isEqual(one, value) === true);
    if (index < 0) return { items: null };
    items.splice(index, 1);
    return { items };
  }),
  reverse: change((items) => ({ items: items.reverse() })),
  clear: change(() => ({ items: [] })),
  sort: change((items, args) => ({ items: args.length === 0 ? sorted(items) : null })),
  copy: (_run, self) => listOf(self.type, listItems(self)),
  index: (_run, self, { positional: [value] }) => {
    const at = listItems(self)?.findIndex((one) => value && isEqual(one, value) === true) ?? -1;
    return at < 0 ? UNKNOWN : number(at);
  },
  count: () => UNKNOWN,
};

/** Each once; null where it is not known which are the same. */
function union(items: readonly Value[], added: readonly Value[]): Value[] | null {
  const all = [...items];
  for (const one of added) {
    const same = all.map((other) => isEqual(one, other));
    if (same.includes(null)) return null;
    if (!same.includes(true)) all.push(one);
  }
  return all;
}

/** Items in the order of their keys: numbers, texts, tuples of such; null where there is anything else. */
export function sorted(items: readonly Value[], keys: readonly Value[] = items): Value[] | null {
  let isKnown = true;
  const order = items.map((item, at) => ({ item, key: keys[at]! }));
  order.sort((a, b) => {
    const result = compared(a.key, b.key);
    if (result === null) isKnown = false;
    return result ?? 0;
  });
  if (order.length === 1) return [...items];
  return isKnown ? order.map(({ item }) => item) : null;
}

function compared(a: Value, b: Value): number | null {
  if ((a.kind === "number" && b.kind === "number") || (a.kind === "string" && b.kind === "string"))
    return a.value < b.value ? -1 : a.value > b.value ? 1 : 0;
  if (a.kind !== "list" || b.kind !== "list" || a.type !== b.type) return null;
  const [left, right] = [listItems(a), listItems(b)];
  if (!left || !right) return null;
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const one = compared(left[at]!, right[at]!);
    if (one !== 0) return one;
  }
  return left.length - right.length;
}

const pair = (key: string | number, value: Value): Value =>
  listOf("tuple", [typeof key === "string" ? string(key) : number(key), value]);
const keyValue = (key: string | number): Value => (typeof key === "string" ? string(key) : number(key));

const DICT: Record<string, Method<DictValue>> = {
  keys: (_run, self) => listOf("iterator", itemsOf(self)?.map(([key]) => keyValue(key)) ?? null),
  values: (_run, self) => listOf("iterator", itemsOf(self)?.map(([, value]) => value) ?? null),
  items: (_run, self) => listOf("iterator", itemsOf(self)?.map(([key, value]) => pair(key, value)) ?? null),
  copy: (_run, self) => ({ kind: "dict", type: self.type, slots: new Slots(self.slots) }),
  get: (_run, self, { positional: [key, otherwise = NONE] }) => {
    const name = key ? keyOf(key) : null;
    if (name === null) return UNKNOWN;
    return entryOf(self, name) ?? (isOpen(self) ? UNKNOWN : otherwise);
  },
  setdefault: (run, self, { positional: [key, otherwise = NONE] }) => {
    const name = key ? keyOf(key) : null;
    if (name === null) return UNKNOWN;
    const known = entryOf(self, name);
    if (known || isOpen(self)) return known ?? UNKNOWN;
    run.journal.set(self, name, otherwise);
    return otherwise;
  },
  pop: (run, self, { positional: [key, otherwise = UNKNOWN] }) => {
    const name = key ? keyOf(key) : null;
    if (name === null) {
      openUp(run.journal, self);
      return UNKNOWN;
    }
    const known = entryOf(self, name);
    if (known) run.journal.set(self, name, ABSENT);
    return known ?? (isOpen(self) ? UNKNOWN : otherwise);
  },
  update: (run, self, { positional: [more], named }) => {
    if (more?.kind === "dict") {
      for (const [key, value] of knownEntries(more)) run.journal.set(self, key, value);
      if (isOpen(more)) openUp(run.journal, self);
    } else if (more) openUp(run.journal, self);
    for (const [key, value] of named) run.journal.set(self, key, value);
    return NONE;
  },
};

/** A method by name, bound to its object; null: there is none of that name. */
export function methodOf(run: Run, object: Value, name: string): BuiltinValue | null {
  if (object.kind === "string") return made(TEXT, object.value, name, run);
  if (object.kind === "list") return made(LIST, object, name, run) ?? anyMethod(run, object, name);
  if (object.kind === "dict") return made(DICT, object, name, run) ?? anyMethod(run, object, name);
  return null;
}

/** One that is not known here may change its object. */
function anyMethod(run: Run, object: ListValue | DictValue, name: string): BuiltinValue | null {
  if (object.type === "tuple" || object.type === "object" || name.startsWith("__")) return null;
  const call = () => {
    mayChange(run, object);
    return UNKNOWN;
  };
  return { kind: "builtin", name, receiver: object, call };
}

function made<T>(table: Record<string, Method<T>>, self: T, name: string, run: Run): BuiltinValue | null {
  if (!Object.hasOwn(table, name)) return null;
  const method = table[name]!;
  const receiver = typeof self === "object" ? { receiver: self as Value } : {};
  return { kind: "builtin", name, ...receiver, call: (args) => method(run, self, args) };
}
