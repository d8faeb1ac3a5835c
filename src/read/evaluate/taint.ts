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
}

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
  const taint = new Taint();
  const dirty = new Set<Known>();
  let at = 0;
  let isEmpty = true;
  const change = (mentions: Mentions, bindings: ReadonlyMap<string, unknown>) => {
    isEmpty = false;
    taint.change(mentions, bindings);
  };
  const remove = (task: Task) => {
    dirty.add(task);
    change(task.mentions, task.bindings);
  };
  for (const one of now) {
    if (!("mentions" in one)) {
      change(mentionsOf(one), new Map());
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

/** The names that may mean something else than before, or something that has changed, from statement to statement. */
class Taint {
  readonly ever = new Set<string>();
  private readonly now = new Set<string>();
  /** What names were worth before the edit. */
  private readonly values = new Map<string, unknown>();
  private readonly passed: { mentions: Mentions; binds: ReadonlySet<string> }[] = [];
  private reached = new Set<string>();

  /** May a statement come out otherwise? One that is not sure to bind a name has to do with what it was before. */
  reaches({ reads, writes, certain }: Mentions): boolean {
    for (const name of this.now) if (reads.has(name) || (writes.has(name) && !certain.has(name))) return true;
    return false;
  }

  everReached({ mentions: { reads, writes }, bindings }: Known): boolean {
    for (const name of this.ever) if (reads.has(name) || writes.has(name) || bindings.has(name)) return true;
    return false;
  }

  /** A statement that is as it was. */
  pass({ mentions, bindings }: Known): void {
    for (const [name, value] of bindings) this.values.set(name, value);
    for (const name of mentions.certain) this.now.delete(name);
    this.passed.push({ mentions, binds: new Set([...mentions.writes, ...bindings.keys()]) });
  }

  /** A statement that is new, gone or to be evaluated again: what it binds is another thing, and what it can get at may have changed. */
  change(mentions: Mentions, bindings: ReadonlyMap<string, unknown>): void {
    const binds = new Set([...mentions.writes, ...bindings.keys()]);
    this.reached = new Set();
    for (const name of mentions.reads) this.reach(name);
    for (const [name, value] of bindings) this.values.set(name, value);
    for (const name of binds) {
      if (!mentions.certain.has(name)) this.reach(name);
      this.taint(name);
    }
    this.passed.push({ mentions, binds });
  }

  private taint(name: string): void {
    this.ever.add(name);
    if (this.now.has(name)) return;
    this.now.add(name);
    const isCode = this.isCode(name);
    for (const { mentions, binds } of this.passed) {
      if (!mentions.reads.has(name)) continue;
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
    for (const { mentions, binds } of this.passed) {
      if (!binds.has(name) && (isCode || !mentions.reads.has(name))) continue;
      for (const one of mentions.reads) this.reach(one);
      if (!isCode) for (const one of binds) this.reach(one);
    }
  }

  private isPlain(name: string): boolean {
    return !this.now.has(name) && (!this.values.has(name) || PLAIN.has(kindOf(this.values.get(name))));
  }

  private isCode(name: string): boolean {
    const value = this.values.get(name);
    return value !== undefined && isModuleCode(value);
  }
}

/** Values that are what they are. */
const PLAIN: ReadonlySet<string> = new Set([
  ...["number", "string", "boolean", "none", "undefined", "unknown", "library", "range", "dataset", "data", "absent"],
]);

function kindOf(slot: unknown): string {
  if (slot === ABSENT) return "absent";
  const value = slot as Value;
  return value.kind === "tensor" && !value.node ? "data" : value.kind;
}

/** A function that knows nothing but its arguments and the program's own names. */
function isModuleCode(slot: unknown): boolean {
  const value = slot as Value;
  return (value.kind === "function" || value.kind === "class") && value.scope.kind === "module";
}
