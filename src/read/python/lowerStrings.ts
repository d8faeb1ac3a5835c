// Python's strings as code: those that stand one after another, and f-strings with their placeholders. Knows the grammar's node names.
import type { Expression } from "../code";
import { childIn, type Syntax } from "../syntax";
import { expression, partsOf, unread } from "./lowerExpressions";
import { type Scope, unreadable } from "./lowerScope";
import { stringParts, stringValue, unescaped } from "./lowerText";

/** Strings one after another: a constant, or a template where one has placeholders. */
export function concatenated(nodes: readonly Syntax[], around: Syntax, scope: Scope): Expression {
  const parts: (string | { value: Expression; format?: string })[] = [];
  let isReadable = true;
  const addText = (text: string | null) => {
    if (text === null) isReadable = false;
    else if (typeof parts.at(-1) === "string") parts.push(`${parts.pop()}${text}`);
    else parts.push(text);
  };
  for (const node of nodes) {
    if (node.type !== "string" || node.isBroken) isReadable = false;
    else if (node.text !== "") addText(stringValue(node.text));
    else if (!addPlaceholders(node, scope, addText, (part) => parts.push(part))) isReadable = false;
  }
  const { start, end } = around;
  if (!isReadable) return unread(around, scope);
  if (parts.every((part) => typeof part === "string")) return { kind: "constant", start, end, value: parts.join("") };
  return { kind: "template", start, end, parts: parts.filter((part) => part !== "") };
}

function addPlaceholders(
  node: Syntax,
  scope: Scope,
  addText: (text: string | null) => void,
  addValue: (part: { value: Expression; format?: string }) => void,
): boolean {
  const found = stringParts(scope.text.slice(node.start, node.end));
  // A template string of 3.14 is no string.
  if (!found || found.prefix.includes("t")) return false;
  const isRaw = found.prefix.includes("r");
  const text = (start: number, end: number) =>
    addText(
      unescaped(
        scope.text.slice(start, end).replace(/\{\{|\}\}/g, (two) => two[0]!),
        isRaw,
      ),
    );
  let at = node.start + found.start;
  for (const child of node.children) {
    if (child.type !== "interpolation") return false;
    text(at, child.start);
    at = child.end;
    const inner = childIn(child, "expression");
    if (!inner || child.isBroken) return false;
    const conversion = childIn(child, "type_conversion");
    const specifier = childIn(child, "format_specifier");
    const rest = scope.text.slice(inner.end, conversion?.start ?? specifier?.start ?? child.end - 1);
    // `{x=}` writes itself before its value.
    const isShown = /^[\s)]*=/.test(rest);
    if (isShown) addText(scope.text.slice(child.start + 1, conversion?.start ?? specifier?.start ?? child.end - 1));
    const how = conversion?.text ?? (isShown && !specifier ? "!r" : "");
    const format = how + (specifier ? scope.text.slice(specifier.start, specifier.end) : "");
    const value = expression(inner, scope);
    // A format with values of its own cannot be said as a text.
    if (specifier && specifier.children.length > 0)
      addValue({ value: unreadable(child, [value, ...partsOf(specifier, scope)]) });
    else addValue(format === "" ? { value } : { value, format: format.replace(/^:/, "") });
  }
  text(at, node.start + found.end);
  return true;
}
