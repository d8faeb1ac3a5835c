// The extension as VS Code sees it: it activates, and everything that package.json promises is there.
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { activate, EXTENSION } from "../helpers";

describe("activation", () => {
  it("brings its runs and its language server", async () => {
    const api = await activate();
    await api.runs.ready;
    assert.ok(api.server);
  });

  it("registers every command of package.json", async () => {
    await activate();
    const registered = new Set(await vscode.commands.getCommands(true));
    const manifest = vscode.extensions.getExtension(EXTENSION)!.packageJSON as {
      contributes: { commands: { command: string }[] };
    };
    const missing = manifest.contributes.commands.filter(({ command }) => !registered.has(command));
    assert.deepEqual(missing, []);
  });

  it("has the Runs view", async () => {
    await vscode.commands.executeCommand("fitlens.runs.focus");
  });
});
