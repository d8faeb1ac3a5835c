// JavaScript's functions as code: declarations, expressions, arrows and methods. Knows the grammars' node names.
import type { Expression, FunctionCode, Parameter, Statement } from "../code";
import { childIn, type Syntax } from "../syntax";
import { addError, statements } from "./lower";
import { expected } from "./lowerExpressions";
import { type Source, unreadable } from "./lowerSight";
import { target } from "./lowerTargets";

export function functionCode(node: Syntax, source: Source, decorators: readonly Expression[] = []): FunctionCode {
  const name = childIn(node, "name");
  const body = childIn(node, "body");
  const list = childIn(node, "parameters");
  const single = childIn(node, "parameter");
  const given = (single ? [single] : (list?.children ?? [])).filter((one) => !isThisType(one));
  return {
    kind: "function",
    start: node.start,
    end: node.end,
    name: name?.text ?? "",
    nameSpan: { start: name?.start ?? node.start, end: name?.end ?? node.start },
    parameters: given.filter(({ type }) => type !== "ERROR").map((one) => parameter(one, source)),
    body: [...brokenIn(node, source), ...bodyOf(node, body, given, source)],
    isAsync: node.marks.includes("async"),
    isGenerator: node.marks.includes("*"),
    isArrow: node.type === "arrow_function",
    decorators,
    locals: [],
  };
}

/** What is broken between the head and the body stays with the body. */
function brokenIn(node: Syntax, source: Source): Statement[] {
  const lowered: Statement[] = [];
  if (node.isBroken) for (const child of node.children) if (child.type === "ERROR") addError(child, source, lowered);
  return lowered;
}

function bodyOf(node: Syntax, body: Syntax | undefined, given: readonly Syntax[], source: Source): Statement[] {
  if (!body) return [];
  if (body.type !== "statement_block") {
    const value = expected(body, node, source);
    return [{ kind: "return", start: value.start, end: value.end, value }];
  }
  const lowered = statements(body.children, source);
  const fields = given.flatMap((one) => parameterProperty(one));
  if (fields.length === 0) return lowered;
  // TypeScript sets them when the base class is made.
  const first = lowered.findIndex(
    (one) => one.kind === "expression" && one.value.kind === "call" && one.value.callee.kind === "super",
  );
  return [...lowered.slice(0, first + 1), ...fields, ...lowered.slice(first + 1)];
}

/** TypeScript's `this: T` is no parameter. */
const isThisType = (node: Syntax) => childIn(node, "pattern")?.type === "this";

function parameter(node: Syntax, source: Source): Parameter {
  const { start, end } = node;
  // TypeScript wraps them.
  const pattern = childIn(node, "pattern") ?? childIn(node, "name");
  const type = childIn(node, "type");
  const annotation = type ? { annotation: type.text.replace(/^:\s*/, "") } : {};
  const value = childIn(node, "value") ?? (node.type === "assignment_pattern" ? childIn(node, "right") : undefined);
  const left = pattern ?? (node.type === "assignment_pattern" ? (childIn(node, "left") ?? node) : node);
  const rest = left.type === "rest_pattern" ? left.children[0] : undefined;
  return {
    start,
    end,
    target: target(rest ?? left, source),
    default: value ? expected(value, node, source) : null,
    ...(rest ? { rest: "items" as const } : {}),
    ...annotation,
  };
}

/** `constructor(private x: T)` sets the field x. */
function parameterProperty(node: Syntax): Statement[] {
  const isProperty =
    node.marks.includes("readonly") || node.children.some((one) => one.type === "accessibility_modifier");
  const pattern = isProperty ? childIn(node, "pattern") : undefined;
  if (pattern?.type !== "identifier") return [];
  const { start, end, text } = pattern;
  const span = { start, end };
  return [
    {
      kind: "expression",
      ...span,
      value: {
        kind: "assignment",
        ...span,
        target: { kind: "attribute", ...span, object: { kind: "this", ...span }, name: text, nameSpan: span },
        value: { kind: "name", ...span, name: text },
      },
    },
  ];
}

/** A function of statements that runs at once, where a class has a block. */
export function runAtOnce(node: Syntax, body: readonly Statement[]): Expression {
  const { start, end } = node;
  const callee: FunctionCode = {
    kind: "function",
    start,
    end,
    name: "",
    nameSpan: { start, end: start },
    parameters: [],
    body,
    isAsync: false,
    isGenerator: false,
    isArrow: true,
    decorators: [],
    locals: [],
  };
  return body.length === 0 ? unreadable(node) : { kind: "call", start, end, callee, arguments: [] };
}
