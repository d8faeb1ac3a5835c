// Python's match statement as a chain of conditions. What a pattern takes apart (sequences, mappings, classes) is unreadable: such a case may
// or may not be taken, and its names are unknown.
import type { Expression, Statement } from "../code";
import { childIn, type Syntax } from "../syntax";
import { bodyOf, chained } from "./lower";
import { expected, expression } from "./lowerExpressions";
import { gap, type Scope, unreadable } from "./lowerScope";

/** Holds the subject. No name of Python's can be it. */
const SUBJECT = "(match)";

interface Pattern {
  /** Null where it always fits. */
  test: Expression | null;
  bindings: { node: Syntax; value: Expression }[];
}

export function matchStatements(node: Syntax, scope: Scope, into: Statement[]): void {
  const { start, end } = node;
  const subjects = node.children.filter((child) => child.field === "subject");
  const [first] = subjects;
  const value: Expression =
    first && subjects.length === 1 && !gap(scope, first.end, childIn(node, "body")?.start ?? end).includes(",")
      ? expression(first, scope)
      : {
          kind: "tuple",
          start,
          end: subjects.at(-1)?.end ?? end,
          items: subjects.map((one) => expression(one, scope)),
        };
  scope.names.add(SUBJECT);
  into.push({
    kind: "assign",
    start,
    end: value.end,
    targets: [{ kind: "name", start, end: start, name: SUBJECT }],
    value,
  });
  const cases = (childIn(node, "body")?.children ?? []).filter((child) => child.type === "case_clause");
  const branches = cases.map((clause) => ({
    start: clause.start,
    test: caseOf(clause, scope),
    body: bodyOf(childIn(clause, "consequence"), scope),
  }));
  into.push(...chained(branches, end));
}

/** When a case is taken. */
function caseOf(clause: Syntax, scope: Scope): Expression {
  const patterns = clause.children.filter((child) => child.type === "case_pattern");
  const whole: Pattern = patterns.length === 1 ? pattern(patterns[0]!, scope) : takenApart(clause, patterns);
  const guardClause = childIn(clause, "guard");
  const { start, end } = { start: clause.start, end: (guardClause ?? patterns.at(-1) ?? clause).end };
  const always: Expression = { kind: "constant", start, end, value: true };
  for (const { node } of whole.bindings) scope.names.add(node.text);
  const guard = guardClause ? expected(guardClause.children[0], guardClause, scope) : null;
  // The names are bound when the pattern fits, before the guard is asked.
  const bound: Expression[] = whole.bindings.map(({ node, value }) => ({
    kind: "assignment",
    start: node.start,
    end: node.end,
    target: { kind: "name", start: node.start, end: node.end, name: node.text },
    value,
  }));
  const then: Expression | null =
    bound.length > 0 ? { kind: "several", start, end, values: [...bound, guard ?? always] } : guard;
  if (!whole.test) return then ?? always;
  return then ? { kind: "logical", start, end, operator: "and", left: whole.test, right: then } : whole.test;
}

const subject = ({ start, end }: Syntax): Expression => ({ kind: "name", start, end, name: SUBJECT });

const compared = (node: Syntax, operator: string, right: Expression): Expression => ({
  kind: "binary",
  start: node.start,
  end: node.end,
  operator,
  left: subject(node),
  right,
});

function pattern(node: Syntax, scope: Scope): Pattern {
  switch (node.type) {
    case "case_pattern": {
      const inner = node.children[0];
      if (!inner)
        return scope.text.slice(node.start, node.end) === "_" ? { test: null, bindings: [] } : takenApart(node, []);
      if (node.children.length > 1) return takenApart(node, node.children);
      if (node.marks.includes("-")) {
        const value: Expression = {
          kind: "unary",
          start: node.start,
          end: node.end,
          operator: "-",
          value: expression(inner, scope),
        };
        return { test: compared(node, "==", value), bindings: [] };
      }
      return pattern(inner, scope);
    }
    case "integer":
    case "float":
    case "string":
    case "concatenated_string":
      return { test: compared(node, "==", expression(node, scope)), bindings: [] };
    case "true":
    case "false":
    case "none":
      return { test: compared(node, "is", expression(node, scope)), bindings: [] };
    case "dotted_name":
      return node.text.includes(".")
        ? { test: compared(node, "==", dotted(node)), bindings: [] }
        : { test: null, bindings: [{ node, value: subject(node) }] };
    case "union_pattern": {
      // A dotted name among others has one kind of node, a minus sign another: what is not plain is taken apart.
      const parts = node.children.map((child) => pattern(child, scope));
      if (node.marks.includes("-") || parts.some(({ test, bindings }) => !test || bindings.length > 0))
        return takenApart(node, node.children);
      const test = parts
        .map((part) => part.test!)
        .reduce((left, right) => ({
          kind: "logical",
          start: left.start,
          end: right.end,
          operator: "or",
          left,
          right,
        }));
      return { test, bindings: [] };
    }
    case "as_pattern": {
      const [inner, name] = node.children;
      if (inner && name?.type === "identifier") {
        const { test, bindings } = pattern(inner, scope);
        return { test, bindings: [...bindings, { node: name, value: subject(name) }] };
      }
    }
  }
  return takenApart(node, [node]);
}

/** `a.b.c` */
function dotted(node: Syntax): Expression {
  let { start } = node;
  let value: Expression | null = null;
  for (const name of node.text.split(".")) {
    const end = start + name.length;
    value = value
      ? { kind: "attribute", start: node.start, end, object: value, name: name.trim(), nameSpan: { start, end } }
      : { kind: "name", start, end, name: name.trim() };
    start = end + 1;
  }
  return value!;
}

function takenApart(node: Syntax, parts: readonly Syntax[]): Pattern {
  const names = parts.flatMap((part) => captures(part));
  return {
    test: unreadable(node, [subject(node)]),
    bindings: names.filter((name) => name.text !== "_").map((name) => ({ node: name, value: unreadable(name) })),
  };
}

/** The names that a pattern binds. */
function captures(node: Syntax): Syntax[] {
  switch (node.type) {
    case "dotted_name":
      return node.text.includes(".") ? [] : [node];
    case "identifier":
      return [node];
    // The class's name and a keyword's are no captures.
    case "class_pattern":
    case "keyword_pattern":
      return node.children.slice(1).flatMap((child) => captures(child));
    default:
      return node.children.flatMap((child) => captures(child));
  }
}
