// Small questions to a JavaScript or TypeScript tree. Knows the grammars' node names, nothing of models.
import { type Node, pathAt, spanOf } from "../tree";

/** Layers above ask these of the tree without knowing where trees come from. */
export { type Node, pathAt, spanOf };

/** Wrappers that change a value's type or its time, not the value: `(x)`, `x as T`, `x!`, `x satisfies T`, `<T>x`, `await x`. */
const WRAPPERS = new Set([
  "parenthesized_expression",
  "as_expression",
  "satisfies_expression",
  "non_null_expression",
  "type_assertion",
  "await_expression",
]);

export const isWrapper = (node: Node): boolean => WRAPPERS.has(node.type);

export function unwrap(node: Node): Node {
  let inner = node;
  while (isWrapper(inner)) {
    const next: Node | undefined =
      inner.type === "type_assertion"
        ? inner.namedChildren.at(-1)
        : inner.namedChildren.find((n) => n.type !== "comment");
    if (!next) return inner;
    inner = next;
  }
  return inner;
}

/** The name of a member access: `b` of `a.b` and of `a["b"]`. */
export function memberName(node: Node): string | null {
  if (node.type === "member_expression") return node.childForFieldName("property")?.text ?? null;
  if (node.type === "subscript_expression") {
    const index = node.childForFieldName("index");
    return index ? stringValue(index) : null;
  }
  return null;
}

export const memberObject = (node: Node): Node | null =>
  node.type === "member_expression" || node.type === "subscript_expression" ? node.childForFieldName("object") : null;

/** The arguments of a call, without comments. */
export function argumentsOf(call: Node): Node[] {
  const list = call.childForFieldName("arguments");
  return list?.type === "arguments" ? list.namedChildren.filter(isCode) : [];
}

export const isCode = (node: Node): boolean => node.type !== "comment" && node.type !== "html_comment";

/** The value of a string literal without placeholders, else null. Escapes other than of quotes are left as they are. */
export function stringValue(node: Node): string | null {
  if (node.type === "string") return node.text.slice(1, -1).replace(/\\(['"\\])/g, "$1");
  if (node.type === "template_string" && !node.namedChildren.some((child) => child.type === "template_substitution")) {
    return node.text.slice(1, -1);
  }
  return null;
}

/** One member of an object literal: `name: value`, `name`, or `name() {}`; a spread has no name. */
export interface Member {
  name: string | null;
  node: Node;
  /** The value; for a shorthand its name, for a method the method. */
  value: Node;
}

export function membersOf(object: Node): Member[] {
  return object.namedChildren.filter(isCode).map((node): Member => {
    switch (node.type) {
      case "pair": {
        const key = node.childForFieldName("key");
        return { name: key ? keyName(key) : null, node, value: node.childForFieldName("value") ?? node };
      }
      case "method_definition": {
        const key = node.childForFieldName("name");
        return { name: key ? keyName(key) : null, node, value: node };
      }
      case "shorthand_property_identifier":
        return { name: node.text, node, value: node };
      default:
        return { name: null, node, value: node };
    }
  });
}

function keyName(key: Node): string | null {
  if (key.type === "property_identifier" || key.type === "number") return key.text;
  if (key.type === "computed_property_name") {
    const inner = key.namedChild(0);
    return inner ? stringValue(inner) : null;
  }
  return stringValue(key);
}

export const FUNCTIONS: ReadonlySet<string> = new Set([
  "function_declaration",
  "function_expression",
  "generator_function",
  "generator_function_declaration",
  "arrow_function",
  "method_definition",
]);

export const LOOPS: ReadonlySet<string> = new Set([
  "for_statement",
  "for_in_statement",
  "while_statement",
  "do_statement",
]);

/** Is the function written with `async`? */
export const isAsync = (fn: Node): boolean => fn.children.some((child) => child.type === "async");

/** Nodes whose children are statements one after another. */
export const STATEMENT_LISTS: ReadonlySet<string> = new Set([
  "program",
  "statement_block",
  "switch_case",
  "switch_default",
  "class_static_block",
]);
