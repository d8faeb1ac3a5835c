// Says how a process ended that could not say it itself, from its exit and the end of what it printed.
import fs from "node:fs";
import path from "node:path";
import { RUN_FILES, type RunStatus } from "../protocol/run";
import { readControl } from "../runs/store";

const TAIL_BYTES = 64 * 1024;

export function endingOf(
  folder: string,
  code: number | null,
  signal: NodeJS.Signals | null,
): Pick<RunStatus, "state" | "exitCode" | "error"> {
  const stopped = readControl(folder)?.request === "stop";
  if (stopped && (signal !== null || code === 0 || code === 130 || code === 143))
    return { state: "stopped", exitCode: code };
  return { state: "failed", exitCode: code, error: { message: endMessage(tail(folder), code, signal) } };
}

export function endMessage(output: string, code: number | null, signal: NodeJS.Signals | null): string {
  if (/FATAL ERROR:.*(heap|memory)|JavaScript heap out of memory/i.test(output)) {
    return "Out of memory: the JavaScript heap is full. Train with smaller batches, keep less data in arrays, and dispose of tensors that are no longer used.";
  }
  const badOption = /bad option: (\S+)/.exec(output)?.[1];
  if (badOption)
    return `This Node.js does not know ${badOption}: it is too old. Fitlens needs Node.js 20.19 or later (setting fitlens.nodePath).`;
  if (signal === "SIGKILL") {
    return "The process was killed from outside (SIGKILL): by the system, when memory runs out, or by somebody.";
  }
  if (signal === "SIGSEGV" || signal === "SIGILL" || signal === "SIGBUS") {
    return `The engine crashed (${signal}). Choose another one by Fitlens: Select Engine.`;
  }
  if (signal === "SIGABRT") return "The process gave up (SIGABRT); the end of its output says why.";
  if (signal !== null) return `The process was ended by ${signal}.`;
  const last = output.trimEnd().split("\n").at(-1)?.trim();
  return `The process ended with exit code ${code} before the script began.${last ? ` It said: ${last.slice(0, 300)}` : ""}`;
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
