// What a run's process has started and left behind: its group, and on Linux all that carries the run's mark, wherever it has gone.
import fs from "node:fs";
import { procStat } from "../runs/process";
import { readRun } from "../runs/store";

const POLL_MILLIS = 25;

/** Ends it; `pid` led the group of the run's process. Once the run is resumed, all that carries its mark belongs to the new process. */
export async function endLeftovers(folder: string, pid: number | undefined): Promise<void> {
  if (process.platform === "win32") return;
  const left = () =>
    isResumed(folder, pid) ? [] : [...(pid !== undefined && groupExists(pid) ? [-pid] : []), ...partsOf(folder)];
  for (const signal of ["SIGTERM", "SIGKILL"] as const) {
    if (left().length === 0) return;
    for (const target of left()) trySignal(target, signal);
    const until = performance.now() + 1_000;
    while (left().length > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
    }
  }
}

/** Does another process than that one train the run by now? */
function isResumed(folder: string, pid: number | undefined): boolean {
  const now = readRun(folder)?.status.pid;
  return pid !== undefined && now !== undefined && now !== pid;
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
