// Debugging a Python training in VS Code: its breakpoints bind under the hook, and the metrics are a run like any other.
import assert from "node:assert/strict";
import { after, it } from "mocha";
import * as vscode from "vscode";
import { activate, closeAll, open, reaches, stopAll, until, write } from "../helpers";
import { kerasScript, newestPython, usePython } from "../python";

after(async () => {
  await vscode.debug.stopDebugging();
  vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
  await closeAll();
  await stopAll(await activate());
  await usePython(undefined);
});

/** A window on another machine tells places as URIs. */
const fileOf = (place: string): string => (place.includes("://") ? vscode.Uri.parse(place).path : place);

it("stops at a breakpoint in a Python script, goes on, and keeps the metrics", async () => {
  const api = await activate();
  await usePython(newestPython());
  const uri = write("debugged.py", kerasScript({ epochs: 2 }));
  const editor = await open(uri);
  const lines = editor.document.getText().split("\n");
  const line = lines.findIndex((text) => text.startsWith('print("done")'));
  vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(uri, new vscode.Position(line, 0)))]);

  const stops: { line: number; path: string; losses: string }[] = [];
  const tracker = vscode.debug.registerDebugAdapterTrackerFactory("debugpy", {
    createDebugAdapterTracker: (session) => ({
      onDidSendMessage: async (message: { event?: string; body?: { threadId?: number } }) => {
        if (message.event !== "stopped") return;
        const threadId = message.body?.threadId;
        const { stackFrames } = await session.customRequest("stackTrace", { threadId, startFrame: 0, levels: 1 });
        const [frame] = stackFrames;
        const evaluated = await session.customRequest("evaluate", {
          expression: "len(model.history.history['loss'])",
          frameId: frame.id,
          context: "watch",
        });
        stops.push({ line: frame.line, path: fileOf(frame.source.path), losses: evaluated.result });
        await session.customRequest("continue", { threadId });
      },
    }),
  });
  try {
    await vscode.commands.executeCommand("fitlens.debug", uri);
    await until("the breakpoint", () => stops.length > 0);
    assert.deepEqual(stops[0], { line: line + 1, path: uri.fsPath, losses: "2" });
    const run = await until("the debugged run", () => api.runs.newestOf(uri.fsPath));
    const ended = await reaches(api, run, "finished");
    assert.equal(ended.status.epoch, 2);
    assert.equal(ended.record?.language, "python");
  } finally {
    tracker.dispose();
  }
});
