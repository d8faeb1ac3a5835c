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
import { NameIndex, Tally } from "./nameIndex";
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
import { bindsOf, type Stale, staleTasks } from "./taint";
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
  /** How many come before it. */
  at: number;
  readonly unit: Unit;
  readonly mentions: Mentions;
  /** What it has left in the program's own names. */
  readonly bindings: ReadonlyMap<string, unknown>;
  /** What it has changed of things that others had made. */
  readonly changes: Changes;
  /** It has loaded a module of the workspace. */
  readonly loads: boolean;
  /** See `nameIndex.ts`. */
  readonly binds: ReadonlySet<string>;
  /** Names that the functions in it give values to. */
  readonly unsure: readonly string[];
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
  readonly index: Index;
}

/** What all tasks have together, kept from edit to edit. */
interface Index {
  readonly names: NameIndex<Task>;
  /** The code of functions and classes that the statements call. */
  readonly called: Tally<object>;
  /** Names of the program that functions give values to: what they are when a function runs that nothing calls is not known. */
  readonly unsure: Tally<string>;
}

const noIndex = (): Index => ({ names: new NameIndex(), called: new Tally(), unsure: new Tally() });

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
  const scope = scopeIn(null, "module");
  return updateProgram({ run, scope, tasks: [], trials: new Map(), index: noIndex() }, units);
}

/** The same program after an edit: units with the code that they had are the same. What was before is used up. */
export function updateProgram(before: Program, given: readonly Unit[]): Program {
  const { run, scope, index } = before;
  const whole = () => evaluateProgram(given, run.language, run.libraries, run.workspace);
  if (before.tasks.length > 0 && hasSpentAll(before.tasks)) return whole();
  const pieces = matched(before.tasks, inOrder(given, run.language));
  const stale = staleTasks(before.tasks, index.names, pieces);
  if (stale.isEmpty) return before;
  // A module that was loaded is shared by all, whatever names they have for it.
  if (before.tasks.some((task) => task.loads && !(stale.isClean(task) && isImport(task.unit)))) return whole();
  const gone = before.tasks.filter((task) => !stale.isClean(task));
  for (const task of gone.toReversed()) run.journal.undo(task.changes);
  scope.slots.clear();
  let left = MOST_STEPS;
  const made = new Set<Task>();
  const tasks = pieces.map((piece, at) => {
    const task = "records" in piece && stale.isClean(piece) ? piece : evaluateUnit(run, scope, unitOf(piece), left);
    if (task !== piece) made.add(task);
    else for (const [name, value] of task.bindings) run.journal.set(scope, name, value);
    left -= task.steps;
    task.at = at;
    return task;
  });
  if (made.size < tasks.length) {
    // What has to do with more than its text tells, or with how much is left, may have to do with anything.
    const isForeseen = [...made].every(({ bindings }) => [...bindings.keys()].every((name) => stale.isForeseen(name)));
    if (!isForeseen || hasSpentAll(tasks)) return whole();
  }
  const trials = tryOthers(before, tasks, isCleanAfter(replace(index, gone, made), stale), left);
  const touched = stale.touched(index.names);
  tell(
    tasks,
    tasks.filter((task) => made.has(task) || touched.has(task)),
  );
  return { run, scope, tasks, trials, index };
}

/** Keeps the index in step. Gives the names that functions gave values to only before, or give only by now. */
function replace({ names, called, unsure }: Index, gone: readonly Task[], made: ReadonlySet<Task>): readonly string[] {
  const concerned = new Set([...gone, ...made].flatMap((task) => task.unsure));
  const before = [...concerned].filter((name) => unsure.has(name));
  for (const task of gone) {
    names.remove(task);
    called.remove(task.records.called);
    unsure.remove(task.unsure);
  }
  for (const task of made) {
    names.add(task);
    called.add(task.records.called);
    unsure.add(task.unsure);
  }
  return [...concerned].filter((name) => unsure.has(name) !== before.includes(name));
}

type IsClean = (made: FunctionValue | ClassValue, task: Task) => boolean;

const isCleanAfter =
  (changed: readonly string[], stale: Stale<Task>): IsClean =>
  ({ unit }, task) =>
    stale.isTrialClean(unit, task) && !changed.some((name) => mentionsOf(unit).reads.has(name));

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
    move(task.unit, start, end);
    return task;
  });
}

function move(unit: { start: number; end: number }, start: number, end: number): void {
  unit.start = start;
  unit.end = end;
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
    at: 0,
    unit,
    mentions,
    bindings,
    binds: bindsOf(mentions, bindings),
    unsure: unsureNames(unit, mentions),
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
  { run, scope, trials: before, index }: Program,
  tasks: readonly Task[],
  isClean: IsClean,
  steps: number,
): Map<FunctionValue | ClassValue, Trial> {
  const trials = new Map<FunctionValue | ClassValue, Trial>();
  const calledByTrials = new Set<object>();
  const isCalled = (code: object) => index.called.has(code) || calledByTrials.has(code);
  let left = steps;
  const attempt = (made: FunctionValue | ClassValue, task: Task): Trial | null => {
    if (isCalled(made.code) || made.unit.file !== undefined) return null;
    const known = before.get(made);
    const trial = known && isClean(made, task) ? known : tried(run, made, left, scope, index.unsure.things());
    left -= trial.steps;
    trials.set(made, trial);
    for (const code of trial.records.called) calledByTrials.add(code);
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

function unsureNames({ code }: Unit, { hasCode, writes, certain }: Mentions): readonly string[] {
  if (!hasCode) return [];
  const defined = code.map((one) =>
    one.kind === "function-definition" ? one.function.name : one.kind === "class-definition" ? one.class.name : "",
  );
  return [...writes].filter((name) => !certain.has(name) && !defined.includes(name));
}

function tried(
  run: Run,
  made: FunctionValue | ClassValue,
  left: number,
  scope: Scope,
  unsure: Iterable<string>,
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
