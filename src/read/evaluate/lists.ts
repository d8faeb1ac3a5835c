// Lists and dictionaries as the evaluator keeps them. Immutable contents in a slot: who changes one writes the slot anew.
import type { Journal } from "./journal";
import { type DictValue, type Heap, ITEMS, type ListValue, OPEN, Slots, UNKNOWN, type Value } from "./value";

export function listOf(type: ListValue["type"], items: readonly Value[] | null): ListValue {
  return { kind: "list", type, slots: new Slots([[ITEMS, items]]) };
}

/** All of a list's items; null where they are not all known. */
export const listItems = (list: ListValue): readonly Value[] | null =>
  (list.slots.get(ITEMS) as readonly Value[] | null | undefined) ?? null;

export function setItems(journal: Journal, list: ListValue, items: readonly Value[] | null): void {
  journal.set(list, ITEMS, items);
}

export const isOpen = (dict: DictValue): boolean => dict.slots.get(OPEN) !== undefined;

/** All entries of a dictionary; null where there may be others. */
export function itemsOf(dict: DictValue): [string | number, Value][] | null {
  return isOpen(dict) ? null : knownEntries(dict);
}

/** Those entries that are known. */
export function knownEntries(dict: DictValue): [string | number, Value][] {
  const entries: [string | number, Value][] = [];
  for (const [key, value] of dict.slots) if (typeof key !== "symbol") entries.push([key, value as Value]);
  return entries;
}

export const entryOf = (dict: DictValue, key: string | number): Value | undefined =>
  dict.slots.get(key) as Value | undefined;

/** The key by which a value is kept; null for those that no key is made of here. */
export function keyOf(value: Value): string | number | null {
  if (value.kind === "string" || value.kind === "number") return value.value;
  if (value.kind === "boolean") return value.value ? 1 : 0;
  return null;
}

/** A dictionary that is being made, entry by entry. */
export function dictOf(type: DictValue["type"]) {
  const value: DictValue = { kind: "dict", type, slots: new Slots() };
  return {
    value,
    add(key: Value, entry: Value): void {
      const name = keyOf(key);
      if (name !== null) value.slots.set(name, entry);
      else forget(value);
    },
    spread(from: Value): void {
      if (from.kind === "dict") {
        for (const [key, entry] of knownEntries(from)) value.slots.set(key, entry);
        if (isOpen(from)) forget(value);
      } else forget(value);
    },
  };
}

/** Whatever it has by now may have been replaced by what is not known. */
function forget(dict: DictValue): void {
  for (const key of [...dict.slots.keys()]) dict.slots.set(key, UNKNOWN);
  dict.slots.set(OPEN, true);
}

/** The same for one that others may have. */
export function openUp(journal: Journal, dict: Heap): void {
  for (const key of [...dict.slots.keys()]) if (typeof key !== "symbol") journal.set(dict, key, UNKNOWN);
  journal.set(dict, OPEN, true);
}

export const dictFrom = (
  entries: Iterable<readonly [string | number, Value]>,
  type: DictValue["type"] = "dict",
): DictValue => ({
  kind: "dict",
  type,
  slots: new Slots(entries),
});
