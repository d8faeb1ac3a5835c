// JavaScript's and TypeScript's statements as code. Knows the grammars' node names, not what any name stands for. Types are left out.
import type { Node, TreeCursor } from "web-tree-sitter";
import type { Expression, Scope, Statement } from "../code";
import { childIn, ownText, readSyntax, type Syntax } from "../syntax";
import { classCode, decorator } from "./lowerClasses";
import { expected, expression, optional, partsOf, unread } from "./lowerExpressions";
import { functionCode } from "./lowerFunctions";
import { addAlias, addExport, addImport } from "./lowerModules";
import { gap, isUnread, SIGHT, type Source, unreadable } from "./lowerSight";
import { target } from "./lowerTargets";

/**
 * A statement, or all of a program, where a cursor stands. Offsets in the code count from `offset`, where `text` begins; it reaches
 * as far as the node.
 */
export function lowerJavaScriptAt(
  cursor: TreeCursor,
  language: Node["tree"]["language"],
  text: string,
  offset: number,
): Statement[] {
  const source = { text: ownText(text, 0, text.length) };
  const syntax = readSyntax(cursor, language, SIGHT, source.text, offset);
  return statements(syntax.type === "program" ? syntax.children : [syntax], source);
}

export function statements(nodes: readonly Syntax[], source: Source): Statement[] {
  const lowered: Statement[] = [];
  let decorators: Expression[] = [];
  for (const node of nodes) {
    if (node.type === "decorator") decorators.push(decorator(node, source));
    else {
      addStatement(node, source, lowered, decorators);
      decorators = [];
    }
  }
  return lowered;
}

/** A block's statements, or the one that stands without a block. */
export const bodyOf = (node: Syntax | undefined, source: Source): Statement[] =>
  node ? statements(node.type === "statement_block" ? node.children : [node], source) : [];

type Lower = (node: Syntax, source: Source, into: Statement[], decorators: readonly Expression[]) => void;

export function addStatement(
  node: Syntax,
  source: Source,
  into: Statement[],
  decorators: readonly Expression[] = [],
): void {
  const lower = STATEMENTS[node.type];
  if (node.type === "ERROR") addError(node, source, into);
  else if (lower) lower(node, source, into, decorators);
  else into.push({ kind: "expression", start: node.start, end: node.end, value: unread(node, source) });
}

/** The statements in broken text; the rest is unreadable, and a name that seems to get a value in it gets an unknown one. */
export function addError(node: Syntax, source: Source, into: Statement[]): void {
  let rest: Expression[] = [];
  let start = node.start;
  const flush = (end: number) => {
    if (rest.length > 0) into.push({ kind: "expression", start, end, value: unreadable({ start, end }, rest) });
    rest = [];
  };
  for (const child of node.children) {
    const isAssigned = child.type === "identifier" && /^\s*=(?![=>])/.test(gap(source, child.end, child.end + 80));
    if (STATEMENTS[child.type] || child.type === "ERROR") {
      flush(child.start);
      addStatement(child, source, into);
      start = child.end;
    } else if (isAssigned) {
      flush(child.start);
      const { start: from, end } = child;
      into.push({ kind: "assign", start: from, end, targets: [target(child, source)], value: unreadable(child) });
      start = end;
    } else {
      if (rest.length === 0) start = child.start;
      rest.push(...partsOf({ ...node, children: [child] }, source));
    }
  }
  flush(node.end);
  if (node.children.length === 0)
    into.push({ kind: "expression", start: node.start, end: node.end, value: unreadable(node) });
}

const nothing: Lower = () => {};

const jump =
  (kind: "break" | "continue"): Lower =>
  (node, _, into) => {
    const label = childIn(node, "label");
    into.push({ kind, start: node.start, end: node.end, ...(label ? { label: label.text } : {}) });
  };

const defineFunction: Lower = (node, source, into) => {
  const { start, end } = node;
  into.push({
    kind: "function-definition",
    start,
    end,
    function: functionCode(node, source),
    declares: "block",
  });
};

const defineClass: Lower = (node, source, into, decorators) => {
  into.push({ kind: "class-definition", start: node.start, end: node.end, class: classCode(node, source, decorators) });
};

const STATEMENTS: Readonly<Record<string, Lower>> = {
  expression_statement: addExpression,
  lexical_declaration: addVariables,
  variable_declaration: addVariables,
  using_declaration: addVariables,
  function_declaration: defineFunction,
  generator_function_declaration: defineFunction,
  class_declaration: defineClass,
  abstract_class_declaration: defineClass,
  import_statement: addImport,
  export_statement: addExport,
  import_alias: addAlias,
  empty_statement: nothing,
  debugger_statement: nothing,
  interface_declaration: nothing,
  type_alias_declaration: nothing,
  function_signature: nothing,
  ambient_declaration: nothing,
  enum_declaration: addEnum,
  internal_module: addNamespace,
  module: addNamespace,
  break_statement: jump("break"),
  continue_statement: jump("continue"),
  statement_block: (node, source, into) => {
    into.push({ kind: "block", start: node.start, end: node.end, body: statements(node.children, source) });
  },
  labeled_statement: (node, source, into) => {
    const label = childIn(node, "label");
    const body = childIn(node, "body");
    into.push({
      kind: "block",
      start: node.start,
      end: node.end,
      body: body ? statements([body], source) : [],
      ...(label ? { label: label.text } : {}),
    });
  },
  if_statement: (node, source, into) => {
    const otherwise = childIn(node, "alternative");
    into.push({
      kind: "if",
      start: node.start,
      end: node.end,
      test: headOf(node, "condition", source),
      // biome-ignore lint/suspicious/noThenProperty: the branch of a condition; code is never awaited.
      then: bodyOf(childIn(node, "consequence"), source),
      otherwise: bodyOf(otherwise?.children[0], source),
    });
  },
  switch_statement: (node, source, into) => {
    const cases = (childIn(node, "body")?.children ?? []).flatMap((child) => {
      if (child.type !== "switch_case" && child.type !== "switch_default") return [];
      const test = child.type === "switch_case" ? expected(childIn(child, "value"), child, source) : null;
      const body = child.children.filter((one) => one.field !== "value");
      return [{ test, body: statements(body, source) }];
    });
    into.push({ kind: "switch", start: node.start, end: node.end, value: headOf(node, "value", source), cases });
  },
  for_statement: addFor,
  for_in_statement: addForIn,
  while_statement: (node, source, into) => into.push(loop(node, source, {})),
  do_statement: (node, source, into) => into.push(loop(node, source, { isDo: true })),
  return_statement: (node, source, into) => {
    const { start, end, children } = node;
    const value = node.isBroken ? unread(node, source) : optional(children[0], source);
    into.push({ kind: "return", start, end, value });
  },
  throw_statement: (node, source, into) => {
    into.push({ kind: "raise", start: node.start, end: node.end, value: optional(node.children[0], source) });
  },
  try_statement: (node, source, into) => {
    const handler = childIn(node, "handler");
    const parameter = handler && childIn(handler, "parameter");
    const finalizer = childIn(node, "finalizer");
    const body = handler && childIn(handler, "body");
    into.push({
      kind: "try",
      start: node.start,
      end: node.end,
      body: bodyOf(childIn(node, "body"), source),
      handlers: handler
        ? [{ type: null, target: parameter ? target(parameter, source) : null, body: bodyOf(body, source) }]
        : [],
      otherwise: [],
      finally: bodyOf(finalizer && childIn(finalizer, "body"), source),
    });
  },
  // `with (o) …`: any name in it may be a property of o.
  with_statement: (node, source, into) => {
    into.push({ kind: "expression", start: node.start, end: node.end, value: unread(node, source) });
  },
};

/** A statement's condition; unreadable where something about the statement is. */
function headOf(node: Syntax, field: string, source: Source): Expression {
  const value = expected(childIn(node, field), node, source);
  return node.isBroken ? unreadable(value, [value]) : value;
}

function addExpression(node: Syntax, source: Source, into: Statement[]): void {
  const { start, end, children } = node;
  const [first] = children;
  if (!first) return;
  // TypeScript's grammar has namespaces among the expressions.
  if (first.type === "internal_module") {
    addStatement(first, source, into);
    return;
  }
  if (!node.isBroken) {
    into.push({ kind: "expression", start, end, value: expression(first, source) });
    return;
  }
  for (const child of children) {
    if (isUnread(child)) addError(child, source, into);
    else {
      const value = unreadable(child, [expression(child, source)]);
      into.push({ kind: "expression", start: child.start, end: child.end, value });
    }
  }
}

const scopeOf = (node: Syntax): Scope => (node.marks.includes("var") ? "function" : "block");

function addVariables(node: Syntax, source: Source, into: Statement[]): void {
  const declares = scopeOf(node);
  for (const child of node.children) {
    if (child.type === "ERROR") addError(child, source, into);
    if (child.type !== "variable_declarator") continue;
    const name = childIn(child, "name");
    const value = optional(childIn(child, "value"), source);
    const type = childIn(child, "type");
    const isBroken = node.isBroken || child.isBroken;
    into.push({
      kind: "assign",
      start: child.start,
      end: child.end,
      targets: [name ? target(name, source) : unreadable(child)],
      value: isBroken ? unreadable(child, value ? [value] : []) : value,
      declares,
      ...(type ? { annotation: type.text.replace(/^:\s*/, "") } : {}),
    });
  }
}

function addFor(node: Syntax, source: Source, into: Statement[]): void {
  const initializer = childIn(node, "initializer");
  const condition = childIn(node, "condition");
  const increment = childIn(node, "increment");
  const isDeclaration = initializer !== undefined && STATEMENTS[initializer.type] !== undefined;
  const first: Statement[] = [];
  if (initializer && isDeclaration) addStatement(initializer, source, first);
  else if (initializer) {
    const { start, end } = initializer;
    first.push({ kind: "expression", start, end, value: expression(initializer, source) });
  }
  const test = condition && condition.type !== "empty_statement" ? headOf(node, "condition", source) : null;
  into.push({
    kind: "while",
    start: node.start,
    end: node.end,
    first,
    test: test ?? (node.isBroken ? unreadable(node) : null),
    after: optional(increment, source),
    body: bodyOf(childIn(node, "body"), source),
    otherwise: [],
  });
}

function loop(node: Syntax, source: Source, more: { isDo?: true }): Statement {
  return {
    kind: "while",
    start: node.start,
    end: node.end,
    first: [],
    test: headOf(node, "condition", source),
    after: null,
    body: bodyOf(childIn(node, "body"), source),
    otherwise: [],
    ...more,
  };
}

function addForIn(node: Syntax, source: Source, into: Statement[]): void {
  const { start, end } = node;
  const left = childIn(node, "left");
  const isDeclared = node.marks.some((mark) => ["var", "let", "const", "using"].includes(mark));
  into.push({
    kind: "for",
    start,
    end,
    target: left ? target(left, source) : unreadable(node),
    iterable: headOf(node, "right", source),
    body: bodyOf(childIn(node, "body"), source),
    otherwise: [],
    ...(isDeclared ? { declares: scopeOf(node) } : {}),
    ...(node.marks.includes("in") ? { keys: true } : {}),
  });
}

/** An enum is the object of its values; what cannot be counted is unreadable. */
function addEnum(node: Syntax, source: Source, into: Statement[]): void {
  const { start, end } = node;
  const name = childIn(node, "name");
  if (!name) return;
  let next: number | null = 0;
  const entries = (childIn(node, "body")?.children ?? []).map((child) => {
    const isAssigned = child.type === "enum_assignment";
    const given = isAssigned ? childIn(child, "value") : undefined;
    const counted: Expression =
      next === null || isUnread(child)
        ? unreadable(child)
        : { kind: "constant", start: child.start, end: child.end, value: next };
    const value = given ? expression(given, source) : counted;
    next = value.kind === "constant" && typeof value.value === "number" ? value.value + 1 : null;
    return { key: enumKey((isAssigned ? childIn(child, "name") : undefined) ?? child), value };
  });
  into.push({
    kind: "assign",
    start,
    end,
    targets: [target(name, source)],
    value: { kind: "dictionary", start, end, entries },
    declares: "block",
  });
}

const enumKey = ({ start, end, text }: Syntax): Expression => ({
  kind: "constant",
  start,
  end,
  value: text.replace(/^(['"])(.*)\1$/, "$2"),
});

/** A namespace's name stands for nothing that we read. */
function addNamespace(node: Syntax, source: Source, into: Statement[]): void {
  const { start, end } = node;
  const name = childIn(node, "name");
  if (name?.type !== "identifier") return;
  into.push({
    kind: "assign",
    start,
    end,
    targets: [target(name, source)],
    value: unreadable(node),
    declares: "block",
  });
}
