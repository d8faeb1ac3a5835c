// The packaged extension, installed as a user installs it: no file of the source tree is within its reach.
import assert from "node:assert/strict";
import path from "node:path";
import { after, describe, it } from "mocha";
import * as vscode from "vscode";
import {
  activate,
  EXTENSION,
  lensTitles,
  open,
  output,
  reaches,
  script,
  stopAll,
  train,
  until,
  workspace,
  write,
} from "../helpers";

describe("the installed package", () => {
  after(async () => stopAll(await activate()));

  it("lies among the installed extensions", () => {
    const place = vscode.extensions.getExtension(EXTENSION)?.extensionPath ?? "";
    assert.match(path.basename(place), /^fitlens\.fitlens-\d/);
    assert.equal(path.relative(process.cwd(), place).startsWith("src"), false);
  });

  it("shows lenses", async () => {
    await activate();
    const uri = vscode.Uri.joinPath(workspace().uri, "iris.ts");
    await open(uri);
    assert.deepEqual(await lensTitles(uri), ["▶ Train", "Debug", "Metrics", "Convert to Estimator"]);
  });

  for (const name of ["iris.ts", "petals.js"]) {
    it(`trains ${name} with the engine that it brings`, async () => {
      const api = await activate();
      const uri = vscode.Uri.joinPath(workspace().uri, name);
      await open(uri);
      const run = await reaches(api, await train(api, uri), "finished", "failed");
      assert.equal(run.status.state, "finished", output(run));
      assert.equal(run.status.engine?.name, "wasm", JSON.stringify(run.status.engine));
    });
  }

  it("converts, and trains what it converted with the Estimator library that it brings", async () => {
    const api = await activate();
    const uri = write("converted.ts", script({ epochs: 3 }));
    const { document } = await open(uri);
    await vscode.commands.executeCommand("fitlens.convertToEstimator", uri);
    await vscode.commands.executeCommand("fitlens.applyConversion");
    await until("the conversion", () => document.getText().includes("modelToEstimator("));
    await document.save();
    const run = await reaches(api, await train(api, uri), "finished", "failed");
    assert.equal(run.status.state, "finished", output(run));
  });
});
