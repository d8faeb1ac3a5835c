// The language server is a process that may die: what the editor shows comes back by itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { it } from "mocha";
import * as vscode from "vscode";
import { activate, closeAll, lensTitles, open, until, workspace } from "../helpers";

/** Processes that run dist/server.js, started by this extension host. */
function servers(): number[] {
  const rows = execFileSync("ps", ["-eo", "pid=,ppid=,args="], { encoding: "utf8" }).trim().split("\n");
  return rows.flatMap((row) => {
    const [pid, parent, ...words] = row.trim().split(/\s+/);
    return Number(parent) === process.pid &&
      words.join(" ").includes("server.js") &&
      words.join(" ").includes("clientProcessId")
      ? [Number(pid)]
      : [];
  });
}

it("lenses come back after the language server is killed", async function () {
  if (process.platform === "win32") this.skip();
  await activate();
  const uri = vscode.Uri.joinPath(workspace().uri, "iris.ts");
  await open(uri);
  await lensTitles(uri);
  const before = await until("the language server's process", () => {
    const found = servers();
    return found.length > 0 ? found : undefined;
  });
  for (const pid of before) process.kill(pid, "SIGKILL");
  await until("another language server", () => servers().some((pid) => !before.includes(pid)));
  assert.ok((await lensTitles(uri)).some((title) => title.includes("Train")));
  await closeAll();
});
