// What is known of all statements of a program together, kept from edit to edit: a key press in a long file then need not look at each
// of them, since memory is slow. Evaluates nothing.
import type { Task } from "./task";
import type { LayerValue } from "./value";

export class TaskIndex {
  private readonly readers = new Groups<string, Task>();
  private readonly binders = new Groups<string, Task>();
  /** By the code of the functions and classes that they have made. */
  private readonly makers = new Groups<object, Task>();
  private readonly layers = new Map<LayerValue, Task>();
  private readonly called = new Tally<object>();
  private readonly unsureNames = new Tally<string>();
  private readonly uncalled = new Set<object>();
  /** Those that have loaded a module of the workspace. */
  readonly loaders = new Set<Task>();
  /** Those that have called layers that others made. */
  readonly callers = new Set<Task>();
  /** That all have taken. */
  steps = 0;

  readersOf(name: string): ReadonlySet<Task> {
    return this.readers.of(name);
  }

  bindersOf(name: string): ReadonlySet<Task> {
    return this.binders.of(name);
  }

  /** Names of the program that functions give values to: what they are when a function runs that nothing calls is not known. */
  unsure(): Iterable<string> {
    return this.unsureNames.things();
  }

  isUnsure(name: string): boolean {
    return this.unsureNames.has(name);
  }

  isCalled(code: object): boolean {
    return this.called.has(code);
  }

  /** Those that have made functions or classes that no statement calls, in order. */
  madeUncalled(): readonly Task[] {
    return inOrder([...this.uncalled].flatMap((code) => [...this.makers.of(code)]));
  }

  /** Those that have made layers which one of some tasks has called. */
  madeFor(tasks: readonly Task[]): readonly Task[] {
    const calls = tasks.filter(({ callsOthers }) => callsOthers).flatMap(({ records }) => records.seen);
    return calls.flatMap(({ layer }) => this.layers.get(layer) ?? []);
  }

  add(task: Task): void {
    for (const layer of task.records.layers) this.layers.set(layer, task);
    for (const name of task.mentions.reads) this.readers.add(name, task);
    for (const name of task.binds) this.binders.add(name, task);
    for (const code of codesOf(task)) {
      this.makers.add(code, task);
      if (!this.called.has(code)) this.uncalled.add(code);
    }
    for (const code of task.records.called) {
      this.called.add(code);
      this.uncalled.delete(code);
    }
    for (const name of task.unsure) this.unsureNames.add(name);
    if (task.loads) this.loaders.add(task);
    if (task.callsOthers) this.callers.add(task);
    this.steps += task.steps;
  }

  remove(task: Task): void {
    for (const layer of task.records.layers) this.layers.delete(layer);
    for (const name of task.mentions.reads) this.readers.remove(name, task);
    for (const name of task.binds) this.binders.remove(name, task);
    for (const code of codesOf(task)) {
      this.makers.remove(code, task);
      if (this.makers.of(code).size === 0) this.uncalled.delete(code);
    }
    for (const code of task.records.called) {
      this.called.remove(code);
      if (!this.called.has(code) && this.makers.of(code).size > 0) this.uncalled.add(code);
    }
    for (const name of task.unsure) this.unsureNames.remove(name);
    this.loaders.delete(task);
    this.callers.delete(task);
    this.steps -= task.steps;
  }
}

/** What statements have left in the program's own names, one after the other: each edit goes through all of it, so it lies in a row. */
export class Bindings {
  private readonly names: string[] = [];
  private readonly values: unknown[] = [];
  /** Where those of each statement end. */
  private readonly ends: number[] = [];

  push({ bindings }: Task): void {
    for (const [name, value] of bindings) {
      this.names.push(name);
      this.values.push(value);
    }
    this.ends.push(this.names.length);
  }

  /** Takes over those of some statements of others, and tells each. */
  take(others: Bindings, from: number, to: number, tell: (name: string, value: unknown) => void): void {
    let slot = from === 0 ? 0 : others.ends[from - 1]!;
    for (let at = from; at < to; at++) {
      for (const end = others.ends[at]!; slot < end; slot++) {
        const name = others.names[slot]!;
        const value = others.values[slot];
        this.names.push(name);
        this.values.push(value);
        tell(name, value);
      }
      this.ends.push(this.names.length);
    }
  }
}

/** Each once. */
export const inOrder = (tasks: Iterable<Task>): readonly Task[] => [...new Set(tasks)].sort((a, b) => a.at - b.at);

const codesOf = ({ records }: Task): readonly object[] =>
  records.functions.length + records.classes.length === 0
    ? []
    : [...records.functions, ...records.classes].map(({ code }) => code);

class Groups<Key, Thing> {
  private readonly groups = new Map<Key, Set<Thing>>();

  of(key: Key): ReadonlySet<Thing> {
    return this.groups.get(key) ?? EMPTY;
  }

  add(key: Key, thing: Thing): void {
    const known = this.groups.get(key);
    if (known) known.add(thing);
    else this.groups.set(key, new Set([thing]));
  }

  remove(key: Key, thing: Thing): void {
    const known = this.groups.get(key);
    if (known?.delete(thing) && known.size === 0) this.groups.delete(key);
  }
}

const EMPTY: ReadonlySet<never> = new Set();

/** How often each thing is there. */
class Tally<Thing> {
  private readonly counts = new Map<Thing, number>();

  has(thing: Thing): boolean {
    return this.counts.has(thing);
  }

  things(): Iterable<Thing> {
    return this.counts.keys();
  }

  add(thing: Thing): void {
    this.counts.set(thing, (this.counts.get(thing) ?? 0) + 1);
  }

  remove(thing: Thing): void {
    const left = (this.counts.get(thing) ?? 0) - 1;
    if (left > 0) this.counts.set(thing, left);
    else this.counts.delete(thing);
  }
}
