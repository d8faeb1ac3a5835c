// One evaluation of a program: its budget, what it has written, and what it has seen of layers. Knows no language.
import type { Failure, Tensors } from "../../model/layers/catalog.types";
import type { Unit } from "../code";
import { Journal } from "./journal";
import type { Language } from "./language";
import type { Libraries } from "./libraries";
import type { Scope } from "./scope";
import type { ClassValue, FunctionValue, LayerValue, Place, Value } from "./value";

/** Steps that an evaluation may take: a step is an expression or a statement. */
export const MOST_STEPS = 400_000;
/** Calls inside of one another. */
export const MOST_DEPTH = 60;
/** Calls of one function inside of itself, where it is not known whether it would come to an end. */
export const MOST_NESTED = 6;
/** Turns of one loop. */
export const MOST_TURNS = 5_000;

/** The budget is spent: what is not known by now stays unknown. */
export class BudgetSpent extends Error {}

/** A layer was called, or a model was made: at a place, with what came of it. */
export interface Seen {
  readonly layer: LayerValue;
  readonly place: Place;
  readonly inputs: Tensors | null;
  readonly outputs: Tensors;
  readonly because: readonly string[];
  /** With data, not with what stands for any batch. */
  readonly isEager: boolean;
}

export interface Found {
  readonly place: Place;
  readonly failure: Failure;
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

export interface Run {
  readonly journal: Journal;
  readonly language: Language;
  readonly libraries: Libraries;
  steps: number;
  depth: number;
  nextId: number;
  /** Every layer and model that was made, in order. */
  layers: LayerValue[];
  seen: Seen[];
  found: Found[];
  /** Where the trail was lost, and why: what a reader may want to know of a shape that is not shown. */
  readonly lost: { readonly place: Place; readonly why: string }[];
  /** Functions and classes that were called, by their code: the others are tried with unknown arguments. */
  readonly called: Set<object>;
  readonly functions: FunctionValue[];
  readonly classes: ClassValue[];
  /** Not zero where what runs may not run like this: a branch that is tried, a loop whose turns are not known. */
  uncertain: number;
  /** How much of `uncertain` is that nobody calls what is tried: what fails there fails once somebody does. */
  tried: number;
  /** How many paths are being followed, one of which is the one that runs. */
  following: number;
  /** Functions that are being called, and how often inside of themselves. */
  readonly active: Map<object, number>;
  /** Functions of the language itself, made once each. */
  readonly builtins: Map<string, Value>;
  /** How many models are being called whose inputs stand for any batch. */
  symbolic: number;
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
    layers: [],
    seen: [],
    found: [],
    lost: [],
    called: new Set(),
    functions: [],
    classes: [],
    uncertain: 0,
    tried: 0,
    active: new Map(),
    following: 1,
    builtins: new Map(),
    symbolic: 0,
    modules: new Map(),
    workspace,
  };
}

export function spend(run: Run, steps = 1): void {
  run.steps -= steps;
  if (run.steps < 0) throw new BudgetSpent();
}

const MOST_LOST = 2000;

export function lose(run: Run, place: Place, why: string): null {
  if (run.lost.length < MOST_LOST) run.lost.push({ place, why });
  return null;
}
