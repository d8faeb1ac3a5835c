// src/README.md is the code map: every file with the sentence it begins with. `UPDATE=1` writes it anew.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

const FOLDERS: Record<string, string> = {
  "": "Where it begins",
  model: "What is said of a text, whatever its language. Imports nothing",
  read: "Code to model, with spans: tree-sitter front ends",
  rewrite: "Model to edits and notes",
  scaffold: "Answers to a new source file",
  features: "What the editor shows, one file a feature; returns LSP data",
  server: "The language server: features on a connection",
  events: "TensorBoard event files: written and read",
  runs: "What a run is: a folder; its records, the store, the follower",
  train:
    "Starts and drives a run; `worker/` runs inside the process that trains, `engine/` and `wasm/` are what it trains with",
  "train/python": "The package `fitlens` that runs inside the user's Python: standard library only",
  estimator: "The Estimator API for TensorFlow.js, published alone as `@fitlens/estimator`",
  "typescript-plugin": "Gives the editor's TypeScript server the declarations that Fitlens ships",
  protocol: "What processes say to each other, and the checks of it",
  ui: "Everything that touches `vscode`",
  cli: "`fitlens`: the same core in a terminal",
};

/** The first sentence of a file, without its comment marks. */
function sentence(file: string): string {
  const lines = fs
    .readFileSync(file, "utf8")
    .replace(/^#!.*\n/, "")
    .replace(/^(?:#.*\n)*"""([\s\S]*?)"""/, (_, docstring: string) => docstring.trim().replace(/^/gm, "// "))
    .split("\n");
  const end = lines.findIndex((line) => !/^(\/\/|\/?\*)/.test(line.trim()));
  const text = lines
    .slice(0, end)
    .map((line) =>
      line
        .trim()
        .replace(/^(\/\/|\/\*\*?|\*\/|\*)\s?/, "")
        .replace(/\s*\*\/$/, ""),
    )
    .join(" ");
  return (/^.*?[.:](?=\s|$)/.exec(text)?.[0] ?? text).trim().replace(/:$/, ".");
}

function codeMap(): string {
  const files = fs
    .readdirSync("src", { recursive: true, encoding: "utf8" })
    .map((file) => file.split(path.sep).join("/"))
    .filter((file) => (file.endsWith(".ts") && !file.endsWith(".d.ts")) || file.endsWith(".py"))
    .sort();
  const folderOf = (file: string) =>
    file.endsWith(".py") ? "train/python" : file.includes("/") ? file.slice(0, file.indexOf("/")) : "";
  const unknown = [...new Set(files.map(folderOf))].filter((folder) => !(folder in FOLDERS));
  const sections = [...Object.keys(FOLDERS), ...unknown].map((folder) => {
    const inside = files.filter((file) => folderOf(file) === folder);
    if (inside.length === 0) return "";
    const rows = inside.map(
      (file) => `| \`${folder ? file.slice(folder.length + 1) : file}\` | ${sentence(`src/${file}`)} |`,
    );
    const title = folder
      ? `## \`${folder}/\`\n\n${FOLDERS[folder] ?? "(to be described in test/unit/codeMap.test.ts)"}.`
      : "";
    return `${title}\n\n| file | what it is |\n| --- | --- |\n${rows.join("\n")}\n`.trimStart();
  });
  const head =
    "# The code map\n\nEach file begins with a sentence on what it is; this page collects them (`UPDATE=1 npm run test:only -- test/unit/codeMap.test.ts`\nwrites it). Why things are as they are: [ARCHITECTURE.md](../ARCHITECTURE.md). Who may import whom: `test/unit/layers.test.ts`.\n";
  return `${[head, ...sections.filter(Boolean)].join("\n").trimEnd()}\n`;
}

test("the code map is up to date and describes every folder", () => {
  const map = codeMap();
  if (process.env["UPDATE"] === "1") fs.writeFileSync("src/README.md", map);
  assert.doesNotMatch(map, /to be described/);
  assert.equal(fs.readFileSync("src/README.md", "utf8"), map);
});
