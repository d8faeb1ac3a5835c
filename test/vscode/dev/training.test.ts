// Training by command: to its end, stopped, paused, failed. The run's folder is looked at, not what is shown.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { afterEach, before, describe, it } from "mocha";
import * as vscode from "vscode";
import type { FitlensApi } from "../../../src/extension";
import {
  activate,
  closeAll,
  lensTitles,
  open,
  output,
  processIsGone,
  reaches,
  script,
  stopAll,
  train,
  until,
  workspace,
  write,
} from "../helpers";

describe("training", () => {
  let api: FitlensApi;
  before(async () => {
    api = await activate();
  });
  afterEach(async () => {
    await stopAll(api);
    await closeAll();
  });

  it("trains the sample's Iris script, unmodified, to its end", async () => {
    const uri = vscode.Uri.joinPath(workspace().uri, "iris.ts");
    await open(uri);
    const run = await reaches(api, await train(api, uri), "finished", "failed");
    assert.equal(run.status.state, "finished", output(run));
    assert.equal(run.status.epoch, 60);
    assert.ok((run.status.latest?.["val_accuracy"] ?? 0) > 0.7, JSON.stringify(run.status.latest));
    assert.match(output(run), /Validation loss/);
    for (const source of ["train", "validation"]) {
      const files = fs.readdirSync(path.join(run.folder, source));
      assert.ok(
        files.some((file) => file.startsWith("events.out.tfevents.")),
        `${source}: ${files}`,
      );
    }
    const titles = await until("the lens to tell the result", async () => {
      const now = await lensTitles(uri);
      return now.some((title) => title.startsWith("last:")) ? now : undefined;
    });
    assert.equal(titles.length, 4);
  });

  it("opens the metrics panel beside the script", async () => {
    const uri = write("panel.ts", script());
    await open(uri);
    const run = await train(api, uri);
    await until("the panel's tab", () =>
      vscode.window.tabGroups.all.some((group) =>
        group.tabs.some(
          ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("fitlens.metrics"),
        ),
      ),
    );
    await reaches(api, run, "finished");
  });

  it("shows Stop and the progress while it trains, and stops", async () => {
    const uri = write("stop.ts", script({ epochs: 5000, delay: 20 }));
    await open(uri);
    const run = await reaches(api, await train(api, uri), "running");
    const titles = await until("the lens to show Stop", async () => {
      const now = await lensTitles(uri);
      return now[0] === "■ Stop" && /epoch \d+ of 5000/.test(now[1] ?? "") ? now : undefined;
    });
    assert.ok(titles.length <= 4, titles.join(" · "));
    await vscode.commands.executeCommand("fitlens.stop", run.folder);
    const stopped = await reaches(api, run, "stopped");
    await until("the process to end", () => processIsGone(stopped.status.pid));
    assert.ok((stopped.status.step ?? 0) > 0);
  });

  it("pauses and goes on", async () => {
    const uri = write("pause.ts", script({ epochs: 5000, delay: 20 }));
    await open(uri);
    const run = await reaches(api, await train(api, uri), "running");
    await vscode.commands.executeCommand("fitlens.pause", run.folder);
    const paused = await reaches(api, run, "paused");
    await vscode.commands.executeCommand("fitlens.continue", run.folder);
    const running = await reaches(api, run, "running");
    await until("more steps", () => (api.runs.look(run.folder)?.status.step ?? 0) > (paused.status.step ?? 0));
    assert.equal(running.status.pid, paused.status.pid);
  });

  it("saves the editor first, and trains what it shows", async () => {
    const uri = write("dirty.ts", script({ epochs: 2 }));
    const editor = await open(uri);
    await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'console.log("edited");'));
    const run = await reaches(api, await train(api, uri), "finished");
    assert.match(output(run), /edited/);
    assert.equal(editor.document.isDirty, false);
  });

  it("saves while the editor saves by itself", async () => {
    const files = vscode.workspace.getConfiguration("files");
    const set = async (mode: string | undefined, delay: number | undefined) => {
      await files.update("autoSave", mode, vscode.ConfigurationTarget.Global);
      await files.update("autoSaveDelay", delay, vscode.ConfigurationTarget.Global);
    };
    // Longer than the delay, as a formatter may be: the second save begins while the first one waits.
    const slow = vscode.workspace.onWillSaveTextDocument(({ waitUntil }) =>
      waitUntil(new Promise<unknown>((resolve) => setTimeout(resolve, 1000))),
    );
    try {
      await set("afterDelay", 300);
      const uri = write("dirtySlow.ts", script({ epochs: 2 }));
      const editor = await open(uri);
      await editor.edit((edit) => edit.insert(new vscode.Position(0, 0), 'console.log("edited");'));
      const run = await reaches(api, await train(api, uri), "finished");
      assert.match(output(run), /edited/);
    } finally {
      slow.dispose();
      await set(undefined, undefined);
    }
  });

  it("tells the line of an exception", async () => {
    const text = script({
      before: 'const table: number[] = [];\nif (table.length === 0) throw new Error("the table is empty");',
    });
    const uri = write("throws.ts", text);
    await open(uri);
    const { status } = await reaches(api, await train(api, uri), "failed");
    assert.match(status.error?.message ?? "", /the table is empty/);
    assert.equal(status.error?.at?.file, uri.fsPath);
    assert.equal(status.error?.at?.line, text.split("\n").findIndex((line) => line.includes("throw new")) + 1);
  });

  it("tells which module is missing", async () => {
    const uri = write("missing.ts", script({ before: 'import { rows } from "./nowhere";\nconsole.log(rows);' }));
    await open(uri);
    const { status } = await reaches(api, await train(api, uri), "failed");
    assert.match(status.error?.message ?? "", /nowhere/);
  });

  it("tells the line of a syntax error", async () => {
    const text = `${script()}\nconst = 3;\n`;
    const uri = write("syntax.ts", text);
    await open(uri);
    const { status } = await reaches(api, await train(api, uri), "failed");
    assert.equal(status.error?.at?.line, text.split("\n").indexOf("const = 3;") + 1, JSON.stringify(status.error));
  });

  it("starts nothing where nothing trains", async () => {
    const uri = write("empty.ts", "export const answer = 42;\n");
    await open(uri);
    const before = api.runs.all().length;
    await vscode.commands.executeCommand("fitlens.train", uri);
    assert.equal(api.runs.all().length, before);
  });

  it("keeps the metrics of a trainer that was killed, and resumes it", async () => {
    const uri = write("killed.ts", script({ epochs: 60, delay: 20 }));
    await open(uri);
    const run = await reaches(api, await train(api, uri), "running");
    const at = await until("a checkpoint", () => api.runs.look(run.folder)?.status.checkpoint);
    const { pid } = api.runs.look(run.folder)!.status;
    process.kill(pid!, "SIGKILL");
    // The window that started it is told by the system how it ended; any other finds the process gone.
    await reaches(api, run, "failed", "lost");
    await vscode.commands.executeCommand("fitlens.resume", run.folder);
    const resumed = await reaches(api, run, "finished");
    assert.equal(resumed.status.attempt, 2);
    assert.equal(resumed.status.epoch, 60);
    assert.ok((resumed.status.step ?? 0) > at.step);
  });

  it("tells how a trainer was killed, though it is seen to be gone first", async () => {
    const uri = write("gone.ts", script({ epochs: 60, delay: 20 }));
    await open(uri);
    const run = await reaches(api, await train(api, uri), "running");
    const ends: string[] = [];
    const listening = api.runs.onDidEnd(({ status }) => void ends.push(status.state));
    const { pid } = api.runs.look(run.folder)!.status;
    process.kill(pid!, "SIGKILL");
    // Without giving way: the system has no chance to tell this window how it ended.
    while (!processIsGone(pid));
    api.runs.look(run.folder);
    await reaches(api, run, "failed");
    listening.dispose();
    assert.deepEqual(ends, ["failed"]);
  });

  it("trains two scripts at once", async () => {
    const uris = ["first.ts", "second.ts"].map((name) => write(name, script({ epochs: 10, delay: 5 })));
    const runs = [];
    for (const uri of uris) {
      await open(uri);
      runs.push(await train(api, uri));
    }
    for (const run of runs) await reaches(api, run, "finished");
  });
});
