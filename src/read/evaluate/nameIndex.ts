// Which statements of a program read and bind a name, kept from edit to edit, so that nobody has to look through all of them. Knows
// nothing else of statements.
import type { Mentions } from "./mentions";

export interface Naming {
  readonly mentions: Mentions;
  /** The names that it gives values to, by its text or by what it calls. */
  readonly binds: ReadonlySet<string>;
}

export class NameIndex<Task extends Naming> {
  private readonly readers = new Map<string, Set<Task>>();
  private readonly binders = new Map<string, Set<Task>>();

  readersOf(name: string): ReadonlySet<Task> {
    return this.readers.get(name) ?? NONE;
  }

  bindersOf(name: string): ReadonlySet<Task> {
    return this.binders.get(name) ?? NONE;
  }

  add(task: Task): void {
    for (const name of task.mentions.reads) put(this.readers, name, task);
    for (const name of task.binds) put(this.binders, name, task);
  }

  remove(task: Task): void {
    for (const name of task.mentions.reads) this.readers.get(name)?.delete(task);
    for (const name of task.binds) this.binders.get(name)?.delete(task);
  }
}

/** How often each thing is there. */
export class Tally<Thing> {
  private readonly counts = new Map<Thing, number>();

  has(thing: Thing): boolean {
    return this.counts.has(thing);
  }

  things(): IterableIterator<Thing> {
    return this.counts.keys();
  }

  add(things: Iterable<Thing>): void {
    for (const thing of things) this.counts.set(thing, (this.counts.get(thing) ?? 0) + 1);
  }

  remove(things: Iterable<Thing>): void {
    for (const thing of things) {
      const left = (this.counts.get(thing) ?? 0) - 1;
      if (left > 0) this.counts.set(thing, left);
      else this.counts.delete(thing);
    }
  }
}

const NONE: ReadonlySet<never> = new Set();

function put<Task>(index: Map<string, Set<Task>>, name: string, task: Task): void {
  const known = index.get(name);
  if (known) known.add(task);
  else index.set(name, new Set([task]));
}
