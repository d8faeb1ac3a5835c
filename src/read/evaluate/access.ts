// Attributes and items of values: read and set. What belongs to a language or a library is asked of it.
import { callFunction } from "./calls";
import { inheritedFrom, memberOf } from "./classes";
import { entryOf, isOpen, openUp } from "./lists";
import type { Run } from "./run";
import { mayCompile } from "./unseen";
import {
  HISTORY,
  type InstanceValue,
  ITEMS,
  type Place,
  positional,
  ROWS,
  UNDEFINED,
  UNKNOWN,
  unknownSlot,
  type Value,
} from "./value";

export function attributeOf(run: Run, object: Value, name: string, place: Place): Value {
  switch (object.kind) {
    case "unknown":
      if (name === "compile") run.unsureCompiles.push(place.unit);
      return run.language.attribute(run, object, name) ?? UNKNOWN;
    case "instance":
      return instanceAttribute(run, object, name, place);
    case "super":
      return inheritedFrom(run, object, name, place);
    case "class": {
      const found = memberOf(object, name);
      if (found) return found.value;
      return run.language.attribute(run, object, name) ?? UNKNOWN;
    }
    case "library":
    case "layer":
    case "tensor":
    case "dataset":
    case "frame":
      return (
        run.libraries.attribute(run, object, name, place) ??
        run.language.attribute(run, object, name) ??
        unseen(run, object)
      );
    case "dict":
      if (object.type === "object") {
        const entry = entryOf(object, name);
        // A module of Python has functions, not methods.
        if (entry) return run.language.name === "python" ? entry : bindTo(object, entry);
        if (run.language.name === "python") return UNKNOWN;
        return run.language.attribute(run, object, name) ?? (isOpen(object) ? UNKNOWN : UNDEFINED);
      }
      return run.language.attribute(run, object, name) ?? UNKNOWN;
    default:
      return run.language.attribute(run, object, name) ?? UNKNOWN;
  }
}

function instanceAttribute(run: Run, object: InstanceValue, name: string, place: Place): Value {
  const own = object.slots.get(name) as Value | undefined;
  if (own) return own;
  const found = memberOf(object.class, name);
  if (found) {
    const { value } = found;
    if (value.kind !== "function") return value;
    if (value.role === "property") {
      const self = run.language.name === "python" ? [object] : [];
      return callFunction(run, value, positional(...self), object);
    }
    if (value.role === "static") return value;
    return bindTo(value.role === "class" ? object.class : object, value);
  }
  const base = libraryBase(object);
  if (base) {
    const inherited = run.libraries.inherited(run, base, object, name, place);
    if (inherited) return inherited;
  }
  return run.language.attribute(run, object, name) ?? unseen(run, object);
}

/** Something of an object that nobody knows: a method that may do anything with it. */
function unseen(run: Run, object: Value): Value {
  mayCompile(run, [object]);
  return UNKNOWN;
}

/** The class of a library behind a user's class, the nearest one. */
export function libraryBase(object: InstanceValue) {
  const todo: Value[] = [object.class];
  for (let one = todo.shift(); one; one = todo.shift()) {
    if (one.kind === "library") return one;
    if (one.kind === "class") todo.push(...one.bases);
  }
  return null;
}

/** Functions read from an object know the object. */
const bindTo = (receiver: Value, callee: Value): Value =>
  callee.kind === "function" ? { kind: "bound", receiver, callee } : callee;

export function setAttribute(run: Run, object: Value, name: string, value: Value): void {
  switch (object.kind) {
    case "instance":
      run.journal.set(object, name, value);
      if (object.native) run.libraries.attributeSet(run, object.native, name, value);
      return;
    case "class":
      run.journal.set(object, name, value);
      return;
    case "dict":
      if (object.type === "object") run.journal.set(object, name, value);
      return;
    case "layer":
      run.libraries.attributeSet(run, object, name, value);
      // `model.compiled = True`, `model.fit = …`.
      if (!/^(trainable|name|_name|stop_training)$/.test(name)) mayCompile(run, [object]);
      return;
    default:
      mayCompile(run, [value]);
  }
}

export function indexOf(run: Run, object: Value, index: Value, place: Place): Value {
  if (object.kind === "unknown") return UNKNOWN;
  if (object.kind === "tensor" || object.kind === "frame") return run.libraries.index(run, object, index, place);
  if (object.kind === "dict" && object.slots.has(HISTORY)) run.libraries.lookedUp?.(run, object, index, place);
  return run.language.index(run, object, index);
}

/** Something that nobody knows may have changed what it was given. */
export function mayChange(run: Run, value: Value): void {
  if (value.kind === "list" && value.type !== "tuple") run.journal.set(value, ITEMS, null);
  else if (value.kind === "dict") openUp(run.journal, value);
  else if (value.kind === "builtin" && value.receiver) mayChange(run, value.receiver);
  else if (value.kind === "frame") for (const key of [ITEMS, ROWS]) run.journal.set(value, key, unknownSlot(key));
}
