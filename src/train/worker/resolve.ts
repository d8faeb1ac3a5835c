// Installs module resolution and TypeScript into this process: for `require` by its own extension points, for `import` by
// module.registerHooks (Node 22.15 and later) or, before it, by hooks on a thread (hooksThread.ts).
import fs from "node:fs";
import Module, { createRequire } from "node:module";
import path from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { candidates, isDependency } from "./candidates";
import type { Table } from "./table";
import type * as TypeScript from "./typescript";

interface ResolveResult {
  url: string;
  format?: string | null | undefined;
  shortCircuit?: boolean;
}

interface Context {
  parentURL?: string | undefined;
  format?: string | null | undefined;
}

interface SyncHooks {
  resolve(
    specifier: string,
    context: Context,
    next: (specifier: string, context?: Context) => ResolveResult,
  ): ResolveResult;
  load(url: string, context: Context, next: (url: string, context?: Context) => unknown): unknown;
}

/** What Node's typings do not tell of yet, and the extension points that CommonJS has always had. */
interface ModuleInternals {
  registerHooks?(hooks: SyncHooks): void;
  register(specifier: string, options: { data: unknown }): void;
  _resolveFilename(request: string, parent: unknown, isMain: boolean, options?: unknown): string;
  _extensions: Record<string, (module: { _compile(code: string, file: string): void }, file: string) => void>;
}

const internals = Module as unknown as ModuleInternals;

/** `typescript()` is loaded when the first TypeScript file is. */
export function typescriptOf(dist: string): () => typeof TypeScript {
  const load = createRequire(path.join(dist, "worker.js"));
  let loaded: typeof TypeScript | undefined;
  return () => {
    loaded ??= load("./typescript.js") as typeof TypeScript;
    return loaded;
  };
}

export function installResolution(table: Table, dist: string): void {
  const typescript = typescriptOf(dist);
  hookRequire(table, typescript);
  if (internals.registerHooks) {
    internals.registerHooks(importHooks(table, typescript));
  } else {
    internals.register(pathToFileURL(path.join(dist, "hooks.mjs")).href, { data: { table, dist } });
  }
}

function hookRequire(table: Table, typescript: () => typeof TypeScript): void {
  const resolve = internals._resolveFilename;
  internals._resolveFilename = function (request, parent, isMain, options) {
    const known = Object.hasOwn(table, request) ? table[request] : undefined;
    if (known !== undefined) return known;
    try {
      return resolve.call(this, request, parent, isMain, options);
    } catch (error) {
      const from = (parent as { filename?: string } | undefined)?.filename;
      if (from === undefined || isDependency(from)) throw error;
      for (const candidate of candidates(request)) {
        const full = path.resolve(path.dirname(from), candidate);
        if (isFile(full)) return full;
      }
      throw error;
    }
  };
  for (const ending of [".ts", ".tsx", ".cts", ".mts"]) {
    internals._extensions[ending] = (module, file) => {
      const text = fs.readFileSync(file, "utf8");
      module._compile(typescript().compile(file, text, { asRequired: true }).code, file);
    };
  }
}

/** The same for `import`, synchronous. hooksThread.ts wraps it for older versions of Node. */
export function importHooks(table: Table, typescript: () => typeof TypeScript): SyncHooks {
  return {
    resolve(specifier, context, next) {
      const known = Object.hasOwn(table, specifier) ? table[specifier] : undefined;
      if (known !== undefined) {
        return { url: pathToFileURL(known).href, format: "commonjs", shortCircuit: true };
      }
      try {
        return withoutFormat(next(specifier, context));
      } catch (error) {
        const found = find(specifier, context.parentURL);
        if (found === undefined) throw error;
        return isRefused(found) ? { url: found, shortCircuit: true } : withoutFormat(next(found, context));
      }
    },
    load(url, context, next) {
      const file = typescriptFile(url);
      return file === undefined ? next(url, context) : load(file, typescript);
    },
  };
}

/** Node's own opinion of TypeScript is not asked for: what the file is, `load` finds out. */
export function withoutFormat<R extends { url: string; format?: string | null | undefined }>(result: R): R {
  return typescriptFile(result.url) === undefined ? result : { ...result, format: undefined };
}

/** Node takes no URL with an encoded backslash, though files may be called so anywhere but on Windows. */
export function isRefused(url: string): boolean {
  return /%5c/i.test(url);
}

/** A file that the specifier may mean in TypeScript, as a URL. The script itself has no parent. */
export function find(specifier: string, parentURL = "file:///"): string | undefined {
  if (!parentURL.startsWith("file:") || isDependency(parentURL)) return undefined;
  const names = candidates(specifier);
  return (isRefused(parentURL) || isRefused(specifier) ? [specifier, ...names] : names)
    .map((candidate) => new URL(/^[A-Za-z]:[\\/]/.test(candidate) ? pathToFileURL(candidate) : candidate, parentURL))
    .find((url) => url.protocol === "file:" && isFile(fileURLToPath(url)))?.href;
}

/** The path, where the URL is that of a TypeScript file of the user's. */
export function typescriptFile(url: string): string | undefined {
  if (!url.startsWith("file:")) return undefined;
  const file = fileURLToPath(url);
  return /\.[cm]?tsx?$/.test(file) && !isDependency(file) ? file : undefined;
}

export function load(file: string, typescript: () => typeof TypeScript): unknown {
  const { code, format } = typescript().compile(file, fs.readFileSync(file, "utf8"));
  // CommonJS is left to `require`, which compiles it by its own extension point: so require.main and the cache are as ever.
  return { format, source: format === "commonjs" ? null : code, shortCircuit: true };
}

function isFile(file: string): boolean {
  return fs.statSync(file, { throwIfNoEntry: false })?.isFile() ?? false;
}
