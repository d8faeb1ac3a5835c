// The store: runs are folders under `<workspace>/.fitlens/runs`. Creates, reads, lists and deletes them; it never trains
// and never follows, and it does not know who asks.
import fs from "node:fs";
import path from "node:path";
import type { RunControl, RunRecord, RunStatus } from "../protocol/run";
import { RunControl as ControlSchema, RUN_FILES, RUN_FORMAT } from "../protocol/run";
import { errorCode, errorMessage, readJson, StoreError, writeJsonAtomic } from "./files";
import { randomName, timeStamp } from "./names";
import { isLive, type RunInfo, readRun } from "./read";

export type NewRun = Omit<RunRecord, "format" | "id" | "name" | "createdAt">;

export function runsFolderOf(workspaceFolder: string): string {
  return path.join(workspaceFolder, ".fitlens", "runs");
}

/** Makes the folder of a new run and writes its run.json. Two callers at once get two runs: mkdir decides. */
export function createRun(runsFolder: string, input: NewRun): { folder: string; record: RunRecord } {
  prepare(runsFolder);
  for (;;) {
    const now = new Date();
    const name = randomName();
    const id = `${timeStamp(now)}-${name}`;
    const folder = path.join(runsFolder, id);
    try {
      fs.mkdirSync(folder);
    } catch (error) {
      if (errorCode(error) === "EEXIST") continue;
      throw cannotWrite(runsFolder, error);
    }
    const record: RunRecord = { format: RUN_FORMAT, id, name, createdAt: now.getTime(), ...input };
    try {
      writeJsonAtomic(path.join(folder, RUN_FILES.run), record);
    } catch (error) {
      fs.rmSync(folder, { recursive: true, force: true });
      throw cannotWrite(folder, error);
    }
    return { folder, record };
  }
}

/** A `.fitlens` that leads elsewhere could have come with the workspace; runs are written into the workspace only. */
function prepare(runsFolder: string): void {
  const parent = path.dirname(runsFolder);
  try {
    for (const folder of [parent, runsFolder]) {
      fs.mkdirSync(folder, { recursive: true });
      if (fs.lstatSync(folder).isSymbolicLink()) {
        throw new StoreError(
          "link",
          `${folder} is a link to ${fs.readlinkSync(folder)}. Runs are kept inside the workspace only: remove the link.`,
        );
      }
    }
    if (path.basename(parent) === ".fitlens") ignoreInGit(parent);
  } catch (error) {
    throw error instanceof StoreError ? error : cannotWrite(runsFolder, error);
  }
}

/** Once; what the user made of the file stays. */
function ignoreInGit(folder: string): void {
  try {
    fs.writeFileSync(path.join(folder, ".gitignore"), "*\n", { flag: "wx" });
  } catch (error) {
    if (errorCode(error) !== "EEXIST") throw error;
  }
}

function cannotWrite(folder: string, error: unknown): StoreError {
  const advice: Record<string, string> = {
    ENOSPC: "The disk is full: free some space.",
    EDQUOT: "The disk quota is used up: free some space.",
    EROFS: "The disk is read-only: open a copy of the workspace that can be written.",
    EACCES: "Writing is not permitted there: change the folder's permissions.",
    EPERM: "Writing is not permitted there: change the folder's permissions.",
    EEXIST: "A file is in the way: move it.",
    ENOTDIR: "A file is in the way: move it.",
  };
  const code = errorCode(error) ?? "unknown";
  return new StoreError(
    code,
    `No run can be kept in ${folder}. ${advice[code] ?? "Look at the folder."} (${errorMessage(error)})`,
    { cause: error },
  );
}

/** All runs, newest first. Lets other work go on in between: a store of 10,000 runs takes most of a second. */
export async function listRuns(runsFolder: string): Promise<RunInfo[]> {
  const names = runNames(runsFolder);
  const runs: RunInfo[] = [];
  let breath = performance.now();
  for (const name of names) {
    const run = readRun(path.join(runsFolder, name));
    if (run) runs.push(run);
    if (performance.now() - breath > 8) {
      await new Promise((resolve) => setImmediate(resolve));
      breath = performance.now();
    }
  }
  return runs;
}

/** Ids of what is in the store, newest first. Links are no runs of ours: they are not followed. */
export function runNames(runsFolder: string): string[] {
  try {
    return fs
      .readdirSync(runsFolder, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && !entry.name.startsWith("."))
      .map((entry) => entry.name)
      .sort()
      .reverse();
  } catch {
    return [];
  }
}

/** Replaces status.json. Only the trainer of the run does so, and its launcher before and after it lives. */
export function writeStatus(folder: string, status: Omit<RunStatus, "format">): void {
  writeJsonAtomic(path.join(folder, RUN_FILES.status), { format: RUN_FORMAT, ...status });
}

/** The largest number this process has given. */
let newestSequence = 0;

/** Asks the trainer for something; the last request counts. */
export function writeControl(folder: string, request: RunControl["request"]): RunControl {
  if (fs.lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) {
    throw new StoreError("link", `${folder} is a link; nothing is written through it.`);
  }
  // Larger than every earlier one, also where the earlier file is damaged or another window wrote it a moment ago.
  const sequence = Math.max(Date.now(), newestSequence + 1, (readControl(folder)?.sequence ?? 0) + 1);
  newestSequence = sequence;
  const control: RunControl = { format: RUN_FORMAT, request, sequence };
  writeJsonAtomic(path.join(folder, RUN_FILES.control), control);
  return control;
}

export function readControl(folder: string): RunControl | undefined {
  const read = readJson(path.join(folder, RUN_FILES.control), ControlSchema);
  return read.ok ? read.value : undefined;
}

/** Deletes a run that has ended; `remove` may put it into the trash instead. */
export async function deleteRun(
  runsFolder: string,
  folder: string,
  remove: (folder: string) => PromiseLike<void> = (target) => fs.promises.rm(target, { recursive: true, force: true }),
): Promise<void> {
  const stat = fs.lstatSync(folder, { throwIfNoEntry: false });
  if (!stat) return;
  const inside = path.dirname(path.resolve(folder)) === path.resolve(runsFolder);
  const real = inside && fs.realpathSync(folder) === path.join(fs.realpathSync(runsFolder), path.basename(folder));
  if (!real || !stat.isDirectory()) {
    throw new StoreError("outside", `${folder} is not a run of ${runsFolder}: it is not deleted.`);
  }
  const run = readRun(folder);
  if (run && isLive(run.status.state)) {
    throw new StoreError(
      "live",
      `${run.name} is still training (process ${run.status.pid ?? "unknown"}). Stop it first, then delete it.`,
    );
  }
  await remove(folder);
}

export { isLive, type RunInfo, readRun };
