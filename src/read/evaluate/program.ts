// A whole program: its statements in order, then the functions and classes that nothing has called, each with arguments that nobody
// knows. After an edit only the pieces that it can have to do with are evaluated again: which these are, `taint.ts` says.
import type { Unit } from "../code";
import { automaticNames } from "./automaticNames";
import type { Language } from "./language";
import type { Libraries } from "./libraries";
import { mentionsOf } from "./mentions";
import { allRecords, MOST_STEPS, makeRun, type Records, type Run, type Seen, type Workspace } from "./run";
import { type Scope, scopeIn } from "./scope";
import { byUnit, mergedSites, type Site, seenByLayer, sitesIn } from "./sites";
import { modelsOf, type Summary, summaryOf } from "./summary";
import { type Matching, type Stale, staleTasks } from "./taint";
import { evaluateUnit, isImport, type Task, type Trial, tried } from "./task";
import { Bindings, inOrder, TaskIndex } from "./taskIndex";
import type { ClassValue, FunctionValue, LayerValue, Place } from "./value";

export interface Program {
  readonly run: Run;
  readonly scope: Scope;
  readonly tasks: readonly Task[];
  readonly trials: ReadonlyMap<FunctionValue | ClassValue, Trial>;
  readonly index: TaskIndex;
  readonly bindings: Bindings;
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

export function evaluateProgram(
  units: readonly Unit[],
  language: Language,
  libraries: Libraries,
  workspace: Workspace | null = null,
): Program {
  const run = makeRun(language, libraries, { workspace });
  const scope = scopeIn(null, "module");
  const nothing = { tasks: [], trials: new Map(), index: new TaskIndex(), bindings: new Bindings() };
  return updateProgram({ run, scope, ...nothing }, units);
}

/** The same program after an edit: units with the code that they had are the same. What was before is used up. */
export function updateProgram(before: Program, given: readonly Unit[]): Program {
  const { run, scope, index } = before;
  const whole = () => evaluateProgram(given, run.language, run.libraries, run.workspace);
  if (index.steps >= MOST_STEPS) return whole();
  const matching = matched(before.tasks, hoisted(given, run.language));
  const stale = staleTasks(before.tasks, index, matching);
  if (stale.isEmpty) return before;
  // A module that was loaded is shared by all, whatever names they have for it.
  if ([...index.loaders].some((task) => !(stale.isClean(task) && isImport(task.unit)))) return whole();
  const { tasks, made, bindings, left } = evaluateAgain(before, matching, stale);
  if (made.length < tasks.length) {
    // What has to do with more than its text tells, or with how much is left, may have to do with anything.
    const isForeseen = made.every((task) => [...task.bindings.keys()].every((name) => stale.isForeseen(name)));
    if (!isForeseen || left <= 0) return whole();
  }
  const changed = replace(index, stale.gone, made);
  const isClean: IsClean = ({ unit }, task) =>
    stale.isTrialClean(unit, task) && !changed.some((name) => mentionsOf(unit).reads.has(name));
  const trials = tryOthers(before, isClean, left);
  tell(index, new Set([...made, ...stale.touched(index), ...index.madeFor([...stale.gone, ...made])]));
  return { run, scope, tasks, trials, index, bindings };
}

/** Goes through the program: what has to be is evaluated, of the others it is only known what they bind. `left`: steps. */
function evaluateAgain(before: Program, { pieces, head, tail }: Matching, { gone, isClean }: Stale) {
  const { run, scope, index } = before;
  for (const task of gone.toReversed()) run.journal.undo(task.changes);
  scope.slots.clear();
  let left = gone.reduce((sum, { steps }) => sum + steps, MOST_STEPS - index.steps);
  const made: Task[] = [];
  const bindings = new Bindings();
  const tasks = pieces.slice() as Task[];
  const keep = (from: number, to: number) =>
    bindings.take(before.bindings, from, to, (name, value) => run.journal.set(scope, name, value));
  const evaluate = (unit: Unit, at: number) => {
    const task = evaluateUnit(run, scope, unit, left);
    left -= task.steps;
    task.at = at;
    tasks[at] = task;
    bindings.push(task);
    made.push(task);
  };
  keep(0, head);
  const end = before.tasks.length - tail;
  const shift = pieces.length - before.tasks.length;
  for (let at = head; at < end + shift; at++) {
    const piece = pieces[at]!;
    if (!("records" in piece)) evaluate(piece, at);
    else if (isClean(piece)) keep(piece.at, piece.at + 1);
    else evaluate(piece.unit, at);
  }
  let kept = end;
  for (const { unit, at } of gone) {
    if (at < end) continue;
    keep(kept, at);
    evaluate(unit, at + shift);
    kept = at + 1;
  }
  keep(kept, before.tasks.length);
  const moved = shift === 0 ? end : tasks.length;
  for (let at = head; at < moved; at++) tasks[at]!.at = at;
  return { tasks, made, bindings, left };
}

/** Keeps the index in step. Gives the names that functions gave values to only before, or give only by now. */
function replace(index: TaskIndex, gone: readonly Task[], made: readonly Task[]): readonly string[] {
  const concerned = [...new Set([...gone, ...made].flatMap((task) => task.unsure))];
  const before = concerned.map((name) => index.isUnsure(name));
  for (const task of gone) index.remove(task);
  for (const task of made) index.add(task);
  return concerned.filter((name, at) => index.isUnsure(name) !== before[at]);
}

/** The sites of some tasks, with all that any task has seen of what they made. */
function tell({ callers }: TaskIndex, some: ReadonlySet<Task>): void {
  const layers = new Set<LayerValue>();
  for (const { records } of some) for (const layer of records.layers) layers.add(layer);
  const seen: Seen[] = [];
  for (const { records } of inOrder([...callers, ...some]))
    for (const one of records.seen) if (layers.has(one.layer)) seen.push(one);
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
function hoisted(units: readonly Unit[], { name }: Language): readonly Unit[] {
  if (name !== "javascript") return units;
  const isHoisted = ({ code }: Unit) => code.every(({ kind }) => kind === "function-definition");
  return [...units.filter(isHoisted), ...units.filter((unit) => !isHoisted(unit))];
}

/**
 * For each unit the task that it was, where its code is still there: all that was seen in it says where by its unit, which is told of
 * its new place. Else the unit itself.
 */
function matched(tasks: readonly Task[], given: readonly Unit[]): Matching {
  const most = Math.min(tasks.length, given.length);
  let head = 0;
  while (head < most && tasks[head]!.unit.code === given[head]!.code) move(tasks[head]!.unit, given[head++]!);
  let tail = 0;
  while (tail < most - head && tasks.at(-1 - tail)!.unit.code === given.at(-1 - tail)!.code) tail++;
  const middle = new Map(tasks.slice(head, tasks.length - tail).map((task) => [task.unit.code, task]));
  let last = head - 1;
  const between = given.slice(head, given.length - tail).map((unit): Task | Unit => {
    const { start, end, code } = unit;
    const task = middle.get(code);
    // A copy: the list of units that it is of has its places as they were.
    if (!task || task.at <= last) return { start, end, code };
    last = task.at;
    move(task.unit, unit);
    return task;
  });
  const after = tasks.slice(tasks.length - tail);
  for (const [at, { unit }] of after.entries()) move(unit, given[given.length - tail + at]!);
  return { pieces: [...tasks.slice(0, head), ...between, ...after], head, tail };
}

function move(unit: { start: number; end: number }, { start, end }: Unit): void {
  if (unit.start === start) return;
  unit.start = start;
  unit.end = end;
}

type IsClean = (made: FunctionValue | ClassValue, task: Task) => boolean;

/** What others call is called by then, and needs no trial of its own; so those that call come first: the later ones. */
function tryOthers(
  { run, scope, trials: before, index }: Program,
  isClean: IsClean,
  steps: number,
): Map<FunctionValue | ClassValue, Trial> {
  const trials = new Map<FunctionValue | ClassValue, Trial>();
  const calledByTrials = new Set<object>();
  let left = steps;
  const attempt = (made: FunctionValue | ClassValue, task: Task): Trial | null => {
    const isCalled = index.isCalled(made.code) || calledByTrials.has(made.code);
    if (isCalled || made.unit.file !== undefined) return null;
    const known = before.get(made);
    const trial = known && isClean(made, task) ? known : tried(run, made, left, scope, index.unsure());
    left -= trial.steps;
    trials.set(made, trial);
    for (const code of trial.records.called) calledByTrials.add(code);
    return trial;
  };
  const makers = index.madeUncalled().toReversed();
  const inner: { made: FunctionValue; task: Task }[] = [];
  for (const task of makers)
    for (const made of task.records.classes.toReversed())
      for (const one of attempt(made, task)?.records.functions ?? []) inner.push({ made: one, task });
  for (const { made, task } of inner.reverse()) attempt(made, task);
  for (const task of makers) for (const made of task.records.functions.toReversed()) attempt(made, task);
  return trials;
}
