// The hooks of `import` for Node before 22.15, which runs them on a thread of its own.
import type { ResolveHook } from "node:module";
import { pathToFileURL } from "node:url";
import { find, isRefused, load as loadTypeScript, typescriptFile, typescriptOf, withoutFormat } from "./resolve";
import type { Table } from "./table";
import type * as TypeScript from "./typescript";

let table: Table = {};
let typescript: () => typeof TypeScript;

export function initialize(data: { table: Table; dist: string }): void {
  table = data.table;
  typescript = typescriptOf(data.dist);
}

export const resolve: ResolveHook = async (specifier, context, next) => {
  const known = Object.hasOwn(table, specifier) ? table[specifier] : undefined;
  if (known !== undefined) return { url: pathToFileURL(known).href, format: "commonjs", shortCircuit: true };
  try {
    return withoutFormat(await next(specifier, context));
  } catch (error) {
    const found = find(specifier, context.parentURL);
    if (found === undefined) throw error;
    if (isRefused(found)) return { url: found, shortCircuit: true };
    return withoutFormat(await next(found, context));
  }
};

export async function load(
  url: string,
  context: unknown,
  next: (url: string, context: unknown) => unknown,
): Promise<unknown> {
  const file = typescriptFile(url);
  return file === undefined ? next(url, context) : loadTypeScript(file, typescript);
}
