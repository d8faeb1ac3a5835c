// Says how a process ended that could not say it itself, from its exit and the end of what it printed. What only one language's
// programs say is in nodeEnding.ts and pythonEnding.ts.
import fs from "node:fs";
import path from "node:path";
import { RUN_FILES, type RunRecord, type RunStatus } from "../protocol/run";
import { readControl } from "../runs/store";
import { memoryKills } from "./memory";
import { nodeEnding } from "./nodeEnding";
import { pythonEnding } from "./pythonEnding";

const TAIL_BYTES = 64 * 1024;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** memoryKills() when the process was started. */
  killsBefore?: number | undefined;
}

export function endingOf(
  folder: string,
  language: RunRecord["language"],
  exit: Exit,
): Pick<RunStatus, "state" | "exitCode" | "error"> {
  const { code, signal } = exit;
  const stopped = readControl(folder)?.request === "stop";
  if (stopped && (signal !== null || code === 0 || code === 130 || code === 143))
    return { state: "stopped", exitCode: code };
  return { state: "failed", exitCode: code, error: endError(language, tail(folder), exit) };
}

/** What a run's status says of its end: from the end of its output and how the process went. */
export function endError(language: RunRecord["language"], output: string, exit: Exit): NonNullable<RunStatus["error"]> {
  const own = (language === "python" ? pythonEnding : nodeEnding)(output, exit.code, exit.signal);
  if (typeof own === "object") return own;
  return { message: own ?? endMessage(output, exit) };
}

function endMessage(output: string, exit: Exit): string {
  const { code, signal } = exit;
  if (signal === "SIGKILL") return killedMessage(exit);
  if (signal === "SIGABRT") return "The process gave up (SIGABRT); the end of its output says why.";
  if (signal !== null) return `The process was ended by ${signal}.`;
  const last = output.trimEnd().split("\n").at(-1)?.trim();
  return `The process ended with exit code ${code} before the script began.${last ? ` It said: ${last.slice(0, 300)}` : ""}`;
}

function killedMessage({ killsBefore }: Exit): string {
  const kills = memoryKills();
  if (kills !== undefined && killsBefore !== undefined && kills > killsBefore) {
    return "The process was killed (SIGKILL), most likely by the system: it ran out of memory at that time. Train with smaller batches, or keep less data in memory.";
  }
  return "The process was killed from outside (SIGKILL): by the system, when memory runs out, or by somebody.";
}

function tail(folder: string): string {
  try {
    const fd = fs.openSync(path.join(folder, RUN_FILES.output), "r");
    try {
      const { size } = fs.fstatSync(fd);
      const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
      return bytes.subarray(0, fs.readSync(fd, bytes, 0, bytes.length, size - bytes.length)).toString("utf8");
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return "";
  }
}
