// A live run survives a reload of the window and its closing, and two windows on one folder see the same run.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import * as ui from "../harness/ui.mjs";
import { longScript, makeWorkspace, openWindow, walk } from "./walk.mjs";

test("windows come and go while it trains", { timeout: 1_200_000 }, async (t) => {
  const workspace = makeWorkspace({
    name: `it's a "näme" & $(HOME) #1; 100% 漢字`,
    files: { "long.ts": longScript(100_000) },
  });
  const first = await openWindow(workspace.folder);
  const windows = [first];
  t.after(async () => {
    for (const window of windows) await window.close();
    workspace.remove();
  });
  let pid;
  let second;

  await walk(t, first.shot, {
    "a reload keeps the run and the panel": async () => {
      await ui.openFile(first.page, "long.ts");
      await ui.clickLens(first.page, "Train");
      pid = (await workspace.reaches("long.ts", "running")).status.pid;
      await ui
        .webview(first.page)
        .getByText(/epoch \d+ of/)
        .first()
        .waitFor();
      await ui.reloadWindow(first.page);
      await ui
        .webview(first.page)
        .getByText(/epoch \d+ of/)
        .first()
        .waitFor({ timeout: 180_000 });
      await ui.lens(first.page, "Stop").waitFor({ timeout: 180_000 });
      await ui.statusItem(first.page, "long.ts").waitFor();
      assert.equal(workspace.runOf("long.ts").status.pid, pid);
      await first.shot("after-reload-dark");
    },

    "a second window sees the same run": async () => {
      second = await openWindow(workspace.folder);
      windows.push(second);
      await ui.openFile(second.page, "long.ts");
      await ui.lens(second.page, "Stop").waitFor({ timeout: 180_000 });
      await ui.clickLens(second.page, "Metrics");
      await ui
        .webview(second.page)
        .getByText(/epoch \d+ of/)
        .first()
        .waitFor({ timeout: 180_000 });
    },

    "closing the window that started it does not end it": async () => {
      const { step } = workspace.runOf("long.ts").status;
      await first.close();
      windows.shift();
      await ui.until("more steps", () => workspace.runOf("long.ts").status.step > step);
      assert.equal(workspace.runOf("long.ts").status.pid, pid);
    },

    "the other window stops it": async () => {
      await ui.clickLens(second.page, "Stop");
      await workspace.reaches("long.ts", "stopped");
      await ui.lens(second.page, "last: stopped").waitFor();
      await ui.until(
        "the process to end",
        () => !fs.existsSync(`/proc/${pid}`) || /\) Z/.test(fs.readFileSync(`/proc/${pid}/stat`, "utf8")),
      );
    },
  });
});
