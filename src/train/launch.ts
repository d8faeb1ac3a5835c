// Starts a run, or starts it again: the folder first, then a detached process that belongs to nobody. What the process prints
// goes to a file, so it outlives whoever has started it.
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { RUN_FILES, type RunRecord, type RunStatus } from "../protocol/run";
import { lastAttempt } from "../runs/attempts";
import { identify } from "../runs/process";
import { createRun, isLive, readRun, writeStatus } from "../runs/store";
import { type Exit, endingOf } from "./ending";
import { trainerEnvironment } from "./environment";
import { languageOf, runtimeOf } from "./languages";
import { LaunchError } from "./launchError";
import { endLeftovers } from "./leftovers";
import { memoryKills } from "./memory";
import { recordOf } from "./record";
import { gone } from "./stop";

export interface LaunchOptions {
  /** The user's script. */
  script: string;
  args?: readonly string[];
  /** Working directory of the script. */
  cwd: string;
  /** Where runs are kept: `runsFolderOf(workspaceFolder)`. */
  runsFolder: string;
  /** The engine asked for: one of ENGINES, or `auto`. Not in Python. */
  engine?: string;
  /** The Node.js that runs the script. Default: the one that runs this. */
  nodePath?: string;
  /** The Python that runs the script: a program, or an environment's folder. Default: the workspace's, then the PATH's. */
  pythonPath?: string;
  /** The backend that Keras 3 is to use, one of BACKENDS. Default: the script's and the user's own choice. */
  backend?: string;
  /** The last cell of a notebook that is run, counted from 0 over all cells. Default: all of them. */
  cell?: number;
  /** The folder with the hooks: `dist` of the extension. */
  distFolder: string;
  /** Where `installNativeEngine` installs. */
  nativeFolder?: string;
  /** Added to the environment of the script. */
  env?: Readonly<Record<string, string>>;
}

export interface LaunchedRun {
  folder: string;
  record: RunRecord;
  pid: number;
}

/** Makes a run and starts its process; resolves when the process is there. */
export async function launchRun(options: LaunchOptions): Promise<LaunchedRun> {
  requireFiles({ ...options, language: languageOf(options.script) }, options.distFolder);
  const { folder, record } = createRun(options.runsFolder, await recordOf(options));
  const pid = await startTrainer(folder, record, options, { state: "starting", attempt: 1 });
  return { folder, record, pid };
}

/** Of a resumed run all else is on record. */
export type ResumeOptions = Pick<LaunchOptions, "distFolder" | "nativeFolder" | "env">;

/** Starts the process of a run again, in the same folder, as its record says: script, arguments, interpreter, backend. */
export async function resumeRun(folder: string, options: ResumeOptions): Promise<LaunchedRun> {
  const run = readRun(folder);
  if (!run?.record)
    throw new LaunchError(`${folder} cannot be resumed: ${run?.damaged ?? "there is no run in it"}.`, folder);
  if (isLive(run.status.state))
    throw new LaunchError(`${run.name} is ${run.status.state}: it need not be resumed.`, folder);
  const { record } = run;
  if (record.origin === "kernel") {
    throw new LaunchError(`${run.name} was a cell in a notebook's kernel: run the cell again instead.`, folder);
  }
  requireFiles(record, options.distFolder);
  await gone(run.status, LEAVE_MILLIS);
  // Workers of a process that was killed may still hold memory and files. A group is known by a pid that others may have by now.
  await endLeftovers(folder, undefined);
  await gone(run.status, LEAVE_MILLIS);
  await runtimeOf(record.language).check(record);
  fs.rmSync(path.join(folder, RUN_FILES.control), { force: true });
  const { step, epoch, epochs, stepsPerEpoch, latest, checkpoint } = run.status;
  const kept = { step, epoch, epochs, stepsPerEpoch, latest, checkpoint };
  const attempt = lastAttempt(folder) + 1;
  const status = { ...withoutUndefined(kept), state: "starting" as const, attempt };
  const pid = await startTrainer(folder, record, options, status);
  return { folder, record, pid };
}

/** An end is told before its process is gone: the script may have work to do yet, the system memory to take back. */
const LEAVE_MILLIS = 10_000;

type Started = Omit<RunStatus, "format">;

async function startTrainer(
  folder: string,
  record: RunRecord,
  options: ResumeOptions,
  status: Started,
): Promise<number> {
  const runtime = runtimeOf(record.language);
  const killsBefore = memoryKills();
  const output = fs.openSync(path.join(folder, RUN_FILES.output), "a");
  let child: ChildProcess;
  try {
    child = spawn(record.interpreter.path, [...runtime.before(options.distFolder), record.script, ...record.args], {
      cwd: record.cwd,
      env: trainerEnvironment(folder, record, options),
      detached: true,
      stdio: ["ignore", output, output],
      windowsHide: true,
    });
  } finally {
    fs.closeSync(output);
  }
  const now = Date.now();
  if (child.pid !== undefined) {
    writeStatus(folder, { ...status, ...identify(child.pid), startedAt: now, heartbeat: now });
  }
  await new Promise<void>((resolve, reject) => {
    child.once("spawn", resolve);
    child.once("error", (error) => {
      const message = `${record.interpreter.path} could not be started: ${error.message}. Check the setting ${runtime.setting}.`;
      writeStatus(folder, { ...status, state: "failed", startedAt: now, endedAt: Date.now(), error: { message } });
      reject(new LaunchError(message, folder));
    });
  });
  const pid = child.pid!;
  // As long as we are here, an end that the process cannot tell itself is told by us.
  child.once("exit", (code, signal) => {
    noteEnd(folder, pid, { code, signal, killsBefore });
    // One that was killed could not end its workers, which would wait for ever.
    if (signal !== null) void endLeftovers(folder, pid);
  });
  child.unref();
  return pid;
}

function noteEnd(folder: string, pid: number, exit: Exit): void {
  try {
    const run = readRun(folder);
    if (!run?.record || run.status.pid !== pid || run.status.endedAt !== undefined) return;
    writeStatus(folder, { ...run.status, ...endingOf(folder, run.record.language, exit), endedAt: Date.now() });
  } catch {
    // The folder is gone or cannot be written: readers see that the process is gone.
  }
}

function requireFiles(
  { script, cwd, language }: Pick<RunRecord, "script" | "cwd" | "language">,
  distFolder: string,
): void {
  if (!fs.statSync(script, { throwIfNoEntry: false })?.isFile()) {
    throw new LaunchError(`${script} is not a file any more. Was it moved or deleted?`);
  }
  if (!fs.statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new LaunchError(`The working directory ${cwd} does not exist.`);
  }
  const { hook } = runtimeOf(language);
  if (!fs.existsSync(path.join(distFolder, hook))) {
    throw new LaunchError(`${distFolder} has no ${hook}: the extension is not built. Run npm run build.`);
  }
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as never;
}
