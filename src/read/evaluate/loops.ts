// Loops: turn by turn where the items are known; else until nothing new comes of a turn. Knows no syntax.
import { join, joinWritten } from "./join";
import type { Written } from "./journal";
import { MOST_TURNS, type Run } from "./run";
import { type Heap, type LayerValue, type Place, unknownSlot, type Value } from "./value";

/** Whether a turn leaves the loop; null: that is not known. */
export type Turn = boolean | null;

/**
 * Runs a turn for each item. `false`: it is not known how often it ran, or with what; what the turns wrote is joined with
 * what was there.
 */
export function repeat(run: Run, iterable: Value, turn: (item: Value) => void): boolean {
  const items = run.language.items(run, iterable);
  if (items && items.length <= MOST_TURNS) {
    return walk(run, items, (item) => {
      turn(item);
      return false;
    });
  }
  settle(run, () => turn(run.language.element(run, iterable)));
  return false;
}

/** Turns that may be left are followed one by one up to here; more of them are one turn, whichever. */
const MOST_DOUBTS = 4;
/** A loop that has cost so much and makes no layers is data's: its other turns are one turn, whichever. */
const MOST_STEPS_OF_DATA = 6_000;
const LOOK_EVERY = 16;
const LONG_TURN = 1_000;

/** Says after each turn whether a loop is one of those. */
export function dataLoop(run: Run): (turns: number) => boolean {
  const { steps } = run;
  let made = run.layers.length;
  return (turns) => {
    const spent = steps - run.steps;
    // Long turns are looked at sooner.
    if (turns < 2 || spent <= MOST_STEPS_OF_DATA || (spent / turns < LONG_TURN && turns % LOOK_EVERY !== 0))
      return false;
    const isOfData = run.layers.length === made;
    made = run.layers.length;
    return isOfData;
  };
}

/** Items one after the other until a turn leaves. `false`: not every turn was run with its own item. */
export function walk(run: Run, items: readonly Value[], turn: (item: Value) => Turn, doubts = 0): boolean {
  const isOfData = dataLoop(run);
  for (let at = 0; at < items.length; at++) {
    const leaves = turn(items[at]!);
    if (leaves === true) return true;
    const rest = at + 1;
    if (rest < items.length && (isOfData(rest) || (leaves === null && doubts >= MOST_DOUBTS))) {
      const any = items.slice(rest).reduce(join);
      settle(run, () => void turn(any));
      return false;
    }
    if (leaves === null) {
      // The other turns may or may not come.
      maybe(run, () => void walk(run, items.slice(rest), turn, doubts + 1));
      return false;
    }
  }
  return true;
}

/** One turn of a loop: what is made in it is known to be of it. */
export function inTurn<T>(run: Run, place: Place, turn: number, work: () => T): T {
  const { block: outer } = run;
  run.block = { kind: "turn", name: "", place, turn, outer };
  try {
    return work();
  } finally {
    run.block = outer;
  }
}

/** What may or may not run: what it writes is joined with what is there. */
export function maybe(run: Run, work: () => void): void {
  run.uncertain++;
  try {
    const { written } = run.journal.attempt(work);
    joinWritten(run, written, new Map());
  } finally {
    run.uncertain--;
  }
}

const MOST_SETTLING = 6;

/**
 * A turn that runs nobody knows how often: it is tried until what it leaves is what it found, each time from what is known of all
 * turns so far. What was seen in it counts from the last time only.
 */
export function settle(run: Run, turn: () => void): void {
  run.uncertain++;
  try {
    let last: Written = new Map();
    const earlier: LayerValue[] = [];
    for (let time = 1; ; time++) {
      const marks = [
        run.seen.length,
        run.found.length,
        run.layers.length,
        run.named.length,
        run.ownCalls.length,
      ] as const;
      const { written } = run.journal.attempt(turn);
      // What a turn makes is another object each time: what was there before the loop is written in each of them.
      const lasting = [...written].filter(([heap]) => last.has(heap));
      const isOnlyMade = [...written.keys()].every((heap) => last.has(heap) || isMade(heap));
      last = written;
      const state = () =>
        lasting.flatMap(([heap, slots]) => [...slots.keys()].map((key) => run.journal.now(heap, key)));
      const before = state();
      if (time < MOST_SETTLING) joinWritten(run, written, new Map());
      else
        for (const [heap, slots] of lasting)
          for (const key of slots.keys()) run.journal.set(heap, key, unknownSlot(key));
      const after = state();
      const isSettled = time > 1 && (isOnlyMade || time > 2) && before.every((one, at) => same(one, after[at]));
      if (time > MOST_SETTLING || isSettled) {
        run.layers.push(...madeOnce(earlier, run.layers.slice(marks[2])));
        return;
      }
      earlier.push(...run.layers.slice(marks[2]));
      [run.seen.length, run.found.length, run.layers.length, run.named.length, run.ownCalls.length] = marks;
    }
  } finally {
    run.uncertain--;
  }
}

/** Layers that only an early turn makes, such as those that `build` makes at the first call: one for each place. */
function madeOnce(earlier: readonly LayerValue[], last: readonly LayerValue[]): LayerValue[] {
  const found = [...last];
  for (const one of earlier) {
    const isThere = found.some(({ place }) => place.unit === one.place.unit && place.start === one.place.start);
    if (!isThere) found.push(one);
  }
  return found.slice(last.length);
}

/** A layer or a function's names that came with the turn: nothing is left of them when it is taken back. */
const isMade = (heap: Heap): boolean => heap.slots.size === 0 && ("elsewhere" in heap || "form" in heap);

/** Two slots that tell the same: shapes are compared, how a tensor came about is not. */
function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  const [left, right] = [a as Value, b as Value];
  if (left?.kind === "tensor" && right?.kind === "tensor") {
    return (
      JSON.stringify(left.type) === JSON.stringify(right.type) &&
      Boolean(left.isOpen) === Boolean(right.isOpen) &&
      (left.node === null) === (right.node === null)
    );
  }
  return false;
}
