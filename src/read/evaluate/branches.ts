// Branches of which nobody knows which one runs: tried, each in what it would find, and joined; or followed one by one to the end
// of the block where joining them would lose what is known. Knows no syntax.
import { join, joinWritten } from "./join";
import { ABSENT, type Written } from "./journal";
import { MOST_STEPS_OF_ONE, type Run } from "./run";
import { type Heap, ITEMS, LAYERS, OUTPUTS, type SlotKey, unknownSlot, type Value } from "./value";

/** How a piece of code can end. Several may hold where it is not known which way it takes. */
export interface Ending {
  /** What comes after it may run. */
  readonly goesOn: boolean;
  /** What it may have returned; null: it has not. */
  readonly returned: Value | null;
  readonly breaks: boolean;
  readonly continues: boolean;
}

export const GOES_ON: Ending = { goesOn: true, returned: null, breaks: false, continues: false };
export const LEAVES: Ending = { goesOn: false, returned: null, breaks: false, continues: false };

export const after = (first: Ending, second: Ending): Ending => ({
  goesOn: second.goesOn,
  returned:
    first.returned && second.returned ? join(first.returned, second.returned) : (first.returned ?? second.returned),
  breaks: first.breaks || second.breaks,
  continues: first.continues || second.continues,
});

export const oneOf = (a: Ending, b: Ending): Ending => ({ ...after(a, b), goesOn: a.goesOn || b.goesOn });

/** A branch that was tried and taken back: how it ended, what it left. */
export interface Path {
  readonly result: Ending;
  readonly written: Written;
}

/** Tries a branch that may not run. */
export function path<T>(run: Run, work: () => T): { result: T; written: Written } {
  run.uncertain++;
  try {
    return run.journal.attempt(work);
  } finally {
    run.uncertain--;
  }
}

/** One of the paths has run: what they have in common is known. */
export function joinPaths(run: Run, paths: readonly Path[]): Ending {
  const [first, ...others] = paths as [Path, ...Path[]];
  if (others.length === 0) {
    run.journal.apply(first.written);
    return first.result;
  }
  const rest = others.length === 1 ? others[0]! : path(run, () => joinPaths(run, others));
  return joinTwo(run, first, rest);
}

/** One that leaves with an exception tells nothing of what comes after. */
function joinTwo(run: Run, a: Path, b: Path): Ending {
  const [left, right] = [a.result, b.result];
  const comesBack = (one: Ending) => one.goesOn || one.returned || one.breaks || one.continues;
  if (!comesBack(left)) run.journal.apply(b.written);
  else if (!comesBack(right)) run.journal.apply(a.written);
  else if (left.goesOn === right.goesOn) joinWritten(run, a.written, b.written);
  else {
    // What comes after runs in the state of the branch that goes on.
    const [on, off] = left.goesOn ? [a.written, b.written] : [b.written, a.written];
    run.journal.apply(on);
    for (const [heap, slots] of off) {
      if (!("elsewhere" in heap))
        for (const key of slots.keys()) if (!on.get(heap)?.has(key)) run.journal.set(heap, key, unknownSlot(key));
    }
  }
  return oneOf(left, right);
}

/** Paths that may be followed at once, one within the other counted. */
const MOST_PATHS = 8;

/** Runs what comes after each path in what that path left, and joins the ends. */
export function follow(run: Run, paths: readonly Path[], rest: () => Ending): Ending {
  const going = paths.filter(({ result }) => result.goesOn).length;
  run.following *= going;
  try {
    const ends = paths.map((one) =>
      one.result.goesOn
        ? path(run, () => {
            run.journal.apply(one.written);
            return after(one.result, rest());
          })
        : one,
    );
    return joinPaths(run, ends);
  } finally {
    run.following /= going;
  }
}

/** Whether joining the paths would lose what is known of tensors, layers and sizes, and there is budget to follow each. */
export function isWorthFollowing(run: Run, paths: readonly Path[]): boolean {
  const going = paths.filter(({ result }) => result.goesOn);
  if (going.length < 2 || run.following * going.length > MOST_PATHS || run.steps < MOST_STEPS_OF_ONE / 2) return false;
  const keys = new Map<Heap, Set<SlotKey>>();
  for (const { written } of going) {
    for (const [heap, slots] of written) {
      const all = keys.get(heap) ?? new Set();
      for (const key of slots.keys()) all.add(key);
      keys.set(heap, all);
    }
  }
  for (const [heap, all] of keys) {
    for (const key of all) {
      const [first, ...others] = going.map(({ written }) => {
        const slots = written.get(heap);
        return slots?.has(key) ? slots.get(key) : run.journal.now(heap, key);
      });
      if (others.some((other) => isLost(key, first, other))) return true;
    }
  }
  return false;
}

function isLost(key: SlotKey, a: unknown, b: unknown): boolean {
  if (a === b || a === ABSENT || b === ABSENT) return false;
  if (key === LAYERS || key === ITEMS) return Array.isArray(a) && Array.isArray(b);
  if (typeof key === "symbol" && key !== OUTPUTS) return false;
  const [left, right] = [a as Value, b as Value];
  if (left.kind === "unknown" || right.kind === "unknown") return false;
  if (left.kind === "tensor" && right.kind === "tensor")
    return left.node !== right.node || JSON.stringify(left.type) !== JSON.stringify(right.type);
  return join(left, right).kind === "unknown";
}
