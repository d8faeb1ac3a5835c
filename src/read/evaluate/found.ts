// What is found wrong while a program is evaluated, with what explains it and what would mend it. Reports only what is certain: not
// what may not run, nor what the program is ready for. Knows no rule.
import type { Failure } from "../../model/layers/catalog.types";
import type { Severity } from "../../model/problem";
import type { Run } from "./run";
import type { Place } from "./value";

/** The part of a call that is meant: an argument, wherever it stands; the name of what is called; the whole call where absent. */
export type Spot =
  | { readonly argument: string; readonly position?: number; readonly within?: Within }
  | { readonly item: string; readonly of: string; readonly position?: number; readonly within?: Within }
  | "callee"
  /** The same with what it is called on: `model.fit`. */
  | "method";

/** Of a dictionary or a list: the entry that is meant. Absent: all of it. */
export type Within = string | number;

export interface Related {
  readonly place: Place;
  readonly message: string;
}

/** One way to mend it: what is to be done with a part of a call. How that is written is for the features to say. */
export interface Fix {
  readonly title: string;
  readonly place: Place;
  readonly at?: Spot;
  readonly edit: FixEdit;
}

export type FixEdit =
  | { readonly kind: "rename"; readonly to: string }
  /** The text of a plain literal, in the quotes that it has. */
  | { readonly kind: "set-text"; readonly to: string }
  /** The text that an entry of a dictionary has as its key. */
  | { readonly kind: "rename-key"; readonly to: string }
  | { readonly kind: "set-number"; readonly to: number }
  | { readonly kind: "set-code"; readonly to: string }
  | { readonly kind: "append"; readonly code: string }
  | { readonly kind: "remove-argument" }
  /** `text` is put into quotes. */
  | { readonly kind: "add-argument"; readonly code: string }
  | { readonly kind: "add-argument"; readonly text: string }
  /** The module that a statement imports from. */
  | { readonly kind: "import"; readonly from: string; readonly to: string }
  /** The last literal of this text. */
  | { readonly kind: "last-text"; readonly from: string; readonly to: string }
  /** What a dotted name ends with. */
  | { readonly kind: "drop-end"; readonly text: string }
  /** A call of `compile` before the statement; `fromLogits` has the loss as an object. */
  | {
      readonly kind: "compile";
      readonly loss: string;
      readonly fromLogits: boolean;
      readonly metrics: readonly string[];
    }
  /** A layer of a list of layers, or the statement that adds it. */
  | { readonly kind: "remove-layer" };

export interface Found {
  readonly place: Place;
  readonly failure: Failure;
  readonly severity: Severity;
  /** Where it is not known which Keras the program runs with. "none": another one has nothing against it. Absent: the same. */
  readonly unsure?: Severity | "none";
  readonly at?: Spot;
  readonly related?: readonly Related[];
  readonly fixes?: readonly Fix[];
  /** What it was found with: in a notebook cells run in any order, and only one's own is certain. */
  readonly since?: Place;
}

const MOST_FOUND = 500;

/** Whether what runs now is certain to run like this, as far as its function is called at all. */
export const isCertain = (run: Run): boolean => run.guarded === 0 && run.uncertain <= run.tried;

export function report(run: Run, found: Found): void {
  // What is wrong in another file is told there.
  if (found.place.unit.file !== undefined) return;
  if (!isCertain(run) || run.found.length >= MOST_FOUND) return;
  const { place, failure, at } = found;
  const isSame = (one: Found) =>
    one.failure.fails === failure.fails &&
    one.place.unit === place.unit &&
    one.place.start === place.start &&
    one.place.end === place.end &&
    JSON.stringify(one.at) === JSON.stringify(at);
  if (!run.found.some(isSame)) run.found.push(found);
}

/** Runs what the program expects to fail, is ready to see fail, or what is not judged here: nothing is reported of it. */
export function guarded<T>(run: Run, work: () => T): T {
  run.guarded++;
  try {
    return work();
  } finally {
    run.guarded--;
  }
}
