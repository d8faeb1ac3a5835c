// Small questions to a Python tree. Knows the grammar's node names, nothing of models.
import type { Node } from "../tree";

/** Wrappers that change when a value comes or how it is written, not the value: `(x)`, `await x`. */
const WRAPPERS = new Set(["parenthesized_expression", "await"]);

export function unwrap(node: Node): Node {
  let inner = node;
  while (WRAPPERS.has(inner.type)) {
    const next = inner.namedChildren.find(isCode);
    if (!next) return inner;
    inner = next;
  }
  return inner;
}

export const isCode = (node: Node): boolean => node.type !== "comment" && node.type !== "line_continuation";

/** `b` of `a.b`. */
export const attributeName = (node: Node): string | null =>
  node.type === "attribute" ? (node.childForFieldName("attribute")?.text ?? null) : null;

export const attributeObject = (node: Node): Node | null =>
  node.type === "attribute" ? node.childForFieldName("object") : null;

/** One argument of a call. `spread` ones (`*a`, `**a`) have no name and an unknown number of values. */
export interface Argument {
  name: string | null;
  node: Node;
  value: Node;
  spread: "*" | "**" | null;
}

/** The arguments of a call in order, without comments. A generator expression alone is one argument. */
export function argumentsOf(call: Node): Argument[] {
  const list = call.childForFieldName("arguments");
  if (!list) return [];
  if (list.type !== "argument_list") return [{ name: null, node: list, value: list, spread: null }];
  return list.namedChildren.flatMap((node): Argument[] => {
    switch (node.type) {
      case "comment":
      case "line_continuation":
      case "ERROR":
        return [];
      case "keyword_argument": {
        const value = node.childForFieldName("value");
        return value ? [{ name: node.childForFieldName("name")?.text ?? null, node, value, spread: null }] : [];
      }
      case "list_splat":
        return [{ name: null, node, value: node.namedChild(0) ?? node, spread: "*" }];
      case "dictionary_splat":
        return [{ name: null, node, value: node.namedChild(0) ?? node, spread: "**" }];
      default:
        return [{ name: null, node, value: node, spread: null }];
    }
  });
}

/** The argument that a parameter gets: by its name, else by its place. */
export function argumentFor(call: Node, name: string, place: number): Node | null {
  const given = argumentsOf(call);
  const named = given.find((one) => one.name === name);
  if (named) return named.value;
  const before = given.slice(0, place + 1);
  const one = before.every(({ name: keyword, spread }) => keyword === null && spread === null)
    ? before[place]
    : undefined;
  return one?.value ?? null;
}

/** The value of a plain string literal, else null: none for bytes and for f-strings with placeholders. Escapes other than of quotes stay as they are. */
export function stringValue(node: Node): string | null {
  if (node.type === "concatenated_string") {
    const parts = node.namedChildren.filter(isCode).map(stringValue);
    return parts.includes(null) ? null : parts.join("");
  }
  if (node.type !== "string") return null;
  const opening = node.child(0)?.text ?? "";
  if (/b/i.test(opening.replace(/['"]/g, "")) || node.namedChildren.some((child) => child.type === "interpolation"))
    return null;
  const content = node.namedChildren.filter((child) => child.type === "string_content").map((child) => child.text);
  return content.join("").replace(/\\(['"\\])/g, "$1");
}

export const COMPREHENSIONS: ReadonlySet<string> = new Set([
  "list_comprehension",
  "set_comprehension",
  "dictionary_comprehension",
  "generator_expression",
]);

export const FUNCTIONS: ReadonlySet<string> = new Set(["function_definition", "lambda"]);

export const LOOPS: ReadonlySet<string> = new Set(["for_statement", "while_statement"]);

/** Nodes whose children are statements one after another. */
export const STATEMENT_LISTS: ReadonlySet<string> = new Set(["module", "block"]);

/** The statement that a node stands in, given the nodes around it. */
export function statementAround(path: readonly Node[]): Node {
  const list = path.findLastIndex((node) => STATEMENT_LISTS.has(node.type));
  return path[list + 1] ?? path.at(-1)!;
}

/** All nodes of these types in a body, without those in functions and classes inside it. */
export function inBody(body: Node, types: ReadonlySet<string>): Node[] {
  const found: Node[] = [];
  // Without recursion: a sum of thousands of terms is as deep as it is long.
  const waiting = [...body.namedChildren].reverse();
  for (let node = waiting.pop(); node; node = waiting.pop()) {
    if (types.has(node.type)) found.push(node);
    if (!FUNCTIONS.has(node.type) && node.type !== "class_definition")
      waiting.push(...[...node.namedChildren].reverse());
  }
  return found;
}
