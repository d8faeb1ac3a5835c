// Python's imports as code. Knows the grammar's node names, not what any package is.
import type { Import, Statement } from "../code";
import type { Syntax } from "../syntax";
import { isTorn, type Scope, unreadable } from "./lowerScope";

export function importStatements(node: Syntax, scope: Scope, into: Statement[]): void {
  const { start, end } = node;
  const names = node.children.filter((child) => child.field === "name").flatMap((child) => importedName(child));
  if (isTorn(node, scope)) {
    // The grammar takes the names from the next line, where something else may stand.
    for (const { name, as, span } of names) {
      const bound = as ?? name.split(".")[0]!;
      scope.names.add(bound);
      into.push({
        kind: "assign",
        start,
        end,
        targets: [{ kind: "name", ...span, name: bound }],
        value: unreadable(span),
      });
    }
    return;
  }
  if (node.type === "import_statement") {
    for (const { name, as, span } of names) {
      const first = name.split(".")[0]!;
      scope.names.add(as ?? first);
      const dot = name.lastIndexOf(".");
      // Without `as` the path's first name is bound; `import a.b as a` binds the module b, and is told apart by taking it out of a.
      if (as === first && dot > 0)
        into.push({
          kind: "import",
          start,
          end,
          path: name.slice(0, dot),
          names: [{ name: name.slice(dot + 1), as, span }],
        });
      else into.push({ kind: "import", start, end, path: name, names: [{ name: null, as: as ?? first, span }] });
    }
    return;
  }
  const module = node.children.find((child) => child.field === "module_name");
  const path = node.type === "future_import_statement" ? "__future__" : (module?.text ?? "").replace(/\s+/g, "");
  const star = node.children.find((child) => child.type === "wildcard_import");
  const taken: Import["names"] = star
    ? [{ name: "*", as: "*", span: { start: star.start, end: star.end } }]
    : names.map(({ name, as, span }) => ({ name, as: as ?? name, span }));
  if (!star) for (const { as } of taken) scope.names.add(as);
  into.push({ kind: "import", start, end, path, names: taken });
}

/** `a.b as c`; the span is that of the name it binds. */
function importedName(node: Syntax): { name: string; as: string | null; span: { start: number; end: number } }[] {
  const alias = /^([\s\S]+?)\sas\s+([^\s\\]+)$/.exec(node.text);
  const name = (alias?.[1] ?? node.text).replace(/[\s\\]+/g, "");
  if (name === "") return [];
  const start = alias ? node.end - alias[2]!.length : node.start;
  return [{ name, as: alias?.[2] ?? null, span: { start, end: node.end } }];
}
