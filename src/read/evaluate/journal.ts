// What has been written since a moment, so that it can be taken back or joined with what another branch wrote. Knows slots, not
// what is in them.
import { type Heap, type SlotKey, slotsMade } from "./value";

/** A slot that was empty. */
export const ABSENT = Symbol("absent");

interface Entry {
  readonly heap: Heap;
  readonly key: SlotKey;
  readonly before: unknown;
}

/** What a branch left in each slot that it wrote. */
export type Written = Map<Heap, Map<SlotKey, unknown>>;

/** What a piece of code changed of what it had found: each slot once, as it was before. */
export type Changes = readonly Entry[];

export class Journal {
  private entries: Entry[] = [];
  /** How many branches are being tried: where there is none, nothing need be remembered. */
  private watching = 0;

  set(heap: Heap, key: SlotKey, value: unknown): void {
    if (this.watching > 0) this.entries.push({ heap, key, before: this.now(heap, key) });
    restore(heap, key, value);
  }

  /** Runs something and takes back what it wrote. Gives its result and what it had left in each slot. */
  attempt<T>(run: () => T): { result: T; written: Written } {
    const from = this.entries.length;
    this.watching++;
    try {
      const result = run();
      const written: Written = new Map();
      for (let at = this.entries.length - 1; at >= from; at--) {
        const { heap, key, before } = this.entries[at]!;
        const slots = written.get(heap) ?? new Map<SlotKey, unknown>();
        written.set(heap, slots);
        if (!slots.has(key)) slots.set(key, this.now(heap, key));
        restore(heap, key, before);
      }
      this.entries.length = from;
      return { result, written };
    } finally {
      // Also when it threw: then what it wrote stays, and the one who catches it knows less than before.
      this.watching--;
      if (this.watching === 0) this.entries.length = 0;
    }
  }

  /** Runs something and tells what it changed of all that was there before. What it made itself is its own. */
  changesOf(run: () => void): Changes {
    const from = this.entries.length;
    const age = slotsMade();
    this.watching++;
    try {
      run();
    } finally {
      this.watching--;
    }
    const known = new Map<Heap, Set<SlotKey>>();
    const changes: Entry[] = [];
    for (let at = from; at < this.entries.length; at++) {
      const entry = this.entries[at]!;
      if (entry.heap.slots.age >= age) continue;
      const keys = known.get(entry.heap) ?? new Set<SlotKey>();
      known.set(entry.heap, keys);
      if (keys.has(entry.key)) continue;
      keys.add(entry.key);
      changes.push(entry);
    }
    if (this.watching === 0) this.entries.length = 0;
    return changes;
  }

  /** Takes changes back. Those that came after them must have been taken back before. */
  undo(changes: Changes): void {
    for (const { heap, key, before } of changes) restore(heap, key, before);
  }

  /** Runs something that no branch takes back: it writes nothing that was there before. */
  outside(work: () => void): void {
    const { entries, watching } = this;
    Object.assign(this, { entries: [], watching: 0 });
    try {
      work();
    } finally {
      Object.assign(this, { entries, watching });
    }
  }

  /** Writes what a branch had left. */
  apply(written: Written): void {
    for (const [heap, slots] of written) for (const [key, value] of slots) this.set(heap, key, value);
  }

  now(heap: Heap, key: SlotKey): unknown {
    return heap.slots.has(key) ? heap.slots.get(key) : ABSENT;
  }
}

function restore(heap: Heap, key: SlotKey, value: unknown): void {
  if (value === ABSENT) heap.slots.delete(key);
  else heap.slots.set(key, value);
}
