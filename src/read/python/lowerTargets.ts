// What stands left of `=` in Python, and the names it gives values to. Knows the grammar's node names.
import type { RestTarget, Target } from "../code";
import type { Syntax } from "../syntax";
import { expression, unread } from "./lowerExpressions";
import type { Scope } from "./lowerScope";

/** A target; its names become the scope's. */
export function target(node: Syntax, scope: Scope): Target {
  const { start, end } = node;
  switch (node.type) {
    case "identifier":
      scope.names.add(node.text);
      return { kind: "name", start, end, name: node.text };
    case "attribute":
    case "subscript": {
      const lowered = expression(node, scope);
      if (lowered.kind === "attribute" || lowered.kind === "index") return lowered;
      break;
    }
    case "pattern_list":
    case "tuple_pattern":
    case "list_pattern":
    case "expression_list":
    case "tuple":
    case "list":
      return { kind: "target-list", start, end, items: node.children.map((child) => targetItem(child, scope)) };
    case "parenthesized_expression":
    case "as_pattern_target":
      if (node.children.length === 1) return target(node.children[0]!, scope);
  }
  return unread(node, scope);
}

function targetItem(node: Syntax, scope: Scope): Target | RestTarget {
  const inner = node.type === "list_splat_pattern" || node.type === "list_splat" ? node.children[0] : undefined;
  return inner ? { kind: "rest", start: node.start, end: node.end, target: target(inner, scope) } : target(node, scope);
}
