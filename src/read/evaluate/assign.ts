// Assignment: names, attributes, items, and patterns of them.
import type { Expression, RestTarget, Target } from "../code";
import { setAttribute } from "./access";
import { evaluate, placeOf } from "./expressions";
import { entryOf, isOpen, keyOf, knownEntries, listOf } from "./lists";
import { type Frame, lose, note, type Run, UNKNOWN_IS_FROZEN } from "./run";
import { bind, functionScope, scopeOf } from "./scope";
import { mayCompile } from "./unseen";
import { number, Slots, UNDEFINED, UNKNOWN, type Value } from "./value";

/** `declares`: a declaration of JavaScript binds here, an assignment where the name is bound. */
export function assign(run: Run, frame: Frame, target: Target, value: Value, declares?: "block" | "function"): void {
  switch (target.kind) {
    case "name": {
      const scope =
        declares === "block"
          ? frame.scope
          : declares === "function"
            ? functionScope(frame.scope)
            : run.language.name === "python"
              ? frame.scope
              : (scopeOf(frame.scope, target.name) ?? frame.scope);
      bind(run.journal, scope, target.name, value);
      note(run, frame.unit, target, value);
      return;
    }
    case "attribute":
      attributeTo(run, frame, target, value);
      return;
    case "index":
      itemTo(run, frame, target, value);
      return;
    case "target-list":
      assignItems(run, frame, target.items, value, declares);
      return;
    case "target-object":
      assignEntries(run, frame, target, value, declares);
      return;
    case "target-default": {
      const given = value.kind === "undefined" ? evaluate(run, frame, target.default) : value;
      assign(run, frame, target.target, given, declares);
      return;
    }
    case "unreadable":
      return;
  }
}

function assignItems(
  run: Run,
  frame: Frame,
  targets: readonly (Target | RestTarget | null)[],
  value: Value,
  declares?: "block" | "function",
): void {
  const items = run.language.items(run, value);
  const rest = targets.findIndex((target) => target?.kind === "rest");
  const after = rest < 0 ? 0 : targets.length - rest - 1;
  for (const [at, target] of targets.entries()) {
    if (!target) continue;
    if (target.kind === "rest") {
      const some = items?.slice(at, items.length - after) ?? null;
      assign(run, frame, target.target, listOf(run.language.name === "python" ? "list" : "array", some), declares);
      continue;
    }
    const index = rest >= 0 && at > rest && items ? items.length - (targets.length - at) : at;
    const absent = run.language.name === "python" ? UNKNOWN : UNDEFINED;
    assign(run, frame, target, items ? (items[index] ?? absent) : run.language.part(run, value, at), declares);
  }
}

function assignEntries(
  run: Run,
  frame: Frame,
  target: Target & { kind: "target-object" },
  value: Value,
  declares?: "block" | "function",
): void {
  const taken = new Set<string | number>();
  for (const { key, target: inner, default: otherwise } of target.entries) {
    const name = keyOf(evaluate(run, frame, key));
    if (name !== null) taken.add(name);
    let part: Value =
      name === null
        ? UNKNOWN
        : value.kind === "dict"
          ? (entryOf(value, name) ?? (isOpen(value) ? UNKNOWN : UNDEFINED))
          : run.language.index(run, value, typeof name === "number" ? number(name) : { kind: "string", value: name });
    if (part.kind === "undefined" && otherwise) part = evaluate(run, frame, otherwise);
    assign(run, frame, inner, part, declares);
  }
  if (target.rest) {
    const left =
      value.kind === "dict" && !isOpen(value) ? knownEntries(value).filter(([key]) => !taken.has(key)) : null;
    const made: Value = left ? { kind: "dict", type: "object", slots: new Slots(left) } : UNKNOWN;
    assign(run, frame, target.rest, made, declares);
  }
}

/** `target operator= value`. */
export function assignOperated(run: Run, frame: Frame, target: Target, operator: string, value: Expression): Value {
  const before =
    target.kind === "unreadable" || target.kind.startsWith("target")
      ? UNKNOWN
      : evaluate(run, frame, target as Expression);
  const operand = evaluate(run, frame, value);
  const result = run.language.operateInPlace(
    run,
    operator,
    before,
    operand,
    placeOf(frame, { start: target.start, end: value.end }),
  );
  assign(run, frame, target, result);
  return result;
}

function itemTo(run: Run, frame: Frame, { object, index }: Target & { kind: "index" }, value: Value): void {
  const of = evaluate(run, frame, object);
  run.language.setIndex(run, of, evaluate(run, frame, index), value);
  if (of.kind !== "dict" && of.kind !== "list") mayCompile(run, [value]);
}

function attributeTo(run: Run, frame: Frame, { object, name }: Target & { kind: "attribute" }, value: Value): void {
  const of = evaluate(run, frame, object);
  if (of.kind === "unknown" && name === "trainable")
    lose(run, { unit: frame.unit, start: object.start, end: object.end }, UNKNOWN_IS_FROZEN);
  setAttribute(run, of, name, value);
}
