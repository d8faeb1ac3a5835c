// Ends a run: by asking first, so that it keeps a checkpoint and the script ends as it wants to, then by signals, each
// stronger than the one before. A process that is not the one on record is never touched.
import { execFile } from "node:child_process";
import path from "node:path";
import type { RunStatus } from "../protocol/run";
import { isAlive } from "../runs/process";
import { isLive, readRun, writeControl, writeStatus } from "../runs/store";
import { endLeftovers } from "./leftovers";

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
/** Windows knows two ways only: asking, which a program without a window seldom hears, and force. */
const SIGNALS =
  process.platform === "win32" ? (["SIGTERM", "SIGKILL"] as const) : (["SIGINT", "SIGTERM", "SIGKILL"] as const);

export async function stopRun(folder: string, options: StopOptions = {}): Promise<StopOutcome> {
  const run = readRun(folder);
  const status = run?.status;
  if (!status || !isLive(status.state) || !runs(status)) {
    return "was not running";
  }
  if (run.record?.origin === "kernel") return stopCell(folder, status, options);
  const pid = status.pid!;
  writeControl(folder, "stop");
  // One that was halted (SIGSTOP, Ctrl+Z) hears nothing; to all others this means nothing.
  if (process.platform !== "win32") signalGroup(pid, "SIGCONT");
  const outcome = await end(status, options);
  await endLeftovers(folder, pid);
  noteStopped(folder, pid);
  return outcome;
}

/** The kernel is the user's: its cell is ended, as by Interrupt, and it stays. */
async function stopCell(folder: string, status: RunStatus, options: StopOptions): Promise<StopOutcome> {
  const { graceMs = GRACE_MILLIS, signalMs = SIGNAL_MILLIS } = options;
  writeControl(folder, "stop");
  const isOver = () => {
    const now = readRun(folder)?.status;
    return !now || !isLive(now.state);
  };
  if (await comesTrue(isOver, graceMs)) return "asked";
  if (process.platform !== "win32") {
    process.kill(status.pid!, "SIGINT");
    if (await comesTrue(isOver, signalMs)) return "SIGINT";
  }
  throw new Error("The cell does not end. Interrupt or restart the kernel in the notebook.");
}

async function comesTrue(holds: () => boolean, millis: number): Promise<boolean> {
  const until = performance.now() + millis;
  while (!holds()) {
    if (performance.now() >= until) return false;
    await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
  }
  return true;
}

async function end(status: RunStatus, { graceMs, signalMs = SIGNAL_MILLIS }: StopOptions): Promise<StopOutcome> {
  const grace = graceMs ?? (status.state === "starting" ? GRACE_AT_START_MILLIS : GRACE_MILLIS);
  if (await gone(status, grace)) return "asked";
  for (const signal of SIGNALS) {
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

/** Waits for a run's process to be gone; false: it is still there. */
export const gone = (status: RunStatus, millis: number): Promise<boolean> => comesTrue(() => !runs(status), millis);

async function signalTree(pid: number, signal: NodeJS.Signals): Promise<void> {
  if (process.platform !== "win32") {
    signalGroup(pid, signal);
    return;
  }
  const force = signal === "SIGKILL" ? ["/F"] : [];
  await new Promise<void>((resolve) => {
    // By its full path: Windows would look into the current folder first.
    const taskkill = path.join(process.env["SystemRoot"] ?? "C:\\Windows", "System32", "taskkill.exe");
    execFile(taskkill, ["/PID", String(pid), "/T", ...force], { windowsHide: true }, () => resolve());
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

/** Where the process could not say it itself. */
function noteStopped(folder: string, pid: number): void {
  const status = readRun(folder)?.status;
  if (!status || status.pid !== pid || status.endedAt !== undefined) return;
  const { secondsLeft: _, ...rest } = status;
  writeStatus(folder, { ...rest, state: "stopped", endedAt: Date.now() });
}
