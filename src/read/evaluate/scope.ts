// Names and what they are worth, as both languages nest them. Knows no syntax.
import { ABSENT, type Journal } from "./journal";
import { type Heap, Slots, type Value } from "./value";

export interface Scope extends Heap {
  readonly parent: Scope | null;
  /** In a class body of Python names are its own, and functions in it do not see them. */
  readonly kind: "module" | "function" | "class" | "block";
  /** Python: names declared `global` or `nonlocal` in it, and the scope that they are of. */
  readonly elsewhere: Map<string, Scope>;
}

export const scopeIn = (parent: Scope | null, kind: Scope["kind"]): Scope => ({
  slots: new Slots(),
  parent,
  kind,
  elsewhere: new Map(),
});

/** The scope that a name is found in from here; null for what is bound nowhere. */
export function scopeOf(scope: Scope, name: string): Scope | null {
  for (let at: Scope | null = scope; at; at = at.parent) {
    const declared = at.elsewhere.get(name);
    if (declared) return declared;
    if (at.slots.has(name) && (at.kind !== "class" || at === scope)) return at;
  }
  return null;
}

export function lookUp(scope: Scope, name: string): Value | null {
  const found = scopeOf(scope, name);
  return found ? ((found.slots.get(name) as Value | undefined) ?? null) : null;
}

/** Binds a name in a scope: where it was declared to be, or here. */
export function bind(journal: Journal, scope: Scope, name: string, value: Value): void {
  journal.set(scope.elsewhere.get(name) ?? scope, name, value);
}

export function unbind(journal: Journal, scope: Scope, name: string): void {
  journal.set(scope.elsewhere.get(name) ?? scope, name, ABSENT);
}

/** The innermost scope around that is no block: where `var` and Python's names are. */
export function functionScope(scope: Scope): Scope {
  let at = scope;
  while (at.kind === "block" && at.parent) at = at.parent;
  return at;
}

export function moduleScope(scope: Scope): Scope {
  let at = scope;
  while (at.parent && at.kind !== "module") at = at.parent;
  return at;
}
