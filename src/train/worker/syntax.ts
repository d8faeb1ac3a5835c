// Finds the place of a syntax error in a JavaScript module: Node prints it, but keeps it from the error that others see.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import type { SourcePlace } from "../../protocol/run";
import { headPlace } from "./places";

const MOST_FILES = 20;
const CHECK_MILLIS = 5_000;

/** Lets Node check the script and the files that it imports, until one does not pass. */
export function syntaxErrorPlace(script: string, dist: string): SourcePlace | undefined {
  const waiting = [script];
  const seen = new Set<string>();
  while (waiting.length > 0 && seen.size < MOST_FILES) {
    const file = waiting.shift()!;
    if (seen.has(file) || !fs.existsSync(file)) continue;
    seen.add(file);
    if (/\.[cm]?js$/.test(file)) {
      const env = { ...process.env, ELECTRON_RUN_AS_NODE: "1" };
      const { status, stderr } = spawnSync(process.execPath, ["--check", file], {
        env,
        encoding: "utf8",
        timeout: CHECK_MILLIS,
      });
      if (status !== 0) return headPlace(stderr, dist);
    }
    for (const [, name] of fs
      .readFileSync(file, "utf8")
      .matchAll(/\b(?:from|import|require\()\s*["'](\.{1,2}\/[^"']+)["']/g)) {
      waiting.push(path.resolve(path.dirname(file), name!));
    }
  }
  return undefined;
}
