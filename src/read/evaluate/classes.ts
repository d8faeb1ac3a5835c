// Classes of the program: what they have, what an object of them is, and what lies behind `super`.
import type { ClassCode } from "../code";
import { libraryBase } from "./access";
import { call, callFunction } from "./calls";
import { evaluate } from "./expressions";
import type { Frame, Run } from "./run";
import { type Scope, scopeIn } from "./scope";
import { executeAll } from "./statements";
import {
  type Arguments,
  type BuiltinValue,
  type ClassValue,
  type InstanceValue,
  NONE,
  type Place,
  Slots,
  type SuperValue,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from "./value";

export function defineClass(run: Run, frame: Frame, code: ClassCode): Value {
  const bases = code.bases.filter(({ name }) => name === undefined).map(({ value }) => evaluate(run, frame, value));
  const scope: Scope = scopeIn(frame.scope, "class");
  const made: ClassValue = {
    kind: "class",
    name: code.name,
    bases,
    code,
    unit: frame.unit,
    scope: frame.scope,
    // What the body binds is what the class has.
    slots: scope.slots,
  };
  const inner: Frame = { unit: frame.unit, scope, receiver: null, home: made, yielded: null };
  executeAll(run, inner, code.body);
  for (const { name, value, isStatic, accessor, isField } of code.members) {
    if (isField && !isStatic) continue;
    const member = value ? evaluate(run, { ...inner, scope: frame.scope }, value) : UNDEFINED;
    if (accessor === "set") continue;
    const role = accessor === "get" ? "property" : isStatic ? "static" : undefined;
    scope.slots.set(name, member.kind === "function" ? { ...member, home: made, ...(role && { role }) } : member);
  }
  run.classes.push(made);
  let value: Value = made;
  for (const decorator of [...code.decorators].reverse())
    value = run.language.decorate(run, evaluate(run, frame, decorator), value);
  return value;
}

/** A class and those behind it, each once, in the order in which they are asked. */
export function lineOf(of: ClassValue): ClassValue[] {
  const line: ClassValue[] = [];
  const add = (one: ClassValue): void => {
    if (line.length > 50) return;
    // A class comes after all that are made of it.
    const at = line.indexOf(one);
    if (at >= 0) line.splice(at, 1);
    line.push(one);
    for (const base of one.bases) if (base.kind === "class" && base !== one) add(base);
  };
  add(of);
  return line;
}

export function memberOf(of: ClassValue, name: string): { value: Value; home: ClassValue } | null {
  for (const home of lineOf(of)) {
    const value = home.slots.get(name) as Value | undefined;
    if (value) return { value, home };
  }
  return null;
}

export const superOf = (home: ClassValue, receiver: Value): SuperValue => ({ kind: "super", home, receiver });

const nothingDone: BuiltinValue = { kind: "builtin", name: "object", call: () => NONE };

/** What a receiver has from the classes behind `home`. */
export function inheritedFrom(run: Run, { home, receiver }: SuperValue, name: string, place: Place): Value {
  if (receiver.kind !== "instance") return UNKNOWN;
  const line = lineOf(receiver.class);
  for (const one of line.slice(line.indexOf(home) + 1)) {
    const value = one.slots.get(name) as Value | undefined;
    if (value)
      return value.kind === "function" && value.role !== "static" ? { kind: "bound", receiver, callee: value } : value;
  }
  const base = libraryBase(receiver);
  if (base) return run.libraries.inherited(run, base, receiver, name, place) ?? UNKNOWN;
  return name === "__init__" || name === "constructor" ? nothingDone : UNKNOWN;
}

/** An object of a class, made as the language makes it. */
export function instantiate(run: Run, of: ClassValue, args: Arguments, place: Place): Value {
  const made: InstanceValue = { kind: "instance", class: of, place, native: null, slots: new Slots() };
  const base = libraryBase(made);
  if (base) made.native = run.libraries.native(run, base, made);
  run.called.add(of.code);
  if (run.language.name === "python") {
    const init = memberOf(of, "__init__")?.value;
    if (init?.kind === "function") callFunction(run, init, { ...args, positional: [made, ...args.positional] }, made);
    else if (base) callInherited(run, made, "__init__", args, place);
    return made;
  }
  construct(run, of, made, args, place);
  return made;
}

function callInherited(run: Run, receiver: InstanceValue, name: string, args: Arguments, place: Place): void {
  const base = libraryBase(receiver);
  const inherited = base && run.libraries.inherited(run, base, receiver, name, place);
  if (inherited) call(run, inherited, args, place);
}

/** JavaScript: the fields of each class come before the rest of its constructor, those of the class behind it first. */
function construct(run: Run, of: ClassValue, made: InstanceValue, args: Arguments, place: Place): void {
  for (const one of [...lineOf(of)].reverse()) {
    for (const { name, value, isStatic, isField } of one.code.members) {
      if (!isField || isStatic) continue;
      const frame: Frame = { unit: one.unit, scope: one.scope, receiver: made, home: one, yielded: null };
      run.journal.set(made, name, value ? evaluate(run, frame, value) : UNDEFINED);
    }
  }
  const own = memberOf(of, "constructor")?.value;
  if (own?.kind === "function") callFunction(run, own, args, made);
  else callInherited(run, made, "constructor", args, place);
}
