// What other programs of the workspace make of the open document: each that imports it is read as a program of its own, and what its
// calls give is told at the sites of which the document itself tells nothing. Reads no file itself.
import type { Unit } from "../read/code";
import { calledSites } from "../read/evaluate/called";
import type { Workspace } from "../read/evaluate/run";
import type { CallPlace } from "../read/evaluate/sites";
import type { Place } from "../read/evaluate/value";
import { type Dialect, dialectOf, type Grammars } from "../read/grammars";
import { relativePath } from "../read/importPaths";
import { parse } from "../read/source";
import { splitUnits } from "../read/units";
import type { Part } from "./analysis";
import { evaluated, type KerasDefault } from "./reading";

/** A file that imports the document. */
export interface Caller {
  readonly path: string;
  readonly text: string;
  /** Of a notebook: its cells, named by their place among all of its cells. */
  readonly parts?: readonly Part[];
  readonly workspace: Workspace;
}

export interface Callee {
  readonly path: string;
  readonly units: readonly Unit[];
}

/** Null: it does not import the file after all. */
export function readCaller(caller: Caller, callee: Callee, keras: KerasDefault, grammars: Grammars) {
  const dialect: Dialect | undefined = caller.parts ? "python" : dialectOf(caller.path);
  if (!dialect) return null;
  const source = parse(caller.text, dialect, grammars);
  const units = splitUnits(source);
  source.dispose();
  const own = callee.units.map((unit) => ({ ...unit, file: callee.path }));
  let isImported = false;
  const workspace: Workspace = {
    ...caller.workspace,
    units(path) {
      if (path !== callee.path) return caller.workspace.units(path);
      isImported = true;
      return own;
    },
  };
  const program = evaluated(units, dialect, keras, workspace);
  if (!isImported) return null;
  const numbers = new Map<Unit, number>(own.map((unit, at) => [unit, at]));
  return calledSites(
    program,
    callee.path,
    ({ unit }) => numbers.get(unit) ?? -1,
    (place) => told(place, caller, callee.path),
  );
}

function told(place: Place | null, { path, text, parts, workspace }: Caller, callee: string): CallPlace {
  if (!place) return { file: relativePath(callee, path), line: null };
  const { unit, start } = place;
  const file = relativePath(callee, unit.file ?? path);
  const within = unit.file === undefined ? {} : { program: relativePath(callee, path) };
  const offset = unit.start + start;
  const written = unit.file === undefined ? text : workspace.read(unit.file);
  if (written === undefined) return { file, line: null, ...within };
  const part = unit.file === undefined ? parts?.findLast((one) => one.start <= offset) : undefined;
  const line = written.slice(part?.start ?? 0, offset).split("\n").length;
  return part ? { file, line, cell: Number(part.uri) } : { file, line, ...within };
}
