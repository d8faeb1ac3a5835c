// One evaluation of a program: its budget, what it has written, and what it has seen of layers. Knows no language.
import type { Tensors } from "../../model/layers/catalog.types";
import type { Unit } from "../code";
import type { Found } from "./found";
import { Journal } from "./journal";
import type { Language } from "./language";
import type { Libraries } from "./libraries";
import type { Scope } from "./scope";
import {
  type Arguments,
  type Block,
  type ClassValue,
  type DatasetValue,
  type FrameValue,
  type FunctionValue,
  type InstanceValue,
  type LayerValue,
  type MakingFacts,
  type Place,
  Slots,
  type TensorValue,
  type Value,
} from "./value";
import type { Inside } from "./work";

/** Steps that the evaluation of a program may take, and that of one of its pieces: a step is an expression or a statement. */
export const MOST_STEPS = 600_000;
export const MOST_STEPS_OF_ONE = 300_000;
/** Calls inside of one another. */
export const MOST_DEPTH = 60;
/** Calls of one function inside of itself, where it is not known whether it would come to an end. */
export const MOST_NESTED = 6;
/** Turns of one loop. */
export const MOST_TURNS = 5_000;

/** The budget is spent: what is not known by now stays unknown. */
export class BudgetSpent extends Error {}

/** The budget, or the stack: an evaluation of many calls and branches within one another may need more than there is. */
export const isSpent = (error: unknown): boolean => error instanceof BudgetSpent || error instanceof RangeError;

/** A layer was called, or a model was made: at a place, with what came of it. */
export interface Seen {
  readonly layer: LayerValue;
  readonly place: Place;
  readonly inputs: Tensors | null;
  readonly outputs: Tensors;
  readonly because: readonly string[];
  /** With data, not with what stands for any batch. */
  readonly isEager: boolean;
  /** What was called inside of it, of a model; null where it is none, or where that was not run. */
  readonly inside?: Inside | null;
}

/** A layer or model of the user's own was called: what its `call` made of the arguments. */
export interface OwnCall {
  readonly layer: LayerValue;
  readonly args: Arguments;
  readonly outputs: Value;
  /** With tensors of a model's graph: then how the outputs came about is known. */
  readonly isSymbolic: boolean;
}

export interface Named {
  readonly place: Place;
  /** A data frame as it was there: it may have other columns later. */
  readonly value: TensorValue | LayerValue | InstanceValue | DatasetValue | FrameValue;
}

/** Where code runs: a module's, a function's or a class's body. */
export interface Frame {
  readonly unit: Unit;
  readonly scope: Scope;
  /** `self`, `this`. */
  readonly receiver: Value | null;
  /** The class that the function was defined in. */
  readonly home: ClassValue | null;
  /** What a generator has given so far; null where that is not known, or where it is none. */
  yielded: readonly Value[] | null;
}

/** What an evaluation tells of a program, in the order in which it was met. */
export interface Records {
  /** Every layer and model that was made. */
  layers: LayerValue[];
  seen: Seen[];
  found: Found[];
  /** Where the trail was lost, and why: what a reader may want to know of a shape that is not shown. */
  lost: { readonly place: Place; readonly why: string }[];
  /** What names were worth where they stand: tensors, layers, models, data sets and data frames. */
  named: Named[];
  ownCalls: OwnCall[];
  /** Calls of `compile` that are certain to run, with where the model was made. */
  compiles: { readonly made: Place; readonly place: Place }[];
  /** Where the budget was spent, or something unknown was compiled: then any model may have been. */
  unsureCompiles: Unit[];
  /** Calls that set another type than float32 for what layers compute or keep. */
  precisions: Place[];
  /** Functions and classes that were called, by their code: the others are tried with unknown arguments. */
  called: Set<object>;
  functions: FunctionValue[];
  classes: ClassValue[];
}

export const noRecords = (): Records => ({
  layers: [],
  seen: [],
  found: [],
  lost: [],
  named: [],
  ownCalls: [],
  compiles: [],
  unsureCompiles: [],
  precisions: [],
  called: new Set(),
  functions: [],
  classes: [],
});

export interface Run extends Records {
  readonly journal: Journal;
  readonly language: Language;
  readonly libraries: Libraries;
  steps: number;
  depth: number;
  nextId: number;
  /** Not zero where what runs may not run like this: a branch that is tried, a loop whose turns are not known. */
  uncertain: number;
  /** How many paths are being followed, one of which is the one that runs. */
  following: number;
  /** How much of that comes from a function's being tried with unknown arguments: what fails for all of them fails in it. */
  tried: number;
  /** What was made before it, by its age: others may have done anything with that. */
  since: number;
  /** Not zero where the program is ready for what fails: within `try`, `pytest.raises` and their like. */
  guarded: number;
  /** Functions that are being called, and how often inside of themselves. */
  readonly active: Map<object, number>;
  /** Functions of the language itself, made once each. */
  readonly builtins: Map<string, Value>;
  /** What is under way. */
  block: Block | null;
  /** How many models are being called whose inputs stand for any batch. */
  symbolic: number;
  /** What the model that is being called does; null where none is. */
  inside: Inside | null;
  /** Modules of the workspace, by the paths of their files; null for one that is not there. */
  readonly modules: Map<string, Value | null>;
  readonly workspace: Workspace | null;
}

/** What the workspace has beside the program. Paths have "/" between their parts. */
export interface Workspace {
  /** The program's own. */
  readonly path: string;
  /** The statements of a file, each with its `file`; undefined: there is none, or it is not to be read. */
  units(path: string): readonly Unit[] | undefined;
  /** The text of a file that is no code; undefined likewise. */
  read(path: string): string | undefined;
}

export function makeRun(
  language: Language,
  libraries: Libraries,
  { steps = MOST_STEPS, workspace = null }: { steps?: number; workspace?: Workspace | null } = {},
): Run {
  return {
    journal: new Journal(),
    language,
    libraries,
    steps,
    depth: 0,
    nextId: 1,
    ...noRecords(),
    uncertain: 0,
    active: new Map(),
    following: 1,
    tried: 0,
    since: 0,
    guarded: 0,
    builtins: new Map(),
    block: null,
    symbolic: 0,
    inside: null,
    modules: new Map(),
    workspace,
  };
}

export function spend(run: Run, steps = 1): void {
  run.steps -= steps;
  if (run.steps < 0) throw new BudgetSpent();
}

/** Runs something and gives what it recorded apart from what was recorded before. */
export function recordsOf(run: Run, work: () => void): Records {
  const before = noRecords();
  for (const key of RECORDS) Object.assign(before, { [key]: run[key] });
  const made = noRecords();
  Object.assign(run, made);
  try {
    work();
  } finally {
    for (const key of RECORDS) Object.assign(made, { [key]: run[key] });
    Object.assign(run, before);
  }
  return made;
}

/** All records of several pieces, in their order. */
export function allRecords(pieces: readonly Records[]): Records {
  const all = (key: keyof Records) => pieces.flatMap((one) => [...(one[key] as Iterable<object>)]);
  const lists = Object.fromEntries(RECORDS.map((key) => [key, all(key)])) as unknown as Records;
  return { ...lists, called: new Set(lists.called) };
}

const RECORDS = Object.keys(noRecords()) as (keyof Records)[];
/** Why the trail is lost where `trainable` of something unknown is set: any layer may be frozen. */
export const UNKNOWN_IS_FROZEN = "what is made trainable, or not, is not known";

const MOST_LOST = 2000;

/** No more that is lost is noted. */
export const isFull = ({ lost }: Run): boolean => lost.length >= MOST_LOST;

export function lose(run: Run, place: Place, why: string): null {
  if (run.lost.length < MOST_LOST) run.lost.push({ place, why });
  return null;
}

export const makingFacts = ({ uncertain, guarded, inside, lost }: Run, mayBeNamed = false): MakingFacts => ({
  isCertain: uncertain === 0 && guarded === 0 && inside === null,
  lost: lost.length,
  mayBeNamed,
});

/** Of a loop of many turns the first ones tell enough. */
const MOST_NAMED = 20_000;

/** Notes what a name is worth, where it is worth something to a reader of models. */
export function note(run: Run, unit: Unit, { start, end }: { start: number; end: number }, value: Value): void {
  const { kind } = value;
  if (run.named.length >= MOST_NAMED) return;
  const place = { unit, start, end };
  if (kind === "tensor" || kind === "layer" || kind === "dataset" || (kind === "instance" && value.native))
    run.named.push({ place, value });
  else if (kind === "frame" && !value.view)
    run.named.push({ place, value: { ...value, slots: new Slots(value.slots) } });
}
