// Makes an environment that has what a file needs, step by step: a Python, the environment, the packages, a look whether all is
// there. A step that was cut off is done again the next time, and only that. Knows nothing of the editor.
import fs from "node:fs";
import path from "node:path";
import { lackingFor, type PythonInfo, probePython, pythonIn } from "../interpreters";
import { findProgram, runCommand } from "../native/command";
import { findBase } from "./base";
import { isNetwork, whyNot } from "./failures";
import { install, lookUp, type Pip, pipVersion, updatePip } from "./pip";
import { beginNote, endNote, forgetHalfInstalled, lookAt } from "./place";
import { type Machine, packagesFor, pythonsFor, pythonText, type Wish } from "./plan";
import { bringPython, bringUv, broughtFolder, makeByUv, type UvOptions } from "./uv";

const MAKE_MILLIS = 10 * 60_000;

export interface EnvironmentOptions {
  /** The environment's folder. */
  folder: string;
  wish: Wish;
  /** A folder of Fitlens's own, for uv and the Pythons that it brings. */
  storage: string;
  /** Pythons to look at before all others: the one that is selected. */
  pythons?: readonly string[];
  /** The packages go into the environment that is there. Default: what is there and not begun by Fitlens is an error. */
  intoExisting?: boolean;
  machine?: Machine;
  /** Finds the Python to make it with. Default: among all that are installed. */
  findBase?: typeof findBase;
  /** Added to the environment of what is started: a proxy, say. */
  env?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
  /** What is being done, for a person. */
  onProgress?(message: string): void;
}

export type EnvironmentResult =
  | { ok: true; python: PythonInfo }
  | {
      ok: false;
      /** Why, and what to do. Empty where it was cancelled. */
      message: string;
      /** The next try goes on from here. */
      begun: boolean;
      /** Does by hand what was left to do, as a line for a terminal. */
      command?: string;
    };

/** What a step throws; the message is for a person. */
class Failure extends Error {
  constructor(
    message: string,
    readonly command?: string,
  ) {
    super(message);
  }
}

export async function createEnvironment(options: EnvironmentOptions): Promise<EnvironmentResult> {
  const { folder, signal } = options;
  try {
    const python = await steps(options);
    if (python && !signal?.aborted) return { ok: true, python };
    return { ok: false, message: "", begun: lookAt(folder).kind === "unfinished" };
  } catch (error) {
    if (!(error instanceof Failure) && !(error instanceof Error && "code" in error)) throw error;
    const message = error instanceof Failure ? error.message : whyNot(error.message, whereOf(options, undefined));
    const command = error instanceof Failure ? error.command : undefined;
    return {
      ok: false,
      message,
      begun: lookAt(folder).kind === "unfinished",
      ...(command !== undefined && { command }),
    };
  }
}

/** Undefined: it was cancelled. */
async function steps(options: EnvironmentOptions): Promise<PythonInfo | undefined> {
  const { folder, wish, signal } = options;
  const own = !options.intoExisting;
  const python = own ? await madeEnvironment(options) : pythonIn(folder);
  if (signal?.aborted) return undefined;
  if (python === undefined) throw new Failure(`${folder} is not an environment: there is no Python in it.`);
  await installed(python, options);
  if (signal?.aborted) return undefined;
  options.onProgress?.("looking whether all is there");
  const info = await probePython(python, signal);
  const lacking =
    lackingFor(wish.need, info, wish.need === "keras" ? (wish.backend ?? "tensorflow") : undefined) ??
    (wish.notebook && info.packages["ipykernel"] === undefined
      ? `Python ${info.version} (${info.path}) has no ipykernel.`
      : undefined);
  if (signal?.aborted) return undefined;
  if (lacking !== undefined) {
    throw new Failure(
      `The packages were installed, but something is missing all the same. ${lacking}`,
      byHand(python, options),
    );
  }
  if (own) endNote(folder);
  return info;
}

/** The Python of the environment, which has a pip afterwards. One that was begun earlier is used where it works. */
async function madeEnvironment(options: EnvironmentOptions): Promise<string | undefined> {
  const { folder, wish, signal } = options;
  const place = lookAt(folder);
  if (place.kind === "environment" || place.kind === "taken") {
    throw new Failure(`${folder} is there already and was not begun by Fitlens. Choose another name, or move it away.`);
  }
  const begun = pythonIn(folder);
  if (place.kind === "unfinished" && begun !== undefined && (await works(begun, options))) {
    forgetHalfInstalled(folder);
    beginNote(folder, wish);
    return begun;
  }
  options.onProgress?.("looking for a Python");
  const base = await chosenBase(options);
  if (signal?.aborted || !base) return undefined;
  fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  let whole = false;
  try {
    beginNote(folder, wish);
    options.onProgress?.(`making ${path.basename(folder)} with Python ${base.version}`);
    await make(base, options);
    whole = !signal?.aborted;
  } finally {
    // Half an environment is worth nothing.
    if (!whole) fs.rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
  return pythonIn(folder);
}

/** It starts, is of a version that fits, and has a pip. */
async function works(python: string, options: EnvironmentOptions): Promise<boolean> {
  const { best, usable } = pythonsFor(options.wish);
  const info = await probePython(python, options.signal);
  const fits = [...best, ...usable].some((minor) => info.version.startsWith(`3.${minor}.`));
  return info.problem === undefined && fits && (await pipVersion(pipOf(python, options))) !== undefined;
}

async function chosenBase(options: EnvironmentOptions): Promise<PythonInfo | undefined> {
  const { wish, folder, storage, signal } = options;
  const places = { first: options.pythons ?? [], except: folder, brought: broughtFolder(storage) };
  const base = await (options.findBase ?? findBase)(wish, places, signal);
  if (base || signal?.aborted) return base;
  const { bring } = pythonsFor(wish);
  const needed = `${pythonText(wish)} is needed for it, and none was found on this machine.`;
  const uv = await bringUv(uvOptions(options));
  if (signal?.aborted) return undefined;
  if ("output" in uv) {
    const why =
      uv.output === ""
        ? "there is no other Python that could install uv, which brings one"
        : whyNot(uv.output, whereOf(options, undefined));
    throw new Failure(`${needed} Install Python 3.${bring}, then try again. (It could not be brought: ${why})`);
  }
  const brought = await bringPython(uv.program, bring, uvOptions(options));
  if (signal?.aborted) return undefined;
  const info = brought.python === undefined ? undefined : await probePython(brought.python, signal);
  if (info && info.problem === undefined) return info;
  const why = info?.problem ?? whyNot(brought.output, whereOf(options, undefined));
  throw new Failure(`${needed} Install Python 3.${bring}, then try again. (uv could not bring it: ${why})`);
}

async function make(base: PythonInfo, options: EnvironmentOptions): Promise<void> {
  const { folder, signal } = options;
  const made = await runCommand(base.path, ["-I", "-m", "venv", folder], {
    timeoutMs: MAKE_MILLIS,
    ...(options.env && { env: options.env }),
    ...(signal && { signal }),
  });
  if (made.ok || signal?.aborted) return;
  const withoutVenv = /ensurepip|No module named '?venv/.test(made.output);
  if (!withoutVenv)
    throw new Failure(
      `The environment could not be made with ${base.path}: ${whyNot(made.output, whereOf(options, base))}`,
    );
  const uv = await bringUv(uvOptions(options, [base.path]));
  if (signal?.aborted) return;
  const byUv = "program" in uv ? await makeByUv(uv.program, folder, base.path, uvOptions(options)) : undefined;
  if (byUv?.ok || signal?.aborted) return;
  const [major, minor] = base.version.split(".");
  throw new Failure(
    `${base.path} cannot make environments: it comes without its modules venv and ensurepip. On Debian and Ubuntu install them, then try again: sudo apt install python${major}.${minor}-venv`,
  );
}

async function installed(python: string, options: EnvironmentOptions): Promise<void> {
  const { signal } = options;
  const pip = pipOf(python, options);
  const updated = await updatePip(pip);
  if (signal?.aborted) return;
  // An index without pip may have the packages; one that cannot be reached has nothing.
  const useless = updated !== undefined && !updated.ok && isNetwork(updated.output);
  const result = useless ? updated : await install(pip, packagesOf(options));
  if (result.ok || signal?.aborted) return;
  const nothing = /satisfies the requirement (\S+) \(from versions: none\)/.exec(result.output)?.[1];
  const seen = nothing === undefined ? "" : await lookUp(pip, nothing);
  const info = await probePython(python, signal);
  throw new Failure(whyNot(`${result.output}\n${seen}`, whereOf(options, info)), byHand(python, options));
}

function pipOf(python: string, { env = {}, signal, onProgress = () => {} }: EnvironmentOptions): Pip {
  return { python, env, signal, onProgress };
}

function uvOptions(options: EnvironmentOptions, more: readonly string[] = []): UvOptions {
  const { storage, pythons = [], env = {}, signal, onProgress = () => {} } = options;
  const onPath = ["python3", "python"].map(findProgram).filter((program) => program !== undefined);
  return { storage, pythons: [...more, ...pythons, ...onPath], env, signal, onProgress };
}

function packagesOf({ wish, machine }: EnvironmentOptions): string[] {
  return packagesFor(wish, machine ?? thisMachine());
}

function thisMachine(): Machine {
  const nvidia = process.platform === "linux" && fs.existsSync("/proc/driver/nvidia/version");
  return { platform: process.platform, arch: process.arch, nvidia };
}

function whereOf(options: EnvironmentOptions, info: PythonInfo | undefined) {
  return {
    packages: packagesOf(options),
    python: info === undefined ? "this Python" : `Python ${info.version}`,
    machine: `${process.platform} ${process.arch}`,
  };
}

/** As a shell takes it. */
function byHand(python: string, options: EnvironmentOptions): string {
  const words = [python, "-m", "pip", "install", ...packagesOf(options)];
  const quoted = words.map((word) => {
    if (/^[\w./:\\=-]+$/.test(word)) return word;
    return process.platform === "win32" ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`;
  });
  // PowerShell takes a quoted program only as something to print.
  return process.platform === "win32" && quoted[0]!.startsWith('"') ? `& ${quoted.join(" ")}` : quoted.join(" ");
}
