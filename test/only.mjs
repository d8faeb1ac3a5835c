// Builds and runs only the named node:test files: `npm run test:only -- test/unit/events/writer.test.ts …`.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const files = process.argv.slice(2);
if (files.length === 0) throw new Error("Name at least one test file, e.g. test/unit/layers.test.ts");
const outdir = path.join(".cache", `only-${process.pid}`);
await esbuild.build({
  entryPoints: files,
  outdir,
  outbase: "test",
  bundle: true,
  platform: "node",
  format: "cjs",
  target: "node20",
  packages: "external",
  sourcemap: "inline",
  loader: { ".md": "text" },
  define: { FITLENS_VERSION: '"test"' },
  logLevel: "warning",
});
const built = files.map((file) => path.join(outdir, path.relative("test", file).replace(/\.ts$/, ".js")));
const { status } = spawnSync(process.execPath, ["--enable-source-maps", "--test", ...built], { stdio: "inherit" });
fs.rmSync(outdir, { recursive: true, force: true });
process.exitCode = status ?? 1;
