// Convert to Estimator: shown as a diff, applied as one edit, taken back by one undo; the converted script trains.
import assert from "node:assert/strict";
import { afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { FitlensApi } from "../../../src/extension";
import {
  activate,
  closeAll,
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

const diffTab = () =>
  vscode.window.tabGroups.all
    .flatMap((group) => group.tabs)
    .find(({ input }) => input instanceof vscode.TabInputTextDiff);

describe("conversion", () => {
  let api: FitlensApi;
  before(async () => {
    api = await activate();
  });
  afterEach(async () => {
    await stopAll(api);
    await closeAll();
  });

  it("is shown first and changes nothing until it is applied", async () => {
    const uri = write("preview.ts", script());
    const { document } = await open(uri);
    await vscode.commands.executeCommand("fitlens.convertToEstimator", uri);
    await until("the diff", diffTab);
    assert.equal(document.getText(), script());
    await vscode.commands.executeCommand("fitlens.discardConversion");
    await until("the diff to close", () => !diffTab());
    assert.equal(document.getText(), script());
  });

  it("is applied by one command and undone in one step", async () => {
    const uri = write("apply.ts", script());
    const { document } = await open(uri);
    await vscode.commands.executeCommand("fitlens.convertToEstimator", uri);
    await until("the diff", diffTab);
    await vscode.commands.executeCommand("fitlens.applyConversion");
    await until("the diff to close", () => !diffTab());
    assert.match(document.getText(), /modelToEstimator\(/);
    assert.match(document.getText(), /from "@fitlens\/estimator"/);
    await open(uri);
    await vscode.commands.executeCommand("undo");
    assert.equal(document.getText(), script());
  });

  it("is offered as a code action on the model", async () => {
    const uri = vscode.Uri.joinPath(workspace().uri, "iris.ts");
    const { document } = await open(uri);
    await lensTitles(uri);
    const at = document.positionAt(document.getText().indexOf("tf.sequential"));
    const actions = await vscode.commands.executeCommand<vscode.CodeAction[]>(
      "vscode.executeCodeActionProvider",
      uri,
      new vscode.Range(at, at),
    );
    assert.ok(
      actions.some(({ title }) => title.includes("Estimator")),
      actions.map(({ title }) => title).join(", "),
    );
  });

  it("gives a script that trains and has the same lenses", async () => {
    const uri = write("converted.ts", script({ epochs: 3 }));
    const { document } = await open(uri);
    await vscode.commands.executeCommand("fitlens.convertToEstimator", uri);
    await until("the diff", diffTab);
    await vscode.commands.executeCommand("fitlens.applyConversion");
    await document.save();
    const titles = await lensTitles(uri);
    assert.equal(titles[0], "▶ Train");
    const run = await reaches(api, await train(api, uri), "finished", "failed");
    assert.equal(run.status.state, "finished", `${document.getText()}\n${output(run)}`);
    assert.equal(run.status.step, 12);
  });
});
