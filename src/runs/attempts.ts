// One trainer at a time in a run's folder: each start or resume claims the next attempt, by a file that only one can make.
import fs from "node:fs";
import path from "node:path";
import * as v from "valibot";
import { errorCode, readJson, writeJsonAtomic } from "./files";
import { identify, isAlive, type ProcessIdentity } from "./process";

const Claim = v.object({
  pid: v.number(),
  pidStart: v.optional(v.string()),
  bootId: v.optional(v.string()),
});

export type ClaimResult =
  /** This process may train; `attempt` counts from 1. */
  | { ok: true; attempt: number }
  /** Another process trains it. */
  | { ok: false; holder: number };

/** A claim is made empty and filled at once; one that stays empty was left by a process that died in between. */
const EMPTY_MILLIS = 2_000;

/**
 * Claims the run for a process. A claim whose process is gone is passed over, never taken away, so two that find it at
 * once cannot both win: the next number belongs to the one that makes its file.
 */
export function claimAttempt(folder: string, identity: ProcessIdentity = identify()): ClaimResult {
  for (;;) {
    const last = lastAttempt(folder);
    if (last > 0) {
      const holder = holderOf(attemptFile(folder, last));
      if (holder !== undefined) return { ok: false, holder };
    }
    const attempt = last + 1;
    const file = attemptFile(folder, attempt);
    try {
      fs.closeSync(fs.openSync(file, "wx"));
    } catch (error) {
      if (errorCode(error) === "EEXIST") continue;
      throw error;
    }
    writeJsonAtomic(file, identity);
    return { ok: true, attempt };
  }
}

/** Attempts so far; 0 before the first. */
export function lastAttempt(folder: string): number {
  const numbers = fs.readdirSync(folder).map((name) => Number(/^attempt-(\d+)\.json$/.exec(name)?.[1] ?? 0));
  return Math.max(0, ...numbers);
}

function attemptFile(folder: string, attempt: number): string {
  return path.join(folder, `attempt-${attempt}.json`);
}

/** The process that holds a claim; nothing when it is gone. */
function holderOf(file: string): number | undefined {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  if (!stat) return undefined;
  const claim = readJson(file, Claim);
  if (!claim.ok) return Date.now() - stat.mtimeMs < EMPTY_MILLIS ? 0 : undefined;
  return isAlive(claim.value, stat.mtimeMs) ? claim.value.pid : undefined;
}
