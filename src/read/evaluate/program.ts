// A whole program: its statements in order, then the functions and classes that nothing has called, each with arguments that nobody
// knows. After an edit only the pieces that it can have to do with are evaluated again: which these are, `taint.ts` says.
import type { Unit } from "../code";
import { callFunction } from "./calls";
import { instantiate } from "./classes";
import { ABSENT, type Changes } from "./journal";
import type { Language } from "./language";
import type { Libraries } from "./libraries";
import { type Mentions, mentionsOf } from "./mentions";
import {
  allRecords,
  BudgetSpent,
  type Frame,
  MOST_STEPS,
  MOST_STEPS_OF_ONE,
  makeRun,
  type Records,
  type Run,
  recordsOf,
} from "./run";
import { type Scope, scopeIn } from "./scope";
import { mergedSites, type Site, seenByLayer, sitesIn } from "./sites";
import { executeAll } from "./statements";
import { modelsOf, type Summary, summaryOf } from "./summary";
import { staleTasks } from "./taint";
import type { Arguments, ClassValue, FunctionValue, LayerValue } from "./value";

/** A top-level statement as it was evaluated. */
export interface Task {
  readonly unit: Unit;
  readonly mentions: Mentions;
  /** What it has left in the program's own names. */
  readonly bindings: ReadonlyMap<string, unknown>;
  /** What it has changed of things that others had made. */
  readonly changes: Changes;
  readonly records: Records;
  readonly steps: number;
  sites: readonly Site[] | null;
}

/** A function or class that nothing calls, tried. It leaves no trace in what others had made. */
interface Trial {
  readonly made: FunctionValue | ClassValue;
  /** The statement that made it. */
  readonly task: Task;
  readonly records: Records;
  readonly steps: number;
  readonly sites: readonly Site[];
  /** Of the models that it made: what they are is taken back. */
  readonly summaries: readonly Summary[];
}

export interface Program {
  readonly run: Run;
  readonly scope: Scope;
  readonly tasks: readonly Task[];
  readonly trials: ReadonlyMap<FunctionValue | ClassValue, Trial>;
  /** Every layer and model that is made, by where it is written. */
  readonly sites: readonly Site[];
}

const NOTHING_KNOWN: Arguments = { positional: [], named: new Map(), open: true };

export function evaluateProgram(units: readonly Unit[], language: Language, libraries: Libraries): Program {
  const run = makeRun(language, libraries);
  return updateProgram({ run, scope: scopeIn(null, "module"), tasks: [], trials: new Map(), sites: [] }, units);
}

/** The same program after an edit: units with the code that they had are the same. What was before is used up. */
export function updateProgram(before: Program, given: readonly Unit[]): Program {
  const { run, scope } = before;
  const { kept, units } = sameUnits(before.tasks, inOrder(given, run.language));
  const stale = staleTasks(
    before.tasks,
    units.map((unit) => kept.get(unit) ?? unit),
  );
  if (stale.isEmpty && units.length === before.tasks.length) return before;
  for (const task of [...before.tasks].reverse()) if (!stale.isClean(task)) run.journal.undo(task.changes);
  scope.slots.clear();
  let left = MOST_STEPS;
  const tasks: Task[] = [];
  for (const unit of units) {
    const known = kept.get(unit);
    const task = known && stale.isClean(known) ? known : evaluateUnit(run, scope, unit, left);
    // It has to do with more than its text tells: nothing of what was before is sure to hold.
    if (task !== known && [...task.bindings.keys()].some((name) => !stale.isForeseen(name)))
      return evaluateProgram(given, run.language, run.libraries);
    if (task === known) for (const [name, value] of task.bindings) run.journal.set(scope, name, value);
    left -= task.steps;
    tasks.push(task);
  }
  const trials = tryOthers(before, tasks, (made, task) => stale.isTrialClean(made.unit, task), left);
  const seen = seenByLayer(tasks.flatMap(({ records }) => records.seen));
  for (const task of tasks) if (!task.sites || stale.isTouched(task)) task.sites = sitesIn(task.records.layers, seen);
  const pieces = [...tasks, ...trials.values()];
  Object.assign(run, allRecords(pieces.map(({ records }) => records)));
  return { run, scope, tasks, trials, sites: mergedSites(pieces.flatMap(({ sites }) => sites ?? [])) };
}

/** What each model consists of and costs, in the order in which they are made. */
export const summariesOf = ({ run, tasks, trials }: Program): readonly Summary[] => [
  ...tasks.flatMap(({ records }) => modelsOf(records).map((model) => summaryOf(run, model))),
  ...[...trials.values()].flatMap(({ summaries }) => summaries),
];

/** Functions of JavaScript are there before the first statement. */
const inOrder = (units: readonly Unit[], { name }: Language): readonly Unit[] => {
  const isHoisted = ({ code }: Unit) =>
    name === "javascript" && code.every(({ kind }) => kind === "function-definition");
  return [...units.filter(isHoisted), ...units.filter((unit) => !isHoisted(unit))];
};

/**
 * The units of a program, each the very object that it was before where its code is still there: all that was seen in it says where
 * by that object, which is told of its new place.
 */
function sameUnits(tasks: readonly Task[], given: readonly Unit[]) {
  const at = new Map(tasks.map(({ unit }, index) => [unit.code, index]));
  const kept = new Map<Unit, Task>();
  let last = -1;
  const units = given.map(({ start, end, code }): Unit => {
    const index = at.get(code) ?? -1;
    if (index <= last) return { start, end, code };
    last = index;
    const task = tasks[index]!;
    Object.assign(task.unit, { start, end });
    kept.set(task.unit, task);
    return task.unit;
  });
  return { units, kept };
}

function evaluateUnit(run: Run, scope: Scope, unit: Unit, left: number): Task {
  const frame: Frame = { unit, scope, receiver: null, home: null, yielded: null };
  let changes: Changes = [];
  const { records, steps } = measured(run, left, () => {
    changes = run.journal.changesOf(() => bounded(() => executeAll(run, frame, unit.code)));
  });
  const own = changes.filter(({ heap }) => heap.slots === scope.slots);
  const bindings = new Map(own.map(({ key }) => [String(key), scope.slots.has(key) ? scope.slots.get(key) : ABSENT]));
  return {
    unit,
    mentions: mentionsOf(unit),
    bindings,
    changes: changes.filter(({ heap }) => heap.slots !== scope.slots),
    records,
    steps,
    sites: null,
  };
}

function measured(run: Run, left: number, work: () => void): { records: Records; steps: number } {
  const budget = Math.max(0, Math.min(left, MOST_STEPS_OF_ONE));
  run.steps = budget;
  const records = recordsOf(run, work);
  return { records, steps: Math.min(budget, budget - run.steps) };
}

function bounded(work: () => void): void {
  try {
    work();
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
  }
}

/** What others call is called by then, and needs no trial of its own; so those that call come first: the later ones. */
function tryOthers(
  { run, trials: before }: Program,
  tasks: readonly Task[],
  isClean: (made: FunctionValue | ClassValue, task: Task) => boolean,
  steps: number,
): Map<FunctionValue | ClassValue, Trial> {
  const trials = new Map<FunctionValue | ClassValue, Trial>();
  const called = new Set(tasks.flatMap(({ records }) => [...records.called]));
  let left = steps;
  const attempt = (made: FunctionValue | ClassValue, task: Task): void => {
    if (called.has(made.code)) return;
    const known = before.get(made);
    const trial = known && isClean(made, task) ? known : tried(run, made, task, left);
    left -= trial.steps;
    trials.set(made, trial);
    for (const code of trial.records.called) called.add(code);
  };
  const classes = tasks.flatMap((task) => task.records.classes.map((made) => ({ made, task })));
  for (const { made, task } of classes.reverse()) attempt(made, task);
  const functions = [...tasks, ...[...trials.values()].map(({ records, task }) => ({ ...task, records }))].flatMap(
    (task) => task.records.functions.map((made) => ({ made, task })),
  );
  for (const { made, task } of functions.reverse()) attempt(made, task);
  return trials;
}

function tried(run: Run, made: FunctionValue | ClassValue, task: Task, left: number): Trial {
  let sites: readonly Site[] = [];
  let summaries: readonly Summary[] = [];
  run.uncertain++;
  const { records, steps } = measured(run, left, () => {
    const changes = run.journal.changesOf(() => bounded(() => attemptOne(run, made)));
    const layers = new Set<LayerValue>([...run.layers, ...run.seen.map(({ layer }) => layer)]);
    sites = sitesIn(layers, seenByLayer(run.seen));
    summaries = modelsOf(run).map((model) => summaryOf(run, model));
    run.journal.undo(changes);
  });
  run.uncertain--;
  return { made, task, records, steps, sites, summaries };
}

function attemptOne(run: Run, made: FunctionValue | ClassValue): void {
  if (made.kind === "function") callFunction(run, made, NOTHING_KNOWN, null);
  else instantiate(run, made, NOTHING_KNOWN, { unit: made.unit, start: made.code.start, end: made.code.end });
}
