// TensorFlow, Keras and tf.estimator in a Python text: what an expression stands for, however it was brought in. Knows no values.
import { type Node, pathAt } from "../tree";
import type { Definition } from "./definitions";
import type { Binding, Names } from "./names";
import { attributeName, attributeObject, unwrap } from "./nodes";
import { type Meaning, understood } from "./packages";

/** One name that a statement brings in of these libraries. `from a import b, c` gives two. */
export interface LibraryUse extends Meaning {
  /** What is imported, dotted: `tensorflow.keras.models.Sequential`. */
  imported: string;
  /** The name that it has here; null for `*`. */
  name: string | null;
  statement: Node;
  /** The nodes around the statement, the module first, the statement last. */
  path: readonly Node[];
}

/** Every import of a text. */
export interface Imports {
  libraries: readonly LibraryUse[];
  /** All modules that are imported, dotted, with a dot before those nearby. */
  modules: ReadonlySet<string>;
}

const STATEMENTS = new Set(["import_statement", "import_from_statement"]);
const MAX_DEPTH = 8;

export function importsOf({ source }: Names): Imports {
  const libraries: LibraryUse[] = [];
  const modules = new Set<string>();
  const seen = new Set<number>();
  for (const { index } of source.text.matchAll(/\bimport\b/g)) {
    const around = pathAt(source, index);
    const at = around.findLastIndex((node) => STATEMENTS.has(node.type));
    const statement = around[at];
    if (!statement || seen.has(statement.id)) continue;
    seen.add(statement.id);
    const path = around.slice(0, at + 1);
    for (const { imported, module, name } of importedIn(statement)) {
      modules.add(module);
      const meaning = understood(imported);
      if (meaning && meaning.library !== "other") libraries.push({ ...meaning, imported, name, statement, path });
    }
  }
  return { libraries, modules };
}

/** What one statement imports; for `*` the module itself. */
function importedIn(statement: Node): { imported: string; module: string; name: string | null }[] {
  const from = statement.childForFieldName("module_name")?.text;
  const list = statement.childrenForFieldName("name").map((node) => {
    const name = (node.type === "aliased_import" ? node.childForFieldName("name")?.text : node.text) ?? "";
    const alias = node.type === "aliased_import" ? node.childForFieldName("alias")?.text : undefined;
    if (from === undefined) return { imported: name, module: name, name: alias ?? name.split(".")[0]! };
    return { imported: from.endsWith(".") ? from + name : `${from}.${name}`, module: from, name: alias ?? name };
  });
  const star = from !== undefined && statement.namedChildren.some((child) => child.type === "wildcard_import");
  return star ? [{ imported: from, module: from, name: null }] : list;
}

/** What of a library an expression stands for: `tf.keras.Model`, `Model` imported by name, `layers` set to `keras.layers`. Null: not known. */
export function meaningOf(names: Names, expression: Node): Meaning | null {
  const dotted = dottedName(names, expression);
  return dotted === null ? null : understood(dotted);
}

/** The dotted name under which Python's import system has what an expression stands for. */
export function dottedName(names: Names, expression: Node, depth = 0): string | null {
  const node = unwrap(expression);
  if (depth > MAX_DEPTH) return null;
  const object = attributeObject(node);
  if (object) {
    const base = dottedName(names, object, depth + 1);
    return base === null ? null : `${base}.${attributeName(node)}`;
  }
  if (node.type !== "identifier") return null;
  const binding = names.resolve(node.text, node.startIndex);
  return binding ? dottedNameOf(names, binding, depth + 1) : null;
}

function dottedNameOf(names: Names, binding: Binding, depth: number): string | null {
  let first: string | null = null;
  // With `try: import tf_keras as keras … except: from tensorflow import keras` the first that is known.
  for (const definition of binding.definitions) {
    const dotted = dottedNameBy(names, definition, depth);
    if (dotted !== null && understood(dotted)) return dotted;
    first ??= dotted;
  }
  return first;
}

function dottedNameBy(names: Names, { kind, imported, value, unpacked }: Definition, depth: number): string | null {
  if (kind === "import") return imported;
  const isAlias = kind === "assignment" && unpacked.length === 0 && value !== null;
  const inner = isAlias ? unwrap(value) : null;
  return inner?.type === "attribute" || inner?.type === "identifier" ? dottedName(names, inner, depth + 1) : null;
}
