// The packaged extension and Python: it brings its hook, and says what to install where Python cannot be debugged.
import assert from "node:assert/strict";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { FitlensApi } from "../../../src/extension";
import { activate, closeAll, lensTitles, open, output, reaches, stopAll, train, write } from "../helpers";
import { kerasScript, newestPython, usePython } from "../python";

describe("the installed package with Python", () => {
  let api: FitlensApi;
  before(async () => {
    api = await activate();
    await usePython(newestPython());
  });
  after(async () => {
    await usePython(undefined);
    await stopAll(api);
    await closeAll();
  });

  it("trains a Keras script with the hook that it brings", async () => {
    const uri = write("packaged.py", kerasScript({ epochs: 2 }));
    await open(uri);
    assert.equal((await lensTitles(uri))[0], "▶ Train");
    const run = await reaches(api, await train(api, uri), "finished", "failed");
    assert.equal(run.status.state, "finished", output(run));
    assert.equal(run.status.epoch, 2);
  });

  it("starts no run by Debug where no extension brings Python's debugger", async () => {
    assert.equal(vscode.extensions.getExtension("ms-python.python"), undefined);
    const uri = write("not_debugged.py", kerasScript());
    await open(uri);
    await vscode.commands.executeCommand("fitlens.debug", uri);
    assert.equal(api.runs.newestOf(uri.fsPath), undefined);
  });
});
