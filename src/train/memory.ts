// How often this system has killed a process because memory ran out: a count that only grows, where the system keeps one.
import fs from "node:fs";

/** Linux since 4.13; elsewhere nothing. */
export function memoryKills(): number | undefined {
  if (process.platform !== "linux") return undefined;
  try {
    const count = /^oom_kill (\d+)$/m.exec(fs.readFileSync("/proc/vmstat", "latin1"))?.[1];
    return count === undefined ? undefined : Number(count);
  } catch {
    return undefined;
  }
}
