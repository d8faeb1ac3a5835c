// JavaScript's imports and exports as code. Knows the grammars' node names, not what any package is.
import { type Expression, type Import, namesIn, type Span, type Statement } from "../code";
import { childIn, type Syntax } from "../syntax";
import { addStatement } from "./lower";
import { decorator } from "./lowerClasses";
import { expected, unread } from "./lowerExpressions";
import { type Source, unreadable } from "./lowerSight";
import { stringValue } from "./lowerText";

/** What a module exports as its default where that has no name. No name can be this word. */
const DEFAULT = "default";

export function addImport(node: Syntax, _source: Source, into: Statement[]): void {
  const { start, end } = node;
  // `import type { T }` is gone when the code runs.
  if (node.marks.includes("type")) return;
  const required = node.children.find((child) => child.type === "import_require_clause");
  const path = pathOf(childIn(required ?? node, "source"));
  const names: Import["names"][number][] = [];
  const whole = (child: Syntax, name: string | null) =>
    names.push({ name, as: child.text, span: { start: child.start, end: child.end } });
  if (required?.children[0]) whole(required.children[0], null);
  for (const child of node.children.find(({ type }) => type === "import_clause")?.children ?? []) {
    if (child.type === "identifier") whole(child, "default");
    else if (child.type === "namespace_import" && child.children[0]) whole(child.children[0], null);
    else if (child.type === "named_imports") names.push(...child.children.flatMap((one) => specifiers(one)));
  }
  into.push({ kind: "import", start, end, path, names });
}

const pathOf = (node: Syntax | undefined): string => (node ? (stringValue(node.text) ?? "") : "");

/** `a`, `a as b`; none for `type T`. The span is that of the last name. */
function specifiers(node: Syntax): { name: string; as: string; span: Span }[] {
  const found = /^(\S+?)(?:\s+as\s+(\S+))?$/.exec(node.text.replace(/^type\s+(?!as\b(?!\s+as))/, "\0"));
  if (!found || found[0].startsWith("\0") || node.type === "ERROR") return [];
  const name = unquoted(found[1]!);
  const last = found[2] ?? found[1]!;
  return [{ name, as: unquoted(last), span: { start: node.end - last.length, end: node.end } }];
}

const unquoted = (name: string): string => (/^['"]/.test(name) ? (stringValue(name) ?? name) : name);

export function addExport(node: Syntax, source: Source, into: Statement[]): void {
  const { start, end } = node;
  if (node.marks.includes("type")) return;
  const declaration = childIn(node, "declaration");
  const isDefault = node.marks.includes("default");
  if (declaration) {
    addDeclaration(node, declaration, isDefault, source, into);
    return;
  }
  const value = childIn(node, "value");
  const from = childIn(node, "source");
  const path = from ? pathOf(from) : null;
  const clause = node.children.find((child) => child.type === "export_clause");
  const space = node.children.find((child) => child.type === "namespace_export");
  if (isDefault && value) addDefault(node, expected(value, node, source), into);
  else if (clause) {
    const names = clause.children.flatMap((child) => specifiers(child)).map(({ name, as }) => ({ name, as }));
    into.push({ kind: "export", start, end, names, from: path });
  } else if (space) {
    const as = unquoted(space.text.replace(/^\*\s*as\s+/, ""));
    into.push({ kind: "export", start, end, names: [{ name: "*", as }], from: path });
  } else if (node.marks.includes("*") && path !== null) {
    into.push({ kind: "export", start, end, names: [{ name: "*", as: "*" }], from: path });
  } else into.push({ kind: "expression", start, end, value: unread(node, source) });
}

function addDefault({ start, end }: Syntax, value: Expression, into: Statement[]): void {
  into.push({
    kind: "assign",
    start,
    end,
    targets: [{ kind: "name", start: value.start, end: value.start, name: DEFAULT }],
    value,
    declares: "block",
  });
  into.push({ kind: "export", start, end, names: [{ name: DEFAULT, as: "default" }], from: null });
}

function addDeclaration(
  node: Syntax,
  declaration: Syntax,
  isDefault: boolean,
  source: Source,
  into: Statement[],
): void {
  const { start, end } = node;
  const decorators = node.children.filter(({ type }) => type === "decorator").map((one) => decorator(one, source));
  const lowered: Statement[] = [];
  addStatement(declaration, source, lowered, decorators);
  const exported: string[] = [];
  for (const statement of lowered) {
    const named =
      statement.kind === "function-definition"
        ? statement.function
        : statement.kind === "class-definition"
          ? statement.class
          : null;
    if (!named || (statement.kind !== "function-definition" && statement.kind !== "class-definition")) {
      into.push({ ...statement, start });
      if (statement.kind === "assign") exported.push(...statement.targets.flatMap(namesIn));
    } else if (isDefault && named.name === "") addDefault(node, named, into);
    else {
      into.push({ ...statement, start, ...(isDefault ? {} : { isExported: true }) });
      if (isDefault)
        into.push({ kind: "export", start, end, names: [{ name: named.name, as: "default" }], from: null });
    }
  }
  const names = exported.map((name) => ({ name, as: name }));
  if (names.length > 0) into.push({ kind: "export", start, end, names, from: null });
}

/** `import x = A.B` of TypeScript. */
export function addAlias(node: Syntax, _source: Source, into: Statement[]): void {
  const { start, end } = node;
  const name = node.children.find((child) => child.type === "identifier");
  if (!name) return;
  const targets = [{ kind: "name" as const, start: name.start, end: name.end, name: name.text }];
  into.push({ kind: "assign", start, end, targets, value: unreadable(node), declares: "block" });
}
