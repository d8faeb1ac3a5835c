// The graph's page in Chromium: what it shows of models read from source, what it asks its host, and that an edit takes nothing away.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import type { FromGraph } from "../../src/protocol/graph";
import { type Harness, type PanelPage, startHarness } from "./browser";
import { BLOCKS, long, modelsMessage, SEQUENCE, URI } from "./graphs";

let harness: Harness;
before(async () => {
  harness = await startHarness();
});
after(() => harness.close());

type Open = PanelPage & { models(code: string): Promise<void>; asked(): Promise<FromGraph[]> };

async function open(
  t: { after(run: () => Promise<void>): void },
  options: Omit<NonNullable<Parameters<Harness["open"]>[0]>, "page"> = {},
): Promise<Open> {
  const panel = await harness.open({ page: "graph", width: 900, height: 900, ...options });
  t.after(async () => {
    assert.deepEqual(await panel.failures(), []);
    await panel.page.context().close();
  });
  return {
    ...panel,
    asked: async () => (await panel.sent<FromGraph>()).filter(({ kind }) => kind !== "ready"),
    /** Waits until a new picture is there. */
    async models(code) {
      await panel.page.evaluate('document.querySelector(".content")?.setAttribute("data-old", "")');
      await panel.feed(await modelsMessage(code));
      await drawn(panel.page);
    },
  };
}

const drawn = (page: Page): Promise<unknown> => page.waitForSelector(".content:not([data-old])", { timeout: 120_000 });

/** Runs something that changes the picture, and waits for the new one. */
async function redrawn(page: Page, act: () => Promise<unknown>): Promise<void> {
  await page.evaluate('document.querySelector(".content").setAttribute("data-old", "")');
  await act();
  await drawn(page);
}

const item = (page: Page, id: string): Locator => page.locator(`[data-id="${id}"]`);
const ids = (page: Page): Promise<string[]> =>
  page.locator(".item").evaluateAll((all) => all.map((one) => one.getAttribute("data-id") ?? ""));
const texts = (page: Page, selector: string): Promise<(string | null)[]> =>
  page.locator(selector).evaluateAll((all) => all.map((one) => one.textContent));
const cursor = (line: number, character = 0) => ({ kind: "cursor", uri: URI, position: { line, character } });
const lineOf = (code: string, text: string): number => code.split("\n").findIndex((line) => line.includes(text));
const middle = async (locator: Locator) => {
  const { x, y, width, height } = (await locator.boundingBox())!;
  return { x: x + width / 2, y: y + height / 2 };
};

test("it says that it is ready, and waits", async (t) => {
  const { page, sent } = await open(t);
  assert.deepEqual(await sent(), [{ kind: "ready" }]);
  assert.equal(await page.locator("h1:visible").textContent(), "Reading the model …");
});

test("one glance: layers with their arguments and parameters, shapes between them", async (t) => {
  const { page, models } = await open(t);
  await models(SEQUENCE);
  assert.equal(await page.locator("h1:visible").textContent(), "model");
  assert.equal(await page.locator(".facts").textContent(), "Sequential · 54,410 parameters");
  assert.deepEqual(await texts(page, ".label"), [
    "Input",
    "Conv2D",
    "MaxPooling2D",
    "Flatten",
    "Dropout",
    "Dense",
    "Output",
  ]);
  assert.deepEqual(await texts(page, ".shape"), ["28 × 28 × 1", "26 × 26 × 32", "13 × 13 × 32", "5408", "5408", "10"]);
  assert.deepEqual(await texts(page, ".name"), ["first"]);
  assert.deepEqual(await texts(page, ".count"), ["320", "54,090"]);
  assert.equal(
    await item(page, "/name:first").getAttribute("aria-label"),
    "Conv2D first, 32 · 3 × 3 · relu, 320 parameters, gives 26 × 26 × 32, after Input",
  );
  const tops = await page.locator(".card").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().top));
  assert.deepEqual(
    tops,
    [...tops].sort((a, b) => a - b),
  );
});

test("functions, turns of loops and layers of one's own are frames that close and open", async (t) => {
  const { page, models } = await open(t);
  await models(BLOCKS);
  const blocks = "/turn/residual_block";
  assert.deepEqual(await texts(page, ".header .label"), [
    "turn 1 of 2",
    "residual_block",
    "turn 2 of 2",
    "residual_block",
    "Attention",
  ]);
  assert.equal(await item(page, blocks).getAttribute("aria-expanded"), "true");
  const at = await middle(item(page, blocks));
  await redrawn(page, () => item(page, blocks).locator(".fold").click());
  assert.equal(await item(page, blocks).getAttribute("aria-expanded"), "false");
  assert.equal(await item(page, blocks).locator(".detail").textContent(), "4 layers");
  assert.equal(await item(page, blocks).locator(".count").textContent(), "576");
  const now = await middle(item(page, blocks));
  assert.ok(Math.abs(at.x - now.x) < 2, "what is folded stays where it is");
  assert.equal((await ids(page)).filter((id) => id.startsWith(`${blocks}/`)).length, 0);
  assert.deepEqual(await page.locator(`.line[data-from="${blocks}"]`).count(), 1);
  await redrawn(page, () => item(page, blocks).press(" "));
  assert.equal(await item(page, blocks).getAttribute("aria-expanded"), "true");
  assert.equal(await page.evaluate("document.activeElement.dataset.id"), blocks);
  await redrawn(page, () => page.getByRole("button", { name: "Collapse all" }).click());
  assert.equal(await page.locator(".header").count(), 0);
  await redrawn(page, () => page.getByRole("button", { name: "Expand all" }).click());
  assert.equal(await page.locator(".header").count(), 5);
});

test("a click and Enter go to the source", async (t) => {
  const { page, models, asked } = await open(t);
  await models(BLOCKS);
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  await item(page, "/name:kind").click();
  await item(page, "/name:kind").press("Enter");
  const line = lineOf(BLOCKS, 'name="kind"');
  const at = { uri: URI, start: { line, character: 11 }, end: { line, character: 65 } };
  assert.deepEqual(await asked(), [
    { kind: "open-source", at },
    { kind: "open-source", at },
  ]);
  await item(page, "/turn/residual_block").locator(".label").click();
  const last = (await asked()).at(-1) as FromGraph & { kind: "open-source" };
  assert.equal(last.at.start.line, lineOf(BLOCKS, "x = residual_block"));
});

test("a press that moves is no click", async (t) => {
  const { page, models, asked } = await open(t);
  await models(SEQUENCE);
  const from = await middle(item(page, "/Flatten"));
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 40, { steps: 4 });
  await page.mouse.up();
  const to = await middle(item(page, "/Flatten"));
  assert.ok(Math.abs(to.x - from.x - 60) < 8 && Math.abs(to.y - from.y - 40) < 8);
  assert.deepEqual(await asked(), []);
});

test("arrow keys go from card to card, and what has the focus is in sight", async (t) => {
  const { page, models } = await open(t, { height: 320 });
  await models(SEQUENCE);
  assert.equal(await page.locator('.item[tabindex="0"]').count(), 1);
  await item(page, "input:").focus();
  const seen: string[] = [];
  for (let step = 0; step < 6; step++) {
    await page.keyboard.press("ArrowDown");
    seen.push((await page.evaluate("document.activeElement.dataset.id")) as string);
  }
  assert.deepEqual(seen, ["/name:first", "/MaxPooling2D", "/Flatten", "/Dropout", "/Dense", "output"]);
  const box = (await item(page, "output").boundingBox())!;
  assert.ok(box.y + box.height <= 320);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Home");
  assert.equal(await page.evaluate("document.activeElement.dataset.id"), "input:");
});

test("wheel, keys and buttons move the picture", async (t) => {
  const { page, models } = await open(t);
  await models(SEQUENCE);
  const camera = async () =>
    (await page.locator(".content").getAttribute("transform"))!.match(/-?[\d.]+/g)!.map(Number);
  const first = await camera();
  await page.mouse.move(450, 500);
  await page.mouse.wheel(30, 120);
  const panned = await camera();
  assert.deepEqual([panned[0]! - first[0]!, panned[1]! - first[1]!], [-30, -120]);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -60);
  await page.keyboard.up("Control");
  const zoomed = await camera();
  assert.ok(zoomed[2]! > panned[2]!);
  // What is under the pointer stays there.
  const paper = (one: number[]) => (500 - 47 - one[1]!) / one[2]!;
  assert.ok(Math.abs(paper(zoomed) - paper(panned)) < 1);
  await item(page, "/Dense").focus();
  await page.keyboard.press("-");
  assert.ok((await camera())[2]! < zoomed[2]!);
  await page.getByRole("button", { name: "Zoom in (+)" }).click();
  await page.getByRole("button", { name: "Fit", exact: true }).click();
  const boxes = await page.locator(".card").evaluateAll((all) => all.map((one) => one.getBoundingClientRect().bottom));
  assert.ok(Math.max(...boxes) < 900);
});

test("the editor's cursor marks what is written there", async (t) => {
  const { page, feed, models } = await open(t);
  await models(BLOCKS);
  const marked = () => page.locator(".item.here").evaluateAll((all) => all.map((one) => one.getAttribute("data-id")));
  await feed(cursor(lineOf(BLOCKS, "BatchNormalization"), 20));
  assert.deepEqual(await marked(), [
    "/turn/residual_block/BatchNormalization",
    "/turn#2/residual_block/BatchNormalization",
  ]);
  assert.equal(await page.locator('.item[aria-current="true"]').count(), 2);
  // Anywhere in the line that makes a layer, too.
  await feed(cursor(lineOf(BLOCKS, "self.score = "), 2));
  assert.deepEqual(await marked(), ["/Attention/Dense"]);
  await redrawn(page, () => item(page, "/Attention").locator(".fold").click());
  assert.deepEqual(await marked(), ["/Attention"]);
  // Another model is shown where the cursor is in that one.
  await redrawn(page, () => feed(cursor(lineOf(BLOCKS, "transfer = "), 40)));
  assert.equal(await page.locator("select").inputValue(), "Sequential");
});

test("an edit keeps zoom, folds and selection, and what one looks at stays where it is", async (t) => {
  const { page, models } = await open(t);
  await models(BLOCKS);
  await redrawn(page, () => item(page, "/turn/residual_block").locator(".fold").click());
  await item(page, "/GlobalAveragePooling2D").focus();
  await page.keyboard.press("+");
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("ArrowDown");
  const selected = (await page.evaluate("document.activeElement.dataset.id")) as string;
  const before = await middle(item(page, selected));
  const more = BLOCKS.replace(
    "    x = layers.Rescaling(1 / 255)(image)\n",
    "    x = layers.Rescaling(1 / 255)(image)\n    x = layers.Conv2D(3, 1)(x)\n    x = layers.ReLU()(x)\n",
  );
  await models(more);
  assert.ok((await ids(page)).includes("/ReLU"));
  assert.equal(await item(page, "/turn/residual_block").getAttribute("aria-expanded"), "false");
  assert.equal(await page.evaluate("document.activeElement.dataset.id"), selected);
  const after = await middle(item(page, selected));
  assert.ok(Math.abs(before.x - after.x) < 1 && Math.abs(before.y - after.y) < 1);
});

test("an edit that changes no card draws nothing anew", async (t) => {
  const { page, feed, models, asked } = await open(t);
  await models(SEQUENCE);
  await page.evaluate('document.querySelector(".content").setAttribute("data-old", "")');
  await feed(await modelsMessage(`# A comment\n${SEQUENCE}`));
  assert.equal(await page.locator(".content[data-old]").count(), 1);
  await item(page, "/Flatten").click();
  const [message] = (await asked()) as (FromGraph & { kind: "open-source" })[];
  assert.equal(message!.at.start.line, lineOf(SEQUENCE, "Flatten") + 1);
});

test("a reload restores model, zoom, folds and selection", async (t) => {
  const panel = await open(t);
  const { page, models } = panel;
  await models(BLOCKS);
  await redrawn(page, () => page.locator("select").selectOption("Sequential"));
  await redrawn(page, () => page.locator("select").selectOption("faces"));
  await redrawn(page, () => item(page, "/turn").locator(".fold").click());
  await item(page, "/name:age").click();
  await page.keyboard.press("+");
  await page.waitForTimeout(250);
  const transform = await page.locator(".content").getAttribute("transform");
  await page.reload();
  await panel.feed(await modelsMessage(BLOCKS));
  await drawn(page);
  assert.equal(await page.locator(".content").getAttribute("transform"), transform);
  assert.equal(await item(page, "/turn").getAttribute("aria-expanded"), "false");
  assert.equal(await item(page, "/name:age").getAttribute("tabindex"), "0");
});

test("of several models the whole one comes first; a part is said to be one", async (t) => {
  const { page, models } = await open(t);
  await models(BLOCKS);
  assert.deepEqual(await texts(page, "option"), ["faces", "transfer", "base (a part)"]);
  await redrawn(page, () => page.locator("select").selectOption("Sequential"));
  assert.deepEqual(await texts(page, ".card .label"), ["Input", "MobileNetV2", "Dense", "Output"]);
  assert.match((await texts(page, ".detail")).join(), /frozen/);
});

test("a file without a model teaches how to begin", async (t) => {
  const { page, feed, asked } = await open(t);
  await feed(await modelsMessage("print('nothing')\n"));
  assert.match((await page.locator("h1:visible").textContent())!, /^No model in model\.py yet\./);
  await page.getByRole("button", { name: "New Model…" }).click();
  assert.deepEqual(await asked(), [{ kind: "new-model" }]);
  await feed({ kind: "gone", message: "model.py could not be read." });
  assert.equal(await page.locator("h1:visible").textContent(), "model.py could not be read.");
});

test("what is not known shows nothing, and is said to be not known", async (t) => {
  const { page, models } = await open(t);
  await models(`import keras, other
x = keras.Input((8,))
model = keras.Model(x, keras.layers.Dense(2)(other.strange(x)))`);
  assert.deepEqual(await texts(page, ".label"), ["Input", "not known", "Dense", "Output"]);
  assert.deepEqual(await texts(page, ".shape, .count"), []);
  assert.equal(await page.locator(".facts").textContent(), "Model");
});

test("the SVG stands by itself, in the colours of the theme", async (t) => {
  const { page, models, asked } = await open(t);
  await models(BLOCKS);
  await page.getByRole("button", { name: "SVG" }).click();
  const [message] = (await asked()) as (FromGraph & { kind: "export" })[];
  assert.deepEqual([message!.format, message!.name], ["svg", "faces"]);
  const { data } = message!;
  for (const foreign of ["var(", "class=", "<script", "http://127", "href", "color(", "data-id", "tabindex"]) {
    assert.ok(!data.includes(foreign), `${foreign} in the picture`);
  }
  assert.match(data, /fill="rgb\(31, 31, 31\)"/);
  const read = (await page.evaluate(
    `(() => { const parsed = new DOMParser().parseFromString(${JSON.stringify(data)}, "image/svg+xml");
      return { error: parsed.querySelector("parsererror")?.textContent, texts: [...parsed.querySelectorAll("text")].map((one) => one.textContent) }; })()`,
  )) as { error?: string; texts: string[] };
  assert.equal(read.error, undefined);
  assert.ok(read.texts.includes("residual_block") && read.texts.includes("64 × 64 × 3"));
});

test("the PNG is the same picture at twice the size", async (t) => {
  const { page, models, asked } = await open(t);
  await models(SEQUENCE);
  await page.getByRole("button", { name: "SVG" }).click();
  await page.getByRole("button", { name: "PNG" }).click();
  await page.waitForFunction("window.sent.some(({ format }) => format === 'png')");
  const [svg, png] = (await asked()) as (FromGraph & { kind: "export" })[];
  const bytes = Buffer.from(png!.data, "base64");
  assert.equal(bytes.subarray(1, 4).toString("latin1"), "PNG");
  const [width, height] = [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];
  assert.match(svg!.data, new RegExp(`width="${width / 2}" height="${height / 2}"`));
});

test("large models begin closed and stay usable", async (t) => {
  const { page, models } = await open(t);
  await models(long(300));
  assert.equal((await ids(page)).length, 302);
  assert.equal(await page.locator(".header").count(), 0);
  // While a layout is being made the page answers.
  let isDrawn = false;
  const expanding = redrawn(page, () => page.getByRole("button", { name: "Expand all" }).click());
  void expanding.then(() => (isDrawn = true));
  await page.evaluate("1 + 1");
  assert.equal(isDrawn, false);
  await expanding;
  assert.equal((await ids(page)).length, 1502);
});

test("nothing that it is sent can hurt it", async (t) => {
  const { page, feed, models } = await open(t);
  await feed(null, 1, "models", {}, { kind: "models" }, { kind: "cursor" }, { kind: "models", models: [{}] });
  const message = await modelsMessage(SEQUENCE);
  const evil = '"><img src=x onerror=alert(1)>';
  const [model] = message.models;
  await feed({
    ...message,
    name: evil,
    models: [
      {
        ...model!,
        title: evil,
        nodes: model!.nodes.map((node) => ({ ...node, label: evil, name: evil, detail: evil })),
        edges: [
          ...model!.edges,
          { from: "/Dense", to: "/Flatten", shape: evil },
          { from: "/Dense", to: "nowhere", shape: "" },
        ],
      },
    ],
  });
  await drawn(page);
  assert.equal(await page.locator("img").count(), 0);
  assert.ok((await texts(page, ".shape")).includes(evil));
  await models(SEQUENCE);
});
