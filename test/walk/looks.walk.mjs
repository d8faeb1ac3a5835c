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

const CNN = `import keras
from keras import layers

inputs = keras.Input(shape=(28, 28, 1))
x = layers.Conv2D(32, 3, activation="relu")(inputs)
x = layers.MaxPooling2D(2)(x)
x = layers.Conv2D(64, 3, activation="relu")(x)
x = layers.MaxPooling2D(2)(x)
skip = layers.Conv2D(64, 1)(x)
x = layers.Conv2D(64, 3, padding="same", activation="relu")(x)
x = layers.Add()([x, skip])
x = layers.GlobalAveragePooling2D()(x)
x = layers.Dropout(0.5)(x)
outputs = layers.Dense(10, activation="softmax")(x)
model = keras.Model(inputs, outputs, name="digits")
model.compile("adam", "binary_crossentropy", metrics=["accuracy"])
`;

for (const [theme, size] of [
  ["light", { width: 1440, height: 900 }],
  ["contrast", { width: 900, height: 900 }],
]) {
  test(`the ${theme} theme`, { timeout: 1_200_000 }, async (t) => {
    const workspace = makeWorkspace({ files: { "failing.ts": FAILING, "exploding.ts": EXPLODING, "digits.py": CNN } });
    const { page, shot, close } = await openWindow(workspace.folder, { theme, size });
    const panel = ui.webview(page);
    t.after(async () => {
      await close();
      workspace.remove();
    });

    await walk(t, shot, {
      "a model while it is typed: hints, a hover with its summary, its graph": async () => {
        await ui.openFile(page, "digits.py");
        await page.getByText("→ 26 × 26 × 32 · 320").first().waitFor({ timeout: 120_000 });
        await shot(`hints-${theme}`);
        // The name that the line begins with.
        const line = await page.locator(".view-line", { hasText: "60,554 parameters" }).first().boundingBox();
        await page.mouse.move(line.x + 60, line.y - 40);
        await page.mouse.move(line.x + 15, line.y + line.height / 2, { steps: 5 });
        await page.locator(".monaco-hover", { hasText: "Total parameters" }).first().waitFor({ timeout: 60_000 });
        await shot(`summary-${theme}`);
        await page.keyboard.press("Escape");
        await ui.command(page, "Fitlens: Show Model Graph");
        await panel.locator("text", { hasText: "GlobalAveragePooling2D" }).first().waitFor({ timeout: 60_000 });
        await shot(`graph-${theme}`);
        await ui.command(page, "View: Close All Editors");
      },

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
