// What differs between the languages of scripts when one is started: the program, what stands before the script on its command
// line, and the variables by which the hook is told things. Everything else about a run is alike.
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import type { RunRecord } from "../protocol/run";
import type { Backend } from "../protocol/server";
import { choosePython, lackingFor, probePython } from "./interpreters";
import type { LaunchOptions } from "./launch";
import { LaunchError } from "./launchError";

type Interpreter = RunRecord["interpreter"];
type Chosen = Pick<RunRecord, "interpreter" | "engine" | "backend" | "cell">;

interface Runtime {
  /** The hook, under dist: it must be there. */
  hook: string;
  /** The setting that names the program. */
  setting: string;
  /** What the record keeps of the program and of what was asked of it; throws a LaunchError where it cannot be used. */
  choose(options: LaunchOptions): Promise<Chosen>;
  /** Whether the program of a record still works; throws a LaunchError where not. */
  check(record: { interpreter: Interpreter; cwd: string }): Promise<void>;
  /** What stands before the script. */
  before(distFolder: string): string[];
  variables(record: Chosen, options: Pick<LaunchOptions, "nativeFolder">): Record<string, string>;
}

const node: Runtime = {
  hook: "worker.mjs",
  setting: "fitlens.nodePath",
  async choose({ nodePath, engine }) {
    const program = nodePath ?? process.execPath;
    const version = program === process.execPath ? { version: process.versions.node } : {};
    return { interpreter: { path: program, ...version }, engine: engine ?? "auto" };
  },
  async check() {},
  before: (distFolder) => ["--import", pathToFileURL(path.join(distFolder, "worker.mjs")).href],
  variables: ({ engine }, { nativeFolder }) => ({
    FITLENS_ENGINE: engine ?? "auto",
    ...(nativeFolder !== undefined && { FITLENS_NATIVE: nativeFolder, ...cacheBeside(nativeFolder) }),
    /** Where Node is VS Code's own program, it should be Node. */
    ELECTRON_RUN_AS_NODE: "1",
  }),
};

const python: Runtime = {
  hook: path.join("python", "fitlens", "__main__.py"),
  setting: "fitlens.pythonPath",
  async choose({ script, cwd, pythonPath, backend, cell }) {
    const info = await (pythonPath ? probePython(pythonPath, undefined, cwd) : choosePython({ workspaceFolder: cwd }));
    if (!info) {
      throw new LaunchError(
        "No Python was found: neither an environment in the workspace nor python3 on the PATH. Install Python, or name one in the setting fitlens.pythonPath.",
      );
    }
    const problem = backend === undefined ? info.problem : lackingFor("keras", info, backend as Backend);
    if (problem !== undefined) throw new LaunchError(problem);
    if (cell !== undefined) requireCell(script, cell);
    return {
      interpreter: { path: info.path, version: info.version },
      ...(backend !== undefined && { backend }),
      ...(cell !== undefined && { cell }),
    };
  },
  async check({ interpreter, cwd }) {
    const { problem } = await probePython(interpreter.path, undefined, cwd);
    if (problem !== undefined) throw new LaunchError(problem);
  },
  before: (distFolder) => [pythonHook(distFolder)],
  variables: ({ backend, cell }, { nativeFolder }) => ({
    ...(nativeFolder !== undefined && cacheBeside(nativeFolder)),
    ...(backend !== undefined && { KERAS_BACKEND: backend }),
    ...(cell !== undefined && { FITLENS_CELL: String(cell) }),
  }),
};

/** Where hooks keep what they have compiled of themselves: the installed extension stays as it is. */
const cacheBeside = (nativeFolder: string) => ({
  FITLENS_CACHE: path.join(path.dirname(nativeFolder), "compile-cache"),
});

/** The folder that Python runs, with the script as its first argument. */
export const pythonHook = (distFolder: string): string => path.join(distFolder, "python", "fitlens");

const RUNTIMES: Record<RunRecord["language"], Runtime> = { typescript: node, javascript: node, python };

export const runtimeOf = (language: RunRecord["language"]): Runtime => RUNTIMES[language];

export function languageOf(script: string): RunRecord["language"] {
  if (/\.(py|ipynb)$/i.test(script)) return "python";
  return /\.[cm]?tsx?$/i.test(script) ? "typescript" : "javascript";
}

function requireCell(script: string, cell: number): void {
  let cells: unknown;
  try {
    ({ cells } = JSON.parse(fs.readFileSync(script, "utf8")) as { cells?: unknown });
  } catch {
    // What is wrong with a notebook is told by the hook, with its place.
    return;
  }
  const count = Array.isArray(cells) ? cells.length : 0;
  if (Number.isInteger(cell) && cell >= 0 && cell < count) return;
  throw new LaunchError(`${script} has no cell ${cell}: expected a number from 0 to ${count - 1}.`);
}
