// Python's statements as code. Knows the grammar's node names, not what any name stands for.
import type { Node, TreeCursor } from "web-tree-sitter";
import type { ClassCode, Expression, FunctionCode, Statement, Target } from "../code";
import { childIn, ownText, readSyntax, type Syntax } from "../syntax";
import {
  callArguments,
  expected,
  expression,
  optional,
  parametersOf,
  partsOf,
  tupleOf,
  unread,
} from "./lowerExpressions";
import { importStatements } from "./lowerImports";
import { matchStatements } from "./lowerMatch";
import { gap, isTorn, isUnread, localsOf, newScope, type Scope, SIGHT, unreadable } from "./lowerScope";
import { target } from "./lowerTargets";

/**
 * A statement, or all of a module, where a cursor stands. Offsets in the code count from `offset`, where `text` begins; it reaches
 * as far as the node.
 */
export function lowerPythonAt(
  cursor: TreeCursor,
  language: Node["tree"]["language"],
  text: string,
  offset: number,
): Statement[] {
  const own = ownText(text, 0, text.length);
  const syntax = readSyntax(cursor, language, SIGHT, own, offset);
  const scope = newScope(own);
  return syntax.type === "module" ? statements(syntax.children, scope) : statements([syntax], scope);
}

export function statements(nodes: readonly Syntax[], scope: Scope): Statement[] {
  const lowered: Statement[] = [];
  for (const node of nodes) addStatement(node, scope, lowered);
  return lowered;
}

export const bodyOf = (node: Syntax | undefined, scope: Scope): Statement[] =>
  node ? statements(node.children, scope) : [];

type Lower = (node: Syntax, scope: Scope, into: Statement[]) => void;

function addStatement(node: Syntax, scope: Scope, into: Statement[]): void {
  const lower = STATEMENTS[node.type];
  if (node.type === "ERROR") addError(node, scope, into);
  else if (lower) lower(node, scope, into);
  else into.push({ kind: "expression", start: node.start, end: node.end, value: unread(node, scope) });
}

/** The statements in broken text; the rest is unreadable, and a name that seems to get a value in it gets an unknown one. */
function addError(node: Syntax, scope: Scope, into: Statement[]): void {
  let rest: Expression[] = [];
  let start = node.start;
  const flush = (end: number) => {
    if (rest.length > 0) into.push({ kind: "expression", start, end, value: unreadable({ start, end }, rest) });
    rest = [];
  };
  for (const child of node.children) {
    const isAssigned = child.type === "identifier" && /^\s*=(?!=)/.test(gap(scope, child.end, child.end + 80));
    const name = isAssigned ? child : child.type === "keyword_argument" ? childIn(child, "name") : undefined;
    if (STATEMENTS[child.type] || child.type === "ERROR") {
      flush(child.start);
      addStatement(child, scope, into);
      start = child.end;
    } else if (name) {
      flush(child.start);
      assign(child, [target(name, scope)], unreadable(child, isAssigned ? [] : partsOf(child, scope).slice(1)), into);
      start = child.end;
    } else {
      if (rest.length === 0) start = child.start;
      rest.push(...partsOf({ ...node, children: [child] }, scope));
    }
  }
  flush(node.end);
  if (node.children.length === 0)
    into.push({ kind: "expression", start: node.start, end: node.end, value: unreadable(node) });
}

const simple =
  (kind: "pass" | "break" | "continue"): Lower =>
  ({ start, end }, _, into) => {
    into.push({ kind, start, end });
  };

const namesOf =
  (kind: "global" | "nonlocal"): Lower =>
  ({ start, end, children }, scope, into) => {
    const names = children.filter(({ type }) => type === "identifier").map(({ text }) => text);
    for (const name of names) scope.foreign.add(name);
    into.push({ kind, start, end, names });
  };

const STATEMENTS: Readonly<Record<string, Lower>> = {
  expression_statement: addExpression,
  pass_statement: simple("pass"),
  break_statement: simple("break"),
  continue_statement: simple("continue"),
  global_statement: namesOf("global"),
  nonlocal_statement: namesOf("nonlocal"),
  import_statement: importStatements,
  import_from_statement: importStatements,
  future_import_statement: importStatements,
  return_statement: (node, scope, into) => {
    const { start, end, children } = node;
    const value = node.isBroken ? unread(node, scope) : children.length > 0 ? tupleOf(children, end, scope) : null;
    into.push({ kind: "return", start, end, value });
  },
  raise_statement: (node, scope, into) => {
    const { start, end } = node;
    into.push({
      kind: "raise",
      start,
      end,
      value: optional(
        node.children.find((child) => child.field !== "cause"),
        scope,
      ),
    });
  },
  assert_statement: (node, scope, into) => {
    const { start, end } = node;
    into.push({ kind: "assert", start, end, test: expected(node.children[0], node, scope) });
  },
  delete_statement: (node, scope, into) => {
    const { start, end } = node;
    into.push({ kind: "delete", start, end, targets: node.children.flatMap((child) => deleted(child, scope)) });
  },
  if_statement: (node, scope, into) => {
    const { start, end } = node;
    const test = headOf(node, "condition", scope);
    const then = bodyOf(childIn(node, "consequence"), scope);
    const branches = node.children
      .filter((child) => child.field === "alternative")
      .map((child) => ({
        start: child.start,
        test: child.type === "elif_clause" ? headOf(child, "condition", scope) : null,
        body: bodyOf(childIn(child, child.type === "elif_clause" ? "consequence" : "body"), scope),
      }));
    const otherwise = chained(branches, end);
    into.push({ kind: "if", start, end, test, then, otherwise });
  },
  while_statement: (node, scope, into) => {
    const { start, end } = node;
    into.push({
      kind: "while",
      start,
      end,
      first: [],
      test: headOf(node, "condition", scope),
      after: null,
      body: bodyOf(childIn(node, "body"), scope),
      otherwise: alternative(node, scope),
    });
  },
  for_statement: (node, scope, into) => {
    const { start, end } = node;
    const left = childIn(node, "left");
    const iterable = headOf(node, "right", scope);
    into.push({
      kind: "for",
      start,
      end,
      target: left ? target(left, scope) : unreadable({ start, end: start }),
      iterable,
      body: bodyOf(childIn(node, "body"), scope),
      otherwise: alternative(node, scope),
    });
  },
  with_statement: (node, scope, into) => {
    const { start, end } = node;
    const clause = node.children.find((child) => child.type === "with_clause");
    const items = (clause?.children ?? [])
      .filter((child) => child.type === "with_item")
      .map((child) => withItem(child, scope));
    into.push({ kind: "with", start, end, items, body: bodyOf(childIn(node, "body"), scope) });
  },
  try_statement: addTry,
  match_statement: matchStatements,
  function_definition: (node, scope, into) => addFunction(node, [], scope, into),
  class_definition: (node, scope, into) => addClass(node, [], scope, into),
  decorated_definition: (node, scope, into) => {
    const definition = childIn(node, "definition");
    const decorators = node.children
      .filter((child) => child.type === "decorator")
      .map((child) => expected(child.children[0], child, scope));
    if (definition?.type === "function_definition") addFunction(definition, decorators, scope, into, node);
    else if (definition?.type === "class_definition") addClass(definition, decorators, scope, into, node);
  },
  type_alias_statement: (node, _, into) => {
    // `type X[T] = …`: the name stands for nothing that we read.
    const name = /^\w+/.exec(childIn(node, "left")?.text ?? "")?.[0];
    if (name) assign(node, [{ kind: "name", start: node.start, end: node.end, name }], unreadable(node), into);
  },
};

function addExpression(node: Syntax, scope: Scope, into: Statement[]): void {
  const { start, end, children } = node;
  const [first] = children;
  if (!first) return;
  if (node.isBroken) {
    for (const child of children) {
      if (isUnread(child)) addError(child, scope, into);
      else
        into.push({
          kind: "expression",
          start: child.start,
          end: child.end,
          value: unreadable(child, [expression(child, scope)]),
        });
    }
  } else if (first.type === "assignment") addAssignment(first, scope, into);
  else if (first.type === "augmented_assignment") addAugmented(first, scope, into);
  else if (isTorn(first, scope))
    into.push({ kind: "expression", start, end, value: unreadable(node, partsOf(node, scope)) });
  else into.push({ kind: "expression", start, end, value: tupleOf(children, end, scope) });
}

function assign(
  node: { start: number; end: number },
  targets: Target[],
  value: Expression | null,
  into: Statement[],
  annotation?: string,
): void {
  const { start, end } = node;
  into.push({ kind: "assign", start, end, targets, value, ...(annotation === undefined ? {} : { annotation }) });
}

/** `a = b = value`, `a: T = value`, `a: T`. */
function addAssignment(node: Syntax, scope: Scope, into: Statement[]): void {
  const targets: Target[] = [];
  let annotation: string | undefined;
  let isReadable = true;
  let at = node;
  for (;;) {
    const left = childIn(at, "left");
    if (at.isBroken) isReadable = false;
    if (left?.type === "attribute" && isTorn(left, scope)) {
      // `model.` and, in the next line, `x = 1`.
      const [object, name] = left.children;
      if (object)
        into.push({
          kind: "expression",
          start: object.start,
          end: object.end,
          value: unreadable(object, [expression(object, scope)]),
        });
      if (name) targets.push(target(name, scope));
    } else if (left) targets.push(target(left, scope));
    annotation ??= childIn(at, "type")?.text;
    const right = childIn(at, "right");
    // The grammar reads on where a line ends without a value.
    const isTornOff = right !== undefined && /[\r\n]/.test(joined(gap(scope, left?.end ?? at.start, right.start)));
    if (!right || isTornOff || at.isBroken) {
      const value = !right && isReadable ? null : unreadable(at, at.isBroken ? partsOf(at, scope).slice(1) : []);
      assign({ start: node.start, end: isTornOff ? at.start : at.end }, targets, value, into, annotation);
      if (isTornOff && !at.isBroken)
        addExpression({ ...node, start: right.start, children: [right], isBroken: false }, scope, into);
      return;
    }
    if (right.type !== "assignment") {
      const lowered = right.type === "augmented_assignment" ? unread(right, scope) : expression(right, scope);
      const value = isReadable && !isTorn(right, scope) ? lowered : unreadable(right, [lowered]);
      assign(node, targets, value, into, annotation);
      return;
    }
    at = right;
  }
}

function addAugmented(node: Syntax, scope: Scope, into: Statement[]): void {
  const { start, end } = node;
  const left = childIn(node, "left");
  const right = childIn(node, "right");
  if (!left || !right) return void into.push({ kind: "expression", start, end, value: unread(node, scope) });
  const lowered = expression(right, scope);
  const value = node.isBroken || isTorn(node, scope) ? unreadable(right, [lowered]) : lowered;
  const operator = (node.marks[0] ?? "").slice(0, -1);
  into.push({
    kind: "expression",
    start,
    end,
    value: { kind: "assignment", start, end, target: target(left, scope), operator, value },
  });
}

/** Lines that a backslash joins. */
const joined = (text: string): string => text.replace(/\\\r?\n/g, "");

function deleted(node: Syntax, scope: Scope): Target[] {
  const several = ["expression_list", "tuple", "list", "parenthesized_expression"].includes(node.type);
  return several ? node.children.flatMap((child) => deleted(child, scope)) : [target(node, scope)];
}

export interface Branch {
  readonly start: number;
  /** Null where it is always taken. */
  readonly test: Expression | null;
  readonly body: readonly Statement[];
}

const MAX_BRANCHES = 200;

/** Branches of which one is taken, each in the one before. After very many any of those that are left may be taken. */
export function chained(branches: readonly Branch[], end: number): readonly Statement[] {
  const late = branches.slice(MAX_BRANCHES);
  // biome-ignore-start lint/suspicious/noThenProperty: the branch of a condition; code is never awaited.
  let otherwise: readonly Statement[] = late.map(({ start, test, body }) => {
    const unknown = unreadable({ start, end: start }, test ? [test] : []);
    return { kind: "if", start, end, test: unknown, then: body, otherwise: [] };
  });
  for (const { start, test, body } of branches.slice(0, MAX_BRANCHES).reverse())
    otherwise = test ? [{ kind: "if", start, end, test, then: body, otherwise }] : body;
  // biome-ignore-end lint/suspicious/noThenProperty: as above.
  return otherwise;
}

/** A statement's condition or iterable; unreadable where something about the statement is. */
function headOf(node: Syntax, field: string, scope: Scope): Expression {
  const value = expected(childIn(node, field), node, scope);
  return node.isBroken ? unreadable(value, [value]) : value;
}

function alternative(node: Syntax, scope: Scope): Statement[] {
  const clause = childIn(node, "alternative");
  return bodyOf(clause && childIn(clause, "body"), scope);
}

function withItem(node: Syntax, scope: Scope): { value: Expression; target: Target | null } {
  const value = childIn(node, "value");
  if (value?.type !== "as_pattern") return { value: expected(value, node, scope), target: null };
  const alias = childIn(value, "alias");
  return {
    value: expected(
      value.children.find((child) => child.field !== "alias"),
      value,
      scope,
    ),
    target: alias ? target(alias, scope) : null,
  };
}

function addTry(node: Syntax, scope: Scope, into: Statement[]): void {
  const { start, end } = node;
  const body = bodyOf(childIn(node, "body"), scope);
  const clauses = (type: string) => node.children.filter((child) => child.type === type);
  const block = (child: Syntax) => child.children.find((one) => one.type === "block");
  const handlers = clauses("except_clause").map((child) => {
    const values = child.children.filter((one) => one.field === "value");
    const [first] = values;
    const pattern = first?.type === "as_pattern" ? first : undefined;
    const type = pattern
      ? optional(pattern.children[0], scope)
      : first
        ? tupleOf(values, values.at(-1)!.end, scope)
        : null;
    const alias = childIn(pattern ?? child, "alias");
    return { type, target: alias ? target(alias, scope) : null, body: bodyOf(block(child), scope) };
  });
  const [otherwise] = clauses("else_clause");
  const [last] = clauses("finally_clause");
  into.push({
    kind: "try",
    start,
    end,
    body,
    handlers,
    otherwise: bodyOf(otherwise && childIn(otherwise, "body"), scope),
    finally: bodyOf(last && block(last), scope),
  });
}

function addFunction(node: Syntax, decorators: Expression[], around: Scope, into: Statement[], whole = node): void {
  const name = childIn(node, "name");
  const list = childIn(node, "parameters");
  const parameters = list ? parametersOf(list, around) : [];
  const scope = newScope(around.text);
  const body: Statement[] = [];
  // What is broken between the head and the body stays with the body.
  for (const child of node.children) if (child.type === "ERROR") addError(child, scope, body);
  body.push(...bodyOf(childIn(node, "body"), scope));
  if (name) around.names.add(name.text);
  const code: FunctionCode = {
    kind: "function",
    start: node.start,
    end: node.end,
    name: name?.text ?? "",
    nameSpan: { start: name?.start ?? node.start, end: name?.end ?? node.start },
    parameters,
    body,
    isAsync: node.marks.includes("async"),
    isGenerator: scope.yields,
    isArrow: false,
    decorators,
    locals: localsOf(scope),
  };
  into.push({ kind: "function-definition", start: whole.start, end: whole.end, function: code, declares: "function" });
}

function addClass(node: Syntax, decorators: Expression[], around: Scope, into: Statement[], whole = node): void {
  const name = childIn(node, "name");
  const list = childIn(node, "superclasses");
  const bases = list ? callArguments(list, around) : [];
  const body = bodyOf(childIn(node, "body"), newScope(around.text));
  if (name) around.names.add(name.text);
  const code: ClassCode = {
    kind: "class",
    start: node.start,
    end: node.end,
    name: name?.text ?? "",
    nameSpan: { start: name?.start ?? node.start, end: name?.end ?? node.start },
    bases,
    body,
    members: [],
    decorators,
  };
  into.push({ kind: "class-definition", start: whole.start, end: whole.end, class: code });
}
