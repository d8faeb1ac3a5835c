// The tree-sitter grammars and which one reads which file. How their bytes are found is the caller's task.
import { Language, Parser } from "web-tree-sitter";

/** A way of writing that has a grammar of its own. */
export const DIALECTS = ["javascript", "typescript", "tsx", "python"] as const;
export type Dialect = (typeof DIALECTS)[number];

/** A parser for each dialect. Built once a process. */
export type Grammars = Readonly<Record<Dialect, Parser>>;

/** The files that `loadGrammars` asks for. */
export const WASM_FILES = {
  runtime: "web-tree-sitter.wasm",
  javascript: "tree-sitter-javascript.wasm",
  typescript: "tree-sitter-typescript.wasm",
  tsx: "tree-sitter-tsx.wasm",
  python: "tree-sitter-python.wasm",
} as const;

export async function loadGrammars(readFile: (name: string) => Promise<Uint8Array>): Promise<Grammars> {
  // Emscripten's option; the type of web-tree-sitter's `init` asks for a whole module where a part of one is meant.
  const options = { wasmBinary: await readFile(WASM_FILES.runtime) } as unknown as Parameters<typeof Parser.init>[0];
  await Parser.init(options);
  const parsers = await Promise.all(
    DIALECTS.map(async (dialect) => {
      const language = await Language.load(await readFile(WASM_FILES[dialect]));
      return [dialect, new Parser().setLanguage(language)] as const;
    }),
  );
  return Object.fromEntries(parsers) as Record<Dialect, Parser>;
}

const DIALECT_OF: Readonly<Record<string, Dialect>> = {
  ".js": "javascript",
  ".jsx": "javascript",
  ".mjs": "javascript",
  ".cjs": "javascript",
  ".ts": "typescript",
  ".mts": "typescript",
  ".cts": "typescript",
  ".tsx": "tsx",
  ".py": "python",
  ".pyw": "python",
};

const DIALECT_OF_LANGUAGE: Readonly<Record<string, Dialect>> = {
  javascript: "javascript",
  javascriptreact: "javascript",
  typescript: "typescript",
  typescriptreact: "tsx",
  python: "python",
};

/** The dialect of a file: by its ending, else by the editor's language id. Undefined for files that are not read. */
export function dialectOf(fileName: string, languageId?: string): Dialect | undefined {
  const ending = /\.[^./\\]+$/.exec(fileName)?.[0].toLowerCase() ?? "";
  return DIALECT_OF[ending] ?? DIALECT_OF_LANGUAGE[languageId ?? ""];
}
