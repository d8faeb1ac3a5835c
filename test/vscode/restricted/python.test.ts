// Restricted Mode and Python: lenses are shown, and no interpreter is looked at, asked or started.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { activate, lensTitles, open, workspace, write } from "../helpers";
import { kerasScript } from "../python";

/** A "Python" that tells on whoever starts it. */
function trap(): { program: string; started: () => boolean } {
  const folder = workspace().uri.fsPath;
  const mark = path.join(folder, "python-was-started");
  const program = path.join(folder, ".venv", "bin", "python");
  fs.mkdirSync(path.dirname(program), { recursive: true });
  fs.writeFileSync(program, `#!/bin/sh\ntouch "${mark}"\n`, { mode: 0o755 });
  return { program, started: () => fs.existsSync(mark) };
}

describe("an untrusted workspace with Python", () => {
  it("shows lenses and starts no Python, neither by itself nor by a command", async () => {
    const api = await activate();
    const { started } = trap();
    const uri = write("restricted.py", kerasScript());
    await open(uri);
    assert.equal((await lensTitles(uri))[0], "▶ Train");
    for (const command of ["train", "trainWithArguments", "debug"]) {
      await vscode.commands.executeCommand(`fitlens.${command}`, uri, "--epochs 1");
    }
    for (const command of ["selectPython", "selectBackend"]) await vscode.commands.executeCommand(`fitlens.${command}`);
    // The status bar asks the interpreter a moment after a file is opened.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    assert.equal(started(), false);
    assert.deepEqual(api.runs.all(), []);
    assert.equal(api.activePython.state, undefined);
  });

  it("does not take the interpreter from the workspace's settings", async () => {
    await activate();
    write(".vscode/settings.json", JSON.stringify({ "fitlens.pythonPath": trap().program }));
    assert.equal(vscode.workspace.getConfiguration("fitlens").get("pythonPath"), "");
  });
});
