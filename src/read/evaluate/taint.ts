// Which pieces of a program an edit can have to do with, by the names that they mention and by what these were worth before it: rather
// one piece too many than one too few. Evaluates nothing.

import type { Unit } from "../code";
import { ABSENT } from "./journal";
import { type Mentions, mentionsOf } from "./mentions";
import type { NameIndex, Naming } from "./nameIndex";
import type { Value } from "./value";

/** What is known of a statement from before the edit. */
interface Known extends Naming {
  /** How many statements came before it. */
  readonly at: number;
  readonly unit: Unit;
  readonly bindings: ReadonlyMap<string, unknown>;
}

/** A statement that came before. */
type Passed = Pick<Known, "mentions" | "bindings" | "binds">;

export interface Stale<Task extends Known> {
  /** Nothing has changed. */
  readonly isEmpty: boolean;
  /** What was found of the statement still holds. */
  isClean(task: Task): boolean;
  /** The statements that an index has whose things may have changed in others. */
  touched(index: NameIndex<Task>): ReadonlySet<Task>;
  /** The same for a function or class of a unit, which another statement may have made. */
  isTrialClean(unit: Unit, task: Known): boolean;
  /** A name that counts as changed. */
  isForeseen(name: string): boolean;
}

/** `now`: the statements after the edit, in order; those that are not new as they were known. `index`: of those before it. */
export function staleTasks<Task extends Known>(
  before: readonly Task[],
  index: NameIndex<Task>,
  now: readonly (Task | Unit)[],
): Stale<Task> {
  if (before.length === 0) return allNew(now.length);
  const taint = new Taint(index);
  const dirty = new Set<Known>();
  let at = 0;
  let isEmpty = true;
  const remove = (task: Task) => {
    isEmpty = false;
    dirty.add(task);
    taint.change(task);
  };
  for (const one of now) {
    if (!("mentions" in one)) {
      isEmpty = false;
      const mentions = mentionsOf(one);
      taint.begin({ mentions, bindings: NOTHING, binds: mentions.writes });
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
    touched: (after) =>
      new Set([...taint.ever].flatMap((name) => [...after.readersOf(name), ...after.bindersOf(name)])),
    isTrialClean: (unit, task) => !taint.reaches(mentionsOf(unit)) && !taint.reaches(task.mentions),
    isForeseen: (name) => taint.ever.has(name),
  };
}

const allNew = (count: number) => ({
  isEmpty: count === 0,
  isClean: () => false,
  touched: () => NO_TASKS,
  isTrialClean: () => false,
  isForeseen: () => true,
});

/** The names that may mean something else than before, or something that has changed, from statement to statement. */
class Taint {
  readonly ever = new Set<string>();
  private readonly now = new Set<string>();
  /** What names were worth before the edit, as far as that was asked. */
  private readonly values = new Map<string, Value | null>();
  /** How many of the statements from before the edit have passed, and the new ones that have. */
  private passed = 0;
  private readonly begun: Passed[] = [];
  private reached = new Set<string>();

  constructor(private readonly index: NameIndex<Known>) {}

  /** May a statement come out otherwise? One that is not sure to bind a name has to do with what it was before. */
  reaches({ reads, writes, certain }: Mentions): boolean {
    for (const name of this.now) if (reads.has(name) || (writes.has(name) && !certain.has(name))) return true;
    return false;
  }

  /** A statement that is as it was. */
  pass(one: Known): void {
    if (this.now.size > 0) for (const name of one.mentions.certain) this.now.delete(name);
    this.leave(one);
  }

  /** A statement that is gone or to be evaluated again: what it binds is another thing, and what it can get at may have changed. */
  change(one: Known): void {
    this.reachFrom(one);
    this.leave(one);
    this.bind(one);
  }

  /** The same for a statement that is new. */
  begin(one: Passed): void {
    this.reachFrom(one);
    this.begun.push(one);
    this.bind(one);
  }

  private reachFrom({ mentions }: Passed): void {
    this.reached = new Set();
    for (const name of mentions.reads) this.reach(name);
  }

  private bind({ mentions, binds }: Passed): void {
    for (const name of binds) {
      if (!mentions.certain.has(name)) this.reach(name);
      this.taint(name);
    }
  }

  private leave({ at, bindings }: Known): void {
    this.passed = at + 1;
    if (this.values.size > 0) for (const name of bindings.keys()) this.values.delete(name);
  }

  private readersOf(name: string): readonly Passed[] {
    const known = [...this.index.readersOf(name)].filter(({ at }) => at < this.passed);
    return [...known, ...this.begun.filter(({ mentions }) => mentions.reads.has(name))];
  }

  private bindersOf(name: string): readonly Passed[] {
    const known = [...this.index.bindersOf(name)].filter(({ at }) => at < this.passed);
    return [...known, ...this.begun.filter(({ binds }) => binds.has(name))];
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
    let last: Known | null = null;
    for (const one of this.index.bindersOf(name))
      if (one.at < this.passed && one.at >= (last?.at ?? 0) && one.bindings.has(name)) last = one;
    const slot = last?.bindings.get(name);
    const value = slot === undefined || slot === ABSENT ? null : (slot as Value);
    this.values.set(name, value);
    return value;
  }
}

/** All that a statement gives values to. */
export const bindsOf = ({ writes }: Mentions, bindings: ReadonlyMap<string, unknown>): ReadonlySet<string> =>
  new Set([...writes, ...bindings.keys()]);

const NOTHING: ReadonlyMap<string, unknown> = new Map();
const NO_TASKS: ReadonlySet<never> = new Set();

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
