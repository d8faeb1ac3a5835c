// Places of the evaluator in the text of a document, and how what stands there hangs together with what is around it.
import type { Span } from "../model/span";
import type { Place } from "../read/evaluate/value";
import type { Source } from "../read/source";
import { type Node, pathAt } from "../read/tree";

export const spanIn = ({ unit, start, end }: Place): Span => ({ start: unit.start + start, end: unit.start + end });

const CALLS = new Set(["call", "call_expression", "new_expression"]);

/** The call that stands exactly there. */
export function callAt(source: Source, { start, end }: Span): Node | null {
  return (
    pathAt(source, start).find((node) => node.startIndex === start && node.endIndex === end && CALLS.has(node.type)) ??
    null
  );
}

/** Where a reader looks for what a constructor's call gives: behind `Dense(10)(x)`, `dense(…).apply(x)` and `model.add(Dense(10))`. */
export function resultEnd(source: Source, span: Span): number {
  let node = callAt(source, span);
  if (!node) return span.end;
  for (let parent = node.parent; parent; parent = node.parent) {
    if (isCalled(node, parent) || isApplied(node, parent) || isAdded(node, parent)) node = parent;
    else break;
  }
  return node.type === "attribute" || node.type === "member_expression" ? span.end : node.endIndex;
}

const same = (a: Node | null, b: Node): boolean => a !== null && a.id === b.id;

/** `node(…)` */
const isCalled = (node: Node, parent: Node): boolean =>
  (parent.type === "call" || parent.type === "call_expression") && same(parent.childForFieldName("function"), node);

/** `node.apply` */
const isApplied = (node: Node, parent: Node): boolean =>
  parent.type === "member_expression" &&
  same(parent.childForFieldName("object"), node) &&
  parent.childForFieldName("property")?.text === "apply";

/** `model.add(node)`, or the arguments of it. */
function isAdded(node: Node, parent: Node): boolean {
  if (parent.type === "argument_list" || parent.type === "arguments") {
    const callee = parent.parent?.childForFieldName("function");
    const name = callee?.childForFieldName("attribute") ?? callee?.childForFieldName("property");
    return name?.text === "add" && parent.namedChildCount === 1;
  }
  const isArguments = node.type === "argument_list" || node.type === "arguments";
  return isArguments && (parent.type === "call" || parent.type === "call_expression");
}
