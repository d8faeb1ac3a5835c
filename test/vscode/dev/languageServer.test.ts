// The language server is a process that may die: what the editor shows comes back by itself.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { it } from "mocha";
import * as vscode from "vscode";
import { activate, closeAll, lensTitles, open, until, workspace, write } from "../helpers";
import { estimatorPython, usePython } from "../python";

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

async function killServer(): Promise<void> {
  const before = await until("the language server's process", () => {
    const found = servers();
    return found.length > 0 ? found : undefined;
  });
  for (const pid of before) process.kill(pid, "SIGKILL");
  await until("another language server", () => servers().some((pid) => !before.includes(pid)));
}

it("lenses come back after the language server is killed", async function () {
  if (process.platform === "win32") this.skip();
  await activate();
  const uri = vscode.Uri.joinPath(workspace().uri, "iris.ts");
  await open(uri);
  await lensTitles(uri);
  await killServer();
  assert.ok((await lensTitles(uri)).some((title) => title.includes("Train")));
  await closeAll();
});

it("what is known of the selected Python comes back as well", async function () {
  if (process.platform === "win32") this.skip();
  await activate();
  await usePython(estimatorPython());
  // Without a word on the Python, whether this Keras has Estimators is not known.
  const uri = write(
    "told_again.py",
    "import keras\nm = keras.Sequential()\nm.compile('sgd', 'mse')\nm.fit([1], [1])\n",
  );
  await open(uri);
  const converts = async () => (await lensTitles(uri)).includes("Convert to Estimator");
  await until("the lens of an older Keras", converts);
  await killServer();
  await until("the same lens", converts);
  await usePython(undefined);
  await closeAll();
});
