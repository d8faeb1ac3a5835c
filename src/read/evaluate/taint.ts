// Which pieces of a program an edit can have to do with, by the names that they mention and by what these were worth before it: rather
// one piece too many than one too few. Evaluates nothing.

import type { Unit } from "../code";
import { ABSENT } from "./journal";
import { type Mentions, mentionsOf } from "./mentions";
import type { Value } from "./value";

/** What is known of a statement from before the edit. */
interface Known {
  readonly unit: Unit;
  readonly mentions: Mentions;
  readonly bindings: ReadonlyMap<string, unknown>;
  /** The names that it gives values to, by its text or by what it calls. */
  readonly binds: ReadonlySet<string>;
  /** Those and the ones that it reads. */
  readonly names: ReadonlySet<string>;
}

/** A statement that came before. */
type Passed = Pick<Known, "mentions" | "bindings" | "binds">;

export interface Stale<Task extends Known> {
  /** Nothing has changed. */
  readonly isEmpty: boolean;
  /** What was found of the statement still holds. */
  isClean(task: Task): boolean;
  /** Things that it has to do with may have changed in others. */
  isTouched(task: Task): boolean;
  /** The same for a function or class of a unit, which another statement may have made. */
  isTrialClean(unit: Unit, task: Known): boolean;
  /** A name that counts as changed. */
  isForeseen(name: string): boolean;
}

/** `now`: the statements after the edit, in order; those that are not new as they were known. */
export function staleTasks<Task extends Known>(before: readonly Task[], now: readonly (Task | Unit)[]): Stale<Task> {
  if (before.length === 0) return allNew(now.length);
  const taint = new Taint();
  const dirty = new Set<Known>();
  let at = 0;
  let isEmpty = true;
  const change = (one: Passed) => {
    isEmpty = false;
    taint.change(one);
  };
  const remove = (task: Task) => {
    dirty.add(task);
    change(task);
  };
  for (const one of now) {
    if (!("mentions" in one)) {
      const mentions = mentionsOf(one);
      change({ mentions, bindings: NOTHING, binds: mentions.writes });
      continue;
    }
    for (; before[at] !== one; at++) remove(before[at]!);
    at++;
    if (taint.reaches(one.mentions)) remove(one);
    else taint.pass(one);
  }
  for (; at < before.length; at++) remove(before[at]!);
  return {
    isEmpty,
    isClean: (task) => !dirty.has(task),
    isTouched: (task) => dirty.has(task) || taint.everReached(task),
    isTrialClean: (unit, task) => !taint.reaches(mentionsOf(unit)) && !taint.reaches(task.mentions),
    isForeseen: (name) => taint.ever.has(name),
  };
}

const allNew = (count: number) => ({
  isEmpty: count === 0,
  isClean: () => false,
  isTouched: () => true,
  isTrialClean: () => false,
  isForeseen: () => true,
});

/** So many questions are faster asked of a list than of an index that has to be made first. */
const FEW = 60;

/** The names that may mean something else than before, or something that has changed, from statement to statement. */
class Taint {
  readonly ever = new Set<string>();
  private readonly now = new Set<string>();
  /** What names were worth before the edit, as far as that was asked. */
  private readonly values = new Map<string, Value | null>();
  private readonly passed: Passed[] = [];
  /** Made of `passed` when it is asked so often that this pays. */
  private index: { readers: Map<string, Passed[]>; binders: Map<string, Passed[]> } | null = null;
  private asked = 0;
  private reached = new Set<string>();

  /** May a statement come out otherwise? One that is not sure to bind a name has to do with what it was before. */
  reaches({ reads, writes, certain }: Mentions): boolean {
    for (const name of this.now) if (reads.has(name) || (writes.has(name) && !certain.has(name))) return true;
    return false;
  }

  everReached({ names }: Known): boolean {
    for (const name of this.ever) if (names.has(name)) return true;
    return false;
  }

  /** A statement that is as it was. */
  pass(one: Passed): void {
    if (this.now.size > 0) for (const name of one.mentions.certain) this.now.delete(name);
    this.remember(one);
  }

  /** A statement that is new, gone or to be evaluated again: what it binds is another thing, and what it can get at may have changed. */
  change(one: Passed): void {
    const { mentions, binds } = one;
    this.reached = new Set();
    for (const name of mentions.reads) this.reach(name);
    this.remember(one);
    for (const name of binds) {
      if (!mentions.certain.has(name)) this.reach(name);
      this.taint(name);
    }
  }

  private remember(passed: Passed): void {
    this.passed.push(passed);
    if (this.values.size > 0) for (const name of passed.bindings.keys()) this.values.delete(name);
    if (this.index) this.file(this.index, passed);
  }

  private file({ readers, binders }: NonNullable<Taint["index"]>, passed: Passed): void {
    for (const name of passed.mentions.reads) add(readers, name, passed);
    for (const name of passed.binds) add(binders, name, passed);
  }

  private readersOf(name: string): readonly Passed[] {
    if (this.asked++ < FEW && !this.index) return this.passed.filter(({ mentions }) => mentions.reads.has(name));
    return this.indexed().readers.get(name) ?? [];
  }

  private bindersOf(name: string): readonly Passed[] {
    if (this.asked++ < FEW && !this.index) return this.passed.filter(({ binds }) => binds.has(name));
    return this.indexed().binders.get(name) ?? [];
  }

  private indexed() {
    if (!this.index) {
      this.index = { readers: new Map(), binders: new Map() };
      for (const one of this.passed) this.file(this.index, one);
    }
    return this.index;
  }

  private taint(name: string): void {
    this.ever.add(name);
    if (this.now.has(name)) return;
    this.now.add(name);
    const isCode = this.isCode(name);
    for (const { mentions, binds } of this.readersOf(name)) {
      // Functions that read it do something else by now, and who has such a function may have it do so.
      if (mentions.hasCode) for (const one of binds) if (this.isCode(one)) this.taint(one);
      if (mentions.hasCode || isCode)
        for (const one of [...binds, ...mentions.reads]) if (!this.isCode(one)) this.reach(one);
    }
  }

  /** Something that is changed, and with it all that hangs together with it. Functions do not change, but what they get at may. */
  private reach(name: string): void {
    if (this.reached.has(name) || this.isPlain(name)) return;
    this.reached.add(name);
    const isCode = this.isCode(name);
    if (!isCode) this.taint(name);
    const others = isCode ? [] : this.readersOf(name);
    for (const { mentions, binds } of [...this.bindersOf(name), ...others]) {
      for (const one of mentions.reads) this.reach(one);
      if (!isCode) for (const one of binds) this.reach(one);
    }
  }

  private isPlain(name: string): boolean {
    const value = this.valueOf(name);
    return !this.now.has(name) && (value === null || PLAIN.has(kindOf(value)));
  }

  private isCode(name: string): boolean {
    const value = this.valueOf(name);
    return value !== null && isModuleCode(value);
  }

  /** Null: nothing has bound it, or it is no more. */
  private valueOf(name: string): Value | null {
    const known = this.values.get(name);
    if (known !== undefined) return known;
    const slot = this.passed.findLast(({ bindings }) => bindings.has(name))?.bindings.get(name);
    const value = slot === undefined || slot === ABSENT ? null : (slot as Value);
    this.values.set(name, value);
    return value;
  }
}

/** What a statement binds, and all that it names. */
export function namesOf(mentions: Mentions, bindings: ReadonlyMap<string, unknown>): Pick<Known, "binds" | "names"> {
  const binds = new Set([...mentions.writes, ...bindings.keys()]);
  return { binds, names: new Set([...binds, ...mentions.reads]) };
}

const NOTHING: ReadonlyMap<string, unknown> = new Map();

function add(index: Map<string, Passed[]>, name: string, passed: Passed): void {
  const known = index.get(name);
  if (known) known.push(passed);
  else index.set(name, [passed]);
}

/** Values that are what they are. */
const PLAIN: ReadonlySet<string> = new Set([
  ...[
    "number",
    "string",
    "boolean",
    "none",
    "undefined",
    "unknown",
    "library",
    "range",
    "dataset",
    "data",
    "column",
    "head",
  ],
]);

const kindOf = (value: Value): string => (value.kind === "tensor" && !value.node ? "data" : value.kind);

/** A function that knows nothing but its arguments and the program's own names. */
const isModuleCode = (value: Value): boolean =>
  (value.kind === "function" || value.kind === "class") && value.scope.kind === "module";
