// A person's walk: palette → scaffold → lens → live panel → stop → convert by the panel and by quick fix → train that → undo.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import * as ui from "../harness/ui.mjs";
import { longScript, makeWorkspace, openWindow, walk } from "./walk.mjs";

const TRAINING = "model.fit(";

test("a person's walk", { timeout: 1_200_000 }, async (t) => {
  const workspace = makeWorkspace({ files: { "long.ts": longScript() } });
  const { page, shot, close } = await openWindow(workspace.folder, { size: { width: 1680, height: 1000 } });
  const panel = ui.webview(page);
  t.after(async () => {
    await close();
    workspace.remove();
  });

  await walk(t, shot, {
    "the palette makes a new model": async () => {
      await ui.command(page, "Fitlens: New Model");
      await ui.pick(page, "TypeScript");
      await ui.pick(page, "Keras sequential");
      await ui.pick(page, "Multi-class");
      await ui.lens(page, "Train").waitFor({ timeout: 180_000 });
      await shot("new-model-dark");
      assert.ok((await ui.editorText(page)).length > 0);
    },

    "its lens trains it to the end, and the panel shows how": async () => {
      await ui.clickLens(page, "Train");
      await panel.getByText("loss", { exact: false }).first().waitFor();
      await ui.lens(page, "last:").waitFor({ timeout: 180_000 });
      await panel.getByText("finished").first().waitFor();
      assert.equal(workspace.runs()[0].status.state, "finished");
      await shot("panel-finished-dark");
    },

    "the digits train live": async () => {
      // The side bar closed, as on a small screen: editor and panel side by side.
      await page.keyboard.press("Control+B");
      await ui.openFile(page, "digits.ts");
      await ui.clickLens(page, "Train");
      const { status } = await ui.until(
        "the first epochs",
        () => {
          const run = workspace.runOf("digits.ts");
          return (run?.status?.epoch ?? 0) >= 2 ? run : undefined;
        },
        120,
      );
      await ui.statusItem(page, "digits.ts").waitFor();
      await panel
        .getByText(/epoch \d+ of/)
        .first()
        .waitFor();
      await shot("panel-live-dark");
      assert.ok(status.pid);
      await workspace.reaches("digits.ts", "finished");
      await ui.lens(page, "last:").waitFor();
      await shot("digits-finished-dark");
    },

    "the panel's buttons pause, go on and stop": async () => {
      await ui.openFile(page, "long.ts");
      await ui.clickLens(page, "Train");
      await workspace.reaches("long.ts", "running");
      await ui.lens(page, "Stop").waitFor();
      await panel.getByRole("button", { name: "Pause" }).click();
      await workspace.reaches("long.ts", "paused");
      await panel.getByRole("button", { name: "Continue" }).click();
      await workspace.reaches("long.ts", "running");
      await panel.getByRole("button", { name: "Stop" }).click();
      const { status } = await workspace.reaches("long.ts", "stopped");
      assert.ok(status.step > 0);
      await panel.getByText("stopped").first().waitFor();
    },

    "the panel's button shows the conversion; discarding changes nothing": async () => {
      const before = workspace.read("long.ts");
      await panel.getByRole("button", { name: "Convert to Estimator" }).click();
      await ui.tab(page, "Convert to Estimator").waitFor();
      await shot("convert-from-panel-dark");
      await ui
        .titleAction(page, "Fitlens: Discard Conversion")
        .or(ui.titleAction(page, "Discard Conversion"))
        .first()
        .click();
      await ui.tab(page, "Convert to Estimator").waitFor({ state: "hidden" });
      assert.equal(workspace.read("long.ts"), before);
    },

    "a quick fix on the model shows it too; one click applies it": async () => {
      await ui.openFile(page, "iris.ts");
      await ui.lens(page, "Train").waitFor();
      await ui.quickFix(page, "tf.sequential({", "Convert to Estimator");
      await ui.tab(page, "Convert to Estimator").waitFor();
      await page.locator(".monaco-diff-editor .view-line", { hasText: "modelToEstimator" }).first().waitFor();
      await shot("convert-diff-dark");
      await ui
        .titleAction(page, "Fitlens: Apply Conversion")
        .or(ui.titleAction(page, "Apply Conversion"))
        .first()
        .click();
      await ui.tab(page, "Convert to Estimator").waitFor({ state: "hidden" });
      await page.locator(".tab.active[data-resource-name='iris.ts']").waitFor();
    },

    "its lens trains the Estimator": async () => {
      await page.keyboard.press("Control+S");
      await ui.until("the converted script on the disk", () => workspace.read("iris.ts").includes("modelToEstimator("));
      const before = workspace.runs().length;
      await ui.clickLens(page, "Train");
      await ui.until("a new run", () => workspace.runs().length > before);
      await workspace.reaches("iris.ts", "finished");
      await panel.getByText("finished").first().waitFor();
      await ui.lens(page, "last:").waitFor();
      await shot("estimator-finished-dark");
    },

    "one undo takes it back": async () => {
      await page.keyboard.press("Control+1");
      await page.keyboard.press("Control+Z");
      await page.keyboard.press("Control+S");
      await ui.until("the Keras script on the disk", () => workspace.read("iris.ts").includes(TRAINING));
      assert.equal(workspace.read("iris.ts").includes("stimator"), false);
    },

    "the Runs view lists them all": async () => {
      await ui.command(page, "Focus on Runs View");
      await page.locator(".pane-body .monaco-list-row", { hasText: "digits.ts" }).first().waitFor();
      assert.equal(await page.locator(".pane-body .monaco-list-row").count(), workspace.runs().length);
      await shot("runs-view-dark");
    },

    "a run is deleted only after it has been asked twice where there is no trash": async () => {
      const { folder } = workspace.runOf("long.ts");
      // From the palette it is about the script that one looks at.
      await ui.openFile(page, "long.ts");
      await ui.command(page, "Fitlens: Delete Run");
      await ui.dialogButton(page, "Move to Trash").click();
      // A VS Code server has no trash.
      await ui.dialogButton(page, "Delete for Good").click();
      await ui.until("the run's folder to be gone", () => !fs.existsSync(folder));
      await page.locator(".pane-body .monaco-list-row", { hasText: "long.ts" }).waitFor({ state: "hidden" });
    },
  });
});
