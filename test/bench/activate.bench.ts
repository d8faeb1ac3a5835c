// Row start.activate: activation in a real VS Code, code loading included, in a window of its own each time.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type Bench, figure } from "./bench";

const RUNS = 5;

export const benches: Bench[] = [
  {
    rows: ["start.activate"],
    async run(note) {
      const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-bench-"));
      const report = path.join(folder, "millis");
      try {
        for (let run = 0; run < RUNS; run++) {
          const env = { ...process.env, FITLENS_BENCH: report };
          const args = ["test/harness/inVSCode.mjs", "newest", "bench"];
          const { status, stderr } = spawnSync(process.execPath, args, { env, encoding: "utf8" });
          if (status !== 0) note(`VS Code ended with ${status}: ${stderr.slice(-500)}`);
        }
        if (!fs.existsSync(report)) return [];
        const samples = fs.readFileSync(report, "utf8").trim().split("\n").map(Number);
        return [{ row: "start.activate", value: figure(samples), unit: "ms", goal: "≤ 30 ms", runs: samples.length }];
      } finally {
        fs.rmSync(folder, { recursive: true, force: true });
      }
    },
  },
];
