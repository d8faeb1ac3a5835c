// What statements do: run in order, branch, loop, leave. A branch whose test is not known is tried both ways, and what is known
// afterwards is what both have in common.
import type { Statement } from "../code";
import { assign } from "./assign";
import { defineClass } from "./classes";
import { closure, evaluate } from "./expressions";
import { importInto } from "./imports";
import { join, joinWritten } from "./join";
import { inTurn, maybe, settle, type Turn, walk } from "./loops";
import { type Frame, MOST_TURNS, type Run, spend } from "./run";
import { bind, moduleScope, scopeIn, scopeOf, unbind } from "./scope";
import { type FunctionValue, NONE, type Place, UNDEFINED, UNKNOWN, unknownSlot, type Value } from "./value";

/** How a piece of code can end. Several may hold where it is not known which way it takes. */
export interface Ending {
  /** What comes after it may run. */
  readonly goesOn: boolean;
  /** What it may have returned; null: it has not. */
  readonly returned: Value | null;
  readonly breaks: boolean;
  readonly continues: boolean;
}

const GOES_ON: Ending = { goesOn: true, returned: null, breaks: false, continues: false };
const LEAVES: Ending = { goesOn: false, returned: null, breaks: false, continues: false };

export function executeAll(run: Run, frame: Frame, statements: readonly Statement[]): Ending {
  hoist(run, frame, statements);
  let ending = GOES_ON;
  for (const [at, statement] of statements.entries()) {
    const one = execute(run, frame, statement);
    const isCertain = one.goesOn === !(one.returned || one.breaks || one.continues);
    if (isCertain || !one.goesOn) {
      ending = after(ending, one);
      if (!one.goesOn) return ending;
      continue;
    }
    // It may have left already: then what follows has not run.
    let rest = GOES_ON;
    maybe(run, () => {
      rest = executeAll(run, frame, statements.slice(at + 1));
    });
    return after(ending, after(one, rest));
  }
  return ending;
}

const after = (first: Ending, second: Ending): Ending => ({
  goesOn: second.goesOn,
  returned:
    first.returned && second.returned ? join(first.returned, second.returned) : (first.returned ?? second.returned),
  breaks: first.breaks || second.breaks,
  continues: first.continues || second.continues,
});

const oneOf = (a: Ending, b: Ending): Ending => ({ ...after(a, b), goesOn: a.goesOn || b.goesOn });

/** Functions of JavaScript are there before the first statement of their block. */
function hoist(run: Run, frame: Frame, statements: readonly Statement[]): void {
  if (run.language.name !== "javascript") return;
  for (const statement of statements) {
    if (statement.kind !== "function-definition") continue;
    bind(run.journal, frame.scope, statement.function.name, closure(run, frame, statement.function));
  }
}

function execute(run: Run, frame: Frame, statement: Statement): Ending {
  spend(run);
  switch (statement.kind) {
    case "expression":
      evaluate(run, frame, statement.value);
      return GOES_ON;
    case "assign":
      return executeAssign(run, frame, statement);
    case "function-definition":
      if (run.language.name === "python") define(run, frame, statement.function);
      return GOES_ON;
    case "class-definition":
      bind(run.journal, frame.scope, statement.class.name, defineClass(run, frame, statement.class));
      return GOES_ON;
    case "if": {
      const truth = run.language.truth(run, evaluate(run, frame, statement.test));
      const then = () => executeBlock(run, frame, statement.then);
      const otherwise = () => executeBlock(run, frame, statement.otherwise);
      return truth === null ? both(run, then, otherwise) : truth ? then() : otherwise();
    }
    case "switch":
      return executeSwitch(run, frame, statement);
    case "for":
      return executeFor(run, frame, statement);
    case "while":
      return executeWhile(run, frame, statement);
    case "return":
      return { ...LEAVES, returned: statement.value ? evaluate(run, frame, statement.value) : nothing(run) };
    case "break":
      return { ...LEAVES, breaks: true };
    case "continue":
      return { ...LEAVES, continues: true };
    case "block":
      return executeBlock(run, frame, statement.body);
    case "with":
      for (const { value, target } of statement.items) {
        const entered = run.language.enter(run, evaluate(run, frame, value));
        if (target) assign(run, frame, target, entered);
      }
      return executeBlock(run, frame, statement.body);
    case "try":
      return executeTry(run, frame, statement);
    case "raise":
      if (statement.value) evaluate(run, frame, statement.value);
      return LEAVES;
    case "assert":
      evaluate(run, frame, statement.test);
      return GOES_ON;
    case "delete":
      for (const target of statement.targets) if (target.kind === "name") unbind(run.journal, frame.scope, target.name);
      return GOES_ON;
    case "global":
    case "nonlocal":
      for (const name of statement.names) declare(frame, name, statement.kind);
      return GOES_ON;
    case "import":
      importInto(run, frame, statement);
      return GOES_ON;
    case "export":
    case "pass":
      return GOES_ON;
  }
}

const nothing = (run: Run): Value => (run.language.name === "python" ? NONE : UNDEFINED);

function executeAssign(run: Run, frame: Frame, statement: Statement & { kind: "assign" }): Ending {
  if (!statement.value) {
    // A declaration of JavaScript; an annotation of Python binds nothing.
    if (statement.declares)
      for (const target of statement.targets) assign(run, frame, target, UNDEFINED, statement.declares);
    return GOES_ON;
  }
  const value = evaluate(run, frame, statement.value);
  for (const target of statement.targets) assign(run, frame, target, value, statement.declares);
  return GOES_ON;
}

function define(run: Run, frame: Frame, code: FunctionValue["code"]): void {
  let value: Value = closure(run, frame, code);
  for (const decorator of [...code.decorators].reverse())
    value = run.language.decorate(run, evaluate(run, frame, decorator), value);
  bind(run.journal, frame.scope, code.name, value);
}

function declare(frame: Frame, name: string, kind: "global" | "nonlocal"): void {
  const module = moduleScope(frame.scope);
  const outer = frame.scope.parent;
  frame.scope.elsewhere.set(name, kind === "global" || !outer ? module : (scopeOf(outer, name) ?? outer));
}

/** Blocks of JavaScript have names of their own. */
function executeBlock(run: Run, frame: Frame, body: readonly Statement[]): Ending {
  if (body.length === 0) return GOES_ON;
  if (run.language.name === "python") return executeAll(run, frame, body);
  return executeIn(run, { ...frame, scope: scopeIn(frame.scope, "block") }, frame, body);
}

/** A frame with another scope shares what the function gives. */
function executeIn(run: Run, inner: Frame, outer: Frame, body: readonly Statement[]): Ending {
  const ending = executeAll(run, inner, body);
  outer.yielded = inner.yielded;
  return ending;
}

/** Either of two branches. One that leaves with an exception tells nothing of what comes after. */
function both(run: Run, then: () => Ending, otherwise: () => Ending): Ending {
  run.uncertain++;
  try {
    const a = run.journal.attempt(then);
    const b = run.journal.attempt(otherwise);
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
  } finally {
    run.uncertain--;
  }
}

function executeSwitch(run: Run, frame: Frame, { value, cases }: Statement & { kind: "switch" }): Ending {
  const given = evaluate(run, frame, value);
  const inner: Frame = { ...frame, scope: scopeIn(frame.scope, "block") };
  const from = (at: number): Ending => {
    const ending = executeIn(
      run,
      inner,
      frame,
      cases.slice(at).flatMap(({ body }) => body),
    );
    return { ...ending, goesOn: ending.goesOn || ending.breaks, breaks: false };
  };
  const otherwise = cases.findIndex(({ test }) => test === null);
  const rest = (at: number): Ending => {
    const next = cases.findIndex(({ test }, index) => index >= at && test !== null);
    if (next < 0) return otherwise < 0 ? GOES_ON : from(otherwise);
    const one = run.language.operate(run, "===", given, evaluate(run, inner, cases[next]!.test!), {
      unit: frame.unit,
      start: 0,
      end: 0,
    });
    const truth = run.language.truth(run, one);
    if (truth === null)
      return both(
        run,
        () => from(next),
        () => rest(next + 1),
      );
    return truth ? from(next) : rest(next + 1);
  };
  return rest(0);
}

function executeFor(run: Run, frame: Frame, statement: Statement & { kind: "for" }): Ending {
  const iterable = evaluate(run, frame, statement.iterable);
  const over = statement.keys ? run.language.keys(run, iterable) : iterable;
  let ending = GOES_ON;
  let broke = false;
  const turn = (item: Value): Turn => {
    const inner: Frame = statement.declares === "block" ? { ...frame, scope: scopeIn(frame.scope, "block") } : frame;
    assign(run, inner, statement.target, item, statement.declares);
    const one = executeIn(run, inner, frame, statement.body);
    ending = after(ending, { ...one, goesOn: true, breaks: false, continues: false });
    broke ||= one.breaks;
    const leaves = one.breaks || one.returned !== null || !(one.goesOn || one.continues);
    if (!leaves) return false;
    return one.goesOn || one.continues ? null : true;
  };
  const items = run.language.items(run, over);
  const place: Place = { unit: frame.unit, start: statement.start, end: statement.end };
  let count = 0;
  const next = (item: Value): Turn => inTurn(run, place, count++, () => turn(item));
  if (items && items.length <= MOST_TURNS) walk(run, items, next);
  else settle(run, () => void turn(run.language.element(run, over)));
  if (statement.otherwise.length === 0) return ending;
  const otherwise = () => executeBlock(run, frame, statement.otherwise);
  return after(ending, broke ? both(run, otherwise, () => GOES_ON) : otherwise());
}

function executeWhile(run: Run, frame: Frame, statement: Statement & { kind: "while" }): Ending {
  const inner: Frame = statement.first.length > 0 ? { ...frame, scope: scopeIn(frame.scope, "block") } : frame;
  executeAll(run, inner, statement.first);
  let ending = GOES_ON;
  const body = (): Turn => {
    const one = executeBlock(run, inner, statement.body);
    frame.yielded = inner.yielded;
    ending = after(ending, { ...one, goesOn: true, breaks: false, continues: false });
    if (statement.after) evaluate(run, inner, statement.after);
    const leaves = one.breaks || one.returned !== null || !(one.goesOn || one.continues);
    return !leaves ? false : one.goesOn || one.continues ? null : true;
  };
  const place: Place = { unit: frame.unit, start: statement.start, end: statement.end };
  for (let turn = 0; ; turn++) {
    const truth =
      statement.isDo && turn === 0
        ? true
        : !statement.test || run.language.truth(run, evaluate(run, inner, statement.test));
    if (truth === false) break;
    if (truth === null || turn >= MOST_TURNS) {
      settle(run, () => void body());
      break;
    }
    const leaves = inTurn(run, place, turn, body);
    if (leaves === true) return ending;
    if (leaves === null) {
      settle(run, () => void body());
      break;
    }
  }
  return after(ending, executeBlock(run, frame, statement.otherwise));
}

/** The body is taken to run to its end: what its handlers do is seen, and not believed. */
function executeTry(run: Run, frame: Frame, statement: Statement & { kind: "try" }): Ending {
  let ending = executeBlock(run, frame, statement.body);
  const handle = (): Ending =>
    statement.handlers.reduce<Ending>((result, { target, body }) => {
      let one = LEAVES;
      const { written } = run.journal.attempt(() => {
        if (target) assign(run, frame, target, UNKNOWN, "block");
        one = executeBlock(run, frame, body);
      });
      // An import that may be missing, say: what only the handler binds is bound.
      for (const [heap, slots] of written)
        for (const [key, value] of slots) if (!heap.slots.has(key)) run.journal.set(heap, key, value);
      return oneOf(result, one);
    }, LEAVES);
  if (!ending.goesOn && !ending.returned && !ending.breaks && !ending.continues) ending = handle();
  else if (statement.handlers.length > 0) {
    run.uncertain++;
    try {
      handle();
    } finally {
      run.uncertain--;
    }
  }
  if (ending.goesOn) ending = after(ending, executeBlock(run, frame, statement.otherwise));
  const last = executeBlock(run, frame, statement.finally);
  return last.goesOn ? ending : last;
}
