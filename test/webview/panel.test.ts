// The built page in Chromium: what it shows of a run, what it asks its host, and that nothing it is sent can hurt it.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import type { Locator, Page } from "playwright-core";
import { type Harness, type PanelPage, startHarness } from "./browser";
import { live, MODEL, points, RECORD, random, recorded, runMessage, series } from "./recording";

let harness: Harness;
before(async () => {
  harness = await startHarness();
});
after(() => harness.close());

async function open(
  t: { after(run: () => Promise<void>): void },
  options?: Parameters<Harness["open"]>[0],
): Promise<PanelPage> {
  const panel = await harness.open(options);
  t.after(async () => {
    assert.deepEqual(await panel.failures(), []);
    await panel.page.context().close();
  });
  return panel;
}

const button = (page: Page, name: string): Locator => page.locator("vscode-button:visible", { hasText: name });
const asked = async (panel: PanelPage) => (await panel.sent()).filter(({ kind }) => kind !== "ready");
// biome-ignore lint/performance/useDomNodeTextContent: hidden text is not seen
const text = (page: Page, selector: string) => page.locator(selector).innerText();

/** Everything that can be seen: words, and the charts' pixels. */
async function seen(page: Page): Promise<unknown> {
  return page.evaluate(`({
    words: document.querySelector("main").innerText,
    labels: [...document.querySelectorAll("[aria-label]")].map((element) => element.getAttribute("aria-label")),
    charts: [...document.querySelectorAll("canvas")].map((canvas) => canvas.toDataURL()),
  })`);
}

test("it says that it is ready, and waits", async (t) => {
  const panel = await open(t);
  assert.deepEqual(await panel.sent(), [{ kind: "ready" }]);
  assert.equal(await text(panel.page, "main"), "Waiting for the run …");
});

test("one glance: what runs, how long still, is it learning, what was best", async (t) => {
  const { page, feed } = await open(t);
  await feed(runMessage(1842), points(recorded(1842)));
  assert.equal(await text(page, "h1:visible"), "digits.ts");
  assert.equal(await text(page, ".title .state"), "running");
  assert.match(
    await text(page, ".title .facts"),
    /brave-otter · started .*14:02 · TensorFlow\.js 4\.22\.0 on tfjs-node · CPU · batch 32/,
  );
  assert.deepEqual((await text(page, ".line")).split("\n"), [
    "epoch 8 of 20",
    "step 1,842 of 5,000",
    "1,204 examples/s",
    "2 min 13 s left of 3 min 30 s",
  ]);
  assert.deepEqual(await page.locator(".chart h2").allInnerTexts(), [
    "loss",
    "accuracy",
    "learning rate",
    "examples per second",
  ]);
  assert.match(await text(page, "aside"), /Best\s+value\s+epoch\s+validation loss\s+0\.585\s+5/);
  assert.deepEqual(await page.locator('[role="tab"]:visible').allInnerTexts(), ["Metrics", "Model"]);
});

test("a Python run tells its framework, the backend of Keras and its Python", async (t) => {
  const { page, feed } = await open(t);
  const run = {
    ...RECORD,
    script: "/work/space/digits.py",
    language: "python",
    interpreter: { path: "/work/space/.venv/bin/python", version: "3.11.7" },
  } as const;
  const engine = { name: "jax", version: "0.9.0", device: "CPU" };
  await feed(runMessage(1842, { framework: "Keras 3.15.0", engine }, { run }));
  const facts = page.locator(".title .facts");
  assert.match(await text(page, ".title .facts"), /Keras 3\.15\.0 on jax · CPU · Python 3\.11\.7 · batch 32/);
  assert.equal(await facts.getAttribute("title"), "/work/space/.venv/bin/python");
});

test("live, point by point, and in one piece end in the same picture", async (t) => {
  const all = recorded(2100);
  const [slow, fast] = [await open(t), await open(t)];
  for (const message of live(all, 150)) await slow.feed(runMessage(message.series[0]!.steps.at(-1)!), message);
  await slow.feed(runMessage(2100));
  await fast.feed(runMessage(2100), points(all));
  assert.deepEqual(await seen(slow.page), await seen(fast.page));
});

test("series that come in another order, and twice over, make no difference", async (t) => {
  const all = recorded(1000);
  const [once, twice] = [await open(t), await open(t)];
  await once.feed(runMessage(1000), points(all));
  await twice.feed(runMessage(1000), points([...all].reverse()), points(all));
  assert.deepEqual(await seen(once.page), await seen(twice.page));
});

test("a reload restores zoom, cursor, axis, scale, smoothing and tab, and the replay restores the rest", async (t) => {
  const panel = await open(t);
  const { page, feed } = panel;
  const messages = [runMessage(2100), points(recorded(2100))];
  await feed(...messages);
  await page.getByText("log", { exact: true }).click();
  await page.locator('input[type="range"]').fill("0.5");
  const plot = (await page.locator(".u-over").first().boundingBox())!;
  await page.mouse.move(plot.x + plot.width * 0.1, plot.y + 40);
  await page.mouse.down();
  await page.mouse.move(plot.x + plot.width * 0.35, plot.y + 60, { steps: 4 });
  await feed();
  await page.mouse.up();
  await page.mouse.move(5, 5);
  await feed();
  const before = await seen(page);
  const state = (await page.evaluate('JSON.parse(sessionStorage.getItem("state"))')) as {
    zoom: number[];
    y: string;
    run: string;
  };
  assert.deepEqual([state.zoom.map(Math.round), state.y, state.run], [[2, 7], "log", "20261123-140200-brave-otter"]);
  await page.reload();
  await feed(...messages);
  assert.deepEqual(await seen(page), before);
  await page.locator(".u-over").first().dblclick();
  await feed();
  assert.match((await page.locator(".plot").first().getAttribute("aria-valuemax"))!, /^20$/);
});

test("the buttons that fit the state, and what they ask", async (t) => {
  const panel = await open(t);
  const { page, feed } = panel;
  const shown = () => page.locator("vscode-button:visible").allInnerTexts();
  await feed(runMessage(100));
  assert.deepEqual(await shown(), ["Pause", "Stop", "Checkpoint now", "Convert to Estimator"]);
  await button(page, "Pause").click();
  assert.deepEqual(await shown(), ["Pausing …", "Stop", "Checkpoint now", "Convert to Estimator"]);
  await feed(runMessage(101, { state: "paused" }));
  assert.deepEqual(await shown(), ["Continue", "Stop", "Checkpoint now", "Convert to Estimator"]);
  await button(page, "Continue").click();
  await feed(runMessage(101));
  await button(page, "Checkpoint now").click();
  await button(page, "Stop").click();
  await feed(runMessage(102, { state: "stopped" }));
  assert.deepEqual(await shown(), ["Resume", "Convert to Estimator"]);
  await button(page, "Resume").click();
  await button(page, "Convert").click();
  assert.deepEqual(
    (await asked(panel)).map((message) => (message.kind === "control" ? message.request : message.kind)),
    ["pause", "continue", "checkpoint", "stop", "resume", "convert"],
  );
  await feed(runMessage(5000, { state: "finished" }, { canConvert: false }));
  assert.deepEqual(await shown(), []);
  await feed(runMessage(102, { state: "failed" }, { canResume: false }));
  assert.deepEqual(await shown(), ["Convert to Estimator"]);
});

test("a failure links to its line, can be dismissed, and stays dismissed over a reload", async (t) => {
  const panel = await open(t);
  const { page, feed } = panel;
  const at = { file: "/work/space/digits.ts", line: 31, column: 3 };
  const failed = runMessage(500, { state: "failed", error: { message: "x is not defined", at } });
  await feed(failed, points(recorded(500)));
  await page.getByRole("button", { name: "digits.ts:31" }).click();
  await page.getByRole("button", { name: "Show output" }).click();
  assert.deepEqual(await asked(panel), [{ kind: "open-source", at }, { kind: "open-output" }]);
  await page.getByRole("button", { name: "Dismiss" }).click();
  await feed();
  assert.equal(await page.locator(".alert").count(), 0);
  await page.reload();
  await feed(failed);
  assert.equal(await page.locator(".alert").count(), 0);
});

test("NaN is a gap and a mark in finite axes, and an alert that can stop the run", async (t) => {
  const panel = await open(t);
  const { page, feed } = panel;
  const notFinite = { tag: "batch_loss", step: 900, epoch: 4, value: "NaN" };
  await feed(runMessage(1500, { notFinite }), points(recorded(1500, { nan: 900 })));
  assert.match(await text(page, ".alert"), /loss has been NaN since step 900 \(epoch 4\)/);
  assert.match(await text(page, "aside"), /loss\s+NaN\s+NaN/);
  await page.locator(".alert").getByRole("button", { name: "Stop" }).click();
  assert.deepEqual(await asked(panel), [{ kind: "control", request: "stop" }]);
});

test("points that are all NaN or infinite draw an empty chart", async (t) => {
  const { page, feed } = await open(t);
  await feed(
    runMessage(3),
    points([
      series("train", "batch_loss", [
        [1, Number.NaN],
        [2, Number.POSITIVE_INFINITY],
        [3, Number.NEGATIVE_INFINITY],
      ]),
    ]),
  );
  await page.getByText("log", { exact: true }).click();
  await page.getByText("time", { exact: true }).click();
  await feed();
  assert.equal(await page.locator("canvas").count(), 1);
});

test("an estimator's run, without epochs", async (t) => {
  const { page, feed } = await open(t);
  const loss = Array.from({ length: 30 }, (_, index) => [1 + index * 10, 3 / (index + 1)] as const);
  const status = { epochs: undefined, epoch: undefined, stepsPerEpoch: undefined } as never;
  await feed(
    runMessage(300, status),
    points([
      series("train", "loss", loss),
      series("train", "global_step/sec", loss),
      series("eval", "loss", [
        [100, 1],
        [200, 0.5],
      ]),
      series("eval", "accuracy", [
        [100, 0.5],
        [200, 0.7],
      ]),
    ]),
  );
  assert.deepEqual(await page.locator(".chart h2").allInnerTexts(), ["loss", "accuracy", "steps per second"]);
  assert.deepEqual(await page.locator(".legend").first().locator(".key").allInnerTexts(), ["train", "evaluation"]);
  assert.match(await text(page, "aside"), /Best\s+value\s+step\s+evaluation loss\s+0\.500\s+200/);
});

test("a run without points yet teaches what will come", async (t) => {
  const { page, feed } = await open(t);
  await feed(
    runMessage(0, { state: "starting", step: undefined, epoch: undefined } as never, { model: undefined } as never),
  );
  assert.match(await text(page, "main"), /Waiting for the first batch\. digits\.ts runs in the background/);
  assert.equal(await page.locator(".toolbar").isVisible(), false);
});

test("a run that is gone says why", async (t) => {
  const { page, feed } = await open(t);
  await feed(runMessage(10), points(recorded(10)), {
    kind: "gone",
    message: "This run no longer exists. Its folder was deleted.",
  });
  assert.equal(await text(page, "main"), "This run no longer exists. Its folder was deleted.");
  await feed(runMessage(10), points(recorded(10)));
  assert.equal(await text(page, "h1:visible"), "digits.ts");
});

test("the model's layers with shapes and parameters", async (t) => {
  const { page, feed } = await open(t);
  await feed(runMessage(10), points(recorded(10)));
  await page.getByRole("tab", { name: "Model" }).click();
  await feed();
  const rows = await page.locator(".layers tbody tr").allInnerTexts();
  assert.equal(rows.length, MODEL.layers.length);
  assert.deepEqual(rows[0]!.split(/\t|\n/).filter(Boolean), ["conv2d", "Conv2D", "6 × 6 × 16", "160"]);
  assert.match(await text(page, ".layers tfoot"), /total\s+10,346\s+trainable\s+10,218\s+fixed\s+128/);
});

test("the output follows its end unless it is scrolled", async (t) => {
  const { page, feed } = await open(t);
  const lines = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => `\u001b[32mline ${from + index}\u001b[0m\n`).join("");
  await feed(runMessage(10), { kind: "output", reset: true, text: lines(0, 300) });
  await page.getByRole("tab", { name: "Output" }).click();
  await feed();
  const at = () =>
    page.evaluate(
      '(({ scrollTop, scrollHeight, clientHeight }) => scrollHeight - clientHeight - scrollTop)(document.querySelector(".output"))',
    ) as Promise<number>;
  assert.ok((await at()) < 2);
  await feed({ kind: "output", reset: false, text: lines(300, 400) });
  assert.ok((await at()) < 2);
  assert.match(await text(page, ".output"), /line 399\s*$/);
  await page.evaluate('document.querySelector(".output").scrollTop = 0');
  await feed({ kind: "output", reset: false, text: lines(400, 500) });
  assert.ok((await at()) > 1000);
});

test("all numbers as a table, a page at a time, and as CSV", async (t) => {
  const panel = await open(t);
  const { page, feed } = panel;
  await feed(runMessage(1000), points(recorded(1000)));
  await page.getByRole("button", { name: "table", exact: true }).click();
  await feed();
  assert.equal(await text(page, ".where"), "rows 1 to 4 of 4");
  await page.getByRole("combobox", { name: "Rows" }).selectOption("steps");
  await feed();
  assert.equal(await text(page, ".where"), "rows 901 to 1,000 of 1,000");
  await page.getByRole("button", { name: "First" }).click();
  assert.equal(await text(page, ".where"), "rows 1 to 100 of 1,000");
  await page.getByRole("button", { name: "export" }).click();
  const exported = (await asked(panel))[0]!;
  assert.ok(exported.kind === "export");
  const rows = exported.csv.trim().split("\n");
  assert.equal(rows.length, 1001);
  assert.equal(
    rows[0],
    "step,time,train/batch_accuracy,train/batch_loss,train/epoch_accuracy,train/epoch_loss,train/examples_per_second,train/learning_rate,validation/epoch_accuracy,validation/epoch_loss",
  );
});

test("by keyboard alone: tabs, settings, cursor, zoom and links", async (t) => {
  const { page, feed } = await open(t);
  await feed(runMessage(2100), points(recorded(2100)), { kind: "output", reset: true, text: "printed" });
  const focus = () =>
    page.evaluate(
      "(document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent ?? '').slice(0, 20) + (document.activeElement.value ?? '')",
    ) as Promise<string>;
  const walked: string[] = [];
  for (let presses = 0; presses < 20; presses++) {
    await page.keyboard.press("Tab");
    walked.push(await focus());
  }
  assert.deepEqual(walked.slice(0, 16), [
    "Pause",
    "Stop",
    "Checkpoint now",
    "Convert to Estimator",
    "Metrics",
    "Go to model.fit",
    "Dismiss",
    "epoch",
    "linear",
    "Smoothing0.9",
    "table",
    "export",
    "loss: last train 0.2",
    "accuracy: last train",
    "learning rate: last ",
    "examples per second:",
  ]);
  await page.locator(".plot").first().focus();
  const value = () => page.locator(".plot").first().getAttribute("aria-valuetext");
  await page.keyboard.press("Home");
  for (let presses = 0; presses < 6; presses++) await page.keyboard.press("ArrowRight");
  await feed();
  assert.equal(await value(), "epoch 6: train 0.381, validation 0.620");
  assert.match(await text(page, "aside"), /^At epoch 6\s/);
  await page.keyboard.press("+");
  await feed();
  const range = async () => [
    await page.locator(".plot").first().getAttribute("aria-valuemin"),
    await page.locator(".plot").first().getAttribute("aria-valuemax"),
  ];
  assert.deepEqual(await range(), ["3", "13"]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await feed();
  assert.deepEqual([await range(), await value()], [["0", "20"], "no cursor"]);
  await page.getByRole("tab", { name: "Metrics" }).focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await feed();
  assert.equal(await text(page, ".output"), "printed");
  await page.keyboard.press("Enter");
  assert.equal(await focus(), "Output");
});

test("the cursor of one chart is the cursor of all", async (t) => {
  const { page, feed } = await open(t);
  await feed(runMessage(2100), points(recorded(2100)));
  const plot = (await page.locator(".u-over").nth(1).boundingBox())!;
  await page.mouse.move(plot.x + plot.width * 0.31, plot.y + 30);
  await feed();
  const at = (await page.evaluate(
    '[...document.querySelectorAll(".u-cursor-x")].map((line) => Math.round(new DOMMatrix(getComputedStyle(line).transform).e))',
  )) as number[];
  assert.deepEqual(
    at.map((left) => Math.abs(left - at[0]!) <= 1),
    [true, true, true, true],
  );
  assert.match(await text(page, "aside"), /^At epoch 6\s/);
});

test("only a change of state is announced, not each point", async (t) => {
  const { page, feed } = await open(t);
  await feed(runMessage(1));
  await page.evaluate(
    'window.said = []; new MutationObserver(() => window.said.push(document.querySelector(".unseen[role=status]").textContent)).observe(document.querySelector(".unseen[role=status]"), { childList: true, characterData: true, subtree: true })',
  );
  for (const message of live(recorded(600), 50)) await feed(runMessage(message.series[0]!.steps.at(-1)!), message);
  await feed(runMessage(600, { state: "finished" }));
  assert.deepEqual(await page.evaluate("window.said"), ["digits.ts has finished training."]);
});

test("a metric's name is text, whatever is in it", async (t) => {
  const { page, feed } = await open(t);
  const names = [
    "<img src=x onerror=alert(1)>",
    "</script><script>alert(1)</script>",
    "__proto__",
    "constructor",
    "a".repeat(5000),
    "\u202eevil",
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a name that template engines would run
    "val_${7*7}",
    "x\u0000y",
  ];
  await feed(
    runMessage(
      10,
      { error: { message: "<img src=x>" }, state: "failed" },
      { model: { ...MODEL, name: "<b>", layers: [{ ...MODEL.layers[0]!, name: "<i>bad</i>", outputShape: [null] }] } },
    ),
    points(
      names.flatMap((name) => [
        series("train", `batch_${name}`, [
          [1, 1],
          [2, 2],
        ]),
        series("validation", name, [[1, 1]]),
      ]),
    ),
    { kind: "output", reset: true, text: "<script>alert(1)</script>" },
  );
  for (const tab of ["Model", "Output", "Metrics"]) await page.getByRole("tab", { name: tab }).click();
  await page.getByRole("button", { name: "table", exact: true }).click();
  await feed();
  assert.equal(await page.locator("main img, main script, main b, main .layers i").count(), 0);
  assert.equal(await page.evaluate("({}).polluted"), undefined);
});

test("ten thousand messages of rubbish change nothing and break nothing", async (t) => {
  const panel = await open(t);
  const { page, feed } = panel;
  const good = [runMessage(1000), points(recorded(1000))];
  await feed(...good);
  const before = await seen(page);
  const next = random(11);
  const scrap = [undefined, null, 0, -1, Number.NaN, "", "run", "points", [], {}, true, { kind: "run" }, 1e308, "<b>"];
  const any = () => scrap[Math.floor(next() * scrap.length)];
  const rubbish = Array.from({ length: 10_000 }, () => {
    if (next() < 0.2) return any();
    const message: Record<string, unknown> = {
      ...runMessage(1),
      kind: ["run", "points", "output", "gone", "ready", "constructor"][Math.floor(next() * 6)],
    };
    message["series"] = next() < 0.5 ? [any(), any()] : any();
    message["reset"] = any();
    message["text"] = next() < 0.5 ? 7 : {};
    message["message"] = 3;
    message["run"] = next() < 0.5 ? any() : { ...good[0], id: any(), createdAt: "yesterday" };
    message["status"] = any();
    return message;
  }).filter((message) => !isPoints(message));
  for (let from = 0; from < rubbish.length; from += 2000) await feed(...rubbish.slice(from, from + 2000));
  assert.deepEqual(await seen(page), before);
  assert.deepEqual(await asked(panel), []);
});

/** A message that means something after all: `points` with a list of nothing. */
function isPoints(message: unknown): boolean {
  const { kind, reset, series: list } = (message ?? {}) as Record<string, unknown>;
  return kind === "points" && reset === true && Array.isArray(list) && list.length === 0;
}

test("messages that check but say strange things break nothing", async (t) => {
  const { page, feed } = await open(t);
  const next = random(5);
  const odd = () => [Number.NaN, 0, -1, 1e300, Number.POSITIVE_INFINITY, 5e-324, -1e300, 17][Math.floor(next() * 8)]!;
  const messages = Array.from({ length: 1000 }, () => {
    const column = () => Float64Array.from({ length: Math.floor(next() * 6) }, odd);
    const steps = column();
    const same = () => Float64Array.from(steps, odd);
    const one = {
      source: "train" as const,
      tag: `batch_m${Math.floor(next() * 9)}`,
      steps,
      times: same(),
      values: next() < 0.9 ? same() : column(),
    };
    return next() < 0.8
      ? points([one], next() < 0.05)
      : runMessage(odd(), {
          epochs: odd(),
          stepsPerEpoch: odd(),
          epoch: odd(),
          secondsLeft: odd(),
          heartbeat: odd(),
          examplesPerSecond: odd(),
          startedAt: odd(),
        });
  });
  await feed(...messages);
  for (const name of ["step", "time", "epoch", "log", "linear"]) {
    await page.getByText(name, { exact: true }).first().click();
    await feed();
  }
  await feed(runMessage(100), points(recorded(100)));
  assert.equal(await text(page, "h1:visible"), "digits.ts");
});

test("nothing is drawn while the page is hidden, and all of it when it is shown again", async (t) => {
  const { page, feed } = await open(t, {
    before:
      'window.drawn = 0; const stroke = CanvasRenderingContext2D.prototype.stroke; CanvasRenderingContext2D.prototype.stroke = function (...path) { window.drawn++; return stroke.apply(this, path); }; window.hide = (hidden) => { Object.defineProperty(document, "visibilityState", { get: () => (hidden ? "hidden" : "visible"), configurable: true }); document.dispatchEvent(new Event("visibilitychange")); };',
  });
  await feed(runMessage(250), points(recorded(250)));
  await page.evaluate("window.hide(true); window.drawn = 0");
  const rest = live(recorded(1000), 250).slice(1);
  await feed(...rest, runMessage(1000));
  assert.equal(await page.evaluate("window.drawn"), 0);
  await page.evaluate("window.hide(false)");
  await feed();
  assert.match(await text(page, ".line"), /step 1,000/);
  assert.ok(((await page.evaluate("window.drawn")) as number) > 0);
});

test("no label is cut off where the axis ends at a long number", async (t) => {
  const { page, feed } = await open(t, {
    before:
      "window.ends = []; const fillText = CanvasRenderingContext2D.prototype.fillText; CanvasRenderingContext2D.prototype.fillText = function (text, x, y) { const width = this.measureText(text).width; window.ends.push([text, x + (this.textAlign === 'center' ? width / 2 : 0), this.canvas.width]); fillText.call(this, text, x, y); };",
  });
  const plan = { epochs: undefined, stepsPerEpoch: null, steps: 100_000 } as never;
  await feed(runMessage(500, plan), points([series("train", "loss", [[500, 1]])]));
  const ends = (await page.evaluate("window.ends")) as [string, number, number][];
  assert.ok(ends.some(([label]) => label === "100,000"));
  assert.deepEqual(
    ends.filter(([, end, width]) => end > width),
    [],
  );
});
