// JavaScript's classes as code, with TypeScript's modifiers left out. Knows the grammars' node names.
import type { CallArgument, ClassCode, Expression } from "../code";
import { childIn, type Syntax } from "../syntax";
import { bodyOf } from "./lower";
import { expected, expression, keyOf, partsOf } from "./lowerExpressions";
import { functionCode, runAtOnce } from "./lowerFunctions";
import { type Source, unreadable } from "./lowerSight";

type Member = ClassCode["members"][number];

export function classCode(node: Syntax, source: Source, decorators: readonly Expression[] = []): ClassCode {
  const name = childIn(node, "name");
  const own = node.children.filter((child) => child.type === "decorator").map((child) => decorator(child, source));
  return {
    kind: "class",
    start: node.start,
    end: node.end,
    name: name?.text ?? "",
    nameSpan: { start: name?.start ?? node.start, end: name?.end ?? node.start },
    bases: basesOf(node, source),
    body: [],
    members: membersOf(childIn(node, "body"), source),
    decorators: [...decorators, ...own],
  };
}

export const decorator = (node: Syntax, source: Source): Expression => expected(node.children[0], node, source);

/** JavaScript's grammar has the base in the heritage, TypeScript's in a clause of it. */
function basesOf(node: Syntax, source: Source): CallArgument[] {
  const heritage = node.children.find((child) => child.type === "class_heritage");
  const clause = heritage?.children.find((child) => child.type === "extends_clause");
  const base = clause ? (childIn(clause, "value") ?? clause.children[0]) : heritage?.children[0];
  if (!base) return [];
  const isBroken = heritage?.isBroken || clause?.isBroken;
  const value = expression(base, source);
  return [{ start: base.start, end: base.end, value: isBroken ? unreadable(base, [value]) : value }];
}

function membersOf(body: Syntax | undefined, source: Source): Member[] {
  const members: Member[] = [];
  let decorators: Expression[] = [];
  for (const child of body?.children ?? []) {
    const inner = child.children.filter((one) => one.type === "decorator");
    decorators.push(...inner.map((one) => decorator(one, source)));
    switch (child.type) {
      case "decorator":
        decorators.push(decorator(child, source));
        continue;
      case "method_definition":
        members.push(method(child, decorators, source));
        break;
      case "field_definition":
      case "public_field_definition":
        if (!child.marks.includes("declare")) members.push(field(child, decorators, source));
        break;
      case "class_static_block": {
        const value = runAtOnce(child, bodyOf(childIn(child, "body"), source));
        members.push({ name: "", isStatic: true, value, isField: true });
        break;
      }
      case "ERROR":
        // What is missing may be any member; what can be read in it runs in none that we know of.
        members.push({ name: "", isStatic: false, value: unreadable(child, partsOf(child, source)), isField: true });
    }
    decorators = [];
  }
  return members;
}

const isStatic = ({ marks }: Syntax) => marks.some((mark) => mark.startsWith("static"));

function method(node: Syntax, decorators: readonly Expression[], source: Source): Member {
  const isGetter = node.marks.includes("get") || node.marks.includes("static get");
  const accessor = isGetter
    ? { accessor: "get" as const }
    : node.marks.includes("set")
      ? { accessor: "set" as const }
      : {};
  const name = memberName(childIn(node, "name"), node, source);
  return { name, isStatic: isStatic(node), ...accessor, value: functionCode(node, source, decorators), isField: false };
}

function field(node: Syntax, decorators: readonly Expression[], source: Source): Member {
  const value = childIn(node, "value");
  const lowered = value ? expression(value, source) : null;
  // A decorator may give a field any value.
  const isOpen = decorators.length > 0 || (lowered !== null && node.isBroken);
  return {
    name: memberName(childIn(node, "name") ?? childIn(node, "property"), node, source),
    isStatic: isStatic(node),
    value: isOpen ? unreadable(node, lowered ? [...decorators, lowered] : decorators) : lowered,
    isField: true,
  };
}

/** A name that is computed and so unknown is its text in brackets, which no member is called. */
function memberName(node: Syntax | undefined, around: Syntax, source: Source): string {
  const key = keyOf(node, around, source);
  return key.kind === "constant" ? String(key.value) : source.text.slice(node?.start ?? 0, node?.end ?? 0);
}
