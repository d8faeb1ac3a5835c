// What is in the .vsix: all that runs, and nothing of how it was made.
import assert from "node:assert/strict";
import { test } from "node:test";
import AdmZip from "adm-zip";
import { PACKAGE } from "../harness/places.mjs";

const PLUGIN = /^node_modules\/fitlens-typescript-plugin\//;
const files = new AdmZip(PACKAGE)
  .getEntries()
  .filter(({ isDirectory, entryName }) => !isDirectory && entryName.startsWith("extension/"))
  .map(({ entryName }) => entryName.slice("extension/".length));

const WANTED = [
  "package.json",
  "readme.md",
  "LICENSE.txt",
  "changelog.md",
  "node_modules/fitlens-typescript-plugin/package.json",
  "dist/extension.js",
  "dist/client.js",
  "dist/newFiles.js",
  "dist/server.js",
  "dist/follower.js",
  "dist/cli.js",
  "dist/worker.mjs",
  "dist/preload.js",
  "dist/waiting.js",
  "dist/terminal.js",
  "dist/python/fitlens/__main__.py",
  "dist/python/fitlens/about.json",
  "dist/python/fitlens/keras/__init__.py",
  "dist/python/fitlens/estimator/__init__.py",
  "dist/python/terminal/sitecustomize.py",
  "dist/web-tree-sitter.wasm",
  "dist/tree-sitter-python.wasm",
  "dist/webview/panel.js",
  "dist/webview/panel.css",
  "dist/webview/graph.js",
  "dist/webview/graph.css",
  "dist/webview/elk-worker.js",
  "dist/webview/elk-worker.LICENSE.md",
  "resources/icon.png",
  "resources/sample/iris.ts",
  "resources/sample/data/iris.csv",
  "snippets/typescript.json",
];

test("has all that runs and is shown", () => {
  assert.deepEqual(
    WANTED.filter((file) => !files.includes(file)),
    [],
  );
});

test("has nothing of the source tree, the tests or the tools", () => {
  const allowed = /^(package\.json|readme\.md|LICENSE\.txt|changelog\.md|(dist|resources|snippets)\/.*)$/;
  assert.deepEqual(
    files.filter((file) => !allowed.test(file) && !PLUGIN.test(file)),
    [],
  );
});

test("has no source maps, bytecode, TypeScript of ours, runs or packages of others", () => {
  const others = files.filter((file) => !PLUGIN.test(file));
  const wrong = others.filter(
    (file) =>
      /\.(map|pyc)$|(^|\/)(node_modules|__pycache__|\.fitlens|\.git|\.vscode)\//.test(file) ||
      /^dist\/.*\.tsx?$/.test(file),
  );
  assert.deepEqual(
    wrong.filter((file) => !file.endsWith(".d.ts")),
    [],
  );
});
