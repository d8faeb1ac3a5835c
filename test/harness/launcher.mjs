#!/usr/bin/env node
// Stands in for the `code` program where no desktop VS Code is: the same command line, a server build shown by Chromium.
//
// Made for @vscode/test-electron's runTests({ vscodeExecutablePath }). FITLENS_VSCODE names the version (newest or minimum),
// FITLENS_VSCODE_TIMEOUT the most seconds that a test run may take, FITLENS_VSCODE_SCREENSHOT a picture to write when it fails,
// FITLENS_VSCODE_VERBOSE shows what server and browser say.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import util from "node:util";
import { parse, VERBS } from "./commandLine.mjs";
import { describe, openVSCode, runCommand } from "./vscode.mjs";

/** Says of the workbench's own chatter, which shares a channel with what the tests print, that it is that. */
const chatter =
  /^(Creating a socket|Creation of workbench contribution|Resolv(ing|ed) connection token|\[(reconnection-grace-time|Service Worker|AgentHost|AccountPolicyGate)|(Updating|Ignoring fetching) additional builtin|getaddrinfo E|ChatSessionStore|Timed out waiting for authentication|\s+at .*\/static\/out\/|%c)/;

const verbose = Boolean(process.env.FITLENS_VSCODE_VERBOSE);
const name = process.env.FITLENS_VSCODE ?? "newest";
const fromUri = (place) => (place?.startsWith("file://") ? fileURLToPath(place) : place);

async function main(argv) {
  const { options, alone } = parse(argv);
  if (options.version) {
    const { version, commit, arch } = describe(name);
    console.log(`${version}\n${commit}\n${arch}`);
    return 0;
  }
  const temporary = options["user-data-dir"] ? undefined : fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-vscode-"));
  const dataDir = path.resolve(options["user-data-dir"] ?? temporary);
  const extensionsDir = options["extensions-dir"] && path.resolve(options["extensions-dir"]);
  try {
    if (VERBS.some((verb) => options[verb])) return await command(options, { dataDir, extensionsDir });
    return await show({ options, alone, dataDir, extensionsDir });
  } finally {
    if (temporary) fs.rmSync(temporary, { recursive: true, force: true, maxRetries: 5 });
  }
}

function command(options, where) {
  const args = VERBS.flatMap((verb) =>
    [options[verb] ?? []].flat().flatMap((value) => (value === true ? [`--${verb}`] : [`--${verb}`, value])),
  );
  for (const flag of ["force", "show-versions"]) if (options[flag]) args.push(`--${flag}`);
  return runCommand(name, { ...where, args });
}

async function show({ options, alone, dataDir, extensionsDir }) {
  const target = fromUri(options["folder-uri"] ?? options["file-uri"]) ?? alone[0];
  const isFolder = target && fs.existsSync(target) && fs.statSync(target).isDirectory();
  const kind = isFolder ? "folder" : target?.endsWith(".code-workspace") ? "workspace" : "openFile";
  const tests = fromUri(options["extensionTestsPath"]);
  const window = await openVSCode({
    name,
    ...(target ? { [kind]: target } : {}),
    extension: (options["extensionDevelopmentPath"] ?? []).map(fromUri),
    tests,
    dataDir,
    extensionsDir,
    restricted: !options["disable-workspace-trust"],
    settings: JSON.parse(process.env.FITLENS_VSCODE_SETTINGS ?? "{}"),
    payload: options["disable-extensions"] ? [["disableExtensions", "true"]] : [],
    onLog: (type, args) => {
      const text = util.format(...args);
      if (verbose || !chatter.test(text)) process[type === "error" ? "stderr" : "stdout"].write(`${text}\n`);
    },
    onServerLog: (text) => verbose && process.stderr.write(`[server] ${text}`),
    onConsole: (type, text) => verbose && process.stderr.write(`[browser ${type}] ${text}\n`),
  });
  const ends = [window.exit.done, signalled()];
  if (tests) ends.push(tooLate(Number(process.env.FITLENS_VSCODE_TIMEOUT ?? 1700)));
  else console.log(`VS Code window: ${window.url}`);
  const { code, error } = await Promise.race(ends);
  if (error) console.error(error);
  const picture = process.env.FITLENS_VSCODE_SCREENSHOT;
  if (code !== 0 && picture) await window.page.screenshot({ path: picture }).catch(() => {});
  await window.close();
  return code;
}

const signalled = () =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => resolve({ code: 130 }));
  });

const tooLate = (seconds) =>
  new Promise((resolve) => {
    const error = `The tests in VS Code did not end within ${seconds} s.`;
    setTimeout(() => resolve({ code: 124, error }), seconds * 1000).unref();
  });

/** Waits until what was printed has left this process: a pipe takes its time, process.exit does not. */
const flushed = (stream) => new Promise((resolve) => stream.write("", resolve));

const code = await main(process.argv.slice(2)).catch((error) => {
  console.error(error.stack);
  return 1;
});
await Promise.all([flushed(process.stdout), flushed(process.stderr)]);
process.exit(code);
