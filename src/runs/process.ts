// Tells whether the process that a record names is still that process: its pid may since have been given to a stranger.
import fs from "node:fs";
import os from "node:os";

/** A process, as a record keeps it. */
export interface ProcessIdentity {
  pid: number;
  /** Linux: field 22 of /proc/PID/stat, in clock ticks since the boot. */
  pidStart?: string;
  /** Linux: changes with each boot. */
  bootId?: string;
}

/** This process, or another one that lives, as it goes into status.json. */
export function identify(pid: number = process.pid): ProcessIdentity {
  const identity: ProcessIdentity = { pid };
  const start = procStat(pid)?.start;
  if (start !== undefined) identity.pidStart = start;
  const boot = bootId();
  if (boot !== undefined) identity.bootId = boot;
  return identity;
}

/** Does it still run? `since` (ms) is when it was last known to: where there is no boot id, a later boot ends it. */
export function isAlive(
  identity: { [Key in keyof ProcessIdentity]?: ProcessIdentity[Key] | undefined },
  since?: number,
): boolean {
  const { pid, pidStart } = identity;
  if (pid === undefined || !Number.isSafeInteger(pid) || pid <= 1) return false;
  const boot = bootId();
  if (boot !== undefined) {
    if (identity.bootId !== undefined && identity.bootId !== boot) return false;
  } else if (since !== undefined && since < Date.now() - os.uptime() * 1000 - 60_000) {
    return false;
  }
  const stat = procStat(pid);
  if (stat !== undefined) {
    const gone = stat.state === "Z" || stat.state === "X";
    return !gone && (pidStart === undefined || pidStart === stat.start);
  }
  return process.platform === "linux" && fs.existsSync("/proc/self/stat") ? false : answers(pid);
}

/** A stopped process and one of another user answer too. */
function answers(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

/** State letter and start time. The name stands in parentheses and may hold any character, so count from the last one. */
export function procStat(pid: number): { state: string; start: string } | undefined {
  if (process.platform !== "linux") return undefined;
  let text: string;
  try {
    text = fs.readFileSync(`/proc/${pid}/stat`, "latin1");
  } catch {
    return undefined;
  }
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  const [state, start] = [fields[0], fields[19]];
  return state === undefined || start === undefined ? undefined : { state, start };
}

let knownBoot: string | null | undefined;

function bootId(): string | undefined {
  if (knownBoot === undefined) {
    try {
      knownBoot = fs.readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    } catch {
      knownBoot = null;
    }
  }
  return knownBoot ?? undefined;
}
