// JavaScript's and TypeScript's expressions as code. Knows the grammars' node names, not what any name stands for. Types are left out.
import type { CallArgument, Expression, Item, Spread } from "../code";
import { childIn, isBesideError, type Syntax } from "../syntax";
import { classCode } from "./lowerClasses";
import { functionCode } from "./lowerFunctions";
import { gap, isUnread, type Source, type Unreadable, unreadable } from "./lowerSight";
import { target } from "./lowerTargets";
import { numberValue, stringValue, templateText } from "./lowerText";

type Lower = (node: Syntax, source: Source) => Expression;

export function expression(node: Syntax, source: Source): Expression {
  const lower = EXPRESSIONS[node.type];
  if (!lower) return unread(node, source);
  // An ERROR among an expression's parts: what the whole is cannot be said. Lists say it of one item, functions of a statement.
  if (node.isBroken && !SOUND_IN_PARTS.has(node.type)) return unread(node, source);
  return lower(node, source);
}

/** An expression that the grammar asks for and broken text may lack. */
export const expected = (node: Syntax | undefined, around: Syntax, source: Source): Expression =>
  node ? expression(node, source) : unreadable({ start: around.end, end: around.end });

export const optional = (node: Syntax | undefined, source: Source): Expression | null =>
  node ? expression(node, source) : null;

/** What cannot be read, with what can be read in it. */
export const unread = (node: Syntax, source: Source): Unreadable => unreadable(node, partsOf(node, source));

export function partsOf(node: Syntax, source: Source): Expression[] {
  return node.children.flatMap((child) =>
    EXPRESSIONS[child.type] ? [expression(child, source)] : partsOf(child, source),
  );
}

const SOUND_IN_PARTS: ReadonlySet<string> = new Set([
  "array",
  "object",
  "function_expression",
  "generator_function",
  "arrow_function",
  "class",
]);

const binary: Lower = (node, source) => {
  const { start, end } = node;
  const mark = node.marks[0] ?? "";
  const left = expected(childIn(node, "left"), node, source);
  const right = expected(childIn(node, "right"), node, source);
  const logical = LOGICAL[mark];
  return logical
    ? { kind: "logical", start, end, operator: logical, left, right }
    : { kind: "binary", start, end, operator: mark, left, right };
};

const LOGICAL: Readonly<Record<string, "and" | "or" | "??">> = { "&&": "and", "||": "or", "??": "??" };

/** `x as T`, `x!`: the value, whatever its type. */
const inner: Lower = (node, source) => expected(node.children[0], node, source);

const EXPRESSIONS: Readonly<Record<string, Lower>> = {
  identifier: ({ start, end, text }) => ({ kind: "name", start, end, name: text }),
  import: ({ start, end }) => ({ kind: "name", start, end, name: "import" }),
  undefined: ({ start, end }) => ({ kind: "constant", start, end, value: undefined }),
  null: ({ start, end }) => ({ kind: "constant", start, end, value: null }),
  true: ({ start, end }) => ({ kind: "constant", start, end, value: true }),
  false: ({ start, end }) => ({ kind: "constant", start, end, value: false }),
  number: (node) => constant(node, numberValue(node.text)),
  string: (node) => constant(node, stringValue(node.text)),
  regex: (node) => unreadable(node),
  meta_property: (node) => unreadable(node),
  this: ({ start, end }) => ({ kind: "this", start, end }),
  super: ({ start, end }) => ({ kind: "super", start, end }),
  template_string: template,
  array,
  object,
  function_expression: functionCode,
  generator_function: functionCode,
  arrow_function: functionCode,
  class: classCode,
  member_expression: member,
  subscript_expression: subscript,
  call_expression: call,
  new_expression: construct,
  parenthesized_expression: inner,
  as_expression: inner,
  satisfies_expression: inner,
  non_null_expression: inner,
  type_assertion: inner,
  instantiation_expression: inner,
  sequence_expression: (node, source) => ({
    kind: "several",
    start: node.start,
    end: node.end,
    values: node.children.map((child) => expression(child, source)),
  }),
  binary_expression: binary,
  unary_expression: (node, source) => ({
    kind: "unary",
    start: node.start,
    end: node.end,
    operator: node.marks[0] ?? "",
    value: expected(childIn(node, "argument"), node, source),
  }),
  update_expression: (node, source) => {
    const argument = childIn(node, "argument");
    return {
      kind: "update",
      start: node.start,
      end: node.end,
      operator: node.marks[0] === "--" ? "-" : "+",
      target: argument ? target(argument, source) : unreadable(node),
      isPostfix: argument?.start === node.start,
    };
  },
  ternary_expression: (node, source) => ({
    kind: "conditional",
    start: node.start,
    end: node.end,
    test: expected(childIn(node, "condition"), node, source),
    // biome-ignore lint/suspicious/noThenProperty: the branch of a condition; code is never awaited.
    then: expected(childIn(node, "consequence"), node, source),
    otherwise: expected(childIn(node, "alternative"), node, source),
  }),
  assignment_expression: assignment,
  augmented_assignment_expression: assignment,
  await_expression: (node, source) => ({
    kind: "await",
    start: node.start,
    end: node.end,
    value: optional(node.children[0], source),
  }),
  yield_expression: (node, source) => ({
    kind: node.marks.includes("*") ? "yield-from" : "yield",
    start: node.start,
    end: node.end,
    value: optional(node.children[0], source),
  }),
  jsx_element: unread,
  jsx_self_closing_element: unread,
};

function constant(node: Syntax, value: string | number | null): Expression {
  return value === null ? unreadable(node) : { kind: "constant", start: node.start, end: node.end, value };
}

function template(node: Syntax, source: Source): Expression {
  const { start, end } = node;
  const parts: (string | { value: Expression })[] = [];
  let at = start + 1;
  for (const child of [...node.children, null]) {
    const text = templateText(source.text.slice(at, child ? child.start : end - 1));
    if (text === null) return unread(node, source);
    if (text !== "") parts.push(text);
    if (!child) continue;
    if (child.isBroken) return unread(node, source);
    parts.push({ value: expected(child.children[0], child, source) });
    at = child.end;
  }
  if (parts.every((part) => typeof part === "string")) return { kind: "constant", start, end, value: parts.join("") };
  return { kind: "template", start, end, parts };
}

/** An item of a list, at its place among the list's children. */
function itemIn(list: Syntax, node: Syntax, source: Source): Item {
  const lowered = item(node, source);
  if (!list.isBroken || lowered.kind === "spread") return lowered;
  if (!isBesideError(list.children, list.children.indexOf(node), source.text)) return lowered;
  return { kind: "spread", start: node.start, end: node.end, value: unreadable(node, [lowered]) };
}

function item(node: Syntax, source: Source): Item {
  if (node.type === "spread_element") return spread(node, source);
  // How many items broken text stands for is unknown.
  if (isUnread(node)) return { kind: "spread", start: node.start, end: node.end, value: unread(node, source) };
  return expression(node, source);
}

function spread(node: Syntax, source: Source): Spread {
  return { kind: "spread", start: node.start, end: node.end, value: expected(node.children[0], node, source) };
}

function array(node: Syntax, source: Source): Expression {
  const items: Item[] = [];
  for (const entry of withHoles(node, source)) {
    if (typeof entry === "number") items.push({ kind: "constant", start: entry, end: entry, value: undefined });
    else items.push(itemIn(node, entry, source));
  }
  return { kind: "list", start: node.start, end: node.end, items };
}

/** The items of an array or its pattern; a place for each hole. */
export function withHoles(node: Syntax, source: Source): (Syntax | number)[] {
  const found: (Syntax | number)[] = [];
  let at = node.start + 1;
  // Between two items stands one comma, before the first none, and one may follow the last.
  const pushHoles = (start: number, end: number) => {
    const commas = end === start ? 0 : gap(source, start, end).split(",").length - 1;
    for (let hole = found.length === 0 ? 0 : 1; hole < commas; hole++) found.push(start);
  };
  for (const child of node.children) {
    pushHoles(at, child.start);
    found.push(child);
    at = child.end;
  }
  pushHoles(at, node.end - 1);
  return found;
}

function object(node: Syntax, source: Source): Expression {
  const entries: (Spread | { key: Expression; value: Expression })[] = [];
  for (const child of node.children) {
    const { start, end } = child;
    if (child.isBroken && child.type !== "method_definition") {
      entries.push({ kind: "spread", start, end, value: unread(child, source) });
      continue;
    }
    switch (child.type) {
      case "pair":
        entries.push({
          key: keyOf(childIn(child, "key"), child, source),
          value: expected(childIn(child, "value"), child, source),
        });
        break;
      case "shorthand_property_identifier":
        entries.push({
          key: { kind: "constant", start, end, value: child.text },
          value: { kind: "name", start, end, name: child.text },
        });
        break;
      case "method_definition": {
        const key = keyOf(childIn(child, "name"), child, source);
        const value = functionCode(child, source);
        // What a getter gives is asked anew each time.
        const isAccessor = child.marks.includes("get") || child.marks.includes("set");
        entries.push({ key, value: isAccessor ? unreadable(child, [value]) : value });
        break;
      }
      case "spread_element":
        entries.push(spread(child, source));
        break;
      default:
        entries.push({ kind: "spread", start, end, value: unread(child, source) });
    }
  }
  return { kind: "dictionary", start: node.start, end: node.end, entries };
}

/** A property's key. Those that are written out are texts, numbers too. */
export function keyOf(node: Syntax | undefined, around: Syntax, source: Source): Expression {
  if (!node) return unreadable(around);
  const { start, end, type, text } = node;
  if (type === "computed_property_name") return expected(node.children[0], node, source);
  if (type === "number") return constant(node, String(numberValue(text) ?? text.replace(/n$/, "")));
  if (type === "string") return constant(node, stringValue(text));
  return { kind: "constant", start, end, value: text };
}

const optionalMark = (node: Syntax): { optional?: true } =>
  node.marks.includes("?.") || node.children.some((child) => child.type === "optional_chain") ? { optional: true } : {};

function member(node: Syntax, source: Source): Expression {
  const object = childIn(node, "object");
  const property = childIn(node, "property");
  if (!object || !property) return unread(node, source);
  return {
    kind: "attribute",
    start: node.start,
    end: node.end,
    object: expression(object, source),
    name: property.text,
    nameSpan: { start: property.start, end: property.end },
    ...optionalMark(node),
  };
}

function subscript(node: Syntax, source: Source): Expression {
  return {
    kind: "index",
    start: node.start,
    end: node.end,
    object: expected(childIn(node, "object"), node, source),
    index: expected(childIn(node, "index"), node, source),
    ...optionalMark(node),
  };
}

function call(node: Syntax, source: Source): Expression {
  const list = childIn(node, "arguments");
  const callee = childIn(node, "function");
  if (!list || !callee) return unread(node, source);
  return {
    kind: "call",
    start: node.start,
    end: node.end,
    callee: expression(callee, source),
    arguments: callArguments(list, source),
    ...optionalMark(node),
  };
}

function construct(node: Syntax, source: Source): Expression {
  const list = childIn(node, "arguments");
  return {
    kind: "call",
    start: node.start,
    end: node.end,
    callee: expected(childIn(node, "constructor"), node, source),
    arguments: list ? callArguments(list, source) : [],
    isNew: true,
  };
}

function callArguments(list: Syntax, source: Source): CallArgument[] {
  const { start, end } = list;
  // A tag gets the template's pieces, not its text.
  if (list.type !== "arguments")
    return [{ start, end, value: unreadable(list, partsOf(list, source)), spread: "items" }];
  return list.children.map((node): CallArgument => {
    const lowered = itemIn(list, node, source);
    const span = { start: node.start, end: node.end };
    return lowered.kind === "spread" ? { ...span, value: lowered.value, spread: "items" } : { ...span, value: lowered };
  });
}

function assignment(node: Syntax, source: Source): Expression {
  const { start, end } = node;
  const left = childIn(node, "left");
  const mark = node.marks[0];
  const operator = mark ? (LOGICAL[mark.slice(0, -1)] ?? mark.slice(0, -1)) : undefined;
  return {
    kind: "assignment",
    start,
    end,
    target: left ? target(left, source) : unreadable(node),
    ...(operator === undefined ? {} : { operator }),
    value: expected(childIn(node, "right"), node, source),
  };
}
