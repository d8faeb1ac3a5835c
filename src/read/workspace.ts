// The files of a workspace as the evaluator asks for them: read by a function of the caller's, split into statements once each. Knows
// neither disk nor editor.
import type { Unit } from "./code";
import type { Workspace } from "./evaluate/run";
import { dialectOf, type Grammars } from "./grammars";
import { parse } from "./source";
import { splitUnits } from "./units";

/** Files larger than this are no modules that somebody wrote. */
const MOST_TEXT = 400_000;

/** The text of a file by its path, with "/" between its parts; undefined: there is none, or it is not to be read. */
export type ReadFile = (path: string) => string | undefined;

/** One for each program; `known` keeps what was split, by the text, over programs and edits. */
export function workspaceOf(path: string, read: ReadFile, grammars: Grammars, known: KnownModules): Workspace {
  return {
    path,
    read,
    units(file) {
      const dialect = dialectOf(file);
      const text = dialect ? read(file) : undefined;
      if (!dialect || text === undefined || text.length > MOST_TEXT) return undefined;
      const before = known.get(file);
      if (before?.text === text) return before.units;
      const source = parse(text, dialect, grammars);
      const units = splitUnits(source).map((unit) => ({ ...unit, file }));
      source.dispose();
      known.set(file, { text, units });
      return units;
    },
  };
}

export type KnownModules = Map<string, { readonly text: string; readonly units: readonly Unit[] }>;
