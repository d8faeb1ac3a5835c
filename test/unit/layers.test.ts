// The direction of dependency: which folder may import which. An arrow that is not in the table fails.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";

/** Folder of src → folders of ours and packages that it may import. `node:` is listed where Node may be used. */
const ALLOWED: Record<string, readonly string[]> = {
  protocol: ["valibot"],
  events: ["node:", "protobufjs"],
  model: [],
  read: ["model", "web-tree-sitter"],
  rewrite: ["model", "read"],
  scaffold: ["model"],
  features: ["model", "read", "rewrite", "protocol", "vscode-languageserver-types"],
  server: ["features", "read", "protocol", "node:", "vscode-languageserver", "vscode-languageserver-textdocument"],
  runs: ["protocol", "events", "node:", "valibot"],
  train: ["model", "protocol", "runs", "events", "estimator", "node:", "sucrase", "valibot", "@tensorflow"],
  estimator: ["events", "node:", "@tensorflow"],
  "typescript-plugin": ["node:"],
  ui: [
    "model",
    "protocol",
    "runs",
    "train",
    "scaffold",
    "node:",
    "vscode",
    "vscode-languageclient",
    "@vscode/python-extension",
    "@vscode/jupyter-extension",
    "valibot",
  ],
  cli: [
    "protocol",
    "events",
    "model",
    "read",
    "rewrite",
    "scaffold",
    "features",
    "server",
    "runs",
    "train",
    "node:",
    "commander",
  ],
  "extension.ts": ["ui", "runs", "vscode"],
};

const files = fs
  .readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((file) => /\.tsx?$/.test(file) && !file.endsWith(".d.ts"));

/** Imports of a file: statements at the beginning of a line, and calls with a plain string. */
function imports(file: string): string[] {
  const text = file.replace(/^\s*(\/\/|\/?\*).*$/gm, "").replace(/ \/\/ .*$/gm, "");
  const statements = text.matchAll(/^(?:import\s+|(?:import|export)\s[\w\s{},*$]+?\sfrom\s+)"([^"]+)"/gm);
  const calls = text.matchAll(/\b(?:require|import)\("([^"]+)"\)/g);
  return [...statements, ...calls].map((match) => match[1]!);
}

function target(file: string, specifier: string): string {
  if (!specifier.startsWith(".")) return specifier.startsWith("node:") ? "node:" : specifier;
  return path.join(path.dirname(file), specifier).split(path.sep)[0]!;
}

test("every import goes in an allowed direction", () => {
  const crossed: string[] = [];
  for (const file of files) {
    const layer = file.split(path.sep)[0]!;
    const allowed = ALLOWED[layer];
    assert.ok(allowed, `src/${file}: folder ${layer} is not in the table of layers`);
    for (const specifier of imports(fs.readFileSync(path.join("src", file), "utf8"))) {
      const to = target(file, specifier);
      const fine = to === layer || allowed.some((name) => to === name || to.startsWith(`${name}/`));
      if (!fine) crossed.push(`src/${file} imports ${specifier}`);
    }
  }
  assert.deepEqual(crossed, []);
});

test("every file is short and begins with a sentence on what it is", () => {
  const wrong: string[] = [];
  for (const file of files) {
    const text = fs.readFileSync(path.join("src", file), "utf8");
    const table = /(^|\/)(layers|proto|templates)\/|Table\.ts$/.test(file);
    if (!table && text.split("\n").length > 500) wrong.push(`src/${file} has more than 500 lines`);
    if (!/^(#!.*\n)?(\/\/|\/\*\*) \S/.test(text)) wrong.push(`src/${file} does not begin with a sentence`);
  }
  assert.deepEqual(wrong, []);
});
