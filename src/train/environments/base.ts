// The Python that an environment is made with: one that is installed, best versions first. Asks each what it is; starts nothing
// else of it.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type PythonInfo, probePython, pythonIn } from "../interpreters";
import { findProgram } from "../native/command";
import { type Pythons, pythonsFor, type Wish } from "./plan";

export interface Places {
  /** Looked at before all others: the one that is selected. */
  first: readonly string[];
  /** A folder whose Python does not count: the one that is to be made. */
  except: string;
  /** Also looked at: Pythons that Fitlens has brought. */
  brought: string;
}

/** The best that is there for a wish; undefined: none fits. */
export async function findBase(wish: Wish, places: Places, signal?: AbortSignal): Promise<PythonInfo | undefined> {
  const { best, usable } = pythonsFor(wish);
  const found: PythonInfo[] = [];
  const seen = new Set<string>();
  for (const program of candidates(pythonsFor(wish), places)) {
    if (signal?.aborted) return undefined;
    const real = realPath(program);
    if (real === undefined || seen.has(real) || isInside(program, places.except)) continue;
    seen.add(real);
    const info = await probePython(program, signal);
    if (info.problem !== undefined) continue;
    if (best.includes(minorOf(info))) return info;
    if (usable.includes(minorOf(info))) found.push(info);
  }
  return usable.map((minor) => found.find((info) => minorOf(info) === minor)).find((info) => info !== undefined);
}

export const minorOf = (info: PythonInfo): number =>
  info.version.startsWith("3.") ? Number(info.version.split(".")[1]) : -1;

function candidates({ best, usable }: Pythons, { first, brought }: Places): string[] {
  const minors = [...best, ...usable];
  const onPath = ["python3", "python", ...minors.map((minor) => `python3.${minor}`)].map(findProgram);
  const all = [...first, ...onPath, ...inFolders(minors), ...environmentsIn(brought)];
  return [...new Set(all.filter((program) => program !== undefined))];
}

/** Where installers put Pythons that are not on the PATH. */
function inFolders(minors: readonly number[]): string[] {
  const home = os.homedir();
  if (process.platform === "win32") {
    const roots = [
      path.join(process.env["LOCALAPPDATA"] ?? path.join(home, "AppData", "Local"), "Programs", "Python"),
      process.env["ProgramFiles"] ?? "C:\\Program Files",
      "C:\\",
    ];
    const files = minors.flatMap((minor) => roots.map((root) => path.join(root, `Python3${minor}`, "python.exe")));
    return files.filter((file) => fs.existsSync(file));
  }
  const pyenv = environmentsIn(path.join(process.env["PYENV_ROOT"] ?? path.join(home, ".pyenv"), "versions"));
  const uv = environmentsIn(
    path.join(process.env["XDG_DATA_HOME"] ?? path.join(home, ".local", "share"), "uv", "python"),
  );
  const folders = ["/usr/bin", "/usr/local/bin", "/opt/homebrew/bin", path.join(home, ".local", "bin")];
  const named = minors.flatMap((minor) => [
    ...folders.map((folder) => path.join(folder, `python3.${minor}`)),
    `/Library/Frameworks/Python.framework/Versions/3.${minor}/bin/python3`,
  ]);
  return [...named.filter((file) => fs.existsSync(file)), ...pyenv, ...uv];
}

/** The Pythons in the folders of a folder. */
function environmentsIn(folder: string): string[] {
  const names = fs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() ? fs.readdirSync(folder) : [];
  return names.sort().flatMap((name) => pythonIn(path.join(folder, name)) ?? []);
}

function realPath(program: string): string | undefined {
  try {
    // An environment's Python is a link to the one it was made with, but not the same.
    return path.join(fs.realpathSync(path.dirname(program)), path.basename(fs.realpathSync(program)));
  } catch {
    return undefined;
  }
}

const isInside = (file: string, folder: string): boolean =>
  path.resolve(file).startsWith(path.resolve(folder) + path.sep);
