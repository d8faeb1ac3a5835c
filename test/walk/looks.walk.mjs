// The panel in the light and the high-contrast theme, in a narrow window, and a run that fails: pictures to look at.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as ui from "../harness/ui.mjs";
import { makeWorkspace, openWindow, walk } from "./walk.mjs";

const FAILING = `import * as tf from "@tensorflow/tfjs";

const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 3 })] });
model.compile({ optimizer: "adam", loss: "meanSquaredError" });
await model.fit(tf.ones([8, 5]), tf.ones([8, 3]), { epochs: 3 });
`;

const EXPLODING = `import * as tf from "@tensorflow/tfjs";

const x = tf.randomNormal([256, 4], 0, 1, "float32", 7).mul(100);
const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [4], units: 8 }), tf.layers.dense({ units: 1 })] });
model.compile({ optimizer: tf.train.sgd(10), loss: "meanSquaredError" });
await model.fit(x, x.sum(1, true), { epochs: 10, batchSize: 32, verbose: 0 });
`;

for (const [theme, size] of [
  ["light", { width: 1440, height: 900 }],
  ["contrast", { width: 900, height: 900 }],
]) {
  test(`the ${theme} theme`, { timeout: 1_200_000 }, async (t) => {
    const workspace = makeWorkspace({ files: { "failing.ts": FAILING, "exploding.ts": EXPLODING } });
    const { page, shot, close } = await openWindow(workspace.folder, { theme, size });
    const panel = ui.webview(page);
    t.after(async () => {
      await close();
      workspace.remove();
    });

    await walk(t, shot, {
      "digits, live and finished": async () => {
        await ui.openFile(page, "digits.ts");
        await ui.clickLens(page, "Train");
        await ui.until("the first epochs", () => (workspace.runOf("digits.ts")?.status?.epoch ?? 0) >= 3, 120);
        await panel
          .getByText(/epoch \d+ of/)
          .first()
          .waitFor();
        await shot(`panel-live-${theme}`);
        await workspace.reaches("digits.ts", "finished");
        await panel.getByText("finished").first().waitFor();
        await ui.lens(page, "last:").waitFor();
        await shot(`panel-finished-${theme}`);
      },

      "a loss that is no number is told with its step": async () => {
        await ui.openFile(page, "exploding.ts");
        await ui.clickLens(page, "Train");
        const { status } = await workspace.reaches("exploding.ts", "finished", "failed");
        assert.ok(status.notFinite, JSON.stringify(status));
        await panel
          .getByText(/NaN|not a number|Infinity/)
          .first()
          .waitFor();
        await shot(`panel-nan-${theme}`);
      },

      "a failure names its line, which a click opens": async () => {
        await ui.openFile(page, "failing.ts");
        await ui.clickLens(page, "Train");
        const { status } = await workspace.reaches("failing.ts", "failed");
        assert.equal(status.error.at.line, 5);
        await panel
          .getByText(/failing\.ts:5/)
          .first()
          .waitFor();
        await ui.toast(page, "failing.ts failed").waitFor();
        await ui.lens(page, "last: failed").waitFor();
        await shot(`panel-failed-${theme}`);
        await panel
          .getByText(/failing\.ts:5/)
          .first()
          .click();
        await ui.statusItem(page, "Ln 5").waitFor();
      },
    });
  });
}
