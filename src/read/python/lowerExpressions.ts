// Python's expressions as code. Knows the grammar's node names, not what any name stands for.
import type { CallArgument, Comprehension, Expression, Item, Parameter, Spread, Statement } from "../code";
import { childIn, isBesideError, type Syntax } from "../syntax";
import {
  functionScope,
  gap,
  isUnread,
  localsOf,
  newScope,
  type Scope,
  type Unreadable,
  unreadable,
} from "./lowerScope";
import { concatenated } from "./lowerStrings";
import { target } from "./lowerTargets";
import { floatValue, integerValue } from "./lowerText";

type Lower = (node: Syntax, scope: Scope) => Expression;

export function expression(node: Syntax, scope: Scope): Expression {
  const lower = EXPRESSIONS[node.type];
  if (!lower) return unread(node, scope);
  // An ERROR among an expression's parts: what the whole is cannot be said. Lists say it of one item.
  if (node.isBroken && !LISTS.has(node.type)) return unread(node, scope);
  return lower(node, scope);
}

/** An expression that the grammar asks for and broken text may lack. */
export const expected = (node: Syntax | undefined, around: Syntax, scope: Scope): Expression =>
  node ? expression(node, scope) : unreadable({ start: around.end, end: around.end });

export const optional = (node: Syntax | undefined, scope: Scope): Expression | null =>
  node ? expression(node, scope) : null;

/** What cannot be read, with what can be read in it. */
export const unread = (node: Syntax, scope: Scope): Unreadable => unreadable(node, partsOf(node, scope));

export function partsOf(node: Syntax, scope: Scope): Expression[] {
  return node.children.flatMap((child) =>
    EXPRESSIONS[child.type] ? [expression(child, scope)] : partsOf(child, scope),
  );
}

/** One or more expressions with commas: the one, or a tuple. */
export function tupleOf(nodes: readonly Syntax[], end: number, scope: Scope): Expression {
  const first = nodes[0]!;
  const last = nodes.at(-1)!;
  const isOne = first.type === "expression_list" || scope.text[first.start] !== "*";
  if (nodes.length === 1 && isOne && !gap(scope, first.end, end).includes(",")) return expression(first, scope);
  return { kind: "tuple", start: first.start, end: last.end, items: nodes.map((node) => item(node, scope)) };
}

/** Nodes that say of an item that it cannot be read, not of themselves. */
const LISTS: ReadonlySet<string> = new Set([
  "list",
  "tuple",
  "set",
  "expression_list",
  "dictionary",
  "call",
  "parenthesized_expression",
]);

function itemsOf(node: Syntax, scope: Scope): Item[] {
  return node.children.map((child, at) => {
    const lowered = item(child, scope);
    if (!node.isBroken || lowered.kind === "spread" || !isBesideError(node.children, at, scope.text)) return lowered;
    return { kind: "spread", start: child.start, end: child.end, value: unreadable(child, [lowered]) };
  });
}

function item(node: Syntax, scope: Scope): Item {
  if (node.type === "list_splat" || node.type === "parenthesized_list_splat") return spread(node, scope);
  // How many items broken text stands for is unknown.
  if (isUnread(node)) return { kind: "spread", start: node.start, end: node.end, value: unread(node, scope) };
  if (scope.text[node.start] === "*")
    return { kind: "spread", start: node.start, end: node.end, value: expression(withoutStar(node), scope) };
  return expression(node, scope);
}

/** `[*f(x)]`: the grammar has the star around `f` alone, where it stands for the whole. */
function withoutStar(node: Syntax): Syntax {
  const [first, ...others] = node.children;
  if (!first) return node;
  const inner = node.type === "list_splat" ? { ...first, field: node.field } : withoutStar(first);
  return node.type === "list_splat" ? inner : { ...node, start: inner.start, children: [inner, ...others] };
}

function spread(node: Syntax, scope: Scope): Spread {
  const inner = node.children[0];
  // `*(*xs)` has the splat inside.
  const value = inner && node.type === "parenthesized_list_splat" ? innermost(inner) : inner;
  return { kind: "spread", start: node.start, end: node.end, value: expected(value, node, scope) };
}

function innermost(node: Syntax): Syntax {
  let at = node;
  while ((at.type === "list_splat" || at.type === "parenthesized_list_splat") && at.children[0]) at = at.children[0];
  return at;
}

const sequence =
  (kind: "list" | "tuple" | "set"): Lower =>
  (node, scope) => ({
    kind,
    start: node.start,
    end: node.end,
    items: itemsOf(node, scope),
  });

const constant =
  (value: boolean | null): Lower =>
  ({ start, end }) => ({ kind: "constant", start, end, value });

const binary: Lower = (node, scope) => {
  const operator = node.marks[0] ?? "";
  // The grammar takes `^` before `&`, where Python takes `&` before `^`.
  const isMisread =
    operator === "&" && node.children.some((one) => one.type === "binary_operator" && one.marks[0] === "^");
  if (isMisread) return unread(node, scope);
  return {
    kind: "binary",
    start: node.start,
    end: node.end,
    operator,
    left: expected(childIn(node, "left"), node, scope),
    right: expected(childIn(node, "right"), node, scope),
  };
};

const EXPRESSIONS: Readonly<Record<string, Lower>> = {
  identifier: ({ start, end, text }) =>
    text === "super" ? { kind: "super", start, end } : { kind: "name", start, end, name: text },
  // A name of Python's builtins: `x[..., 0]`.
  ellipsis: ({ start, end }) => ({ kind: "name", start, end, name: "Ellipsis" }),
  true: constant(true),
  false: constant(false),
  none: constant(null),
  integer: (node) => {
    const value = integerValue(node.text);
    return value === null ? unreadable(node) : { kind: "constant", start: node.start, end: node.end, value };
  },
  float: (node) => {
    const value = floatValue(node.text);
    return value === null
      ? unreadable(node)
      : { kind: "constant", start: node.start, end: node.end, value, isFloat: true };
  },
  string: (node, scope) => concatenated([node], node, scope),
  concatenated_string: (node, scope) => concatenated(node.children, node, scope),
  list: sequence("list"),
  tuple: sequence("tuple"),
  set: sequence("set"),
  expression_list: sequence("tuple"),
  pattern_list: sequence("tuple"),
  dictionary,
  attribute,
  subscript,
  slice,
  call,
  unary_operator: (node, scope) => unary(node, node.marks[0] ?? "", scope),
  not_operator: (node, scope) => unary(node, "not", scope),
  binary_operator: binary,
  comparison_operator: comparison,
  boolean_operator: (node, scope) => ({
    kind: "logical",
    start: node.start,
    end: node.end,
    operator: node.marks[0] === "or" ? "or" : "and",
    left: expected(childIn(node, "left"), node, scope),
    right: expected(childIn(node, "right"), node, scope),
  }),
  conditional_expression: (node, scope) => {
    const [then, test, otherwise] = node.children;
    return {
      kind: "conditional",
      start: node.start,
      end: node.end,
      test: expected(test, node, scope),
      // biome-ignore lint/suspicious/noThenProperty: the branch of a condition; code is never awaited.
      then: expected(then, node, scope),
      otherwise: expected(otherwise, node, scope),
    };
  },
  list_comprehension: comprehension("list"),
  set_comprehension: comprehension("set"),
  dictionary_comprehension: comprehension("dictionary"),
  generator_expression: comprehension("generator"),
  named_expression: (node, scope) => {
    const name = childIn(node, "name");
    return {
      kind: "assignment",
      start: node.start,
      end: node.end,
      target: name ? target(name, functionScope(scope)) : unreadable(node),
      value: expected(childIn(node, "value"), node, scope),
    };
  },
  lambda,
  await: (node, scope) => {
    const [inner] = node.children;
    // The grammar reads `await x ** 2` as `await (x ** 2)`, where Python waits for x.
    if (inner && /operator$/.test(inner.type)) return unread(node, scope);
    return { kind: "await", start: node.start, end: node.end, value: optional(inner, scope) };
  },
  yield: (node, scope) => {
    functionScope(scope).yields = true;
    return {
      kind: node.marks.includes("from") ? "yield-from" : "yield",
      start: node.start,
      end: node.end,
      value: optional(node.children[0], scope),
    };
  },
  parenthesized_expression: (node, scope) => {
    const inner = node.children.find((child) => !isUnread(child));
    return inner && node.children.length === 1 ? expression(inner, scope) : unread(node, scope);
  },
};

function unary(node: Syntax, operator: string, scope: Scope): Expression {
  const value = expected(childIn(node, "argument"), node, scope);
  return { kind: "unary", start: node.start, end: node.end, operator, value };
}

function attribute(node: Syntax, scope: Scope): Expression {
  const name = childIn(node, "attribute");
  const object = childIn(node, "object");
  if (!name || !object) return unread(node, scope);
  return {
    kind: "attribute",
    start: node.start,
    end: node.end,
    object: expression(object, scope),
    name: name.text,
    nameSpan: { start: name.start, end: name.end },
  };
}

function subscript(node: Syntax, scope: Scope): Expression {
  const [object, ...indices] = node.children;
  if (!object || indices.length === 0) return unread(node, scope);
  return {
    kind: "index",
    start: node.start,
    end: node.end,
    object: expression(object, scope),
    index: tupleOf(indices, node.end, scope),
  };
}

function slice(node: Syntax, scope: Scope): Expression {
  const slots: (Expression | null)[] = [null, null, null];
  let slot = 0;
  let end = node.start;
  for (const child of node.children) {
    slot += gap(scope, end, child.start).split(":").length - 1;
    if (slot < 3) slots[slot] = expression(child, scope);
    end = child.end;
  }
  return { kind: "slice", start: node.start, end: node.end, from: slots[0]!, to: slots[1]!, step: slots[2]! };
}

function comparison(node: Syntax, scope: Scope): Expression {
  const [first, ...others] = node.children;
  if (!first || others.length === 0 || others.length !== node.marks.length) return unread(node, scope);
  const values = others.map((other) => expression(other, scope));
  const operators = node.marks.map((mark) => (mark === "<>" ? "!=" : mark));
  const { start, end } = node;
  const left = expression(first, scope);
  return values.length === 1
    ? { kind: "binary", start, end, operator: operators[0]!, left, right: values[0]! }
    : {
        kind: "comparison",
        start,
        end,
        first: left,
        rest: values.map((value, at) => ({ operator: operators[at]!, value })),
      };
}

function dictionary(node: Syntax, scope: Scope): Expression {
  const entries = node.children.map((child) => {
    if (child.type === "pair" && !child.isBroken) {
      return {
        key: expected(childIn(child, "key"), child, scope),
        value: expected(childIn(child, "value"), child, scope),
      };
    }
    const inner = child.type === "dictionary_splat" && !child.isBroken ? child.children[0] : undefined;
    const value = inner ? expression(inner, scope) : unread(child, scope);
    return { kind: "spread" as const, start: child.start, end: child.end, value };
  });
  return { kind: "dictionary", start: node.start, end: node.end, entries };
}

function call(node: Syntax, scope: Scope): Expression {
  const callee = childIn(node, "function");
  const list = childIn(node, "arguments");
  if (!callee || !list || node.isBroken) return unread(node, scope);
  return {
    kind: "call",
    start: node.start,
    end: node.end,
    callee: expression(callee, scope),
    arguments: callArguments(list, scope),
  };
}

export function callArguments(list: Syntax, scope: Scope): CallArgument[] {
  // A generator expression alone needs no brackets of its own.
  if (list.type !== "argument_list") return [{ start: list.start, end: list.end, value: expression(list, scope) }];
  // The `=` of an argument whose value is not written yet stands alone.
  const isSign = (node: Syntax) => node.type === "ERROR" && scope.text.slice(node.start, node.end).trim() === "=";
  return list.children.flatMap((node, at) => {
    const next = list.children[at + 1];
    if (isSign(node)) return [];
    if (node.type === "identifier" && next && isSign(next))
      return [{ start: node.start, end: node.end, name: node.text, value: unreadable(next) }];
    const lowered = callArgument(node, scope);
    if (!list.isBroken || lowered.spread || lowered.name || !isBesideError(list.children, at, scope.text))
      return [lowered];
    return [{ ...lowered, value: unreadable(node, [lowered.value]), spread: "items" as const }];
  });
}

function callArgument(node: Syntax, scope: Scope): CallArgument {
  const { start, end } = node;
  switch (node.type) {
    case "keyword_argument": {
      const name = childIn(node, "name");
      const value = childIn(node, "value");
      if (!name) break;
      return {
        start,
        end,
        name: name.text,
        value: value && !node.isBroken ? expression(value, scope) : unread(node, scope),
      };
    }
    case "list_splat":
    case "parenthesized_list_splat":
      return { start, end, value: spread(node, scope).value, spread: "items" };
    case "dictionary_splat":
      return { start, end, value: expected(node.children[0], node, scope), spread: "entries" };
    case "ERROR":
      return { start, end, value: unread(node, scope), spread: "items" };
  }
  return { start, end, value: expression(node, scope) };
}

function comprehension(makes: Comprehension["makes"]): Lower {
  return (node, around) => {
    const scope = newScope(around.text, around);
    const body = childIn(node, "body");
    const clauses = node.children.flatMap((child): Comprehension["clauses"][number][] => {
      if (child.type === "if_clause") return [{ kind: "if", test: expected(child.children[0], child, scope) }];
      if (child.type !== "for_in_clause") return [];
      const left = childIn(child, "left");
      const rights = child.children.filter((one) => one.field === "right");
      const iterable = rights.length > 0 ? tupleOf(rights, rights.at(-1)!.end, scope) : unreadable(child);
      return [
        {
          kind: "for",
          target: left ? target(left, scope) : unreadable(child),
          iterable,
          ...(child.marks.includes("async") ? { isAsync: true } : {}),
        },
      ];
    });
    const { start, end } = node;
    if (makes === "dictionary") {
      const key = expected(body && childIn(body, "key"), node, scope);
      return {
        kind: "comprehension",
        start,
        end,
        makes,
        key,
        value: expected(body && childIn(body, "value"), node, scope),
        clauses,
      };
    }
    return { kind: "comprehension", start, end, makes, value: expected(body, node, scope), clauses };
  };
}

function lambda(node: Syntax, around: Scope): Expression {
  const list = childIn(node, "parameters");
  const parameters = list ? parametersOf(list, around) : [];
  const scope = newScope(around.text);
  const body = childIn(node, "body");
  const value = expected(body, node, scope);
  const result: Statement = { kind: "return", start: value.start, end: value.end, value };
  return {
    kind: "function",
    start: node.start,
    end: node.end,
    name: "",
    nameSpan: { start: node.start, end: node.start },
    parameters,
    body: [result],
    isAsync: false,
    isGenerator: scope.yields,
    isArrow: false,
    decorators: [],
    locals: localsOf(scope),
  };
}

/** Defaults belong to the scope around. */
export function parametersOf(list: Syntax, around: Scope): Parameter[] {
  const parameters: Parameter[] = [];
  const inside = newScope(around.text);
  let keywordOnly = false;
  const add = (node: Syntax, name: Syntax | undefined, others: Partial<Parameter>) => {
    if (!name) return;
    parameters.push({
      start: node.start,
      end: node.end,
      target: target(name, inside),
      default: null,
      ...others,
      ...(keywordOnly && !others.rest ? { keywordOnly } : {}),
    });
    if (others.rest === "items") keywordOnly = true;
  };
  for (const node of list.children) {
    const type = childIn(node, "type");
    const annotation = type ? { annotation: type.text } : {};
    switch (node.type) {
      case "keyword_separator":
        keywordOnly = true;
        break;
      case "positional_separator":
        for (const [at, parameter] of parameters.entries()) parameters[at] = { ...parameter, positionalOnly: true };
        break;
      case "default_parameter":
      case "typed_default_parameter": {
        const value = expected(childIn(node, "value"), node, around);
        add(node, childIn(node, "name"), { default: value, ...annotation });
        break;
      }
      case "list_splat_pattern":
        add(node, node.children[0], { rest: "items" });
        break;
      case "dictionary_splat_pattern":
        add(node, node.children[0], { rest: "entries" });
        break;
      case "typed_parameter": {
        const [name] = node.children;
        if (name?.type === "list_splat_pattern") add(node, name.children[0], { rest: "items", ...annotation });
        else if (name?.type === "dictionary_splat_pattern")
          add(node, name.children[0], { rest: "entries", ...annotation });
        else add(node, name, annotation);
        break;
      }
      case "ERROR":
        break;
      default:
        add(node, node, {});
    }
  }
  return parameters;
}
