// What a test that came out one way tells of the names in it. Knows tests, not what a branch does.
import type { Expression } from "../code";
import { keyOf } from "./lists";
import type { Frame, Run } from "./run";
import { lookUp, scopeOf } from "./scope";
import { boolean, type Heap, isNothing, NONE, number, string, UNDEFINED, type Unknown, type Value } from "./value";

/** Notes that a test is true, or false: what was not known of a name is less unknown in that branch. */
export function narrow(run: Run, frame: Frame, test: Expression, truth: boolean): void {
  switch (test.kind) {
    case "name":
    case "attribute": {
      const slot = slotOf(frame, test);
      if (slot) run.journal.set(slot.heap, slot.key, { kind: "unknown", truth });
      return;
    }
    case "unary":
      if (test.operator === "not" || test.operator === "!") narrow(run, frame, test.value, !truth);
      return;
    case "logical":
      // Both sides are what they must be: true of `and`, false of `or`.
      if (test.operator !== (truth ? "and" : "or")) return;
      narrow(run, frame, test.left, truth);
      narrow(run, frame, test.right, truth);
      return;
    case "binary":
      narrowCompared(run, frame, test, truth);
      return;
    default:
      return;
  }
}

const EQUAL = new Set(["===", "==", "is"]);
const UNEQUAL = new Set(["!==", "!=", "is not"]);

function narrowCompared(run: Run, frame: Frame, test: Expression & { kind: "binary" }, truth: boolean): void {
  const isEqual = EQUAL.has(test.operator) ? truth : UNEQUAL.has(test.operator) ? !truth : null;
  const [one, other] =
    test.right.kind === "constant" || isUndefined(test.right) ? [test.left, test.right] : [test.right, test.left];
  const slot = isEqual === null ? null : slotOf(frame, one);
  const value = constantOf(other);
  if (!slot || !value) return;
  const isEmpty = isNothing(value);
  if (!isEqual) {
    if (isEmpty) run.journal.set(slot.heap, slot.key, { kind: "unknown", isSome: true });
    else if ("value" in value) {
      const before = slot.heap.slots.get(slot.key) as Unknown;
      run.journal.set(slot.heap, slot.key, { ...before, isNot: [...(before.isNot ?? []), value.value] });
    }
    return;
  }
  // `x == null` of JavaScript says of two which it may be.
  const isLoose = run.language.name === "javascript" && test.operator.length === 2;
  if (!isLoose || !isEmpty) run.journal.set(slot.heap, slot.key, value);
}

const isUndefined = (expression: Expression): boolean => expression.kind === "name" && expression.name === "undefined";

function constantOf(expression: Expression): Value | null {
  if (isUndefined(expression)) return UNDEFINED;
  if (expression.kind !== "constant") return null;
  const { value, isFloat } = expression;
  if (typeof value === "number") return number(value, isFloat ?? !Number.isInteger(value));
  if (typeof value === "string") return string(value);
  if (typeof value === "boolean") return boolean(value);
  return value === null ? NONE : UNDEFINED;
}

/** What tests have told of a value that is not known is enough to say that it is not another one. */
export function isOther(unknown: Unknown, other: Value): boolean {
  if (isNothing(other)) return unknown.isSome === true || unknown.truth === true;
  return "value" in other && unknown.isNot?.includes(other.value) === true;
}

/** Where a name, or an attribute of an object that a name stands for, has a value that is not known. */
function slotOf(frame: Frame, expression: Expression): { heap: Heap; key: string } | null {
  if (expression.kind === "name") {
    const heap = scopeOf(frame.scope, expression.name);
    return heap && isUnknown(heap, expression.name) ? { heap, key: expression.name } : null;
  }
  if (expression.kind !== "attribute") return null;
  const { object, name } = expression;
  const owner =
    object.kind === "this" ? frame.receiver : object.kind === "name" ? lookUp(frame.scope, object.name) : null;
  const isOwner = owner?.kind === "instance" || (owner?.kind === "dict" && owner.type === "object");
  return isOwner && keyOf(string(name)) !== null && isUnknown(owner, name) ? { heap: owner, key: name } : null;
}

const isUnknown = (heap: Heap, key: string): boolean => (heap.slots.get(key) as Value | undefined)?.kind === "unknown";
