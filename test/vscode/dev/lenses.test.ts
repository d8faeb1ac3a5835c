// Lenses above the call that trains: which, where, and where none.
import assert from "node:assert/strict";
import { afterEach, describe, it } from "mocha";
import * as vscode from "vscode";
import { activate, closeAll, lensTitles, lensTitlesNow, open, script, until, write } from "../helpers";

describe("lenses", () => {
  afterEach(closeAll);

  for (const language of ["ts", "js", "mts", "tsx"]) {
    it(`are above model.fit in .${language}`, async () => {
      await activate();
      const text = script().replace("<void>", "");
      const uri = write(`lenses/fit.${language}`, text);
      await open(uri);
      assert.deepEqual(await lensTitles(uri), ["▶ Train", "Debug", "Metrics", "Convert to Estimator"]);
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>("vscode.executeCodeLensProvider", uri);
      const line = text.split("\n").findIndex((each) => each.includes("model.fit("));
      assert.deepEqual([...new Set(lenses.map((lens) => lens.range.start.line))], [line]);
    });
  }

  it("are not in a file without a model", async () => {
    await activate();
    const trains = write("lenses/trains.ts", script());
    const plain = write("lenses/plain.ts", "export const fit = (model: { fit(): void }) => model;\n");
    await open(plain);
    await open(trains);
    await lensTitles(trains);
    assert.deepEqual(await lensTitlesNow(plain), []);
  });

  it("come back when a broken file is mended", async () => {
    await activate();
    const uri = write("lenses/broken.ts", script().replace("await model.fit(x, y, {", "await model.f"));
    const editor = await open(uri);
    await editor.edit((edit) => edit.replace(new vscode.Range(0, 0, editor.document.lineCount, 0), script()));
    await lensTitles(uri);
  });

  it("can be turned off and on again", async () => {
    await activate();
    const uri = write("lenses/off.ts", script());
    await open(uri);
    await lensTitles(uri);
    const settings = vscode.workspace.getConfiguration("fitlens");
    try {
      await settings.update("codeLens.enabled", false, vscode.ConfigurationTarget.Global);
      await until("the lenses to go", async () => (await lensTitlesNow(uri)).length === 0);
    } finally {
      await settings.update("codeLens.enabled", undefined, vscode.ConfigurationTarget.Global);
    }
    await lensTitles(uri);
  });
});
