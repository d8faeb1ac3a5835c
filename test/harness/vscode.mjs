// Opens a real VS Code whose window is a Playwright page: the server build, shown by Chromium. Knows no tests and no Fitlens.
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { chromium as chromiumPath, nodeBinary, readJson, serverHome, VSCODES } from "./places.mjs";

/** Settings that keep an unattended window quiet. Nothing here changes what an extension can do. */
const QUIET = {
  "telemetry.telemetryLevel": "off",
  "extensions.autoCheckUpdates": false,
  "extensions.autoUpdate": false,
  "extensions.ignoreRecommendations": true,
  "workbench.startupEditor": "none",
  "workbench.tips.enabled": false,
  "workbench.welcomePage.walkthroughs.openOnInstall": false,
  "workbench.enableExperiments": false,
  "workbench.secondarySideBar.defaultVisibility": "hidden",
  "update.mode": "none",
  "update.showReleaseNotes": false,
  "git.openRepositoryInParentFolders": "never",
  "chat.disableAIFeatures": true,
  "typescript.disableAutomaticTypeAcquisition": true,
  "security.workspace.trust.startupPrompt": "never",
};

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-dev-shm-usage",
  "--disable-background-timer-throttling",
  "--disable-renderer-backgrounding",
  "--disable-backgrounding-occluded-windows",
];

/** The caller's environment without what would confuse a VS Code or a Node inside it. */
export function cleanEnvironment(extra = {}) {
  const confusing = /^(VSCODE_|ELECTRON_|NODE_OPTIONS$|NODE_TEST_CONTEXT$|npm_)/;
  return { ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !confusing.test(name))), ...extra };
}

/** Version, commit and architecture of a server build, as `code --version` prints them. */
export function describe(name) {
  const { version, commit } = readJson(path.join(serverHome(name), "product.json"));
  return { version, commit, arch: process.arch };
}

/** What the server is told about its folders. Older servers do not create missing parents. */
function folders({ dataDir, extensionsDir = path.join(dataDir, "extensions") }) {
  const serverDataDir = path.join(dataDir, "server");
  for (const folder of [extensionsDir, serverDataDir]) fs.mkdirSync(folder, { recursive: true });
  return ["--user-data-dir", dataDir, "--extensions-dir", extensionsDir, "--server-data-dir", serverDataDir];
}

function spawnServer(name, args, options) {
  const main = path.join(serverHome(name), "out/server-main.js");
  return spawn(nodeBinary(VSCODES[name].node), [main, "--accept-server-license-terms", ...args], options);
}

/** Runs a command that opens no window, e.g. `--install-extension FILE`. Resolves to its exit status. */
export function runCommand(name, { dataDir, extensionsDir, args }) {
  return new Promise((resolve, reject) => {
    const env = cleanEnvironment({ EXTENSIONS_GALLERY: "{}" });
    const child = spawnServer(name, [...folders({ dataDir, extensionsDir }), ...args], { env, stdio: "inherit" });
    child.on("error", reject);
    child.on("close", (code) => resolve(code ?? 1));
  });
}

/** User settings, in the same place for the desktop and the server; those that are there are kept. */
export function writeSettings(dataDir, settings) {
  const file = path.join(dataDir, "User/settings.json");
  fs.mkdirSync(path.dirname(file), { recursive: true });
  fs.writeFileSync(file, JSON.stringify({ ...QUIET, ...readJson(file), ...settings }, null, 2));
}

/**
 * Starts the server alone. Resolves once it listens, to its port, `stop()` and `exited`.
 * In a process group of its own: one signal ends extension host, terminals and language servers with it. Trainings are
 * detached and stay, as they do when a person closes VS Code.
 */
export async function startServer(
  name,
  { dataDir, extensionsDir, restricted = false, port = 0, args = [], env = {}, onLog },
) {
  const all = [...folders({ dataDir, extensionsDir }), "--host", "127.0.0.1", "--port", String(port)];
  all.push("--without-connection-token", "--telemetry-level", "off", "--enable-remote-auto-shutdown", ...args);
  if (!restricted) all.push("--disable-workspace-trust");
  // An empty gallery: no marketplace is asked.
  const environment = cleanEnvironment({ EXTENSIONS_GALLERY: "{}", ...env });
  const child = spawnServer(name, all, { env: environment, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let tail = "";
  const exited = new Promise((resolve) => child.once("exit", (code, signal) => resolve(code ?? signal)));
  const listening = new Promise((resolve, reject) => {
    const late = setTimeout(() => reject(new Error(`The VS Code server did not listen within 60 s:\n${tail}`)), 60_000);
    const read = (data) => {
      tail = (tail + data).slice(-20_000);
      onLog?.(String(data));
      const found = /Extension host agent listening on (\d+)/.exec(tail);
      if (found) resolve(Number(found[1]));
      if (found) clearTimeout(late);
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    exited.then((how) => {
      clearTimeout(late);
      reject(new Error(`The VS Code server ended with ${how} before it listened:\n${tail}`));
    });
  });
  const stop = async () => {
    signalGroup(child.pid, "SIGTERM");
    await Promise.race([exited, new Promise((resolve) => setTimeout(resolve, 3000).unref())]);
    signalGroup(child.pid, "SIGKILL");
    await exited;
  };
  try {
    return { port: await listening, pid: child.pid, stop, exited, tail: () => tail };
  } catch (error) {
    signalGroup(child.pid, "SIGKILL");
    throw error;
  }
}

function signalGroup(pid, signal) {
  try {
    process.kill(-pid, signal);
  } catch {
    // Already gone.
  }
}

/** The window's address. Extensions under development and tests are named in its payload, as paths on the server. */
export function windowUrl(port, { folder, workspace, openFile, extension = [], tests, payload = [] }) {
  const uri = (file) =>
    `vscode-remote://127.0.0.1:${port}${path.resolve(file).split("/").map(encodeURIComponent).join("/")}`;
  const query = new URLSearchParams();
  if (workspace) query.set("workspace", path.resolve(workspace));
  else if (folder) query.set("folder", path.resolve(folder));
  else query.set("ew", "true");
  const all = [extension].flat().map((place) => ["extensionDevelopmentPath", uri(place)]);
  if (tests) all.push(["extensionTestsPath", uri(tests)]);
  if (openFile) all.push(["openFile", uri(openFile)]);
  all.push(["skipWelcome", "true"], ["skipReleaseNotes", "true"], ...payload);
  query.set("payload", JSON.stringify(all));
  return `http://127.0.0.1:${port}/?${query}`;
}

/** Since 1.101 the server listens to `extensionDevelopmentPath` in an address only with this switch, which also hides toasts. */
const DEVELOPMENT = ["--enable-smoke-test-driver"];

/**
 * Installs an extension from its source folder, as a link: a reload of the window takes what was built meanwhile. Unlike an
 * extension under development it leaves the window as a user has it, with its messages.
 */
export function linkExtension(extensionsDir, folder) {
  const { publisher, name, version } = readJson(path.join(folder, "package.json"));
  const id = `${publisher}.${name}`;
  const place = path.join(extensionsDir, id);
  fs.mkdirSync(extensionsDir, { recursive: true });
  fs.rmSync(place, { force: true });
  fs.symlinkSync(folder, place);
  const location = { $mid: 1, scheme: "file", path: place };
  const entry = { identifier: { id }, version, location, relativeLocation: id, metadata: { source: "vsix" } };
  fs.writeFileSync(path.join(extensionsDir, "extensions.json"), JSON.stringify([entry]));
}

/** Chromium with a profile that lasts: the browser's half of VS Code's state (editors, views) lives there. */
export async function startBrowser({ profileDir, size = { width: 1600, height: 1000 } }) {
  const { chromium } = await import("playwright-core");
  const executablePath = chromiumPath();
  if (!executablePath) throw new Error("No Chromium was found. Run: node test/harness/setup.mjs chromium");
  const permissions = ["clipboard-read", "clipboard-write"];
  return chromium.launchPersistentContext(profileDir, { executablePath, viewport: size, permissions, args: FLAGS });
}

/**
 * Opens a window and waits until it is painted.
 *
 * `name` newest or minimum · `folder`, `workspace` or `openFile` what to open · `installed` folder of an extension that a
 * user would have installed · `extension` folder(s) under development ·
 * `tests` module with `run()` · `restricted` Restricted Mode · `settings` · `dataDir` kept by the caller, else a
 * temporary one that `close()` removes · `onLog(type, args)` what the extension host prints.
 *
 * Resolves to `page`, `close()`, `exit` (resolves when tests have run, or the window is lost) and `server`.
 */
export async function openVSCode({ name = "newest", ...options }) {
  const dataDir = options.dataDir ?? fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-vscode-"));
  writeSettings(dataDir, options.settings);
  if (options.installed) linkExtension(path.join(dataDir, "extensions"), options.installed);
  const args = options.extension?.length || options.tests ? DEVELOPMENT : [];
  const server = await startServer(name, { ...options, dataDir, args, onLog: options.onServerLog });
  let context;
  const close = async () => {
    await context?.close().catch(() => {});
    await server.stop();
    if (!options.dataDir) fs.rmSync(dataDir, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    context = await startBrowser({ profileDir: path.join(dataDir, "chromium"), size: options.size });
    const page = context.pages()[0] ?? (await context.newPage());
    const exit = exitOf(page, server);
    await page.exposeFunction("codeAutomationLog", (type, args) => options.onLog?.(type, args));
    page.on("console", (message) => options.onConsole?.(message.type(), message.text()));
    const url = windowUrl(server.port, options);
    await page.goto(url, { waitUntil: "domcontentloaded", timeout: 180_000 });
    await painted(page);
    return { page, context, server, url, dataDir, exit: await exit, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The window shows its status bar, which it paints last. */
export const painted = (page) => page.locator(".monaco-workbench .part.statusbar").waitFor({ timeout: 180_000 });

/** Resolves to `{ done }`: a promise of the tests' exit status, or of the error that ended the window before. */
async function exitOf(page, server) {
  let end;
  const done = new Promise((resolve) => {
    end = resolve;
  });
  await page.exposeFunction("codeAutomationExit", (code) => end({ code }));
  page.on("crash", () => end({ code: 1, error: "Chromium's page crashed." }));
  server.exited.then((how) => end({ code: 1, error: `The VS Code server ended early (${how}).\n${server.tail()}` }));
  return { done };
}
