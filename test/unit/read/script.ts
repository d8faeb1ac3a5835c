// Reads a script for a test, with the grammars of node_modules.
import fs from "node:fs/promises";
import path from "node:path";
import { dialectOf, type Grammars, loadGrammars } from "../../../src/read/grammars";
import { readScript, type Script } from "../../../src/read/javascript/training";
import { type PythonScript, readPythonScript } from "../../../src/read/python/training";
import { parse } from "../../../src/read/source";

let loaded: Promise<Grammars> | undefined;

export function testGrammars(): Promise<Grammars> {
  loaded ??= loadGrammars((name) => {
    const owner = name.replace(/\.wasm$/, "").replace("tree-sitter-tsx", "tree-sitter-typescript");
    return fs.readFile(path.join("node_modules", owner, name));
  });
  return loaded;
}

export async function scriptOf(text: string, file = "script.ts"): Promise<Script> {
  const dialect = dialectOf(file);
  if (!dialect) throw new Error(`No grammar reads ${file}.`);
  return readScript(parse(text, dialect, await testGrammars()));
}

export async function pythonOf(text: string): Promise<PythonScript> {
  return readPythonScript(parse(text, "python", await testGrammars()));
}
