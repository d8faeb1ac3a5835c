// What statements do: run in order, branch, loop, leave. A branch whose test is not known is tried both ways, and what is known
// afterwards is what both have in common.
import type { Expression, Statement, Target } from "../code";
import { mayChange } from "./access";
import { assign } from "./assign";
import {
  after,
  type Ending,
  follow,
  GOES_ON,
  isWorthFollowing,
  joinPaths,
  LEAVES,
  oneOf,
  type Path,
  path,
} from "./branches";
import { defineClass } from "./classes";
import { closure, evaluate } from "./expressions";
import { guarded } from "./found";
import { importInto } from "./imports";
import { dataLoop, inTurn, maybe, settle, type Turn, walk } from "./loops";
import { narrow } from "./narrow";
import { type Frame, MOST_TURNS, type Run, spend } from "./run";
import { bind, functionScope, moduleScope, scopeIn, scopeOf, unbind } from "./scope";
import { deleteColumn } from "./tables/frame";
import { type FunctionValue, NONE, type Place, UNDEFINED, UNKNOWN, type Value } from "./value";

export function executeAll(run: Run, frame: Frame, statements: readonly Statement[]): Ending {
  hoist(run, frame, statements);
  let ending = GOES_ON;
  for (const [at, statement] of statements.entries()) {
    const done = execute(run, frame, statement);
    if ("length" in done && at < statements.length - 1 && mayFollow(frame) && isWorthFollowing(run, done)) {
      const rest = statements.slice(at + 1);
      return after(
        ending,
        follow(run, done, () => executeAll(run, frame, rest)),
      );
    }
    const one = "length" in done ? joinPaths(run, done) : done;
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

type If = Statement & { kind: "if" };

/** A module's statements are evaluated one by one; what a generator gives is not taken back. */
const mayFollow = (frame: Frame): boolean => frame.yielded === null && functionScope(frame.scope).kind !== "module";

/** Functions of JavaScript are there before the first statement of their block. */
export function hoist(run: Run, frame: Frame, statements: readonly Statement[]): void {
  if (run.language.name !== "javascript") return;
  for (const statement of statements) {
    if (statement.kind !== "function-definition") continue;
    bind(run.journal, frame.scope, statement.function.name, closure(run, frame, statement.function));
  }
}

/** How a statement ends; or, of a branch of which nobody knows which one runs, the ways that it may take. */
function execute(run: Run, frame: Frame, statement: Statement): Ending | readonly Path[] {
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
    case "if":
      return executeIf(run, frame, statement);
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
      return statement.items.some(({ value }) => isExpectingFailure(value))
        ? guarded(run, () => executeBlock(run, frame, statement.body))
        : executeBlock(run, frame, statement.body);
    case "try":
      return executeTry(run, frame, statement);
    case "raise":
      if (statement.value) evaluate(run, frame, statement.value);
      return LEAVES;
    case "assert":
      evaluate(run, frame, statement.test);
      return GOES_ON;
    case "delete":
      for (const target of statement.targets) {
        if (target.kind === "name") unbind(run.journal, frame.scope, target.name);
        else if (target.kind === "index") deleteItem(run, frame, target);
      }
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

/** Either of two branches. */
const both = (run: Run, then: () => Ending, otherwise: () => Ending): Ending =>
  joinPaths(run, [path(run, then), path(run, otherwise)]);

/** More branches than these are joined as they come. */
const MOST_BRANCHES = 8;

/** `if`, with the tests of `else if` that follow: how it ends, or the ways that it may take. */
function executeIf(run: Run, frame: Frame, first: If): Ending | readonly Path[] {
  const known = run.language.truth(run, evaluate(run, frame, first.test));
  if (known !== null) return executeBlock(run, frame, known ? first.then : first.otherwise);
  const failed: Expression[] = [];
  const branch = <T>(work: () => T) =>
    path(run, () => {
      for (const test of failed) narrow(run, frame, test, false);
      return work();
    });
  const paths: Path[] = [];
  for (let one = first; ; ) {
    const { test, then, otherwise } = one;
    const truth = one === first ? null : branch(() => run.language.truth(run, evaluate(run, frame, test))).result;
    if (truth !== false) {
      paths.push(
        branch(() => {
          if (truth === null) narrow(run, frame, test, true);
          return executeBlock(run, frame, then);
        }),
      );
    }
    if (truth === true) return paths;
    if (truth === null) failed.push(test);
    const next = paths.length < MOST_BRANCHES ? elseIf(otherwise) : null;
    if (!next) {
      paths.push(branch(() => executeBlock(run, frame, otherwise)));
      return paths;
    }
    one = next;
  }
}

/** The `if` that is all of an `else`. */
function elseIf(otherwise: readonly Statement[]): If | null {
  const [only, ...more] = otherwise;
  if (!only || more.length > 0) return null;
  return only.kind === "if" ? only : only.kind === "block" ? elseIf(only.body) : null;
}

function executeSwitch(
  run: Run,
  frame: Frame,
  { value, cases }: Statement & { kind: "switch" },
): Ending | readonly Path[] {
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
  const rest = (at: number): Ending | readonly Path[] => {
    const next = cases.findIndex(({ test }, index) => index >= at && test !== null);
    if (next < 0) return otherwise < 0 ? GOES_ON : from(otherwise);
    const test = cases[next]!.test!;
    const place = { unit: frame.unit, start: 0, end: 0 };
    const one = run.language.operate(run, "===", given, evaluate(run, inner, test), place);
    const truth = run.language.truth(run, one);
    if (truth !== null) return truth ? from(next) : rest(next + 1);
    const equal: Expression = { kind: "binary", operator: "===", left: value, right: test, start: 0, end: 0 };
    const paths: Path[] = [
      path(run, () => {
        narrow(run, frame, equal, true);
        return from(next);
      }),
    ];
    let more: readonly Path[] | null = null;
    const others = path(run, () => {
      const found = rest(next + 1);
      if (!("length" in found)) return found;
      more = found;
      return joinPaths(run, found);
    });
    return [...paths, ...((more as readonly Path[] | null) ?? [others])];
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
  const isOfData = dataLoop(run);
  const place: Place = { unit: frame.unit, start: statement.start, end: statement.end };
  for (let turn = 0; ; turn++) {
    const truth =
      statement.isDo && turn === 0
        ? true
        : !statement.test || run.language.truth(run, evaluate(run, inner, statement.test));
    if (truth === false) break;
    if (truth === null || turn >= MOST_TURNS || isOfData(turn)) {
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
  const body = () => executeBlock(run, frame, statement.body);
  let ending = statement.handlers.some(({ type }) => !isInterruption(type)) ? guarded(run, body) : body();
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

/** `with pytest.raises(…)`, `self.assertRaisesRegex(…)`, `contextlib.suppress(…)`. */
function isExpectingFailure(value: Expression): boolean {
  if (value.kind !== "call") return false;
  const name =
    value.callee.kind === "attribute" ? value.callee.name : value.callee.kind === "name" ? value.callee.name : "";
  return /raises|suppress|assert.*error/i.test(name);
}

/** `except KeyboardInterrupt`: no failure of the program's own. */
const isInterruption = (type: Expression | null): boolean => type?.kind === "name" && type.name === "KeyboardInterrupt";
/** `del object[index]`: of a data frame a column; what else is left of something nobody knows. */
function deleteItem(run: Run, frame: Frame, { object, index }: Target & { kind: "index" }): void {
  const of = evaluate(run, frame, object);
  const key = evaluate(run, frame, index);
  if (of.kind === "frame") deleteColumn(run, of, key);
  else mayChange(run, of);
}
