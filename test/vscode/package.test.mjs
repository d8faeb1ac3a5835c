// What is in the .vsix: all that runs, and nothing of how it was made.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import path from "node:path";
import { test } from "node:test";

const vsce = path.resolve("node_modules/@vscode/vsce/vsce");
const files = execFileSync(process.execPath, [vsce, "ls", "--no-dependencies"], {
  encoding: "utf8",
  stdio: ["ignore", "pipe", "ignore"],
})
  .trim()
  .split("\n");

const WANTED = [
  "package.json",
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
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
  const allowed = /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|(dist|resources|snippets)\/.*)$/;
  assert.deepEqual(
    files.filter((file) => !allowed.test(file)),
    [],
  );
});

test("has no source maps, bytecode, TypeScript of ours, runs or packages of others", () => {
  const wrong = files.filter(
    (file) =>
      /\.(map|pyc)$|(^|\/)(node_modules|__pycache__|\.fitlens|\.git|\.vscode)\//.test(file) ||
      /^dist\/.*\.tsx?$/.test(file),
  );
  assert.deepEqual(
    wrong.filter((file) => !file.endsWith(".d.ts")),
    [],
  );
});
