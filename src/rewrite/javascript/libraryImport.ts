// Brings names of @fitlens/estimator into a script, in the way the script brings in its other packages.
import type { TextEdit } from "../../model/span";
import { importedAs } from "../../read/javascript/imports";
import type { Node } from "../../read/javascript/nodes";
import type { Script } from "../../read/javascript/training";
import type { NewNames } from "../newNames";
import { quote, type Style } from "./style";

const PACKAGE = "@fitlens/estimator";

export interface Brought {
  edits: TextEdit[];
  /** For each wished member what to write for it: `RunConfig`, `est.RunConfig`, `RunConfig2`. */
  as: Readonly<Record<string, string>>;
  /** A statement for where the names are used, because the script loads its packages as it runs: `const { … } = await import(…)`. */
  statement: string | null;
}

export function bring(script: Script, style: Style, fresh: NewNames, members: readonly string[]): Brought {
  const as: Record<string, string> = {};
  const missing: string[] = [];
  const space = libraryName(script);
  for (const member of members) {
    const known = knownAs(script, member) ?? (space && `${space}.${member}`);
    if (known) as[member] = known;
    else missing.push(member);
  }
  for (const member of missing) as[member] = fresh.take(member);
  if (missing.length === 0) return { edits: [], as, statement: null };

  const existing = namedList(script);
  const colon = existing?.form === "import" ? " as " : ": ";
  if (existing) return { edits: [addTo(existing.list, missing, as, colon)], as, statement: null };

  const list = (separator: string) => {
    const blank = style.padded ? " " : "";
    return `{${blank}${missing.map((name) => item(name, as[name]!, separator)).join(", ")}${blank}}`;
  };
  const from = quote(style, PACKAGE);
  switch (formOf(script)) {
    case "import":
      return {
        edits: [insert(script, style, `import ${list(" as ")} from ${from}${style.semicolon}`)],
        as,
        statement: null,
      };
    case "require":
      return {
        edits: [insert(script, style, `const ${list(": ")} = require(${from})${style.semicolon}`)],
        as,
        statement: null,
      };
    case "dynamic":
      return { edits: [], as, statement: `const ${list(": ")} = await import(${from})` };
  }
}

const item = (name: string, local: string, separator: string) => (name === local ? name : name + separator + local);

/** The name that a member already has in the script, where the whole file sees it. */
function knownAs({ names, source }: Script, member: string): string | null {
  for (const { node } of names.occurrences(member)) {
    const binding = names.resolve(member, node.startIndex);
    if (
      !binding ||
      binding.scope.end - binding.scope.start < source.tree.rootNode.endIndex - source.tree.rootNode.startIndex
    )
      continue;
    const imported = importedAs(names, binding);
    if (imported?.library === "estimator" && imported.member === member && !isTypeOnly(binding.path)) return member;
  }
  return null;
}

const isTypeOnly = (path: readonly Node[]) =>
  path.some((node) => node.type === "import_statement" && node.children[1]?.type === "type");

/** `est` of `import * as est from "@fitlens/estimator"`. */
function libraryName({ imports }: Script): string | null {
  for (const { library, statement, typeOnly } of imports) {
    if (library !== "estimator" || typeOnly) continue;
    const name = statement.descendantsOfType("namespace_import")[0]?.namedChild(0);
    if (name) return name.text;
    const declared = statement.descendantsOfType("variable_declarator")[0]?.childForFieldName("name");
    if (declared?.type === "identifier") return declared.text;
  }
  return null;
}

/** The braces of an import or require of the package that can take more names. */
function namedList({ imports, source }: Script): { list: Node; form: "import" | "require" } | null {
  for (const { library, statement, typeOnly, form, path } of imports) {
    if (library !== "estimator" || typeOnly || form === "dynamic") continue;
    const list = statement.descendantsOfType(form === "import" ? "named_imports" : "object_pattern")[0];
    if (list && path[1]?.id === statement.id && !list.hasError && source.text[list.endIndex - 1] === "}")
      return { list, form };
  }
  return null;
}

function addTo(
  list: Node,
  missing: readonly string[],
  as: Readonly<Record<string, string>>,
  separator: string,
): TextEdit {
  const last = list.namedChildren.filter((child) => child.type !== "comment").at(-1);
  const text = missing.map((name) => item(name, as[name]!, separator)).join(", ");
  if (!last) return { start: list.startIndex + 1, end: list.startIndex + 1, text: ` ${text} ` };
  return { start: last.endIndex, end: last.endIndex, text: `, ${text}` };
}

function formOf({ imports, source }: Script): "import" | "require" | "dynamic" {
  const first = imports.find(({ library, typeOnly }) => library === "tfjs" && !typeOnly);
  if (first) {
    // `require` inside a function, or a file with both: what stands at the top decides.
    if (first.form === "dynamic" && source.tree.rootNode.namedChildren.some((node) => node.type === "import_statement"))
      return "import";
    return first.form;
  }
  const { text } = source;
  const isCommonJs = /\brequire\s*\(|\bmodule\.exports\b|\bexports\.\w+\s*=/.test(text);
  return /^\s*(?:import|export)\s/m.test(text) || !isCommonJs ? "import" : "require";
}

/** After the import of TensorFlow.js, else after the other imports, else at the top. */
function insert({ imports, source }: Script, style: Style, statement: string): TextEdit {
  const { text, tree } = source;
  const top = tree.rootNode.namedChildren;
  const own = imports.find(
    ({ library, typeOnly, path, statement }) => library === "tfjs" && !typeOnly && path[1]?.id === statement.id,
  );
  const directive = top.find((node) => node.type === "expression_statement" && /^["']use /.test(node.text));
  const after =
    own?.statement ??
    top.findLast((node) => node.type === "import_statement") ??
    directive ??
    top.find((node) => node.type === "hash_bang_line");
  if (after) {
    const end = lineEndAfter(text, after.endIndex);
    return { start: end, end, text: style.eol + statement };
  }
  return { start: 0, end: 0, text: statement + style.eol };
}

/** The end of the line, where only a comment follows; else the offset itself. */
export function lineEndAfter(text: string, offset: number): number {
  const rest = /^[ \t]*(?:\/\/[^\r\n]*|\/\*(?:(?!\*\/)[^\r\n])*\*\/[ \t]*)?(?=\r?\n|$)/.exec(
    text.slice(offset, offset + 1000),
  );
  return offset + (rest?.[0].length ?? 0);
}
