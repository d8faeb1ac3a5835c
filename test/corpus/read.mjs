// Reads every script of a corpus with our reader and scores what it says: `npm run corpus -- DIR [SCRIPTS]`. DIR has score.py and, in
// folders of its own, what is true of the scripts (NAME.truth.json); SCRIPTS has the scripts in folders of the same names, and is
// DIR where it is not given. Nothing of the scripts is run.
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import * as esbuild from "esbuild";
import { cache, readJson, root } from "../harness/places.mjs";

const ENDING = /\.(py|mjs|cjs|js|jsx|ts|tsx)$/;
const TRUTH = ".truth.json";

async function main([folder, scripts = folder]) {
  if (!folder) throw new Error("Name the corpus: npm run corpus -- DIR [SCRIPTS]");
  const scorer = [path.join(folder, "score.py"), path.join(folder, "..", "score.py")].find((file) =>
    fs.existsSync(file),
  );
  if (!scorer) throw new Error(`There is no score.py in ${folder} or above it.`);
  const folders = [folder, ...foldersIn(folder)].filter((one) => truthsIn(one).length > 0);
  if (folders.length === 0) throw new Error(`Nothing in ${folder} ends with ${TRUTH}.`);
  const { sitesOfFile } = await reader();
  const work = path.join(cache, "corpus-read");
  fs.mkdirSync(work, { recursive: true });
  for (const truths of folders) {
    const name = path.relative(folder, truths);
    const read = readAll(truths, path.join(scripts, name), sitesOfFile);
    const file = path.join(work, `${name || path.basename(folder)}.json`);
    fs.writeFileSync(file, JSON.stringify(read));
    console.log(`\n${name || path.basename(folder)} (${file})`);
    const { status, error } = spawnSync("python3", [scorer, file, truths, "--per-file"], { stdio: "inherit" });
    if (error) throw new Error(`python3 could not be started: ${error.message}`);
    if (status !== 0) throw new Error(`${scorer} ended with ${status}.`);
  }
}

const foldersIn = (folder) =>
  fs
    .readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => path.join(folder, entry.name))
    .sort();

const truthsIn = (folder) => fs.readdirSync(folder).filter((file) => file.endsWith(TRUTH));

function readAll(truths, scripts, sitesOfFile) {
  if (!fs.existsSync(scripts))
    throw new Error(`There is no folder ${scripts}. CORPUS.md says how the scripts are brought.`);
  const read = {};
  const missing = [];
  let slowest = { name: "", time: 0 };
  for (const file of truthsIn(truths)) {
    const stem = file.slice(0, -TRUTH.length);
    const script = fs.readdirSync(scripts).find((one) => ENDING.test(one) && one.replace(ENDING, "") === stem);
    if (!script) {
      missing.push(stem);
      continue;
    }
    const { flavor } = readJson(path.join(truths, file)) ?? {};
    const from = performance.now();
    read[script] = sitesOfFile(path.join(scripts, script), flavor === "k2" ? "keras2" : "keras3");
    const time = performance.now() - from;
    if (time > slowest.time) slowest = { name: script, time };
  }
  if (missing.length > 0)
    throw new Error(`${scripts} lacks ${missing.length} scripts: ${missing.slice(0, 5).join(", ")} …`);
  console.log(`slowest: ${slowest.name}, ${slowest.time.toFixed(0)} ms`);
  return read;
}

/** The reader as it is now, bundled for this process. */
async function reader() {
  const outfile = path.join(cache, "corpus-reader.cjs");
  await esbuild.build({
    entryPoints: [path.join(root, "test/corpus/reader.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    sourcemap: "inline",
    external: ["web-tree-sitter", "tree-sitter-*"],
    logLevel: "warning",
  });
  const made = await import(pathToFileURL(outfile).href);
  return made.default.makeReader();
}

main(process.argv.slice(2)).catch((error) => {
  console.error(error.message);
  process.exitCode = 1;
});
