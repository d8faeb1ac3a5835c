// Turns TypeScript into JavaScript, line for line, and decides which of Node's two module systems it is written for.
import fs from "node:fs";
import path from "node:path";
import vm from "node:vm";
import { type Transform, transform } from "sucrase";

export type Format = "module" | "commonjs";

export interface Compiled {
  code: string;
  format: Format;
}

export const TYPESCRIPT = /\.[cm]?tsx?$/;

/** A syntax error, with its place in front of the message as Node writes it. */
export class TypeScriptError extends SyntaxError {
  constructor(file: string, text: string, error: Error & { loc?: { line: number; column: number } }) {
    const message = error.message.replace(/^Error transforming [^:]*: /, "").replace(/ \(\d+:\d+\)$/, "");
    super(message);
    const { line = 1, column = 1 } = error.loc ?? {};
    const source = text.split(/\r?\n/)[line - 1] ?? "";
    const caret = " ".repeat(Math.max(0, column - 1));
    this.name = "SyntaxError";
    this.stack = `${file}:${line}:${column}\n${source}\n${caret}^\n\nSyntaxError: ${message}`;
  }
}

/** `asRequired`: `require` is loading it, so it can only be CommonJS. */
export function compile(file: string, text: string, { asRequired = false } = {}): Compiled {
  const declared = asRequired ? "commonjs" : declaredFormat(file);
  if (declared === "module") return { code: toJavaScript(file, text, "module"), format: "module" };
  if (declared === "commonjs") return { code: toJavaScript(file, text, "commonjs"), format: "commonjs" };
  const code = toJavaScript(file, text, "module");
  const error = commonJsError(code);
  if (!error || !needsModule(error)) return { code, format: "commonjs" };
  // A package that names no type, as those that were made for ts-node: import is written, and CommonJS meant.
  if (/\b(__dirname|__filename|require\s*\(|module\.exports)/.test(code) && !/\bimport\.meta\b/.test(code)) {
    const common = toJavaScript(file, text, "commonjs");
    if (!commonJsError(common)) return { code: common, format: "commonjs" };
  }
  return { code, format: "module" };
}

function toJavaScript(file: string, text: string, format: Format): string {
  const transforms: Transform[] = ["typescript"];
  if (file.endsWith("x")) transforms.push("jsx");
  if (format === "commonjs") transforms.push("imports");
  try {
    return transform(text, { transforms, filePath: file, disableESTransforms: true, preserveDynamicImport: true }).code;
  } catch (error) {
    throw new TypeScriptError(file, text, error as Error);
  }
}

/** What the file's name or its package says; nothing where only the syntax can tell. */
function declaredFormat(file: string): Format | undefined {
  if (/\.mtsx?$/.test(file)) return "module";
  if (/\.ctsx?$/.test(file)) return "commonjs";
  const type = packageType(path.dirname(file));
  return type === "module" || type === "commonjs" ? type : undefined;
}

const types = new Map<string, string | undefined>();

/** `type` of the nearest package.json. */
function packageType(folder: string): string | undefined {
  if (!types.has(folder)) types.set(folder, readPackageType(folder));
  return types.get(folder);
}

function readPackageType(folder: string): string | undefined {
  try {
    return (JSON.parse(fs.readFileSync(path.join(folder, "package.json"), "utf8")) as { type?: string }).type;
  } catch {
    const parent = path.dirname(folder);
    return parent === folder || path.basename(folder) === "node_modules" ? undefined : packageType(parent);
  }
}

const PARAMETERS = ["exports", "require", "module", "__filename", "__dirname"];

/** Why it cannot run as CommonJS; Node asks itself the same way. */
function commonJsError(code: string): string | undefined {
  try {
    vm.compileFunction(code, PARAMETERS);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

const MODULE_SYNTAX = [
  "Cannot use import statement outside a module",
  "Unexpected token 'export'",
  "Cannot use 'import.meta' outside a module",
  "await is only valid in async functions and the top level bodies of modules",
];

/** Also where a name of CommonJS's own is declared at the top (`const require = …`), as only modules can. */
function needsModule(error: string): boolean {
  return (
    MODULE_SYNTAX.some((text) => error.includes(text)) ||
    PARAMETERS.some((name) => error === `Identifier '${name}' has already been declared`)
  );
}
