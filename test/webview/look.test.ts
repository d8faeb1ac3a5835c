// How the page looks and is read: axe finds nothing in any theme and state, and each leaves a picture in artifacts/.
import assert from "node:assert/strict";
import fs from "node:fs";
import { after, before, test } from "node:test";
import { type Harness, type PanelPage, startHarness } from "./browser";
import { faults, picture } from "./looking";
import { points, recorded, runMessage } from "./recording";
import { THEMES, type ThemeName } from "./themes";

let harness: Harness;
before(async () => {
  fs.mkdirSync("artifacts", { recursive: true });
  harness = await startHarness();
});
after(() => harness.close());

const RUNNING = [runMessage(2100), points(recorded(2100)), { kind: "output", reset: true, text: "Epoch 1 / 20\n" }];

async function withCursor({ page, feed }: PanelPage): Promise<void> {
  const plot = (await page.locator(".u-over").first().boundingBox())!;
  await page.mouse.move(plot.x + plot.width * 0.302, plot.y + 60);
  await feed();
}

const NAMES: Record<ThemeName, string> = {
  dark: "panel-dark",
  light: "panel-light",
  "high-contrast": "panel-hc",
  "high-contrast-light": "panel-hc-light",
};

for (const theme of Object.keys(THEMES) as ThemeName[]) {
  test(`a running training in the ${theme} theme`, async () => {
    const panel = await harness.open({ theme });
    await panel.feed(...RUNNING);
    await withCursor(panel);
    await picture(panel.page, NAMES[theme]);
    assert.deepEqual(await faults(panel.page), []);
    assert.deepEqual(
      (await panel.failures()).filter((failure) => !failure.includes("axe")),
      [],
    );
    await panel.page.context().close();
  });
}

const error = {
  message: "Error when checking target: expected dense_1 to have shape [,10], but got array with shape [32,1].",
  at: { file: "/work/space/digits.ts", line: 31 },
};

const STATES: Record<string, readonly unknown[]> = {
  failed: [runMessage(1200, { state: "failed", error, exitCode: 1 }), points(recorded(1200))],
  lost: [runMessage(1842, { state: "lost", checkpoint: { step: 1750, epoch: 7, at: 0 } }), points(recorded(1842))],
  nan: [
    runMessage(1500, { notFinite: { tag: "batch_loss", step: 900, epoch: 4, value: "NaN" } }),
    points(recorded(1500, { nan: 900 })),
  ],
  paused: [runMessage(1000, { state: "paused" }), points(recorded(1000))],
  empty: [runMessage(0, { state: "starting", step: 0 })],
  finished: [runMessage(5000, { state: "finished", epoch: 20, secondsLeft: 0 }), points(recorded(5000, { turn: 20 }))],
  gone: [{ kind: "gone", message: "This run no longer exists. Its folder was deleted." }],
};

for (const [name, messages] of Object.entries(STATES)) {
  test(`a run that is ${name}`, async () => {
    const panel = await harness.open({ theme: name === "failed" || name === "finished" ? "light" : "dark" });
    await panel.feed(...messages);
    await picture(panel.page, `panel-${name}`);
    assert.deepEqual(await faults(panel.page), []);
    await panel.page.context().close();
  });
}

for (const tab of ["Model", "Output"]) {
  test(`the ${tab} tab`, async () => {
    const panel = await harness.open();
    await panel.feed(...RUNNING);
    await panel.page.getByRole("tab", { name: tab }).click();
    await panel.feed();
    await picture(panel.page, `panel-${tab.toLowerCase()}`);
    assert.deepEqual(await faults(panel.page), []);
    await panel.page.context().close();
  });
}

test("all numbers as a table", async () => {
  const panel = await harness.open();
  await panel.feed(...RUNNING);
  await panel.page.getByRole("button", { name: "table", exact: true }).click();
  await panel.feed();
  await picture(panel.page, "panel-table");
  assert.deepEqual(await faults(panel.page), []);
  await panel.page.context().close();
});

test("narrow: one column, the table under it; very narrow: header, progress, one chart", async () => {
  const narrow = await harness.open({ width: 560, height: 1300 });
  await narrow.feed(...RUNNING);
  await picture(narrow.page, "panel-narrow");
  const lefts = await narrow.page.evaluate(
    '[...document.querySelectorAll(".chart")].map((chart) => chart.getBoundingClientRect().left)',
  );
  assert.equal(new Set(lefts as number[]).size, 1);
  const bottom = (await narrow.page.locator(".charts").boundingBox())!;
  assert.ok((await narrow.page.locator("aside").boundingBox())!.y >= bottom.y + bottom.height);
  assert.deepEqual(await faults(narrow.page), []);
  const side = await harness.open({ width: 300, height: 520 });
  await side.feed(...RUNNING);
  await picture(side.page, "panel-side-bar");
  assert.equal(await side.page.locator(".chart:visible").count(), 1);
  assert.equal(await side.page.locator("aside:visible, .tabs:visible, .toolbar:visible").count(), 0);
  assert.equal(await side.page.evaluate("document.documentElement.scrollWidth"), 300);
  assert.deepEqual(await faults(side.page), []);
  for (const { page } of [narrow, side]) await page.context().close();
});

test("forced colours and reduced motion", async () => {
  const panel = await harness.open();
  await panel.page.emulateMedia({ forcedColors: "active", reducedMotion: "reduce" });
  await panel.feed(...RUNNING);
  await picture(panel.page, "panel-forced-colours");
  assert.equal(await panel.page.evaluate('getComputedStyle(document.querySelector(".fill")).transitionDuration'), "0s");
  // axe reads the colours as they were before they were forced.
  assert.deepEqual(await faults(panel.page, ["color-contrast"]), []);
  await panel.page.context().close();
});
