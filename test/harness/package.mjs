// `npm run package`: the production build as a .vsix beside package.json, within its size. `--out FILE` puts it elsewhere.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { readJson, root } from "./places.mjs";
import { setUp } from "./setup.mjs";

/** The largest size allowed, in bytes. */
const BUDGET = 5 * 1024 * 1024;

process.chdir(root);
const { values } = parseArgs({ options: { out: { type: "string" } } });
const { name, version } = readJson("package.json");
const out = path.resolve(values.out ?? `${name}-${version}.vsix`);

const missing = await setUp(["dependencies"]);
if (missing.size > 0) process.exit(1);
fs.rmSync("dist", { recursive: true, force: true });
execFileSync(process.execPath, ["esbuild.js", "--production"], { stdio: "inherit" });
fs.mkdirSync(path.dirname(out), { recursive: true });
pack(out);
addPlugin(out);
const { size } = fs.statSync(out);
if (size > BUDGET) {
  console.error(`${out} is ${size} bytes; its budget is ${BUDGET}. See what came in: unzip -lv ${out}`);
  process.exitCode = 1;
}

/** vsce walks through all that lies in its folder, and ours has whole environments of the tests: it gets one with its files only. */
function pack(file) {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-package-"));
  try {
    const copied = [
      "package.json",
      "README.md",
      "CHANGELOG.md",
      "LICENSE",
      ".vscodeignore",
      "dist",
      "resources",
      "snippets",
    ];
    for (const name of copied) fs.cpSync(name, path.join(folder, name), { recursive: true });
    const vsce = path.join(root, "node_modules/@vscode/vsce/vsce");
    // Everything that runs is bundled into dist/, so no package goes along.
    const args = [vsce, "package", "--no-dependencies", "--out", file];
    execFileSync(process.execPath, args, { cwd: folder, stdio: ["ignore", "inherit", "inherit"] });
  } finally {
    fs.rmSync(folder, { recursive: true, force: true });
  }
}

/** The TypeScript server looks for plugins in the extension's node_modules, which vsce leaves out. */
function addPlugin(file) {
  const AdmZip = createRequire(import.meta.url)("adm-zip");
  const zip = new AdmZip(file);
  const folder = "node_modules/fitlens-typescript-plugin";
  zip.addLocalFolder(folder, `extension/${folder}`);
  zip.writeZip(file);
}
