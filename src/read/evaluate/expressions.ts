// What an expression is worth. One function a kind of expression; what differs between the languages is asked of the language.
import type { Call, CallArgument, Comprehension, Expression, Item } from "../code";
import { attributeOf, indexOf } from "./access";
import { assign, assignOperated } from "./assign";
import { call } from "./calls";
import { defineClass, superOf } from "./classes";
import { join, joinWritten } from "./join";
import { dictOf, itemsOf, listOf } from "./lists";
import { repeat } from "./loops";
import { type Frame, note, type Run, spend } from "./run";
import { bind, lookUp, scopeIn } from "./scope";
import { mayCompile } from "./unseen";
import {
  type Arguments,
  boolean,
  type FunctionValue,
  isNothing,
  NONE,
  number,
  type Place,
  Slots,
  string,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from "./value";

export const placeOf = (frame: Frame, { start, end }: { start: number; end: number }): Place => ({
  unit: frame.unit,
  start,
  end,
});

export function evaluate(run: Run, frame: Frame, expression: Expression): Value {
  spend(run);
  switch (expression.kind) {
    case "constant":
      return constant(expression.value, expression.isFloat);
    case "name": {
      const value = lookUp(frame.scope, expression.name);
      if (value) note(run, frame.unit, expression, value);
      return value ?? run.language.builtin(run, expression.name) ?? UNKNOWN;
    }
    case "attribute": {
      const object = evaluate(run, frame, expression.object);
      if (expression.optional && isNothing(object)) return UNDEFINED;
      return attributeOf(run, object, expression.name, placeOf(frame, expression));
    }
    case "index": {
      const object = evaluate(run, frame, expression.object);
      if (expression.optional && isNothing(object)) return UNDEFINED;
      return indexOf(run, object, evaluate(run, frame, expression.index), placeOf(frame, expression));
    }
    case "slice": {
      const part = (one: Expression | null) => (one ? evaluate(run, frame, one) : NONE);
      return { kind: "slice", from: part(expression.from), to: part(expression.to), step: part(expression.step) };
    }
    case "call":
      return evaluateCall(run, frame, expression);
    case "list":
    case "tuple":
    case "set":
      return listOf(expression.kind, itemValues(run, frame, expression.items));
    case "dictionary":
      return dictionary(run, frame, expression);
    case "template":
      return template(run, frame, expression);
    case "unary":
      return unary(run, frame, expression);
    case "binary":
      return binary(
        run,
        frame,
        expression.operator,
        evaluate(run, frame, expression.left),
        evaluate(run, frame, expression.right),
        placeOf(frame, expression),
      );
    case "comparison":
      return comparison(run, frame, expression);
    case "logical":
      return logical(run, frame, expression);
    case "conditional":
      return either(
        run,
        run.language.truth(run, evaluate(run, frame, expression.test)),
        () => evaluate(run, frame, expression.then),
        () => evaluate(run, frame, expression.otherwise),
      );
    case "comprehension":
      return comprehension(run, frame, expression);
    case "assignment": {
      if (expression.operator)
        return assignOperated(run, frame, expression.target, expression.operator, expression.value);
      const value = evaluate(run, frame, expression.value);
      assign(run, frame, expression.target, value);
      return value;
    }
    case "update": {
      const before =
        expression.target.kind === "unreadable" ? UNKNOWN : evaluate(run, frame, expression.target as Expression);
      const after = run.language.binary(run, expression.operator, before, number(1, false));
      assign(run, frame, expression.target, after);
      return expression.isPostfix ? before : after;
    }
    case "await":
      return expression.value ? evaluate(run, frame, expression.value) : UNDEFINED;
    case "yield":
    case "yield-from": {
      const value = expression.value ? evaluate(run, frame, expression.value) : NONE;
      if (frame.yielded !== null) frame.yielded = expression.kind === "yield" ? [...frame.yielded, value] : null;
      return UNKNOWN;
    }
    case "this":
      return frame.receiver ?? UNKNOWN;
    case "super":
      return frame.receiver && frame.home ? superOf(frame.home, frame.receiver) : UNKNOWN;
    case "several":
      return expression.values.reduce<Value>((_, one) => evaluate(run, frame, one), UNDEFINED);
    case "function":
      return closure(run, frame, expression);
    case "class":
      return defineClass(run, frame, expression);
    case "unreadable":
      mayCompile(
        run,
        expression.parts.map((part) => evaluate(run, frame, part)),
      );
      return UNKNOWN;
  }
}

function constant(value: number | string | boolean | null | undefined, isFloat?: boolean): Value {
  switch (typeof value) {
    case "number":
      return number(value, isFloat ?? !Number.isInteger(value));
    case "string":
      return string(value);
    case "boolean":
      return boolean(value);
    default:
      return value === null ? NONE : UNDEFINED;
  }
}

export function closure(run: Run, frame: Frame, code: FunctionValue["code"]): FunctionValue {
  const isPython = run.language.name === "python";
  const made: FunctionValue = {
    kind: "function",
    code,
    unit: frame.unit,
    scope: frame.scope,
    // JavaScript evaluates defaults at each call.
    defaults: code.parameters.map((one) => (isPython && one.default ? evaluate(run, frame, one.default) : null)),
    home: code.isArrow || frame.scope.kind === "class" ? frame.home : null,
    receiver: code.isArrow ? frame.receiver : null,
    slots: new Slots(),
  };
  run.functions.push(made);
  return made;
}

/** Items with spreads spread out; null where it is not known how many there are. */
export function itemValues(run: Run, frame: Frame, items: readonly Item[]): Value[] | null {
  const values: Value[] = [];
  let open = false;
  for (const item of items) {
    if (item.kind !== "spread") {
      values.push(evaluate(run, frame, item));
      continue;
    }
    const spread = run.language.items(run, evaluate(run, frame, item.value));
    if (spread) values.push(...spread);
    else open = true;
  }
  return open ? null : values;
}

function dictionary(run: Run, frame: Frame, expression: Expression & { kind: "dictionary" }): Value {
  const made = dictOf(run.language.name === "python" ? "dict" : "object");
  for (const entry of expression.entries) {
    if ("kind" in entry) {
      const spread = evaluate(run, frame, entry.value);
      // `...(isFirst && { inputShape })`: false has nothing to spread.
      if (!isNothing(spread) && spread.kind !== "boolean" && spread.kind !== "number") made.spread(spread);
      continue;
    }
    const key = evaluate(run, frame, entry.key);
    const value = evaluate(run, frame, entry.value);
    made.add(key, value);
  }
  return made.value;
}

function template(run: Run, frame: Frame, { parts }: Expression & { kind: "template" }): Value {
  let text: string | null = "";
  for (const part of parts) {
    const piece: string | null =
      typeof part === "string" ? part : run.language.text(run, evaluate(run, frame, part.value), part.format);
    text = text === null || piece === null ? null : text + piece;
  }
  return text === null ? UNKNOWN : string(text);
}

function unary(run: Run, frame: Frame, { operator, value }: Expression & { kind: "unary" }): Value {
  const operand = evaluate(run, frame, value);
  if (operator === "not" || operator === "!") {
    const truth = run.language.truth(run, operand);
    return truth === null ? UNKNOWN : boolean(!truth);
  }
  return run.language.unary(run, operator, operand);
}

export function binary(run: Run, _frame: Frame, operator: string, left: Value, right: Value, place: Place): Value {
  return run.language.operate(run, operator, left, right, place);
}

function comparison(run: Run, frame: Frame, { first, rest, ...span }: Expression & { kind: "comparison" }): Value {
  let left = evaluate(run, frame, first);
  let result: Value = boolean(true);
  for (const { operator, value } of rest) {
    const right = evaluate(run, frame, value);
    const one = binary(run, frame, operator, left, right, placeOf(frame, span));
    const truth = run.language.truth(run, one);
    if (truth === false) return one;
    if (truth === null) result = UNKNOWN;
    left = right;
  }
  return result;
}

function logical(run: Run, frame: Frame, expression: Expression & { kind: "logical" }): Value {
  const left = evaluate(run, frame, expression.left);
  const right = () => evaluate(run, frame, expression.right);
  if (expression.operator === "??")
    return left.kind === "unknown" ? either(run, null, () => left, right) : isNothing(left) ? right() : left;
  const truth = run.language.truth(run, left);
  const goesOn = truth === null ? null : truth === (expression.operator === "and");
  return either(run, goesOn, right, () => left);
}

/** One of two, by a test; where the test is not known, what both leave is joined. */
export function either(run: Run, test: boolean | null, then: () => Value, otherwise: () => Value): Value {
  if (test !== null) return test ? then() : otherwise();
  run.uncertain++;
  try {
    const a = run.journal.attempt(then);
    const b = run.journal.attempt(otherwise);
    joinWritten(run, a.written, b.written);
    return join(a.result, b.result);
  } finally {
    run.uncertain--;
  }
}

function comprehension(run: Run, frame: Frame, expression: Comprehension): Value {
  const inner: Frame = { ...frame, scope: scopeIn(frame.scope, "function") };
  let values: { key: Value | null; value: Value }[] | null = [];
  const turn = (at: number): void => {
    const clause = expression.clauses[at];
    if (!clause) {
      const key = expression.key ? evaluate(run, inner, expression.key) : null;
      const value = evaluate(run, inner, expression.value);
      values?.push({ key, value });
      return;
    }
    if (clause.kind === "if") {
      const truth = run.language.truth(run, evaluate(run, inner, clause.test));
      if (truth === null) {
        // Which items there are is not known; what is made for one of them may be.
        values = null;
        turn(at + 1);
      } else if (truth) turn(at + 1);
      return;
    }
    // The first iterable is evaluated outside.
    const iterable = evaluate(run, at === 0 ? frame : inner, clause.iterable);
    const known = repeat(run, iterable, (item) => {
      assign(run, inner, clause.target, item);
      turn(at + 1);
    });
    if (!known) values = null;
  };
  turn(0);
  if (expression.makes !== "dictionary") {
    const type = expression.makes === "generator" ? "iterator" : expression.makes;
    return listOf(type, values?.map(({ value }) => value) ?? null);
  }
  const made = dictOf("dict");
  if (!values) made.spread(UNKNOWN);
  for (const { key, value } of values ?? []) made.add(key ?? UNKNOWN, value);
  return made.value;
}

function evaluateCall(run: Run, frame: Frame, expression: Call): Value {
  const place = placeOf(frame, expression);
  const { callee } = expression;
  if (callee.kind === "super" && run.language.name === "python") return pythonSuper(run, frame, expression);
  if (callee.kind === "super") return superCall(run, frame, expression, place);
  const value = evaluate(run, frame, callee);
  if (expression.optional && isNothing(value)) return UNDEFINED;
  const args = argumentsOf(run, frame, expression.arguments);
  return call(run, value, args, place);
}

function pythonSuper(run: Run, frame: Frame, { arguments: given }: Call): Value {
  if (given.length >= 2) {
    const [home, receiver] = given.map(({ value }) => evaluate(run, frame, value));
    return home?.kind === "class" && receiver ? superOf(home, receiver) : UNKNOWN;
  }
  return frame.home && frame.receiver ? superOf(frame.home, frame.receiver) : UNKNOWN;
}

/** `super(…)` in a constructor of JavaScript. */
function superCall(run: Run, frame: Frame, expression: Call, place: Place): Value {
  const args = argumentsOf(run, frame, expression.arguments);
  if (!frame.receiver || !frame.home) return UNKNOWN;
  const behind = attributeOf(run, superOf(frame.home, frame.receiver), "constructor", place);
  call(run, behind, args, place);
  return frame.receiver;
}

export function argumentsOf(run: Run, frame: Frame, given: readonly CallArgument[]): Arguments {
  const positional: Value[] = [];
  const named = new Map<string, Value>();
  let open = false;
  for (const { value, name, spread } of given) {
    const one = evaluate(run, frame, value);
    if (name !== undefined) named.set(name, one);
    else if (spread === "items") {
      const items = run.language.items(run, one);
      if (items) positional.push(...items);
      else open = true;
    } else if (spread === "entries") {
      const entries = one.kind === "dict" ? itemsOf(one) : null;
      if (!entries) open = true;
      for (const [key, entry] of entries ?? []) named.set(String(key), entry);
    } else positional.push(one);
  }
  return { positional, named, open };
}

/** Binds the names that a piece of code gives to values that nobody knows. */
export function bindUnknown(run: Run, frame: Frame, names: readonly string[]): void {
  for (const name of names) bind(run.journal, frame.scope, name, UNKNOWN);
}
