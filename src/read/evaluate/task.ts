// A top-level statement as it was evaluated, and a function or class that nothing calls as it was tried. Knows no program.
import type { Unit } from "../code";
import { callFunction } from "./calls";
import { instantiate } from "./classes";
import { ABSENT, type Changes } from "./journal";
import { type Mentions, mentionsOf } from "./mentions";
import { type Frame, isSpent, MOST_STEPS_OF_ONE, type Records, type Run, recordsOf } from "./run";
import type { Scope } from "./scope";
import { byUnit, type SitesByUnit, seenByLayer, sitesIn } from "./sites";
import { executeAll } from "./statements";
import {
  type Arguments,
  type ClassValue,
  type FunctionValue,
  type LayerValue,
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

export interface Task extends Piece {
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
  /** All that it gives values to, by its text or by what it calls. */
  readonly binds: ReadonlySet<string>;
  /** Names that the functions in it give values to. */
  readonly unsure: readonly string[];
  /** It has called layers that others made. */
  readonly callsOthers: boolean;
  sites: SitesByUnit;
}

/** A function or class that nothing calls, tried. It leaves no trace in what others had made. */
export type Trial = Piece;

export const isImport = ({ code }: Unit): boolean => code.every(({ kind }) => kind === "import");

/** `left`: steps that the program may still take. */
export function evaluateUnit(run: Run, scope: Scope, unit: Unit, left: number): Task {
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
    binds: new Set([...mentions.writes, ...bindings.keys()]),
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

function unsureNames({ code }: Unit, { hasCode, writes, certain }: Mentions): readonly string[] {
  if (!hasCode) return [];
  const defined = code.map((one) =>
    one.kind === "function-definition" ? one.function.name : one.kind === "class-definition" ? one.class.name : "",
  );
  return [...writes].filter((name) => !certain.has(name) && !defined.includes(name));
}

const NOTHING_KNOWN: Arguments = { positional: [], named: new Map(), open: true };

/** Calls it with arguments that nobody knows. `unsure`: names of the program whose values are not known then either. */
export function tried(
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
