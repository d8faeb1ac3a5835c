// `npm start`: sets up what it needs and opens the sample workspace with the extension from this source tree.
//
// In desktop VS Code where `code` is on the PATH and a display exists; else VS Code's server build on 127.0.0.1, with its address
// printed, until Ctrl+C. `--server` takes the server build in any case, `--port N` a port of your own.
import { spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { parseArgs } from "node:util";
import { runProgram } from "./children.mjs";
import { cache, hasDisplay, root, which } from "./places.mjs";
import { setUp } from "./setup.mjs";
import { linkExtension, startServer, windowUrl, writeSettings } from "./vscode.mjs";

process.chdir(root);
const { values } = parseArgs({ options: { server: { type: "boolean" }, port: { type: "string", default: "0" } } });
const code = which("code");
const desktop = !values.server && code !== undefined && hasDisplay();

const missing = await setUp(desktop ? ["dependencies"] : ["dependencies", "server-newest"]);
if (missing.size > 0) process.exit(1);
const built = await runProgram(process.execPath, ["esbuild.js"]);
if (built.status !== 0) process.exit(1);

const sample = copyOfSample();
if (desktop) openDesktop();
else await serve();

/** A copy that is kept between starts, so that runs and edits do not touch the source tree. Delete it to start afresh. */
function copyOfSample() {
  const copy = path.join(cache, "sample-workspace");
  fs.cpSync(path.join(root, "resources/sample"), copy, { recursive: true, force: false });
  return copy;
}

function openDesktop() {
  const args = [`--extensionDevelopmentPath=${root}`, sample];
  console.log(`Opening ${sample} in VS Code.`);
  spawn(code, args, { stdio: "inherit", shell: process.platform === "win32" }).on("exit", (status) => {
    process.exitCode = status ?? 1;
  });
}

async function serve() {
  const dataDir = path.join(cache, "start");
  writeSettings(dataDir, {});
  linkExtension(path.join(dataDir, "extensions"), root);
  const server = await startServer("newest", { dataDir, port: Number(values.port) });
  const url = windowUrl(server.port, { folder: sample });
  console.log(
    `\nVS Code with Fitlens and the sample workspace:\n\n  ${url}\n\nOpen it in a browser on this machine. Ctrl+C ends it.`,
  );
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.once(signal, () => server.stop());
  await server.exited;
}
