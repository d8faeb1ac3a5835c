// Operators of Python on values of Python: numbers, texts, lists, dictionaries. What is not certain is unknown.
import { entryOf, isOpen, itemsOf, keyOf, listItems, listOf } from "../lists";
import { isOther } from "../narrow";
import type { Run } from "../run";
import { boolean, isNothing, type ListValue, type NumberValue, number, string, UNKNOWN, type Value } from "../value";

const MOST_ITEMS = 10_000;
const MOST_TEXT = 100_000;

const asNumber = (value: Value): NumberValue | null =>
  value.kind === "number" ? value : value.kind === "boolean" ? number(value.value ? 1 : 0, false) : null;

export function truthOf(value: Value): boolean | null {
  switch (value.kind) {
    case "boolean":
      return value.value;
    case "number":
      return value.value !== 0;
    case "string":
      return value.value !== "";
    case "none":
    case "undefined":
      return false;
    case "list": {
      const items = listItems(value);
      return value.type === "iterator" ? true : items && items.length > 0;
    }
    case "dict": {
      const entries = itemsOf(value);
      return entries ? entries.length > 0 : null;
    }
    case "unknown":
      return value.truth ?? null;
    case "range":
      return rangeLength(value) > 0;
    case "function":
    case "class":
    case "bound":
    case "builtin":
    case "layer":
    case "library":
      return true;
    default:
      return null;
  }
}

export const rangeLength = ({ from, to, step }: { from: number; to: number; step: number }): number =>
  Math.max(0, Math.ceil((to - from) / step));

export function binary(run: Run, operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case "is":
    case "is not":
      return negated(operator === "is not", isSame(left, right));
    case "==":
    case "!=":
      return negated(operator === "!=", isEqual(left, right));
    case "in":
    case "not in":
      return negated(operator === "not in", contains(run, right, left));
    case "<":
    case ">":
    case "<=":
    case ">=":
      return compared(operator, left, right);
    default:
      return arithmetic(operator, left, right);
  }
}

const negated = (not: boolean, truth: boolean | null): Value => (truth === null ? UNKNOWN : boolean(truth !== not));

/** `is`: told only where one of the two is None or both are plain. */
function isSame(a: Value, b: Value): boolean | null {
  if (a === b) return a.kind === "unknown" ? null : true;
  if (a.kind === "unknown" || b.kind === "unknown") return unlike(a, b);
  if (isNothing(a) || isNothing(b)) return isNothing(a) && isNothing(b);
  if (a.kind === "boolean" && b.kind === "boolean") return a.value === b.value;
  if (a.kind === "library" && b.kind === "library") return a.path === b.path;
  if (a.kind === "number" || a.kind === "string") return isEqual(a, b);
  return a.kind === b.kind ? false : null;
}

/** Of two, one of which is not known: whether they are certainly not the same. */
function unlike(a: Value, b: Value): false | null {
  if (a.kind === "unknown") return b.kind !== "unknown" && isOther(a, b) ? false : null;
  return b.kind === "unknown" && isOther(b, a) ? false : null;
}

export function isEqual(a: Value, b: Value): boolean | null {
  if (a.kind === "unknown" || b.kind === "unknown") return unlike(a, b);
  const [left, right] = [asNumber(a), asNumber(b)];
  if (left && right) return left.value === right.value;
  if (a.kind === "string" && b.kind === "string") return a.value === b.value;
  if (isNothing(a) || isNothing(b)) {
    if (isNothing(a) && isNothing(b)) return true;
    return ["tensor", "instance"].includes(a.kind) || ["tensor", "instance"].includes(b.kind) ? null : false;
  }
  if (a.kind === "list" && b.kind === "list") return equalLists(a, b);
  if (a.kind === "library" && b.kind === "library") return a.path === b.path;
  const plain = ["number", "string", "boolean", "list", "dict"];
  if (plain.includes(a.kind) && plain.includes(b.kind) && a.kind !== b.kind) return false;
  return a === b ? true : null;
}

function equalLists(a: ListValue, b: ListValue): boolean | null {
  if (a.type !== b.type) return a.type === "iterator" || b.type === "iterator" ? null : false;
  const [left, right] = [listItems(a), listItems(b)];
  if (!left || !right || a.type === "set") return null;
  if (left.length !== right.length) return false;
  let result: boolean | null = true;
  for (const [at, item] of left.entries()) {
    const same = isEqual(item, right[at]!);
    if (same === false) return false;
    if (same === null) result = null;
  }
  return result;
}

function contains(run: Run, container: Value, item: Value): boolean | null {
  if (container.kind === "string" && item.kind === "string") return container.value.includes(item.value);
  if (container.kind === "dict") {
    const key = keyOf(item);
    if (key === null) return null;
    if (entryOf(container, key) !== undefined && !isOpen(container)) return true;
    return isOpen(container) ? null : false;
  }
  const items = run.language.items(run, container);
  if (!items) return null;
  let result: boolean | null = false;
  for (const one of items) {
    const same = isEqual(one, item);
    if (same === true) return true;
    if (same === null) result = null;
  }
  return result;
}

function compared(operator: string, a: Value, b: Value): Value {
  const [left, right] = [asNumber(a), asNumber(b)];
  const sides: [number | string, number | string] | null =
    left && right ? [left.value, right.value] : a.kind === "string" && b.kind === "string" ? [a.value, b.value] : null;
  if (!sides) return a.kind === "list" && b.kind === "list" ? comparedLists(operator, a, b) : UNKNOWN;
  const [x, y] = sides;
  return boolean(operator === "<" ? x < y : operator === ">" ? x > y : operator === "<=" ? x <= y : x >= y);
}

/** Item by item, as versions and tuples are compared. */
function comparedLists(operator: string, a: ListValue, b: ListValue): Value {
  const [left, right] = [listItems(a), listItems(b)];
  if (!left || !right) return UNKNOWN;
  for (let at = 0; at < Math.min(left.length, right.length); at++) {
    const same = isEqual(left[at]!, right[at]!);
    if (same === null) return UNKNOWN;
    if (!same) return compared(operator, left[at]!, right[at]!);
  }
  return compared(operator, number(left.length), number(right.length));
}

function arithmetic(operator: string, a: Value, b: Value): Value {
  const [left, right] = [asNumber(a), asNumber(b)];
  if (left && right) return ofNumbers(operator, left, right);
  if (operator === "+") {
    if (a.kind === "string" && b.kind === "string") return text(a.value + b.value);
    if (a.kind === "list" && b.kind === "list" && a.type === b.type) {
      const [x, y] = [listItems(a), listItems(b)];
      return listOf(a.type, x && y && x.length + y.length <= MOST_ITEMS ? [...x, ...y] : null);
    }
  }
  if (operator === "*") {
    if (right && (a.kind === "list" || a.kind === "string")) return repeated(a, right);
    if (left && (b.kind === "list" || b.kind === "string")) return repeated(b, left);
  }
  if (operator === "%" && a.kind === "string") return percent(a.value, b);
  return UNKNOWN;
}

function repeated(value: Value, times: NumberValue): Value {
  const count = Math.max(0, Math.floor(times.value));
  if (value.kind === "string")
    return value.value.length * count <= MOST_TEXT ? string(value.value.repeat(count)) : UNKNOWN;
  if (value.kind !== "list") return UNKNOWN;
  const items = listItems(value);
  if (!items || items.length * count > MOST_ITEMS) return listOf(value.type, null);
  return listOf(
    value.type,
    Array.from({ length: count }).flatMap(() => items),
  );
}

const text = (value: string): Value => (value.length <= MOST_TEXT ? string(value) : UNKNOWN);

function ofNumbers(operator: string, left: NumberValue, right: NumberValue): Value {
  const [a, b] = [left.value, right.value];
  const isFloat = left.isFloat || right.isFloat;
  const made = (value: number, float = isFloat): Value =>
    Number.isNaN(value) || (!float && !Number.isSafeInteger(value)) ? UNKNOWN : number(value, float);
  switch (operator) {
    case "+":
      return made(a + b);
    case "-":
      return made(a - b);
    case "*":
      return made(a * b);
    case "/":
      return b === 0 ? UNKNOWN : made(a / b, true);
    case "//":
      return b === 0 ? UNKNOWN : made(Math.floor(a / b));
    case "%":
      return b === 0 ? UNKNOWN : made(a - b * Math.floor(a / b));
    case "**":
      return made(a ** b, isFloat || b < 0);
    case "&":
    case "|":
    case "^":
    case "<<":
    case ">>":
      return bits(operator, a, b);
    default:
      return UNKNOWN;
  }
}

function bits(operator: string, a: number, b: number): Value {
  if (!Number.isSafeInteger(a) || !Number.isSafeInteger(b) || b < 0 || (operator === "<<" && b > 60)) return UNKNOWN;
  const [x, y] = [BigInt(a), BigInt(b)];
  const result =
    operator === "&"
      ? x & y
      : operator === "|"
        ? x | y
        : operator === "^"
          ? x ^ y
          : operator === "<<"
            ? x << y
            : x >> y;
  const value = Number(result);
  return Number.isSafeInteger(value) ? number(value, false) : UNKNOWN;
}

export function unary(operator: string, value: Value): Value {
  const operand = asNumber(value);
  if (!operand) return UNKNOWN;
  if (operator === "-") return number(-operand.value, operand.isFloat);
  if (operator === "+") return operand;
  return operator === "~" && !operand.isFloat ? number(-operand.value - 1, false) : UNKNOWN;
}

/** `"%d x %s" % (a, b)`: the plain forms. */
function percent(form: string, value: Value): Value {
  const given = value.kind === "list" && value.type === "tuple" ? listItems(value) : [value];
  if (!given) return UNKNOWN;
  let at = 0;
  let known = true;
  const made = form.replace(/%(%|(?:0?\d*)?(?:\.\d+)?[sdifgr])/g, (_, kind: string) => {
    if (kind === "%") return "%";
    const one = given[at++];
    const said = one && textOf(one);
    if (said === null || said === undefined || !/^[sd]$/.test(kind)) known = false;
    return said ?? "";
  });
  return known && at === given.length ? text(made) : UNKNOWN;
}

/** `str(value)`; null where it is not known. */
export function textOf(value: Value): string | null {
  switch (value.kind) {
    case "string":
      return value.value;
    case "number":
      return numberText(value);
    case "boolean":
      return value.value ? "True" : "False";
    case "none":
      return "None";
    default:
      return null;
  }
}

function numberText({ value, isFloat }: NumberValue): string | null {
  if (!isFloat) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`;
  return Math.abs(value) >= 1e-4 && Math.abs(value) < 1e16 ? String(value) : null;
}
