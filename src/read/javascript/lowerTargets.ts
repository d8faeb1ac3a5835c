// What JavaScript gives values to: names, members and patterns, of declarations, assignments and parameters. Knows the grammars' node names.
import type { RestTarget, Target } from "../code";
import { childIn, type Syntax } from "../syntax";
import { expected, expression, keyOf, unread, withHoles } from "./lowerExpressions";
import { type Source, unreadable } from "./lowerSight";

export function target(node: Syntax, source: Source): Target {
  const { start, end } = node;
  switch (node.type) {
    case "identifier":
    case "shorthand_property_identifier_pattern":
      return { kind: "name", start, end, name: node.text };
    case "member_expression":
    case "subscript_expression": {
      const lowered = expression(node, source);
      if (lowered.kind === "attribute" || lowered.kind === "index") return lowered;
      break;
    }
    case "array_pattern":
      return {
        kind: "target-list",
        start,
        end,
        items: withHoles(node, source).map((one) => (typeof one === "number" ? null : targetItem(one, source))),
      };
    case "object_pattern":
      return objectPattern(node, source);
    case "assignment_pattern":
    case "object_assignment_pattern": {
      const left = childIn(node, "left");
      if (!left) break;
      const value = expected(childIn(node, "right"), node, source);
      return { kind: "target-default", start, end, target: target(left, source), default: value };
    }
    // The type of a value changes nothing: `x! = …`, `(x as any) = …`.
    case "parenthesized_expression":
    case "non_null_expression":
    case "as_expression":
    case "satisfies_expression":
      if (node.children[0]) return target(node.children[0], source);
  }
  return unread(node, source);
}

function targetItem(node: Syntax, source: Source): Target | RestTarget {
  const inner = node.type === "rest_pattern" ? node.children[0] : undefined;
  return inner
    ? { kind: "rest", start: node.start, end: node.end, target: target(inner, source) }
    : target(node, source);
}

function objectPattern(node: Syntax, source: Source): Target {
  type Entries = Extract<Target, { kind: "target-object" }>["entries"];
  let rest: Target | null = null;
  const entries: Entries[number][] = [];
  for (const child of node.children) {
    const { start, end } = child;
    switch (child.type) {
      case "rest_pattern":
        rest = child.children[0] ? target(child.children[0], source) : unreadable(child);
        break;
      case "pair_pattern": {
        const value = childIn(child, "value");
        const key = keyOf(childIn(child, "key"), child, source);
        entries.push({ key, ...withDefault(value ? target(value, source) : unreadable(child)) });
        break;
      }
      case "shorthand_property_identifier_pattern":
        entries.push({
          key: { kind: "constant", start, end, value: child.text },
          target: target(child, source),
          default: null,
        });
        break;
      case "object_assignment_pattern": {
        const lowered = withDefault(target(child, source));
        const name = lowered.target;
        if (name.kind !== "name") break;
        entries.push({ key: { kind: "constant", start: name.start, end: name.end, value: name.name }, ...lowered });
        break;
      }
    }
  }
  return { kind: "target-object", start: node.start, end: node.end, entries, rest };
}

const withDefault = (lowered: Target) =>
  lowered.kind === "target-default"
    ? { target: lowered.target, default: lowered.default }
    : { target: lowered, default: null };
