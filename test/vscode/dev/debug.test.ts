// Debugging a training: VS Code's own JavaScript debugger stops in the user's TypeScript, and the metrics are a run like any other.
import assert from "node:assert/strict";
import { after, it } from "mocha";
import * as vscode from "vscode";
import { activate, closeAll, open, reaches, script, stopAll, until, write } from "../helpers";

after(async () => {
  await vscode.debug.stopDebugging();
  vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
  await closeAll();
  await stopAll(await activate());
});

it("stops at a breakpoint in the script, goes on, and keeps the metrics", async () => {
  const api = await activate();
  const uri = write("debugged.ts", script({ epochs: 2 }));
  const editor = await open(uri);
  const line = editor.document
    .getText()
    .split("\n")
    .findIndex((text) => text.startsWith('console.log("done")'));
  vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(new vscode.Location(uri, new vscode.Position(line, 0)))]);

  const stops: { line: number; path: string }[] = [];
  const tracker = vscode.debug.registerDebugAdapterTrackerFactory("*", {
    createDebugAdapterTracker: (session) => ({
      onDidSendMessage: (message: { event?: string; body?: { threadId?: number } }) => {
        if (message.event !== "stopped") return;
        void session
          .customRequest("stackTrace", { threadId: message.body?.threadId, startFrame: 0, levels: 1 })
          .then(({ stackFrames: [frame] }) => {
            stops.push({ line: frame.line, path: frame.source.path });
            return session.customRequest("continue", { threadId: message.body?.threadId });
          });
      },
    }),
  });
  try {
    await vscode.commands.executeCommand("fitlens.debug", uri);
    await until("the breakpoint", () => stops.length > 0);
    assert.equal(stops[0]!.line, line + 1);
    assert.equal(stops[0]!.path, uri.fsPath);
    const run = await until("the debugged run", () => api.runs.newestOf(uri.fsPath));
    const ended = await reaches(api, run, "finished");
    assert.equal(ended.status.epoch, 2);
  } finally {
    tracker.dispose();
  }
});
