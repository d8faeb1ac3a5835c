// The environment that makes a terminal watched: what Python and Node find in it when they start. Knows nothing of the editor.
import fs from "node:fs";
import path from "node:path";
import { runsFolderOf } from "../runs/store";

/** What is done to variables of a terminal; a prepended value comes with its separator. */
export interface TerminalVariables {
  replace: Readonly<Record<string, string>>;
  prepend: Readonly<Record<string, string>>;
  append: Readonly<Record<string, string>>;
}

export interface WatchOptions {
  workspaceFolder: string;
  distFolder: string;
  /** A folder that stays when the extension is updated: terminals that are open keep leading there. */
  storage: string;
}

export function watchedTerminal({ workspaceFolder, distFolder, storage }: WatchOptions): TerminalVariables {
  return {
    replace: { FITLENS_WATCH: runsFolderOf(workspaceFolder), FITLENS_WATCH_DIST: distFolder },
    prepend: { PYTHONPATH: path.join(distFolder, "python", "terminal") + path.delimiter },
    append: { NODE_OPTIONS: ` ${nodeOptions(preloadIn(distFolder, storage))}` },
  };
}

/** The preload of this version, outside of the extension. A Node that does not find the file it is to load does not start. */
function preloadIn(distFolder: string, storage: string): string {
  const file = path.join(storage, "preload.js");
  const text = fs.readFileSync(path.join(distFolder, "preload.js"));
  if (fs.existsSync(file) && fs.readFileSync(file).equals(text)) return file;
  fs.mkdirSync(storage, { recursive: true });
  fs.writeFileSync(`${file}.${process.pid}.tmp`, text);
  fs.renameSync(`${file}.${process.pid}.tmp`, file);
  return file;
}

/** In NODE_OPTIONS quotes keep a path together, and a backslash goes before a quote or a backslash. */
export const nodeOptions = (preload: string): string => `--require "${preload.replace(/[\\"]/g, "\\$&")}"`;
