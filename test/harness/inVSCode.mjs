// Runs the specs of test/vscode inside a real VS Code: `node inVSCode.mjs newest|minimum MODE [GREP]`, a line per test in FITLENS_REPORT.
//
// Modes: `plain` the extension from the source tree, in a plain folder · `odd` the same in a folder whose name has all that
// breaks quoting · `restricted` in a workspace that is not trusted · `vsix` the packaged extension, installed.
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { runTests } from "@vscode/test-electron";
import { artifacts, desktopNote, PACKAGE, readJson, root } from "./places.mjs";
import { linkExtension, writeSettings } from "./vscode.mjs";

const [name = "newest", mode = "plain", grep = ""] = process.argv.slice(2);
const FOLDERS = { odd: `it's a "näme" & $(HOME) #1; 100% 漢字` };
const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), "flvs-"));
const workspace = path.join(dataDir, FOLDERS[mode] ?? "workspace");
const extensions = path.join(dataDir, "extensions");
const picture = path.join(artifacts, `failed-${name}-${mode}.png`);

fs.mkdirSync(artifacts, { recursive: true });
fs.rmSync(picture, { force: true });
fs.cpSync(path.join(root, "resources/sample"), workspace, { recursive: true });

const desktop = readJson(desktopNote(name))?.path;
const executable = desktop && fs.existsSync(desktop) ? desktop : path.join(root, "test/harness/launcher.mjs");
const dirs = [`--user-data-dir=${dataDir}`, `--extensions-dir=${extensions}`];
process.env.FITLENS_VSCODE = name;

Object.assign(process.env, {
  FITLENS_VSCODE: name,
  FITLENS_MODE: mode,
  FITLENS_GREP: grep,
  FITLENS_VSCODE_SCREENSHOT: picture,
});

try {
  writeSettings(dataDir, {});
  const extensionDevelopmentPath = mode === "vsix" ? installPackage() : root;
  // What the Python extension would bring: its choice of an interpreter, and a debugger. The package is tried without.
  if (mode !== "vsix") linkExtension(extensions, path.join(root, "test/vscode/pythonExtension"));
  const extensionTestsPath = path.join(root, "out/vscode/index.js");
  if (mode === "restricted") runRestricted({ extensionDevelopmentPath, extensionTestsPath });
  else {
    const launchArgs = [workspace, ...dirs];
    await runTests({ vscodeExecutablePath: executable, extensionDevelopmentPath, extensionTestsPath, launchArgs });
  }
} catch (error) {
  console.error(error.message);
  process.exitCode = 1;
} finally {
  fs.rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
}

/** test-electron always trusts the workspace, so this start is made by hand. */
function runRestricted(paths) {
  const named = Object.entries(paths).map(([option, value]) => `--${option}=${value}`);
  execFileSync(executable, ["--no-sandbox", "--disable-updates", ...named, ...dirs, workspace], { stdio: "inherit" });
}

/** Installs the package that was built. What VS Code then "develops" is an empty stub, so only the installed one is there. */
function installPackage() {
  execFileSync(executable, [...dirs, "--install-extension", PACKAGE, "--force"], { stdio: "inherit" });
  const stub = path.join(dataDir, "stub");
  fs.mkdirSync(stub);
  fs.writeFileSync(
    path.join(stub, "package.json"),
    JSON.stringify({ name: "stub", publisher: "test", version: "0.0.1", engines: { vscode: "^1.100.0" } }),
  );
  return stub;
}
