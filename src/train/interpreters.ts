// Pythons: which there are, what they have, and what they lack. Looks at installed metadata only; nothing of a workspace is
// run and no framework is imported.
import fs from "node:fs";
import path from "node:path";
import { compareVersions, hasEstimator } from "../model/versions";
import { BACKENDS, type Backend, type EnvironmentNeed } from "../protocol/server";
import { isUnfinished } from "./environments/note";
import { findProgram, runCommand } from "./native/command";
import { PROBE } from "./probe";

/** What a Python says of itself. */
export interface PythonInfo {
  /** The program, as it is started. */
  path: string;
  /** `3.11.7`; empty where it does not start. */
  version: string;
  /** Its environment's folder; empty where it does not start. */
  prefix: string;
  /**
   * Versions by the name of the package: `tensorflow` (whichever of its distributions), `keras`, `tf_keras`, `jax`, `torch`,
   * `tensorflow-estimator`, `debugpy`, `ipykernel`. Only what is really there.
   */
  packages: Readonly<Record<string, string>>;
  /** The folder of the package `tensorflow`. */
  tensorflowFolder?: string;
  /** Why it cannot be used, in words. */
  problem?: string;
}

export const OLDEST_PYTHON = "3.8";
const PROBE_MILLIS = 20_000;

/** Its program under the folder of an environment, in the order of likelihood. */
const PROGRAMS =
  process.platform === "win32" ? ["Scripts/python.exe", "python.exe"] : ["bin/python", "bin/python3", "python"];

interface Known {
  info: PythonInfo;
  /** Files and folders with their times of change when it was asked. */
  watched: readonly (readonly [place: string, mtime: number])[];
}

const known = new Map<string, Known>();

/**
 * Asks a Python. The answer is kept until its program or its folders of packages change; a problem is never kept.
 * `folder` is where it will run: the shims of version managers (pyenv, asdf) choose a Python by that.
 */
export async function probePython(python: string, signal?: AbortSignal, folder?: string): Promise<PythonInfo> {
  const program = programOf(python);
  const chooses = folder !== undefined && /[\\/]shims[\\/]/.test(program);
  const key = chooses ? `${program}\0${folder}` : program;
  const kept = known.get(key);
  if (kept?.watched.every(([place, mtime]) => mtimeOf(place) === mtime)) return kept.info;
  const missing = missingProgram(program);
  if (missing !== undefined) return broken(program, missing);
  // In its own folder nothing of the workspace is found, whatever it is; of a shim only `-I` is asked of the Python it leads to.
  const result = await runCommand(program, ["-I", "-c", PROBE], {
    cwd: chooses ? folder : path.dirname(program),
    timeoutMs: PROBE_MILLIS,
    ...(signal && { signal }),
  });
  const answer = result.stdout.startsWith("{") ? parse(result.stdout) : undefined;
  if (!answer) return broken(program, whyNoAnswer(program, result.output));
  const { places, tensorflowFolder, ...said } = answer;
  const info: PythonInfo = { path: program, ...said, ...(tensorflowFolder && { tensorflowFolder }) };
  if (compareVersions(info.version, OLDEST_PYTHON) < 0) {
    return {
      ...info,
      problem: `${program} is Python ${info.version}: Fitlens needs Python ${OLDEST_PYTHON} or newer.`,
    };
  }
  const choices = chooses ? [".python-version", ".tool-versions"].map((name) => path.join(folder, name)) : [];
  const watched = [program, ...places, ...choices].map((place) => [place, mtimeOf(place)] as const);
  known.set(key, { info, watched });
  return info;
}

/** The program that is meant: a name on the PATH, an environment's folder, or the program itself. */
function programOf(python: string): string {
  if (!/[\\/]/.test(python)) return findProgram(python) ?? python;
  const full = path.resolve(python);
  if (!fs.statSync(full, { throwIfNoEntry: false })?.isDirectory()) return full;
  return pythonIn(full) ?? full;
}

/** The Python of an environment (venv, conda), where the folder is one. */
export function pythonIn(environment: string): string | undefined {
  // A link that leads nowhere is still the environment's Python: what is wrong with it is said when it is asked.
  return PROGRAMS.map((name) => path.join(environment, name)).find((file) => {
    const stat = fs.lstatSync(file, { throwIfNoEntry: false });
    return stat !== undefined && !stat.isDirectory();
  });
}

function missingProgram(program: string): string | undefined {
  const stat = fs.statSync(program, { throwIfNoEntry: false });
  if (stat?.isFile()) return undefined;
  if (stat?.isDirectory()) {
    return `${program} is a folder without a Python in it: expected an environment (with ${PROGRAMS[0]}) or the program itself.`;
  }
  if (!/[\\/]/.test(program)) return `There is no ${program} on the PATH.`;
  const link = fs.lstatSync(program, { throwIfNoEntry: false })?.isSymbolicLink();
  if (!link) return `${program} does not exist.`;
  return `${program} leads to ${fs.readlinkSync(program)}, which does not exist: the Python that this environment was made with was removed. Make the environment again.`;
}

function whyNoAnswer(program: string, output: string): string {
  if (/unknown option:? -I/i.test(output)) {
    return `${program} is older than Python 3.4: Fitlens needs Python ${OLDEST_PYTHON} or newer.`;
  }
  const library = /error while loading shared libraries: (\S+?):|Library not loaded: (\S+)/.exec(output);
  if (library)
    return `${program} does not start: the library ${library[1] ?? library[2]} is missing. Reinstall this Python.`;
  if (/No module named '?encodings'?|init_fs_encoding|No Python at/.test(output)) {
    return `${program} does not start: it does not find its own library. The Python that this environment was made with was moved or removed; make the environment again.`;
  }
  if (/Microsoft Store/.test(output))
    return `${program} is only a link to the Microsoft Store: no Python is installed.`;
  const last = output.trim().split("\n").at(-1)?.trim();
  return `${program} does not answer as a Python does${last ? `: ${last.slice(0, 300)}` : "."}`;
}

const broken = (program: string, problem: string): PythonInfo => ({
  path: program,
  version: "",
  prefix: "",
  packages: {},
  problem,
});

interface Answer {
  version: string;
  prefix: string;
  packages: Record<string, string>;
  tensorflowFolder: string | null;
  places: string[];
}

function parse(text: string): Answer | undefined {
  try {
    return JSON.parse(text) as Answer;
  } catch {
    return undefined;
  }
}

const mtimeOf = (place: string): number => fs.statSync(place, { throwIfNoEntry: false })?.mtimeMs ?? 0;

export interface PythonPlaces {
  /** The setting: a program, a name on the PATH, or an environment's folder. */
  configured?: string | undefined;
  workspaceFolder?: string | undefined;
}

/** Pythons to consider, best first: the setting's, the workspace's environments, those on the PATH. */
export function pythonCandidates({ configured, workspaceFolder }: PythonPlaces): string[] {
  const environments = workspaceFolder ? [".venv", "venv", ".conda"] : [];
  const folders = environments.map((name) => path.join(workspaceFolder!, name));
  const inWorkspace = folders.map((folder) => (isUnfinished(folder) ? undefined : pythonIn(folder)));
  const onPath = ["python3", "python"].map(findProgram);
  const all = [configured ? programOf(configured) : undefined, ...inWorkspace, ...onPath];
  return [...new Set(all.filter((python) => python !== undefined))];
}

/** The Python to train with. One that is set is never passed over; else the first that works, else the first with its problem. */
export async function choosePython(places: PythonPlaces, signal?: AbortSignal): Promise<PythonInfo | undefined> {
  let first: PythonInfo | undefined;
  for (const python of pythonCandidates(places)) {
    const info = await probePython(python, signal, places.workspaceFolder);
    if (info.problem === undefined || places.configured) return info;
    first ??= info;
  }
  return first;
}

/** What a Python lacks for a file, in a sentence; nothing where it has all. `backend` is the one that Keras is to use. */
export function lackingFor(need: EnvironmentNeed, info: PythonInfo, backend?: Backend): string | undefined {
  if (info.problem !== undefined) return info.problem;
  const python = `Python ${info.version} (${info.path})`;
  const { tensorflow, keras, ...others } = info.packages;
  if (need === "estimator") {
    if (tensorflow === undefined) return `${python} has no TensorFlow.`;
    if (!hasEstimator(tensorflow)) {
      return `${python} has TensorFlow ${tensorflow}, which has no tf.estimator any more: TensorFlow 2.15 is the last that has it.`;
    }
    if (others["tensorflow-estimator"] !== undefined) return undefined;
    return `${python} has TensorFlow ${tensorflow} without the package tensorflow-estimator.`;
  }
  if (backend !== undefined && info.packages[backend] === undefined) {
    return `${python} has no ${NAMES[backend]}, which the backend ${backend} needs.`;
  }
  if (keras === undefined && others["tf_keras"] === undefined) return `${python} has no Keras.`;
  if (BACKENDS.some((name) => info.packages[name] !== undefined)) return undefined;
  return `${python} has Keras, but none of TensorFlow, JAX and PyTorch, one of which it needs.`;
}

const NAMES: Record<Backend, string> = { tensorflow: "TensorFlow", jax: "JAX", torch: "PyTorch" };
