// A script or notebook as the command line reads it: nothing of it is run. What it imports from beside it is read as well.
import fs from "node:fs";
import path from "node:path";
import { type Analysis, analyse, positionOf } from "../features/analysis";
import { type Called, hasUnsure } from "../features/called";
import type { KnownPython } from "../features/keras";
import { type Cell, notebookCells, notebookText } from "../features/notebook";
import { ModelReader, type Reading } from "../features/reading";
import { dialectOf, type Grammars } from "../read/grammars";
import { parse } from "../read/source";
import { workspaceOf } from "../read/workspace";
import { importersIn, readCallers } from "../server/callers";
import { CliError } from "./output";

const PROJECT = [".git", "package.json", "pyproject.toml", "setup.py", "requirements.txt"];

/** Which Keras a Python script runs with, as it was asked for. */
export function pythonWith(keras: string | undefined): KnownPython {
  if (keras === undefined) return null;
  if (keras !== "2" && keras !== "3") throw new CliError(`--keras ${keras}: expected 2 or 3.`);
  return { packages: { keras: keras === "2" ? "2.15" : "3.0" }, backends: { default: "tensorflow" } };
}

/**
 * Reads one file after the other. Those that cannot be read stop none of the others: what is wrong with them comes back,
 * to be said in the end.
 */
export function readScripts(
  files: readonly string[],
  grammars: Grammars,
  use: (file: string, analysis: Analysis) => void,
): CliError | undefined {
  const wrong: string[] = [];
  for (const file of files) {
    try {
      const analysis = readScriptFile(file, grammars);
      use(file, analysis);
      analysis.source.dispose();
    } catch (error) {
      if (!(error instanceof CliError)) throw error;
      wrong.push(error.message);
    }
  }
  return wrong.length === 0 ? undefined : new CliError(wrong.join("\n"));
}

function readScriptFile(file: string, grammars: Grammars): Analysis {
  const isNotebook = file.endsWith(".ipynb");
  const dialect = isNotebook ? "python" : dialectOf(file);
  if (!dialect)
    throw new CliError(`${file}: expected a script in Python, TypeScript or JavaScript, or a notebook (.ipynb).`);
  const given = textOf(file);
  const { text, parts } = isNotebook ? notebookText(cellsOf(file, given)) : { text: given, parts: undefined };
  const own = path.resolve(file).split(path.sep).join("/");
  const beside = workspaceOf(own, fileText, grammars, new Map());
  const models = new ModelReader(
    () => beside,
    (reading) => (isNotebook || !hasUnsure(reading.program) ? undefined : calledIn(own, reading, grammars)),
  );
  return analyse(file, parse(text, dialect, grammars), parts, models);
}

const importers = new Map<string, (path: string) => string[]>();

/** What the programs make of a file that import it. */
function calledIn(file: string, reading: Reading, grammars: Grammars): Called | undefined {
  const known = reading.called;
  if (known) return known;
  const { root, isDeep } = projectOf(file);
  const find = importers.get(root) ?? importersIn(root, isDeep);
  importers.set(root, find);
  const paths = find(file);
  return paths.length > 0 ? readCallers(paths, file, reading, grammars) : undefined;
}

/** The project that a file is of: the nearest folder that says it is one, or the file's own folder alone. */
function projectOf(file: string): { root: string; isDeep: boolean } {
  const folder = path.posix.dirname(file);
  for (let at = folder; at !== path.posix.dirname(at); at = path.posix.dirname(at))
    if (PROJECT.some((name) => fs.existsSync(`${at}/${name}`))) return { root: at, isDeep: true };
  return { root: folder, isDeep: false };
}

/** `train.py:3:14`, counted from 1; in a notebook `train.ipynb[2]:3:14`, its cells counted from 0 as `fitlens train --cell` does. */
export function placeText(analysis: Analysis, offset: number): string {
  const { uri, line, character } = positionOf(analysis, offset);
  return `${uri}:${line + 1}:${character + 1}`;
}

/** The code cells of a notebook file, each named by its place among all cells. */
function cellsOf(file: string, text: string): Cell[] {
  const cells = notebookCells(text);
  if (!cells) throw new CliError(`${file} is not a notebook: expected a JSON document with cells.`);
  return cells.map(({ at, text: written }) => ({ uri: `${file}[${at}]`, text: written }));
}

/** A module that the script imports: what is not there, or not a file, it does not have. */
function fileText(file: string): string | undefined {
  try {
    return fs.readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function textOf(file: string): string {
  try {
    return fs.readFileSync(file, "utf8");
  } catch (error) {
    throw new CliError(`${file} cannot be read: ${error instanceof Error ? error.message : error}`);
  }
}
