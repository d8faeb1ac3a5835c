// Operators of JavaScript on values of JavaScript. What is not certain is unknown.
import { entryOf, isOpen, keyOf, listItems } from "../lists";
import { isOther } from "../narrow";
import { boolean, isNothing, number, string, UNKNOWN, type Value } from "../value";

export function truthOf(value: Value): boolean | null {
  switch (value.kind) {
    case "boolean":
      return value.value;
    case "number":
      return value.value !== 0 && !Number.isNaN(value.value);
    case "string":
      return value.value !== "";
    case "none":
    case "undefined":
      return false;
    case "unknown":
      return value.truth ?? null;
    case "library":
      return null;
    default:
      // Every object is true.
      return true;
  }
}

export function binary(operator: string, left: Value, right: Value): Value {
  switch (operator) {
    case "===":
    case "==":
    case "!==":
    case "!=": {
      const same = isSame(left, right, operator.length === 2);
      return same === null ? UNKNOWN : boolean(same !== operator.startsWith("!"));
    }
    case "in": {
      const key = keyOf(left);
      if (right.kind !== "dict" || key === null) return UNKNOWN;
      return isOpen(right) ? UNKNOWN : boolean(entryOf(right, key) !== undefined);
    }
    case "instanceof":
      return UNKNOWN;
    default:
      return arithmetic(operator, left, right);
  }
}

function isSame(a: Value, b: Value, isLoose: boolean): boolean | null {
  if (a.kind === "unknown") return b.kind !== "unknown" && isOther(a, b) ? false : null;
  if (b.kind === "unknown") return isOther(b, a) ? false : null;
  if (isNothing(a) || isNothing(b)) return isLoose ? isNothing(a) && isNothing(b) : a.kind === b.kind;
  if ((a.kind === "number" || a.kind === "string" || a.kind === "boolean") && a.kind === b.kind)
    return a.value === (b as typeof a).value;
  if (a === b) return true;
  return isLoose || a.kind === b.kind ? null : false;
}

const numberOf = (value: Value): number | null =>
  value.kind === "number"
    ? value.value
    : value.kind === "boolean"
      ? Number(value.value)
      : value.kind === "none"
        ? 0
        : null;

function arithmetic(operator: string, left: Value, right: Value): Value {
  if (operator === "+" && (left.kind === "string" || right.kind === "string")) {
    const [a, b] = [textOf(left), textOf(right)];
    return a === null || b === null ? UNKNOWN : string(a + b);
  }
  if (left.kind === "string" && right.kind === "string" && /^[<>]=?$/.test(operator))
    return compared(operator, left.value, right.value);
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === null || b === null) return UNKNOWN;
  switch (operator) {
    case "+":
      return made(a + b);
    case "-":
      return made(a - b);
    case "*":
      return made(a * b);
    case "/":
      return made(a / b);
    case "%":
      return made(a % b);
    case "**":
      return made(a ** b);
    case "&":
      return made(a & b);
    case "|":
      return made(a | b);
    case "^":
      return made(a ^ b);
    case "<<":
      return made(a << b);
    case ">>":
      return made(a >> b);
    case ">>>":
      return made(a >>> b);
    default:
      return /^[<>]=?$/.test(operator) ? compared(operator, a, b) : UNKNOWN;
  }
}

const made = (value: number): Value => (Number.isNaN(value) ? UNKNOWN : number(value));

function compared<T extends number | string>(operator: string, a: T, b: T): Value {
  return boolean(operator === "<" ? a < b : operator === ">" ? a > b : operator === "<=" ? a <= b : a >= b);
}

export function unary(operator: string, value: Value): Value {
  if (operator === "typeof") return typeOf(value);
  if (operator === "void") return { kind: "undefined" };
  const operand = value.kind === "string" && value.value.trim() !== "" ? Number(value.value) : numberOf(value);
  if (operand === null || Number.isNaN(operand)) return UNKNOWN;
  return operator === "-"
    ? number(-operand)
    : operator === "+"
      ? number(operand)
      : operator === "~"
        ? number(~operand)
        : UNKNOWN;
}

function typeOf(value: Value): Value {
  switch (value.kind) {
    case "number":
    case "string":
    case "boolean":
    case "undefined":
      return string(value.kind);
    case "function":
    case "bound":
    case "class":
      return string("function");
    case "none":
    case "list":
    case "dict":
    case "tensor":
      return string("object");
    default:
      return UNKNOWN;
  }
}

/** `String(value)`; null where it is not known. */
export function textOf(value: Value): string | null {
  switch (value.kind) {
    case "string":
      return value.value;
    case "number":
    case "boolean":
      return String(value.value);
    case "none":
      return "null";
    case "undefined":
      return "undefined";
    case "list": {
      const texts = listItems(value)?.map((item) => (isNothing(item) ? "" : textOf(item)));
      return texts && !texts.includes(null) ? texts.join(",") : null;
    }
    default:
      return null;
  }
}
