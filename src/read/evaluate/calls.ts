// Calls of functions, classes and objects. Knows no library: what a library does is asked of it.
import type { FunctionCode, Parameter } from "../code";
import { attributeOf, mayChange } from "./access";
import { assign } from "./assign";
import { instantiate, memberOf } from "./classes";
import { evaluate } from "./expressions";
import { dictFrom, listOf } from "./lists";
import { type Frame, lose, MOST_DEPTH, MOST_NESTED, type Run } from "./run";
import { scopeIn } from "./scope";
import { executeAll } from "./statements";
import { mayCompile } from "./unseen";
import {
  type Arguments,
  type FunctionValue,
  NONE,
  type Place,
  positional,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from "./value";

export function call(run: Run, callee: Value, args: Arguments, place: Place): Value {
  switch (callee.kind) {
    case "function":
      return callFunction(run, callee, args, null, place);
    case "bound":
      return callBound(run, callee.callee, callee.receiver, args, place);
    case "class":
      return instantiate(run, callee, args, place);
    case "builtin":
      return callee.call(args, place);
    case "library":
      return run.libraries.call(run, callee, args, place);
    case "layer":
      return run.libraries.callLayer(run, callee, args, place);
    case "instance": {
      const own = memberOf(callee.class, "__call__")?.value;
      if (own) return callBound(run, own, callee, args, place);
      return callee.native ? run.libraries.callLayer(run, callee.native, args, place) : UNKNOWN;
    }
    case "unknown":
      lose(run, place, "what is called is not known");
      mayCompile(run, allOf(args));
      for (const value of allOf(args)) mayChange(run, value);
      return UNKNOWN;
    default:
      mayCompile(run, allOf(args));
      return UNKNOWN;
  }
}

const allOf = ({ positional, named }: Arguments): readonly Value[] => [...positional, ...named.values()];

function callBound(run: Run, callee: Value, receiver: Value, args: Arguments, place: Place): Value {
  if (callee.kind !== "function")
    return call(run, callee, { ...args, positional: [receiver, ...args.positional] }, place);
  const given = run.language.name === "python" ? { ...args, positional: [receiver, ...args.positional] } : args;
  return callFunction(run, callee, given, receiver, place);
}

/** `place`: the call, where one is written. */
export function callFunction(
  run: Run,
  callee: FunctionValue,
  args: Arguments,
  receiver: Value | null,
  place?: Place,
): Value {
  const { code } = callee;
  const nested = run.active.get(code) ?? 0;
  if (run.depth >= MOST_DEPTH || (nested >= MOST_NESTED && run.uncertain > 0)) {
    mayCompile(run, [callee, ...allOf(args), ...(receiver ? [receiver] : [])]);
    return UNKNOWN;
  }
  run.called.add(code);
  const isPython = run.language.name === "python";
  const frame: Frame = {
    unit: callee.unit,
    scope: scopeIn(callee.scope, "function"),
    receiver: isPython ? (receiver ?? args.positional[0] ?? null) : code.isArrow ? callee.receiver : receiver,
    home: callee.home,
    yielded: code.isGenerator ? [] : null,
  };
  const { block: outer } = run;
  if (place) run.block = { kind: "call", name: code.name, place, turn: 0, outer };
  run.depth++;
  run.active.set(code, nested + 1);
  try {
    bindParameters(run, frame, callee, args);
    const { returned, goesOn } = executeAll(run, frame, code.body);
    if (code.isGenerator) return listOf("iterator", run.uncertain > 0 ? null : frame.yielded);
    const end = isPython ? NONE : UNDEFINED;
    // A function that returns in one way only is taken to return that: the other way is an error or a guard.
    return returned ?? (goesOn ? end : UNKNOWN);
  } finally {
    run.depth--;
    run.block = outer;
    if (nested > 0) run.active.set(code, nested);
    else run.active.delete(code);
  }
}

function bindParameters(run: Run, frame: Frame, { code, defaults }: FunctionValue, args: Arguments): void {
  const left = new Map(args.named);
  let at = 0;
  for (const [index, parameter] of code.parameters.entries()) {
    const value = argumentFor(run, frame, code, parameter, defaults[index] ?? null, args, left, () => at++);
    assign(run, frame, parameter.target, value, "function");
  }
}

function argumentFor(
  run: Run,
  frame: Frame,
  code: FunctionCode,
  parameter: Parameter,
  known: Value | null,
  { positional, open }: Arguments,
  left: Map<string, Value>,
  next: () => number,
): Value {
  if (parameter.rest === "entries") {
    const entries = dictFrom(left);
    left.clear();
    return open ? UNKNOWN : entries;
  }
  if (parameter.rest === "items") {
    let from = next();
    const rest: Value[] = [];
    for (; from < positional.length; from = next()) rest.push(positional[from]!);
    return listOf(run.language.name === "python" ? "tuple" : "array", open ? null : rest);
  }
  if (!parameter.keywordOnly) {
    const given = positional[next()];
    if (given && !(given.kind === "undefined" && parameter.default)) return given;
  }
  const name = parameter.target.kind === "name" ? parameter.target.name : null;
  const named = name === null ? undefined : left.get(name);
  if (named && name !== null) {
    left.delete(name);
    return named;
  }
  if (open) return UNKNOWN;
  if (known) return known;
  if (parameter.default) return evaluate(run, frame, parameter.default);
  return run.language.name === "python" || code.isArrow ? UNKNOWN : UNDEFINED;
}

/** Calls something by name on an object, where it has it. */
export function callMethod(run: Run, object: Value, name: string, values: readonly Value[], place: Place): Value {
  return call(run, attributeOf(run, object, name, place), positional(...values), place);
}
