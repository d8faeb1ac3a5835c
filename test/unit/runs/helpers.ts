// What the tests of runs share.
import { createRun, type NewRun } from "../../../src/runs/store";

export const NEW_RUN: NewRun = {
  script: "/work/iris.ts",
  args: ["--fast"],
  cwd: "/work",
  language: "typescript",
  interpreter: { path: "/usr/bin/node", version: "20.19.0" },
  engine: "wasm",
  sourceHash: "0".repeat(64),
  fitlensVersion: "0.1.0",
};

/** A new run's folder. */
export function newRun(runsFolder: string): string {
  return createRun(runsFolder, NEW_RUN).folder;
}
