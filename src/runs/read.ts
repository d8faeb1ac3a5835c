// Reads what a run's folder says of the run: record, status, and what must have happened since nobody wrote it down.
// It writes nothing.
import fs from "node:fs";
import path from "node:path";
import { RUN_FILES, RUN_FORMAT, RunRecord, type RunState, RunStatus } from "../protocol/run";
import { readJson } from "./files";
import { isAlive } from "./process";

/** A run as its folder tells it. A damaged one is listed as well, with what can still be told. */
export type RunInfo = RunPlace &
  (
    | { record: RunRecord; damaged?: undefined }
    /** Why the record or the status cannot be read. */
    | { record?: RunRecord; damaged: string }
  );

interface RunPlace {
  folder: string;
  /** The folder's name. */
  id: string;
  /** `brave-otter`. */
  name: string;
  /** As written, but `lost` where it says that a process trains which is gone. */
  status: RunStatus;
}

/** A process should be at work on it. */
export function isLive(state: RunState): boolean {
  return state === "starting" || state === "running" || state === "paused";
}

/** A launcher that has made a folder writes run.json at once, and the trainer's pid within this time, or never will. */
const CREATION_MILLIS = 2_000;
const START_MILLIS = 60_000;

/** Nothing where there is no folder, or one that is just being made. */
export function readRun(folder: string): RunInfo | undefined {
  const id = path.basename(folder);
  const name = /^\d{8}-\d{6}-(.+)$/.exec(id)?.[1] ?? id;
  const record = readJson(path.join(folder, RUN_FILES.run), RunRecord);
  if (!record.ok) {
    if (record.reason === "missing" && isYoung(folder)) return undefined;
    const status = readStatus(folder, undefined);
    return { folder, id, name, status: status.value, damaged: record.message };
  }
  const status = readStatus(folder, record.value.createdAt);
  const run = { folder, id, name: record.value.name, record: record.value, status: status.value };
  return status.problem === undefined ? run : { ...run, damaged: status.problem };
}

function isYoung(folder: string): boolean {
  const stat = fs.statSync(folder, { throwIfNoEntry: false });
  return stat === undefined || Date.now() - stat.mtimeMs < CREATION_MILLIS;
}

/** The status, derived where it was not written down; `problem` where the file cannot be read. */
export function readStatus(folder: string, createdAt: number | undefined): { value: RunStatus; problem?: string } {
  const read = readJson(path.join(folder, RUN_FILES.status), RunStatus);
  if (read.ok) return { value: deriveStatus(read.value, createdAt) };
  if (read.reason === "missing") {
    return { value: deriveStatus({ format: RUN_FORMAT, state: "starting" }, createdAt) };
  }
  return { value: { format: RUN_FORMAT, state: "lost" }, problem: read.message };
}

/** A run on record as ended has ended, whatever its pid is now. */
export function deriveStatus(status: RunStatus, createdAt: number | undefined): RunStatus {
  if (!isLive(status.state)) return status;
  const since = status.heartbeat ?? status.startedAt ?? createdAt;
  if (status.pid === undefined) {
    const waiting = since !== undefined && Date.now() - since < START_MILLIS;
    return waiting ? status : { ...status, state: "lost" };
  }
  return isAlive(status, since) ? status : { ...status, state: "lost" };
}
