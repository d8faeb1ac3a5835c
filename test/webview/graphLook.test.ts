// How the graph's page looks and is read: axe finds nothing in any theme, and each state leaves a picture in artifacts/.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { type Harness, type PanelPage, startHarness } from "./browser";
import { BLOCKS, modelsMessage, SEQUENCE, URI } from "./graphs";
import { faults, picture } from "./looking";
import { THEMES, type ThemeName } from "./themes";

let harness: Harness;
before(async () => {
  fs.mkdirSync("artifacts", { recursive: true });
  harness = await startHarness();
});
after(() => harness.close());

async function shown(code: string, options: Parameters<Harness["open"]>[0] = {}): Promise<PanelPage> {
  const panel = await harness.open({ page: "graph", width: 820, height: 1000, ...options });
  const line = code.split("\n").findIndex((text) => text.includes("BatchNormalization"));
  await panel.feed(await modelsMessage(code), { kind: "cursor", uri: URI, position: { line, character: 12 } });
  await panel.page.waitForSelector(".content, .empty:visible");
  await panel.feed();
  return panel;
}

for (const theme of Object.keys(THEMES) as ThemeName[]) {
  test(`blocks in the ${theme} theme`, async () => {
    const panel = await shown(BLOCKS, { theme });
    await panel.page.locator('[data-id="/turn/residual_block/Conv2D"]').focus();
    await panel.page.keyboard.press("0");
    await panel.page.keyboard.press("ArrowDown");
    await picture(panel.page, `graph-${theme}`);
    assert.deepEqual(await faults(panel.page), []);
    assert.deepEqual(
      (await panel.failures()).filter((failure) => !failure.includes("axe")),
      [],
    );
    await panel.page.context().close();
  });
}

test("a sequence, in a narrow column", async () => {
  const panel = await shown(SEQUENCE, { width: 420, height: 760, theme: "light" });
  await picture(panel.page, "graph-narrow");
  assert.equal(await panel.page.evaluate("document.documentElement.scrollWidth"), 420);
  assert.deepEqual(await faults(panel.page), []);
  await panel.page.context().close();
});

test("a file without a model", async () => {
  const panel = await shown("print(1)\n");
  await picture(panel.page, "graph-empty");
  assert.deepEqual(await faults(panel.page), []);
  await panel.page.context().close();
});

test("forced colours", async () => {
  const panel = await shown(BLOCKS);
  await panel.page.emulateMedia({ forcedColors: "active" });
  await panel.feed();
  await picture(panel.page, "graph-forced-colours");
  // axe reads the colours as they were before they were forced.
  assert.deepEqual(await faults(panel.page, ["color-contrast"]), []);
  await panel.page.context().close();
});
