// `npm run pictures`: walks through a real VS Code and keeps the pictures that README.md shows, in resources/screenshots.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { artifacts, root } from "./places.mjs";

const PICTURES = [
  "panel-live-dark",
  "hints-light",
  "graph-light",
  "convert-diff-dark",
  "panel-failed-light",
  "python-keras-live-light",
  "runs-view-dark",
];

execFileSync(process.execPath, [path.join(root, "test/run.mjs"), "walk"], { stdio: "inherit" });
const folder = path.join(root, "resources/screenshots");
fs.mkdirSync(folder, { recursive: true });
for (const name of PICTURES) fs.copyFileSync(path.join(artifacts, `${name}.png`), path.join(folder, `${name}.png`));
