// Which pieces of a program an edit can have to do with, by the names that they mention and by what these were worth before it: rather
// one piece too many than one too few. Evaluates nothing.

import type { Unit } from "../code";
import { ABSENT } from "./journal";
import { type Mentions, mentionsOf } from "./mentions";
import type { Task } from "./task";
import type { TaskIndex } from "./taskIndex";
import type { Value } from "./value";

/** Statements after an edit: those whose code is as it was, as they were known, and new ones. */
export interface Matching {
  readonly pieces: readonly (Task | Unit)[];
  /** So many at the beginning, and so many at the end, are those from before the edit, each after the other. */
  readonly head: number;
  readonly tail: number;
}

/** A statement that came before. */
type Passed = Pick<Task, "mentions" | "binds">;

export interface Stale {
  /** Nothing has changed. */
  readonly isEmpty: boolean;
  /** Those that are no more, or have to be evaluated again, in order. */
  readonly gone: readonly Task[];
  /** What was found of the statement still holds. */
  isClean(task: Task): boolean;
  /** The statements that an index has whose things may have changed in others. */
  touched(index: TaskIndex): readonly Task[];
  /** The same for a function or class of a unit, which another statement may have made. */
  isTrialClean(unit: Unit, task: Task): boolean;
  /** A name that counts as changed. */
  isForeseen(name: string): boolean;
}

/** `index`: of the statements before the edit. */
export function staleTasks(before: readonly Task[], index: TaskIndex, { pieces, head, tail }: Matching): Stale {
  if (before.length === 0) return allNew(pieces.length);
  const taint = new Taint(before, index, head);
  const dirty = new Set<Task>();
  let isEmpty = true;
  const remove = (task: Task) => {
    isEmpty = false;
    dirty.add(task);
    taint.change(task);
  };
  const look = (task: Task) => (taint.reaches(task.mentions) ? remove(task) : taint.pass(task));
  let at = head;
  for (const one of pieces.slice(head, pieces.length - tail)) {
    if ("mentions" in one) {
      for (; before[at] !== one; at++) remove(before[at]!);
      at++;
      look(one);
    } else {
      isEmpty = false;
      const mentions = mentionsOf(one);
      taint.begin({ mentions, binds: mentions.writes });
    }
  }
  for (; at < before.length - tail; at++) remove(before[at]!);
  for (let task = taint.next(); task; task = taint.next()) look(task);
  return {
    isEmpty,
    gone: [...dirty],
    isClean: (task) => !dirty.has(task),
    touched: (after) => [...taint.ever].flatMap((name) => [...after.readersOf(name), ...after.bindersOf(name)]),
    isTrialClean: (unit, task) => !taint.reaches(mentionsOf(unit)) && !taint.reaches(task.mentions),
    isForeseen: (name) => taint.ever.has(name),
  };
}

const allNew = (count: number): Stale => ({
  isEmpty: count === 0,
  gone: [],
  isClean: () => false,
  touched: () => [],
  isTrialClean: () => false,
  isForeseen: () => true,
});

/** The names that may mean something else than before, or something that has changed, from statement to statement. */
class Taint {
  readonly ever = new Set<string>();
  private readonly now = new Set<string>();
  /** Which of the statements from before the edit name one of these, or have named one that was. */
  private readonly marks: Uint8Array;
  /** What names were worth before the edit, as far as that was asked. */
  private readonly values = new Map<string, Value | null>();
  /** New statements that have passed. */
  private readonly begun: Passed[] = [];
  private reached = new Set<string>();

  /** `passed`: how many of the statements from before the edit have. */
  constructor(
    private readonly tasks: readonly Task[],
    private readonly index: TaskIndex,
    private passed: number,
  ) {
    this.marks = new Uint8Array(tasks.length);
  }

  /** May a statement come out otherwise? One that is not sure to bind a name has to do with what it was before. */
  reaches({ reads, writes, certain }: Mentions): boolean {
    for (const name of this.now) if (reads.has(name) || (writes.has(name) && !certain.has(name))) return true;
    return false;
  }

  /** The next statement that has to do with such a name; those up to there have passed as they were. Null where there is none. */
  next(): Task | null {
    this.go(this.marks.indexOf(1, this.passed));
    return this.tasks[this.passed] ?? null;
  }

  /** A statement that is as it was. */
  pass({ at, mentions }: Task): void {
    for (const name of mentions.certain) this.now.delete(name);
    this.go(at + 1);
  }

  /** A statement that is gone or to be evaluated again: what it binds is another thing, and what it can get at may have changed. */
  change(one: Task): void {
    this.reachFrom(one);
    this.go(one.at + 1);
    this.bind(one);
  }

  /** The same for a statement that is new. */
  begin(one: Passed): void {
    this.reachFrom(one);
    this.begun.push(one);
    this.bind(one);
  }

  private go(passed: number): void {
    this.passed = passed < 0 ? this.tasks.length : passed;
    this.values.clear();
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
    for (const { at } of this.index.readersOf(name)) this.marks[at] = 1;
    for (const { at } of this.index.bindersOf(name)) this.marks[at] = 1;
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
    let last: Task | null = null;
    for (const one of this.index.bindersOf(name))
      if (one.at < this.passed && one.at >= (last?.at ?? 0) && one.bindings.has(name)) last = one;
    const slot = last?.bindings.get(name);
    const value = slot === undefined || slot === ABSENT ? null : (slot as Value);
    this.values.set(name, value);
    return value;
  }
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
