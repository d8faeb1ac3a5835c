// Rows size.*: the packaged extension, and the bundle that is loaded at activation.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { type Bench, figure, type Row } from "./bench";

const row = (name: string, bytes: number, unit: "KB" | "MB", goal: string): Row => ({
  row: name,
  value: figure([bytes / (unit === "KB" ? 1024 : 1024 * 1024)]),
  unit,
  goal,
  runs: 1,
});

export const benches: Bench[] = [
  {
    rows: ["size.vsix", "size.extension"],
    async run() {
      execFileSync(process.execPath, ["test/harness/package.mjs"], { stdio: ["ignore", 2, 2] });
      const vsix = fs.readdirSync(".").filter((file) => file.endsWith(".vsix"));
      return [
        ...vsix.map((file) => row("size.vsix", fs.statSync(file).size, "MB", "≤ 5 MB")),
        row("size.extension", fs.statSync("dist/extension.js").size, "KB", "≤ 150 KB"),
      ];
    },
  },
];
