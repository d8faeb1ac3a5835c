// Restricted Mode: Fitlens reads, and starts nothing.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, it } from "mocha";
import * as vscode from "vscode";
import { activate, lensTitles, open, script, workspace, write } from "../helpers";

describe("an untrusted workspace", () => {
  const runs = () => path.join(workspace().uri.fsPath, ".fitlens");

  it("is not trusted", () => assert.equal(vscode.workspace.isTrusted, false));

  it("shows its lenses", async () => {
    await activate();
    const uri = write("restricted.ts", script());
    await open(uri);
    assert.ok((await lensTitles(uri)).length > 0);
  });

  for (const command of ["train", "debug"]) {
    it(`starts nothing by ${command}`, async () => {
      const api = await activate();
      const uri = write(
        "restricted.ts",
        script({ before: 'import fs from "node:fs"; fs.writeFileSync("it-ran", "");' }),
      );
      await open(uri);
      await vscode.commands.executeCommand(`fitlens.${command}`, uri);
      assert.deepEqual(api.runs.all(), []);
      assert.equal(fs.existsSync(runs()), false);
      assert.equal(fs.existsSync(path.join(workspace().uri.fsPath, "it-ran")), false);
    });
  }

  it("does not take the engine or programs from the workspace's settings", async () => {
    await activate();
    const marker = path.join(workspace().uri.fsPath, "node-of-the-workspace");
    write(".vscode/settings.json", JSON.stringify({ "fitlens.nodePath": marker, "fitlens.engine": "cpu" }));
    const settings = vscode.workspace.getConfiguration("fitlens");
    assert.equal(settings.get("nodePath"), "");
    assert.equal(settings.get("engine"), "auto");
  });
});
