// A script or notebook as the command line reads it: nothing of it is run. What it imports from beside it is read as well.
import fs from "node:fs";
import path from "node:path";
import { type Analysis, analyse, positionOf } from "../features/analysis";
import type { KnownPython } from "../features/keras";
import { type Cell, notebookText } from "../features/notebook";
import { ModelReader } from "../features/reading";
import { dialectOf, type Grammars } from "../read/grammars";
import { parse } from "../read/source";
import { workspaceOf } from "../read/workspace";
import { CliError } from "./output";

/** Which Keras a Python script runs with, as it was asked for. */
export function pythonWith(keras: string | undefined): KnownPython {
  if (keras === undefined) return null;
  if (keras !== "2" && keras !== "3") throw new CliError(`--keras ${keras}: expected 2 or 3.`);
  return { packages: { keras: keras === "2" ? "2.15" : "3.0" }, backends: { default: "tensorflow" } };
}

export function readScriptFile(file: string, grammars: Grammars): Analysis {
  const isNotebook = file.endsWith(".ipynb");
  const dialect = isNotebook ? "python" : dialectOf(file);
  if (!dialect)
    throw new CliError(`${file}: expected a script in Python, TypeScript or JavaScript, or a notebook (.ipynb).`);
  const given = textOf(file);
  const { text, parts } = isNotebook ? notebookText(cellsOf(file, given)) : { text: given, parts: undefined };
  const beside = workspaceOf(path.resolve(file).split(path.sep).join("/"), fileText, grammars, new Map());
  return analyse(file, parse(text, dialect, grammars), parts, new ModelReader(() => beside));
}

/** `train.py:3:14`, counted from 1; in a notebook `train.ipynb[2]:3:14`, its cells counted from 0 as `fitlens train --cell` does. */
export function placeText(analysis: Analysis, offset: number): string {
  const { uri, line, character } = positionOf(analysis, offset);
  return `${uri}:${line + 1}:${character + 1}`;
}

/** The code cells of a notebook file, each named by its place among all cells. */
function cellsOf(file: string, text: string): Cell[] {
  let cells: unknown;
  try {
    cells = (JSON.parse(text) as { cells?: unknown }).cells;
  } catch {
    cells = undefined;
  }
  if (!Array.isArray(cells)) throw new CliError(`${file} is not a notebook: expected a JSON document with cells.`);
  return cells.flatMap((cell: { cell_type?: unknown; source?: unknown }, at): Cell[] => {
    const source = Array.isArray(cell?.source) ? cell.source.join("") : cell?.source;
    return cell?.cell_type === "code" && typeof source === "string" ? [{ uri: `${file}[${at}]`, text: source }] : [];
  });
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
