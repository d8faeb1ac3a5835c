// What gives a Python name its value: assignments, parameters, imports, functions, classes and the rest. One occurrence at a time.
import type { Node } from "../tree";

/** A place where a name is written, with the nodes around it (the module first, the name itself last). */
export interface Occurrence {
  node: Node;
  path: readonly Node[];
}

/** One thing that gives a variable a value. */
export interface Definition {
  kind: "assignment" | "walrus" | "parameter" | "import" | "function" | "class" | "loop" | "other";
  /** The name where it is bound. */
  node: Node;
  path: readonly Node[];
  /** The assignment, parameter, import statement, function, class or other construct. */
  statement: Node;
  /** What is assigned; where `unpacked` is not empty, what is taken apart. The default of a parameter. Null where it is not written. */
  value: Node | null;
  /** The way into the value: `[1]` for `b` in `a, b = …`, `[0, 1]` for `b` in `(a, b), c = …`. */
  unpacked: readonly number[];
  /** The annotation, if any. */
  type: Node | null;
  /** For imports: the dotted name that it stands for, with a dot before names of packages nearby (`from . import a`). */
  imported: string | null;
}

const PATTERNS = new Set(["pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern"]);

const is = (node: Node | undefined, field: string, child: Node) => node?.childForFieldName(field)?.id === child.id;

/** `global` or `nonlocal` where the name only says where it belongs. */
export function declaredAs(path: readonly Node[]): "global" | "nonlocal" | undefined {
  const type = path.at(-2)?.type;
  return type === "global_statement" ? "global" : type === "nonlocal_statement" ? "nonlocal" : undefined;
}

/** Does an identifier stand for a variable? Not as an attribute, a keyword of a call, or a part of an import's path. */
export function isReference(path: readonly Node[]): boolean {
  const node = path.at(-1)!;
  const parent = path.at(-2);
  if (parent?.type === "attribute") return !is(parent, "attribute", node);
  if (parent?.type === "keyword_argument") return !is(parent, "name", node);
  if (parent?.type !== "dotted_name") return true;
  const above = path.at(-3);
  if (above?.type === "import_statement") return parent.firstNamedChild?.id === node.id;
  if (above?.type === "import_from_statement") return !is(above, "module_name", parent);
  return (
    above?.type !== "aliased_import" && above?.type !== "relative_import" && above?.type !== "future_import_statement"
  );
}

/** What an occurrence defines; null where it only uses the name. */
export function definitionAt({ node, path }: Occurrence): Definition | null {
  const unpacked: number[] = [];
  let at = path.length - 2;
  let child = node;
  while (at >= 0 && PATTERNS.has(path[at]!.type)) {
    if (path[at]!.type !== "list_splat_pattern") {
      unpacked.unshift(
        path[at]!.namedChildren.filter((one) => one.type !== "comment").findIndex((one) => one.id === child.id),
      );
    } else unpacked.unshift(Number.NaN);
    child = path[at]!;
    at--;
  }
  const holder = path[at];
  if (!holder) return null;
  const base = { node, path, statement: holder, value: null, unpacked, type: null, imported: null };
  const field = (name: string) => holder.childForFieldName(name);

  switch (holder.type) {
    case "assignment":
      if (!is(holder, "left", child)) return null;
      return { ...base, kind: "assignment", value: assignedValue(holder), type: field("type") };
    case "augmented_assignment":
      return is(holder, "left", child) ? { ...base, kind: "other" } : null;
    case "named_expression":
      return is(holder, "name", child) ? { ...base, kind: "walrus", value: field("value") } : null;
    case "for_statement":
    case "for_in_clause":
      return is(holder, "left", child) ? { ...base, kind: "loop", value: field("right") } : null;
    case "as_pattern_target":
      return { ...base, kind: "other", statement: path[at - 1] ?? holder };
    case "function_definition":
      return is(holder, "name", child) ? { ...base, kind: "function" } : null;
    case "class_definition":
      return is(holder, "name", child) ? { ...base, kind: "class" } : null;
    case "parameters":
    case "lambda_parameters":
      return unpacked.length === 0 ? { ...base, kind: "parameter", statement: node } : { ...base, kind: "other" };
    case "dictionary_splat_pattern":
      return /parameter/.test(path[at - 1]?.type ?? "") ? { ...base, kind: "other" } : null;
    case "typed_parameter":
      return holder.firstNamedChild?.id === child.id ? { ...base, kind: "parameter", type: field("type") } : null;
    case "default_parameter":
    case "typed_default_parameter":
      if (!is(holder, "name", child)) return null;
      return { ...base, kind: "parameter", value: field("value"), type: field("type") };
    case "aliased_import": {
      if (!is(holder, "alias", child)) return null;
      const statement = path[at - 1] ?? holder;
      return { ...base, kind: "import", statement, imported: importedName(statement, field("name")?.text ?? "") };
    }
    case "dotted_name":
      return importAt(base, path, at);
    default:
      return null;
  }
}

/** In `a = b = 1` the value of `a` is 1. */
function assignedValue(assignment: Node): Node | null {
  let value = assignment.childForFieldName("right");
  while (value?.type === "assignment") value = value.childForFieldName("right");
  return value;
}

function importAt(base: Omit<Definition, "kind">, path: readonly Node[], at: number): Definition | null {
  const statement = path[at - 1];
  const name = path[at]!.text;
  if (statement?.type === "import_statement") {
    // `import a.b` binds `a`.
    return { ...base, kind: "import", statement, imported: base.node.text };
  }
  if (statement?.type === "import_from_statement") {
    return { ...base, kind: "import", statement, imported: importedName(statement, name) };
  }
  return statement?.type === "case_pattern" ? { ...base, kind: "other" } : null;
}

function importedName(statement: Node, name: string): string {
  const from = statement.childForFieldName("module_name")?.text;
  if (from === undefined) return name;
  return from.endsWith(".") ? from + name : `${from}.${name}`;
}
