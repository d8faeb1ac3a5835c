// Starts a run, or starts it again: the folder first, then a detached process that belongs to nobody. What the process prints
// goes to a file, so it outlives whoever has started it.
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { RUN_FILES, type RunRecord, type RunStatus } from "../protocol/run";
import { lastAttempt } from "../runs/attempts";
import { identify } from "../runs/process";
import { createRun, isLive, readRun, writeStatus } from "../runs/store";
import { endingOf } from "./ending";
import { trainerEnvironment } from "./environment";
import { recordOf } from "./record";

export interface LaunchOptions {
  /** The user's script. */
  script: string;
  args?: readonly string[];
  /** Working directory of the script. */
  cwd: string;
  /** Where runs are kept: `runsFolderOf(workspaceFolder)`. */
  runsFolder: string;
  /** The engine asked for: one of ENGINES, or `auto`. */
  engine?: string;
  /** The Node.js that runs the script. Default: the one that runs this. */
  nodePath?: string;
  /** The folder with worker.mjs: `dist` of the extension. */
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

/** A run that could not be started. Its folder, where there is one, says the same. */
export class LaunchError extends Error {
  override readonly name = "LaunchError";
  readonly folder: string | undefined;

  constructor(message: string, folder?: string) {
    super(message);
    this.folder = folder;
  }
}

/** Makes a run and starts its process; resolves when the process is there. */
export async function launchRun(options: LaunchOptions): Promise<LaunchedRun> {
  requireFiles(options);
  const { folder, record } = createRun(options.runsFolder, await recordOf(options));
  const pid = await startTrainer(folder, record, options, { state: "starting", attempt: 1 });
  return { folder, record, pid };
}

/** Starts the process of a run again, in the same folder. Script, arguments and working directory are those of the record. */
export async function resumeRun(
  folder: string,
  options: Omit<LaunchOptions, "script" | "args" | "cwd" | "runsFolder">,
): Promise<LaunchedRun> {
  const run = readRun(folder);
  if (!run?.record)
    throw new LaunchError(`${folder} cannot be resumed: ${run?.damaged ?? "there is no run in it"}.`, folder);
  if (isLive(run.status.state))
    throw new LaunchError(`${run.name} is ${run.status.state}: it need not be resumed.`, folder);
  const { record } = run;
  const full = {
    ...options,
    script: record.script,
    args: record.args,
    cwd: record.cwd,
    runsFolder: path.dirname(folder),
  };
  requireFiles(full);
  fs.rmSync(path.join(folder, RUN_FILES.control), { force: true });
  const { step, epoch, epochs, stepsPerEpoch, latest, checkpoint } = run.status;
  const kept = { step, epoch, epochs, stepsPerEpoch, latest, checkpoint };
  const attempt = lastAttempt(folder) + 1;
  const status = { ...withoutUndefined(kept), state: "starting" as const, attempt };
  const pid = await startTrainer(folder, record, full, status);
  return { folder, record, pid };
}

type Started = Omit<RunStatus, "format">;

async function startTrainer(
  folder: string,
  record: RunRecord,
  options: LaunchOptions,
  status: Started,
): Promise<number> {
  const output = fs.openSync(path.join(folder, RUN_FILES.output), "a");
  let child: ChildProcess;
  try {
    child = spawn(record.interpreter.path, [...nodeArguments(options.distFolder), record.script, ...record.args], {
      cwd: record.cwd,
      env: trainerEnvironment(folder, options),
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
      const message = `${record.interpreter.path} could not be started: ${error.message}. Check the setting fitlens.nodePath.`;
      writeStatus(folder, { ...status, state: "failed", startedAt: now, endedAt: Date.now(), error: { message } });
      reject(new LaunchError(message, folder));
    });
  });
  const pid = child.pid!;
  // As long as we are here, an end that the process cannot tell itself is told by us.
  child.once("exit", (code, signal) => noteEnd(folder, pid, code, signal));
  child.unref();
  return pid;
}

function noteEnd(folder: string, pid: number, code: number | null, signal: NodeJS.Signals | null): void {
  try {
    const status = readRun(folder)?.status;
    if (!status || status.pid !== pid || status.endedAt !== undefined) return;
    writeStatus(folder, { ...status, ...endingOf(folder, code, signal), endedAt: Date.now() });
  } catch {
    // The folder is gone or cannot be written: readers see that the process is gone.
  }
}

/** What stands before the script on Node's command line. */
export function nodeArguments(distFolder: string): string[] {
  return ["--import", pathToFileURL(path.join(distFolder, "worker.mjs")).href];
}

function requireFiles({ script, cwd, distFolder }: LaunchOptions): void {
  if (!fs.statSync(script, { throwIfNoEntry: false })?.isFile()) {
    throw new LaunchError(`${script} is not a file any more. Was it moved or deleted?`);
  }
  if (!fs.statSync(cwd, { throwIfNoEntry: false })?.isDirectory()) {
    throw new LaunchError(`The working directory ${cwd} does not exist.`);
  }
  if (!fs.existsSync(path.join(distFolder, "worker.mjs"))) {
    throw new LaunchError(`${distFolder} has no worker.mjs: the extension is not built. Run npm run build.`);
  }
}

function withoutUndefined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, item]) => item !== undefined)) as never;
}
