// A whole program: its statements in order, then the functions and classes that nothing has called, each with arguments that nobody
// knows. After an edit only the pieces that it can have to do with are evaluated again: which these are, `taint.ts` says.
import type { Unit } from "../code";
import { automaticNames } from "./automaticNames";
import { callFunction } from "./calls";
import { instantiate } from "./classes";
import { ABSENT, type Changes } from "./journal";
import type { Language } from "./language";
import type { Libraries } from "./libraries";
import { type Mentions, mentionsOf } from "./mentions";
import {
  allRecords,
  type Frame,
  isSpent,
  MOST_STEPS,
  MOST_STEPS_OF_ONE,
  makeRun,
  type Records,
  type Run,
  recordsOf,
  type Seen,
  type Workspace,
} from "./run";
import { type Scope, scopeIn } from "./scope";
import { byUnit, mergedSites, type Site, type SitesByUnit, seenByLayer, sitesIn } from "./sites";
import { executeAll } from "./statements";
import { modelsOf, type Summary, summaryOf } from "./summary";
import { namesOf, staleTasks } from "./taint";
import {
  type Arguments,
  type ClassValue,
  type FunctionValue,
  type LayerValue,
  type Place,
  slotsMade,
  UNKNOWN,
  type Value,
} from "./value";

/** What was found in a piece of a program. */
interface Piece {
  readonly records: Records;
  readonly steps: number;
  /** By the statement that they are written in. */
  readonly sites: SitesByUnit;
}

/** A top-level statement as it was evaluated. */
interface Task extends Piece {
  readonly unit: Unit;
  readonly mentions: Mentions;
  /** What it has left in the program's own names. */
  readonly bindings: ReadonlyMap<string, unknown>;
  /** What it has changed of things that others had made. */
  readonly changes: Changes;
  /** It has loaded a module of the workspace. */
  readonly loads: boolean;
  /** See `taint.ts`. */
  readonly binds: ReadonlySet<string>;
  readonly names: ReadonlySet<string>;
  /** It has called layers that others made. */
  readonly callsOthers: boolean;
  sites: SitesByUnit;
}

/** A function or class that nothing calls, tried. It leaves no trace in what others had made. */
type Trial = Piece;

export interface Program {
  readonly run: Run;
  readonly scope: Scope;
  readonly tasks: readonly Task[];
  readonly trials: ReadonlyMap<FunctionValue | ClassValue, Trial>;
  /** Names of the program that functions give values to: what they are when a function runs that nothing calls is not known. */
  readonly unsure: ReadonlySet<string>;
}

/** All that was recorded of a program. */
const recordsIn = (program: Program): Records => allRecords(piecesOf(program));

/** What was recorded of one kind: asked after each key press, so that the others are left alone. */
export const recordedOf = <Key extends Exclude<keyof Records, "called">>(program: Program, key: Key): Records[Key] =>
  piecesOf(program).flatMap((records) => records[key] as unknown[]) as Records[Key];

/** The names that the library gives, of layers that have none of their own; see `automaticNames.ts`. */
export const namesOfLayers = (
  { tasks }: Program,
  isHarmless: (place: Place, why: string) => boolean,
): ReadonlyMap<LayerValue, string> => automaticNames(tasks, isHarmless);

const piecesOf = ({ tasks, trials }: Program): readonly Records[] =>
  [...tasks, ...trials.values()].map(({ records }) => records);

/** The run with all that was recorded in it, for those who ask it further. */
export const finished = (program: Program): Run => ({ ...program.run, ...recordsIn(program) });

/** Every layer and model that is made, by where it is written; `isWanted`: in which statements. */
export function sitesOf({ tasks, trials }: Program, isWanted: (unit: Unit) => boolean = () => true): Site[] {
  const found: Site[] = [];
  for (const { sites } of [...tasks, ...trials.values()])
    for (const [unit, some] of sites) if (isWanted(unit)) found.push(...some);
  return mergedSites(found);
}

const NOTHING_KNOWN: Arguments = { positional: [], named: new Map(), open: true };

export function evaluateProgram(
  units: readonly Unit[],
  language: Language,
  libraries: Libraries,
  workspace: Workspace | null = null,
): Program {
  const run = makeRun(language, libraries, { workspace });
  return updateProgram({ run, scope: scopeIn(null, "module"), tasks: [], trials: new Map(), unsure: new Set() }, units);
}

/** The same program after an edit: units with the code that they had are the same. What was before is used up. */
export function updateProgram(before: Program, given: readonly Unit[]): Program {
  const { run, scope } = before;
  const whole = () => evaluateProgram(given, run.language, run.libraries, run.workspace);
  if (before.tasks.length > 0 && hasSpentAll(before.tasks)) return whole();
  const pieces = matched(before.tasks, inOrder(given, run.language));
  const stale = staleTasks(before.tasks, pieces);
  if (stale.isEmpty) return before;
  // A module that was loaded is shared by all, whatever names they have for it.
  if (before.tasks.some((task) => task.loads && !(stale.isClean(task) && isImport(task.unit)))) return whole();
  for (const task of [...before.tasks].reverse()) if (!stale.isClean(task)) run.journal.undo(task.changes);
  scope.slots.clear();
  let left = MOST_STEPS;
  const made = new Set<Task>();
  const tasks = pieces.map((piece) => {
    const task = "records" in piece && stale.isClean(piece) ? piece : evaluateUnit(run, scope, unitOf(piece), left);
    if (task !== piece) made.add(task);
    else for (const [name, value] of task.bindings) run.journal.set(scope, name, value);
    left -= task.steps;
    return task;
  });
  if (made.size < tasks.length) {
    // What has to do with more than its text tells, or with how much is left, may have to do with anything.
    const isForeseen = [...made].every(({ bindings }) => [...bindings.keys()].every((name) => stale.isForeseen(name)));
    if (!isForeseen || hasSpentAll(tasks)) return whole();
  }
  const unsure = unsureNames(tasks);
  const changed = [...unsure].filter((name) => !before.unsure.has(name));
  changed.push(...[...before.unsure].filter((name) => !unsure.has(name)));
  const isClean = ({ unit }: FunctionValue | ClassValue, task: Task) =>
    stale.isTrialClean(unit, task) && !changed.some((name) => mentionsOf(unit).reads.has(name));
  const trials = tryOthers({ ...before, unsure }, tasks, isClean, left);
  tell(
    tasks,
    tasks.filter((task) => made.has(task) || stale.isTouched(task)),
  );
  return { run, scope, tasks, trials, unsure };
}

const hasSpentAll = (tasks: readonly Task[]): boolean => tasks.reduce((sum, { steps }) => sum + steps, 0) >= MOST_STEPS;

/** The sites of tasks, with all that any task has seen of what they made. */
function tell(tasks: readonly Task[], some: readonly Task[]): void {
  const layers = new Set<LayerValue>();
  for (const { records } of some) for (const layer of records.layers) layers.add(layer);
  const seen: Seen[] = [];
  const told = new Set(some);
  for (const task of tasks) {
    if (!task.callsOthers && !told.has(task)) continue;
    for (const one of task.records.seen) if (layers.has(one.layer)) seen.push(one);
  }
  const by = seenByLayer(seen);
  for (const task of some) task.sites = byUnit(sitesIn(task.records.layers, by));
}

/** What each model consists of and costs, in the order in which they are made; all of them, or those that are made at a place. */
export function summariesOf(program: Program, at?: Place): readonly Summary[] {
  const records = recordsIn(program);
  const isThere = ({ place }: LayerValue) =>
    !at || (place.unit === at.unit && place.start === at.start && place.end === at.end);
  return modelsOf(records)
    .filter(isThere)
    .map((model) => summaryOf(records, model));
}

/** Functions of JavaScript are there before the first statement. */
function inOrder(units: readonly Unit[], { name }: Language): readonly Unit[] {
  if (name !== "javascript") return units;
  const isHoisted = ({ code }: Unit) => code.every(({ kind }) => kind === "function-definition");
  return [...units.filter(isHoisted), ...units.filter((unit) => !isHoisted(unit))];
}

const isImport = ({ code }: Unit): boolean => code.every(({ kind }) => kind === "import");

const unitOf = (piece: Task | Unit): Unit => ("records" in piece ? piece.unit : piece);

/**
 * For each unit the task that it was, where its code is still there: all that was seen in it says where by its unit, which is told of
 * its new place. Else the unit itself.
 */
function matched(tasks: readonly Task[], given: readonly Unit[]): (Task | Unit)[] {
  const most = Math.min(tasks.length, given.length);
  let head = 0;
  while (head < most && tasks[head]!.unit.code === given[head]!.code) head++;
  let tail = 0;
  while (tail < most - head && tasks.at(-1 - tail)!.unit.code === given.at(-1 - tail)!.code) tail++;
  const middle = new Map(tasks.slice(head, tasks.length - tail).map((task, at) => [task.unit.code, head + at]));
  let last = head - 1;
  return given.map((unit, at): Task | Unit => {
    const { start, end, code } = unit;
    const shift = tasks.length - given.length;
    const index = at < head ? at : at >= given.length - tail ? at + shift : (middle.get(code) ?? -1);
    // A copy: the list of units that it is of has its places as they were.
    if (index <= last && at >= head) return { start, end, code };
    last = index;
    const task = tasks[index]!;
    if (task.unit.start !== start) Object.assign(task.unit, { start, end });
    return task;
  });
}

function evaluateUnit(run: Run, scope: Scope, unit: Unit, left: number): Task {
  const frame: Frame = { unit, scope, receiver: null, home: null, yielded: null };
  const modules = run.modules.size;
  let changes: Changes = [];
  const { records, steps } = measured(run, left, () => {
    changes = run.journal.changesOf(() => bounded(run, unit, () => executeAll(run, frame, unit.code)));
  });
  const own = changes.filter(({ heap }) => heap.slots === scope.slots);
  const bindings = new Map(own.map(({ key }) => [String(key), scope.slots.has(key) ? scope.slots.get(key) : ABSENT]));
  const written = mentionsOf(unit);
  // What is imported from the workspace others may have by other names.
  const shared = isImport(unit) && [...bindings.values()].find(isOfWorkspace);
  const mentions = shared ? { ...written, reads: new Set([...written.reads, MODULES]) } : written;
  if (shared) bindings.set(MODULES, shared);
  const made = new Set(records.layers);
  return {
    unit,
    mentions,
    bindings,
    ...namesOf(mentions, bindings),
    changes: changes.filter(({ heap }) => heap.slots !== scope.slots),
    loads: run.modules.size > modules,
    callsOthers: records.seen.some(({ layer }) => !made.has(layer)),
    records,
    steps,
    sites: new Map(),
  };
}

/** What all that is imported from the workspace is known by. */
const MODULES = " modules";
const isOfWorkspace = (slot: unknown): boolean => {
  const { kind } = slot as Value;
  return kind !== "library" && kind !== "unknown";
};

function measured(run: Run, left: number, work: () => void): { records: Records; steps: number } {
  const budget = Math.max(0, Math.min(left, MOST_STEPS_OF_ONE));
  run.steps = budget;
  const records = recordsOf(run, work);
  return { records, steps: Math.min(budget, budget - run.steps) };
}

function bounded(run: Run, unit: Unit, work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!isSpent(error)) throw error;
    run.unsureCompiles.push(unit);
  }
}

/** Most lists have none or one. */
const reversed = <Item>(list: readonly Item[]): readonly Item[] => (list.length > 1 ? [...list].reverse() : list);

/** What others call is called by then, and needs no trial of its own; so those that call come first: the later ones. */
function tryOthers(
  { run, scope, trials: before, unsure }: Program,
  tasks: readonly Task[],
  isClean: (made: FunctionValue | ClassValue, task: Task) => boolean,
  steps: number,
): Map<FunctionValue | ClassValue, Trial> {
  const trials = new Map<FunctionValue | ClassValue, Trial>();
  const called = new Set<object>();
  for (const { records } of tasks) if (records.called.size > 0) for (const code of records.called) called.add(code);
  let left = steps;
  const attempt = (made: FunctionValue | ClassValue, task: Task): Trial | null => {
    if (called.has(made.code) || made.unit.file !== undefined) return null;
    const known = before.get(made);
    const trial = known && isClean(made, task) ? known : tried(run, made, left, scope, unsure);
    left -= trial.steps;
    trials.set(made, trial);
    for (const code of trial.records.called) called.add(code);
    return trial;
  };
  const inner: { made: FunctionValue; task: Task }[] = [];
  for (let at = tasks.length - 1; at >= 0; at--) {
    const task = tasks[at]!;
    for (const made of reversed(task.records.classes))
      for (const one of attempt(made, task)?.records.functions ?? []) inner.push({ made: one, task });
  }
  for (const { made, task } of inner.reverse()) attempt(made, task);
  for (let at = tasks.length - 1; at >= 0; at--)
    for (const made of reversed(tasks[at]!.records.functions)) attempt(made, tasks[at]!);
  return trials;
}

function unsureNames(tasks: readonly Task[]): Set<string> {
  const names = new Set<string>();
  for (const { unit, mentions } of tasks) {
    if (!mentions.hasCode) continue;
    const defined = unit.code.map((one) =>
      one.kind === "function-definition" ? one.function.name : one.kind === "class-definition" ? one.class.name : "",
    );
    for (const name of mentions.writes) if (!mentions.certain.has(name) && !defined.includes(name)) names.add(name);
  }
  return names;
}

function tried(
  run: Run,
  made: FunctionValue | ClassValue,
  left: number,
  scope: Scope,
  unsure: ReadonlySet<string>,
): Trial {
  let sites: SitesByUnit = new Map();
  const modules = new Set(run.modules.keys());
  run.uncertain++;
  // What is only passed on (`expect(() => …).toThrow()`) may be expected to fail.
  run.tried = made.kind === "function" && made.code.name === "" ? 0 : 1;
  run.since = slotsMade();
  const { records, steps } = measured(run, left, () => {
    const changes = run.journal.changesOf(() => {
      for (const name of unsure) if (scope.slots.has(name)) run.journal.set(scope, name, UNKNOWN);
      bounded(run, made.unit, () => attemptOne(run, made));
    });
    const layers = new Set<LayerValue>([...run.layers, ...run.seen.map(({ layer }) => layer)]);
    sites = byUnit(sitesIn(layers, seenByLayer(run.seen)));
    run.journal.undo(changes);
  });
  run.uncertain--;
  for (const path of run.modules.keys()) if (!modules.has(path)) run.modules.delete(path);
  run.tried = 0;
  run.since = 0;
  return { records, steps, sites };
}

function attemptOne(run: Run, made: FunctionValue | ClassValue): void {
  if (made.kind === "function") callFunction(run, made, NOTHING_KNOWN, null);
  else instantiate(run, made, NOTHING_KNOWN, { unit: made.unit, start: made.code.start, end: made.code.end });
}
