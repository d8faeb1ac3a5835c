// The packages of TensorFlow.js and of Estimators in a script: which name stands for what of them, however it was imported.
import type { Node } from "web-tree-sitter";
import type { Binding, Names } from "./names";
import { argumentsOf, memberName, memberObject, pathAt, stringValue, unwrap } from "./nodes";

export type Library = "tfjs" | "estimator";

const TFJS =
  /^(?:npm:|https?:\/\/[^'"]*\/)?@tensorflow\/tfjs(?:-layers|-node|-node-gpu|-core)?(?:@[^'"/]*)?(?:\/[^'"]*)?$/;
const ESTIMATOR = /^@fitlens\/estimator(?:\/[^'"]*)?$/;

export function libraryOf(specifier: string): Library | null {
  if (TFJS.test(specifier)) return "tfjs";
  return ESTIMATOR.test(specifier) ? "estimator" : null;
}

/** One statement that brings a library in. */
export interface LibraryImport {
  library: Library;
  specifier: string;
  form: "import" | "require" | "dynamic";
  /** `import`s whose names are erased: `import type …`. */
  typeOnly: boolean;
  /** The string with the package's name. */
  source: Node;
  path: readonly Node[];
  /** The import statement, or the statement around `require(…)` or `import(…)`. */
  statement: Node;
}

/** A name's meaning: a member of a library, `""` being the library itself. */
export interface Imported {
  library: Library;
  member: string;
}

/** Every import of a known library, in the order of the text. */
export function libraryImports(names: Names): LibraryImport[] {
  const { source } = names;
  const found: LibraryImport[] = [];
  for (const match of source.text.matchAll(/@tensorflow\/tfjs|@fitlens\/estimator/g)) {
    const path = pathAt(source, match.index);
    const at = path.findLastIndex((node) => node.type === "string" || node.type === "template_string");
    const string = path[at];
    const specifier = string && stringValue(string);
    const library = specifier && libraryOf(specifier);
    if (!string || !library || found.some((one) => one.source.id === string.id)) continue;
    const entry = importOf(path.slice(0, at + 1), { library, specifier, source: string });
    if (entry) found.push(entry);
  }
  return found;
}

function importOf(
  path: readonly Node[],
  found: Pick<LibraryImport, "library" | "specifier" | "source">,
): LibraryImport | null {
  const parent = path.at(-2);
  const typeOnly = parent?.type === "import_statement" && parent.children[1]?.type === "type";
  if (parent?.type === "import_statement") return { ...found, form: "import", typeOnly, path, statement: parent };
  if (parent?.type === "import_require_clause") {
    return { ...found, form: "import", typeOnly, path, statement: path.at(-3) ?? parent };
  }
  const call = path.at(-3);
  if (parent?.type !== "arguments" || call?.type !== "call_expression") return null;
  const callee = call.childForFieldName("function");
  const form = callee?.type === "import" ? "dynamic" : callee?.text === "require" ? "require" : null;
  const statement = path.findLast((node) => /_declaration$|_statement$/.test(node.type));
  return form && { ...found, form, typeOnly: false, path, statement: statement ?? call };
}

/** What of a library an expression means: `tf.sequential`, `sequential` imported by name, `require("…").sequential`. */
export function importedBy(names: Names, expression: Node, depth = 0): Imported | null {
  const node = unwrap(expression);
  if (depth > 8) return null;
  const object = memberObject(node);
  if (object) {
    const base = importedBy(names, object, depth + 1);
    const name = memberName(node);
    // `tf.default` is the library, as interop between module systems gives it.
    if (!base || name === null) return null;
    if (base.member === "" && name === "default") return base;
    return { library: base.library, member: base.member ? `${base.member}.${name}` : name };
  }
  if (node.type === "call_expression") {
    const library = loaded(node);
    return library && { library, member: "" };
  }
  if (node.type !== "identifier" && node.type !== "shorthand_property_identifier" && node.type !== "type_identifier")
    return null;
  const binding = names.resolve(node.text, node.startIndex);
  return binding ? importedAs(names, binding, depth + 1) : null;
}

/** `require("@tensorflow/tfjs")` or `import("@tensorflow/tfjs")`. */
function loaded(call: Node): Library | null {
  const callee = call.childForFieldName("function");
  if (callee?.type !== "import" && callee?.text !== "require") return null;
  const [first] = argumentsOf(call);
  const specifier = first && stringValue(first);
  return specifier ? libraryOf(specifier) : null;
}

/** What of a library a name stands for. */
export function importedAs(names: Names, binding: Binding, depth = 0): Imported | null {
  const { declaration, kind, path, name } = binding;
  if (kind === "import") {
    const statement = path.findLast((node) => node.type === "import_statement");
    const string = (statement ?? declaration).childForFieldName("source") ?? declaration.childForFieldName("source");
    const specifier = string && stringValue(string);
    const library = specifier ? libraryOf(specifier) : null;
    if (!library) return null;
    const member = declaration.type === "import_specifier" ? (declaration.childForFieldName("name")?.text ?? name) : "";
    return { library, member: member === "default" ? "" : member };
  }
  if (kind !== "variable" || depth > 8) return null;
  const value = declaration.childForFieldName("value");
  if (!value) return null;
  const base = importedBy(names, value, depth + 1);
  const target = declaration.childForFieldName("name");
  if (!base || target?.type === "identifier") return base;
  const member = destructured(binding.node, target);
  return member === null ? null : { library: base.library, member: base.member ? `${base.member}.${member}` : member };
}

/** The member that a name takes in `const { member: name } = …`; only one level deep. */
function destructured(node: Node, pattern: Node | null): string | null {
  if (pattern?.type !== "object_pattern") return null;
  for (const child of pattern.namedChildren) {
    if (child.id === node.id) return node.text;
    if (child.type === "pair_pattern" && child.childForFieldName("value")?.id === node.id) {
      return child.childForFieldName("key")?.text ?? null;
    }
  }
  return null;
}
