// Ends a run: by asking first, so that it keeps a checkpoint and the script ends as it wants to, then by signals, each
// stronger than the one before. A process that is not the one on record is never touched.
import { execFile } from "node:child_process";
import fs from "node:fs";
import type { RunStatus } from "../protocol/run";
import { isAlive, procStat } from "../runs/process";
import { isLive, readRun, writeControl, writeStatus } from "../runs/store";

export interface StopOptions {
  /** How long the script may take to end by itself. Default: 15 s. */
  graceMs?: number;
  /** How long each signal is waited for. */
  signalMs?: number;
}

/** What ended it. */
export type StopOutcome = "asked" | "SIGINT" | "SIGTERM" | "SIGKILL" | "was not running";

const GRACE_MILLIS = 15_000;
/** Before anything trains nobody looks at what is asked. */
const GRACE_AT_START_MILLIS = 2_000;
const SIGNAL_MILLIS = 2_000;
const POLL_MILLIS = 25;

export async function stopRun(folder: string, options: StopOptions = {}): Promise<StopOutcome> {
  const status = readRun(folder)?.status;
  if (!status || !isLive(status.state) || !runs(status)) {
    return "was not running";
  }
  const pid = status.pid!;
  writeControl(folder, "stop");
  // One that was halted (SIGSTOP, Ctrl+Z) hears nothing; to all others this means nothing.
  if (process.platform !== "win32") signalGroup(pid, "SIGCONT");
  const outcome = await end(status, options);
  await endGroup(pid, folder);
  noteStopped(folder, pid);
  return outcome;
}

async function end(status: RunStatus, { graceMs, signalMs = SIGNAL_MILLIS }: StopOptions): Promise<StopOutcome> {
  const grace = graceMs ?? (status.state === "starting" ? GRACE_AT_START_MILLIS : GRACE_MILLIS);
  if (await gone(status, grace)) return "asked";
  for (const signal of ["SIGINT", "SIGTERM", "SIGKILL"] as const) {
    if (!runs(status)) return signal;
    await signalTree(status.pid!, signal);
    if (await gone(status, signalMs)) return signal;
  }
  throw new Error(
    `Process ${status.pid} does not end, not even when it is killed. It may wait for a disk or a network drive.`,
  );
}

function runs(status: RunStatus): boolean {
  return isAlive(
    {
      ...(status.pid !== undefined && { pid: status.pid }),
      ...(status.pidStart !== undefined && { pidStart: status.pidStart }),
      ...(status.bootId !== undefined && { bootId: status.bootId }),
    },
    status.heartbeat,
  );
}

async function gone(status: RunStatus, millis: number): Promise<boolean> {
  const until = performance.now() + millis;
  while (runs(status)) {
    if (performance.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
  }
  return true;
}

async function signalTree(pid: number, signal: NodeJS.Signals): Promise<void> {
  if (process.platform !== "win32") {
    signalGroup(pid, signal);
    return;
  }
  const force = signal === "SIGKILL" ? ["/F"] : [];
  await new Promise<void>((resolve) => {
    execFile("taskkill", ["/PID", String(pid), "/T", ...force], { windowsHide: true }, () => resolve());
  });
}

/** The trainer leads a group of its own (it was started detached); under a debugger it does not, and is signalled alone. */
function signalGroup(pid: number, signal: NodeJS.Signals): boolean {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, signal);
      return true;
    } catch {
      // No such group, or no such process any more.
    }
  }
  return false;
}

/** What the script has started and left behind. */
async function endGroup(pid: number, folder: string): Promise<void> {
  if (process.platform === "win32") return;
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    const left = [...(groupExists(pid) ? [-pid] : []), ...partsOf(folder)];
    if (left.length === 0) return;
    for (const target of left) trySignal(target, signal);
    const until = performance.now() + 1_000;
    while ((groupExists(pid) || partsOf(folder).length > 0) && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
  }
}

function groupExists(pid: number): boolean {
  return trySignal(-pid, 0);
}

function trySignal(target: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(target, signal);
  } catch {
    return false;
  }
}

/** Linux: processes that carry the run's mark in their environment, wherever they have gone. */
function partsOf(folder: string): number[] {
  if (process.platform !== "linux") return [];
  const mark = `FITLENS_PART_OF=${folder}`;
  return fs.readdirSync("/proc").flatMap((name) => {
    const pid = Number(name);
    if (!Number.isSafeInteger(pid) || pid <= 1 || pid === process.pid) return [];
    try {
      const marked = fs.readFileSync(`/proc/${pid}/environ`, "utf8").split("\0").includes(mark);
      return marked && procStat(pid)?.state !== "Z" ? [pid] : [];
    } catch {
      return [];
    }
  });
}

/** Where the process could not say it itself. */
function noteStopped(folder: string, pid: number): void {
  const status = readRun(folder)?.status;
  if (!status || status.pid !== pid || status.endedAt !== undefined) return;
  const { secondsLeft: _, ...rest } = status;
  writeStatus(folder, { ...rest, state: "stopped", endedAt: Date.now() });
}
