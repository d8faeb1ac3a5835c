// Runs that begin outside of this window: in a terminal, a kernel, another window.
import { randomUUID } from "node:crypto";
import fs from "node:fs";
import { after, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { FitlensApi } from "../../../src/extension";
import { createRun, runsFolderOf } from "../../../src/runs/store";
import { activate, begun, workspace } from "../helpers";

describe("runs that begin elsewhere", () => {
  let api: FitlensApi;
  const exclude = (value: object | undefined) =>
    vscode.workspace.getConfiguration("files").update("watcherExclude", value, vscode.ConfigurationTarget.Workspace);

  before(async () => {
    api = await activate();
    await api.runs.ready;
  });
  after(() => exclude(undefined));

  it("are seen, also where the editor watches no files", async () => {
    await exclude({ "**/.fitlens/**": true });
    const script = `/elsewhere/${randomUUID()}.py`;
    const { folder } = createRun(runsFolderOf(workspace().uri.fsPath), {
      script,
      args: [],
      cwd: workspace().uri.fsPath,
      language: "python",
      interpreter: { path: "python" },
      sourceHash: "",
      fitlensVersion: "0.0.0",
    });
    await begun(api, script);
    fs.rmSync(folder, { recursive: true });
  });
});
