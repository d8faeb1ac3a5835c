// Runs the benchmarks and prints one JSON document. `npm run bench -- ROW…` runs only those rows.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { testEnvironment } from "../harness/suites.mjs";

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "../..");
process.chdir(root);
Object.assign(process.env, testEnvironment());
execFileSync(process.execPath, ["esbuild.js", "--production"], { stdio: ["ignore", 2, 2] });
execFileSync(process.execPath, ["esbuild.js", "--tests"], { stdio: ["ignore", 2, 2] });
const wanted = process.argv.slice(2);
const matches = (row) => wanted.length === 0 || wanted.some((name) => row === name || row.startsWith(`${name}.`));
const require = createRequire(import.meta.url);
const rows = [];
for (const file of fs
  .readdirSync("out/bench")
  .filter((name) => name.endsWith(".bench.js"))
  .sort()) {
  for (const bench of require(path.join(root, "out/bench", file)).benches) {
    if (!bench.rows.some(matches)) continue;
    console.error(`measuring ${bench.rows.join(", ")}`);
    rows.push(...(await bench.run((why) => console.error(`  ${why}`))).filter(({ row }) => matches(row)));
  }
}
const machine = {
  cpu: os.cpus()[0]?.model ?? "unknown",
  cores: os.cpus().length,
  memory: os.totalmem(),
  node: process.version,
  load: os.loadavg(),
};
console.log(JSON.stringify({ machine, rows }, null, 2));
