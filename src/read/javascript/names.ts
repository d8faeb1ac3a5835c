// What names mean in a script: where each is bound, and all places that mean the same. By demand: only names asked for are looked up.
import type { Node } from "web-tree-sitter";
import type { Span } from "../../model/span";
import type { Source } from "../source";
import { FUNCTIONS, pathAt } from "./nodes";

/** A place where a name is written, with the nodes around it (the program first, the name itself last). */
export interface Occurrence {
  node: Node;
  path: readonly Node[];
}

/** A name's declaration. Two occurrences mean the same when they have the same binding. */
export interface Binding {
  name: string;
  kind: "variable" | "parameter" | "function" | "class" | "import" | "other";
  node: Node;
  /** The declarator, parameter, function, class or import clause. */
  declaration: Node;
  /** Where the name is seen. */
  scope: Span;
  path: readonly Node[];
}

const IDENTIFIERS = new Set([
  "identifier",
  "shorthand_property_identifier",
  "shorthand_property_identifier_pattern",
  "type_identifier",
]);

/** The names of one text. */
export class Names {
  private readonly byName = new Map<string, Occurrence[]>();
  private readonly boundByName = new Map<string, Binding[]>();

  constructor(readonly source: Source) {}

  /** Every identifier of that name, in the order of the text; none in strings, comments or after a dot. */
  occurrences(name: string): readonly Occurrence[] {
    let found = this.byName.get(name);
    if (!found) {
      found = [];
      const { text } = this.source;
      for (let at = text.indexOf(name); name !== "" && at >= 0; at = text.indexOf(name, at + name.length)) {
        if (isWordPart(text, at - 1) || isWordPart(text, at + name.length)) continue;
        const path = pathAt(this.source, at);
        const node = path.at(-1);
        if (node && IDENTIFIERS.has(node.type) && node.startIndex === at && node.endIndex === at + name.length) {
          found.push({ node, path });
        }
      }
      this.byName.set(name, found);
    }
    return found;
  }

  /** Where the name written at an offset is bound; undefined for globals and for what broken code hides. */
  resolve(name: string, offset: number): Binding | undefined {
    let best: Binding | undefined;
    for (const binding of this.bindings(name)) {
      if (binding.scope.start > offset || offset >= binding.scope.end) continue;
      if (!best || size(binding.scope) <= size(best.scope)) best = binding;
    }
    return best;
  }

  /** All other places that mean what this binding binds. */
  uses(binding: Binding): Occurrence[] {
    return this.occurrences(binding.name).filter(
      ({ node }) =>
        node.id !== binding.node.id && this.resolve(binding.name, node.startIndex)?.node.id === binding.node.id,
    );
  }

  private bindings(name: string): readonly Binding[] {
    let found = this.boundByName.get(name);
    if (!found) {
      found = this.occurrences(name).flatMap((occurrence) => bindingOf(name, occurrence) ?? []);
      this.boundByName.set(name, found);
    }
    return found;
  }
}

const size = (span: Span) => span.end - span.start;

function isWordPart(text: string, at: number): boolean {
  return at >= 0 && at < text.length && /[\p{ID_Continue}$]/u.test(text[at]!);
}

const PATTERNS = new Set([
  "object_pattern",
  "array_pattern",
  "pair_pattern",
  "rest_pattern",
  "assignment_pattern",
  "object_assignment_pattern",
]);
const BLOCKS = new Set([
  "program",
  "statement_block",
  "for_statement",
  "for_in_statement",
  "switch_body",
  "class_static_block",
]);

/** Does this occurrence bind its name, and where is that seen? */
function bindingOf(name: string, { node, path }: Occurrence): Binding | null {
  let at = path.length - 2;
  let child = node;
  // Up through the pattern: only its left sides bind.
  while (at >= 0 && PATTERNS.has(path[at]!.type)) {
    const pattern = path[at]!;
    const bound =
      pattern.type === "pair_pattern"
        ? pattern.childForFieldName("value")
        : pattern.type === "assignment_pattern" || pattern.type === "object_assignment_pattern"
          ? pattern.childForFieldName("left")
          : child;
    if (bound?.id !== child.id) return null;
    child = pattern;
    at--;
  }
  const declaration = path[at];
  if (!declaration) return null;
  const is = (field: string) => declaration.childForFieldName(field)?.id === child.id;
  const bind = (kind: Binding["kind"], scope: Node | undefined): Binding | null =>
    scope
      ? {
          name,
          kind,
          node,
          declaration,
          scope: { start: scope.startIndex, end: scope.endIndex },
          path: path.slice(0, at + 1),
        }
      : null;
  const around = (types: ReadonlySet<string>, from = at - 1) =>
    path.slice(0, from + 1).findLast((n) => types.has(n.type));

  switch (declaration.type) {
    case "variable_declarator": {
      if (!is("name")) return null;
      const isVar = path[at - 1]?.type === "variable_declaration";
      return bind("variable", isVar ? functionAround(path, at - 1) : around(BLOCKS));
    }
    case "required_parameter":
    case "optional_parameter":
      return is("pattern") ? bind("parameter", around(FUNCTIONS)) : null;
    case "formal_parameters":
      return bind("parameter", around(FUNCTIONS));
    case "arrow_function":
      return is("parameter") ? bind("parameter", declaration) : null;
    case "function_declaration":
    case "generator_function_declaration":
      return is("name") ? bind("function", around(BLOCKS)) : null;
    case "function_expression":
      return is("name") ? bind("function", declaration) : null;
    case "class_declaration":
    case "abstract_class_declaration":
      return is("name") ? bind("class", around(BLOCKS)) : null;
    case "class":
      return is("name") ? bind("class", declaration) : null;
    case "catch_clause":
      return is("parameter") ? bind("other", declaration) : null;
    case "for_in_statement":
      return is("left") && declaration.childForFieldName("kind") ? bind("other", declaration) : null;
    case "import_specifier":
      return is("alias") || (is("name") && !declaration.childForFieldName("alias")) ? bind("import", path[0]) : null;
    case "namespace_import":
    case "import_clause":
    case "import_require_clause":
      return bind("import", path[0]);
    case "enum_declaration":
    case "internal_module":
      return is("name") ? bind("other", around(BLOCKS)) : null;
    default:
      return null;
  }
}

function functionAround(path: readonly Node[], from: number): Node | undefined {
  return (
    path.slice(0, from + 1).findLast((node) => FUNCTIONS.has(node.type) || node.type === "class_static_block") ??
    path[0]
  );
}
