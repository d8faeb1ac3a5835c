// A whole program: its statements in order, then the functions and classes that nothing has called, each with arguments that nobody
// knows. Gives what was seen of layers and models.
import type { Unit } from "../code";
import { callFunction } from "./calls";
import { instantiate } from "./classes";
import type { Language } from "./language";
import type { Libraries } from "./libraries";
import { BudgetSpent, type Frame, makeRun, type Run, type Workspace } from "./run";
import { scopeIn } from "./scope";
import { executeAll, hoist } from "./statements";
import type { Arguments } from "./value";

const NOTHING_KNOWN: Arguments = { positional: [], named: new Map(), open: true };

export function evaluateProgram(
  units: readonly Unit[],
  language: Language,
  libraries: Libraries,
  workspace: Workspace | null = null,
): Run {
  const run = makeRun(language, libraries, { workspace });
  const scope = scopeIn(null, "module");
  const bounded = (work: () => void): void => {
    try {
      work();
    } catch (error) {
      if (!(error instanceof BudgetSpent)) throw error;
    }
  };
  const frameOf = (unit: Unit): Frame => ({ unit, scope, receiver: null, home: null, yielded: null });
  for (const unit of units) hoist(run, frameOf(unit), unit.code);
  for (const unit of units) bounded(() => executeAll(run, frameOf(unit), unit.code));
  // What they call is called by then, and needs no trial of its own; so those that call come first: the later ones.
  run.uncertain++;
  run.tried = run.uncertain;
  for (const made of [...run.classes].reverse()) {
    if (!run.called.has(made.code))
      bounded(
        () =>
          void instantiate(run, made, NOTHING_KNOWN, { unit: made.unit, start: made.code.start, end: made.code.end }),
      );
  }
  for (let at = run.functions.length - 1; at >= 0; at--) {
    const made = run.functions[at]!;
    if (!run.called.has(made.code)) bounded(() => void callFunction(run, made, NOTHING_KNOWN, null));
  }
  return run;
}
