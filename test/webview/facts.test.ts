// What the panel makes of tags, numbers and output: pure functions, small cases.
import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import type { Source } from "../../src/protocol/run";
import { alertsOf } from "../../webviews/panel/alerts";
import {
  axisOf,
  clock,
  linearRange,
  logRange,
  logTicks,
  tickLabels,
  ticks,
  timeTicks,
} from "../../webviews/panel/axis";
import { bestValues, lastValues, overfit, valuesAt } from "../../webviews/panel/facts";
import { EMPTY, type Model, metricsOf, reduce } from "../../webviews/panel/model";
import { columnsOf, csvOf } from "../../webviews/panel/rows";
import { better, meaningOf, metricOrder } from "../../webviews/panel/tags";
import { plainText } from "../../webviews/panel/terminal";
import { viewForRun, viewFrom } from "../../webviews/panel/view";
import { points, recorded, runMessage, series } from "./recording";

const modelOf = (...messages: Parameters<typeof reduce>[1][]): Model => messages.reduce(reduce, EMPTY);
const meaning = (source: Source, tag: string) => Object.values(meaningOf(source, tag)).join(" ");

test("tags say metric, part of the data and grain", () => {
  assert.equal(meaning("train", "batch_loss"), "loss train batch");
  assert.equal(meaning("train", "epoch_acc"), "accuracy train epoch");
  assert.equal(meaning("validation", "epoch_loss"), "loss validation epoch");
  assert.equal(meaning("validation", "epoch_val_loss"), "loss validation epoch");
  assert.equal(meaning("eval", "evaluation_loss"), "loss evaluation epoch");
  assert.equal(meaning("eval", "average_loss"), "average_loss evaluation epoch");
  assert.equal(meaning("train", "learning_rate"), "learning_rate train batch");
  assert.equal(meaning("train", "global_step/sec"), "steps_per_second train batch");
  assert.equal(meaning("validation", "evaluation_loss_vs_iterations"), "loss validation epoch");
});

test("tags that mean nothing are their own metric", () => {
  for (const tag of ["", "batch_", "epoch_", "constructor", "__proto__", "val_", "<b>"]) {
    assert.equal(meaningOf("train", tag).metric, tag);
  }
});

test("which end of a metric is good is told by its name, or not at all", () => {
  assert.deepEqual(["loss", "val_mse", "meanSquaredError", "word_error_rate"].map(better), [
    "low",
    "low",
    "low",
    "low",
  ]);
  assert.deepEqual(["accuracy", "AUC", "f1", "top_k_accuracy", "binaryAccuracy"].map(better), [
    "high",
    "high",
    "high",
    "high",
    "high",
  ]);
  assert.deepEqual(["mystery", "lossy_name", "constructor"].map(better), [undefined, undefined, undefined]);
});

test("charts come in the same order whatever came first", () => {
  const names = ["learning_rate", "zeta", "mae", "accuracy", "examples_per_second", "loss"];
  const sorted = ["loss", "accuracy", "mae", "zeta", "learning_rate", "examples_per_second"];
  assert.deepEqual([...names].sort(metricOrder), sorted);
  assert.deepEqual([...names].reverse().sort(metricOrder), sorted);
});

test("the x axis spans the planned run from the first batch on", () => {
  for (const step of [1, 1842, 4999]) {
    const model = modelOf(runMessage(step), points(recorded(step)));
    assert.equal(axisOf(model, metricsOf(model.series), "epoch").end, 20);
    assert.equal(axisOf(model, metricsOf(model.series), "step").end, 5000);
  }
});

test("a training that is counted in steps spans its planned steps", () => {
  const plan = { epochs: undefined, stepsPerEpoch: null, steps: 3000 } as never;
  const model = modelOf(runMessage(500, plan), points([series("train", "loss", [[500, 1]])]));
  assert.equal(axisOf(model, metricsOf(model.series), "step").end, 3000);
});

test("without a plan the axis grows in round strides", () => {
  const ends = new Set<number>();
  for (let step = 1; step <= 2000; step++) {
    const model = modelOf(
      runMessage(step, { epochs: undefined, stepsPerEpoch: null } as never),
      points([series("train", "loss", [[step, 1]])]),
    );
    ends.add(axisOf(model, metricsOf(model.series), "epoch").end);
  }
  assert.deepEqual([...ends], [1, 2, 3, 5, 7, 10, 15, 20, 30, 50, 70, 100, 150, 200, 300, 500, 700, 1000, 1500, 2000]);
});

test("a run that has ended early ends where it ended", () => {
  for (const state of ["finished", "stopped", "failed", "lost"] as const) {
    const model = modelOf(runMessage(1000, { state }), points(recorded(1000)));
    assert.equal(axisOf(model, metricsOf(model.series), "epoch").end, 4, state);
  }
});

test("epochs are known from the epochs that ended where the trainer does not tell their length", () => {
  const model = modelOf(runMessage(500, { stepsPerEpoch: null }), points(recorded(500)));
  const axis = axisOf(model, metricsOf(model.series), "epoch");
  assert.deepEqual([axis.kind, axis.end, axis.factor], ["epoch", 20, 1 / 250]);
});

test("y axes begin and end at round numbers, at zero where it is near", () => {
  assert.deepEqual(linearRange(0.2, 2.3), [0, 3]);
  assert.deepEqual(linearRange(0.05, 0.93), [0, 1]);
  assert.deepEqual(
    linearRange(0.9, 0.95).map((value) => Number(value.toFixed(6))),
    [0.9, 0.96],
  );
  assert.deepEqual(linearRange(Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY), [0, 1]);
  assert.deepEqual(linearRange(0, 0), [-0.5, 0.5]);
  assert.deepEqual(logRange(0.03, 40), [0.02, 50]);
  assert.deepEqual(logRange(5, 5), [2.5, 10]);
});

test("labels have as many decimals as they need, and no signed zero", () => {
  assert.deepEqual(tickLabels(ticks(0, 1, 4)), ["0.00", "0.25", "0.50", "0.75", "1.00"]);
  assert.deepEqual(tickLabels(ticks(0, 1500, 4)), ["0", "500", "1,000", "1,500"]);
  assert.deepEqual(tickLabels(ticks(0, 0.001, 4)), ["0", "2.5e-4", "5e-4", "7.5e-4", "1e-3"]);
  assert.deepEqual(tickLabels(ticks(-1, 1, 4)), ["-1.0", "-0.5", "0.0", "0.5", "1.0"]);
  // Numbers so near to each other that nothing is between them, and the ends of what a number can be.
  const near = 1e300 * (1 + Number.EPSILON);
  assert.deepEqual(ticks(1e300, near, 4), [1e300, near]);
  assert.deepEqual(timeTicks(1e300, near, 4), [1e300, near]);
  assert.deepEqual(ticks(0, 5e-324, 4), [0, 5e-324]);
  assert.deepEqual(ticks(0, Number.POSITIVE_INFINITY, 4), [0, Number.POSITIVE_INFINITY]);
  assert.ok(logTicks(5e-324, Number.POSITIVE_INFINITY, 4).length < 10);
  assert.deepEqual(logTicks(0.01, 100, 4), [0.01, 0.1, 1, 10, 100]);
  assert.deepEqual(timeTicks(0, 210, 4).map(clock), ["0:00", "1:00", "2:00", "3:00"]);
});

test("values at a whole epoch are the epoch's own", () => {
  const model = modelOf(runMessage(1842), points(recorded(1842)));
  const metrics = metricsOf(model.series);
  const axis = axisOf(model, metrics, "epoch");
  const [loss] = valuesAt(metrics, axis, 6, ["train", "validation"]);
  assert.deepEqual(loss, ["loss", "0.381", "0.620"]);
});

test("where a series has no points near the cursor, nothing is said", () => {
  const model = modelOf(runMessage(1842), points(recorded(1842)));
  const metrics = metricsOf(model.series);
  assert.deepEqual(valuesAt(metrics, axisOf(model, metrics, "epoch"), 15, ["train", "validation"])[0], [
    "loss",
    "",
    "",
  ]);
});

test("best values come validation first, with the epoch", () => {
  const model = modelOf(runMessage(1842), points(recorded(1842)));
  const rows = bestValues(metricsOf(model.series), 250);
  assert.deepEqual(
    rows.map(([name, , epoch]) => `${name} ${epoch}`),
    ["validation loss 5", "validation accuracy 7", "loss 7", "accuracy 7"],
  );
});

test("last values of a run that wrote nothing yet", () => {
  assert.deepEqual(lastValues([], ["train"]), []);
});

function checkOverfit(validation: readonly number[], train: readonly number[]): number | undefined {
  const model = modelOf(
    points([
      series(
        "train",
        "epoch_loss",
        train.map((value, index) => [(index + 1) * 10, value]),
      ),
      series(
        "validation",
        "epoch_loss",
        validation.map((value, index) => [(index + 1) * 10, value]),
      ),
    ]),
  );
  return overfit(metricsOf(model.series))?.step;
}

test("overfitting is told only when it is certain", () => {
  const falling = [3, 2.5, 2, 1.5, 1.2, 1, 0.9];
  assert.equal(checkOverfit([3, 2, 1, 1.1, 1.2, 1.3], falling), 30);
  assert.equal(checkOverfit([3, 2, 1, 1.1, 1.2], falling), undefined, "two epochs are not enough");
  assert.equal(checkOverfit([3, 2, 1, 1.3, 1.2, 1.1], falling), undefined, "it recovers");
  assert.equal(checkOverfit([3, 2, 1, 1.001, 1.002, 1.003], falling), undefined, "within the noise");
  assert.equal(checkOverfit([3, 2, 1, 1.1, 1.2, 1.3], [1, 1, 1, 2, 3, 4]), undefined, "training loss rises too");
  assert.equal(
    checkOverfit([3, 2, 1, Number.NaN, Number.NaN, Number.NaN], falling),
    undefined,
    "NaN is another matter",
  );
  assert.equal(checkOverfit([], []), undefined);
});

const alertWords = (model: Model) =>
  alertsOf(model, metricsOf(model.series), 250).map(
    ({ fact, more, links }) => `${fact} ${more} [${links.map(({ label }) => label).join(", ")}]`,
  );

test("a failure names the error and links to its line", () => {
  const error = {
    message: "expected dense_1 to have shape [,10]\nbut got [32,1]",
    at: { file: "/work/space/digits.ts", line: 31 },
  };
  assert.deepEqual(alertWords(modelOf(runMessage(10, { state: "failed", error }))), [
    "The script failed: expected dense_1 to have shape [,10].  [digits.ts:31, Show output]",
  ]);
  assert.deepEqual(alertWords(modelOf(runMessage(10, { state: "failed", exitCode: 137 }))), [
    "The script failed with exit code 137. Its output says why. [Show output]",
  ]);
});

test("a lost run is told plainly, with Resume where it can be", () => {
  const checkpoint = { step: 1750, epoch: 7, at: 0 };
  assert.deepEqual(alertWords(modelOf(runMessage(1842, { state: "lost", checkpoint }))), [
    "The training process ended without saying goodbye: it was killed, ran out of memory, or the machine went down. Everything it had written is here. The newest checkpoint is of step 1,750. [Resume, Show output]",
  ]);
  const [untrusted] = alertWords(modelOf(runMessage(1842, { state: "lost" }, { canResume: false })));
  assert.match(untrusted!, /\[Show output\]$/);
});

test("NaN is told with the step at which it began", () => {
  const notFinite = { tag: "batch_loss", step: 900, epoch: 4, value: "NaN" };
  const [said] = alertWords(modelOf(runMessage(1000, { notFinite })));
  assert.match(said!, /^loss has been NaN since step 900 \(epoch 4\)\. .*\[Go to the call that trains, Stop\]$/);
  const cause = 'layer "log" (its output)';
  const [known] = alertWords(modelOf(runMessage(1000, { notFinite: { ...notFinite, cause } })));
  assert.match(
    known!,
    /^loss has been NaN since step 900 \(epoch 4\)\. It came from layer "log" \(its output\)\. The weights/,
  );
});

test("a warning of the trainer is passed on", () => {
  assert.match(alertWords(modelOf(runMessage(10, { warning: "The disk is full" })))[0]!, /^The disk is full\./);
});

test("another run starts anew; the same run keeps its points", () => {
  const first = modelOf(runMessage(100), points(recorded(100)), { kind: "output", reset: true, text: "a" });
  assert.equal(reduce(first, runMessage(101)).series, first.series);
  const other = { ...runMessage(1), run: { ...runMessage(1).run, id: "another" } };
  const next = reduce(first, other);
  assert.deepEqual([next.series.size, next.output], [0, ""]);
});

test("columns of unequal length are dropped", () => {
  const odd = { ...series("train", "batch_loss", [[1, 1]]), values: new Float64Array(2) };
  assert.equal(modelOf(points([odd])).series.size, 0);
});

test("output keeps its end", () => {
  const model = modelOf(
    ...Array.from({ length: 30 }, (_, index) => ({
      kind: "output" as const,
      reset: false,
      text: `${index}`.repeat(20_000),
    })),
  );
  assert.ok(model.output.length < 420_000 && model.output.endsWith("29".repeat(100)));
});

test("output is shown without terminal codes", () => {
  assert.equal(plainText("\u001b[1;31mred\u001b[0m"), "red");
  assert.equal(plainText("\u001b]0;title\u0007text\u001b]8;;http://x\u001b\\link"), "textlink");
  assert.equal(plainText("1/3\r2/3\r3/3\nnext\r\n"), "3/3\nnext\n");
  assert.equal(plainText("1/3\b\b\b2/3"), "2/3");
  assert.equal(plainText("cut off \u001b[3"), "cut off ");
  assert.equal(plainText("\u001b]never ended\nnext line"), "never ended\nnext line");
});

test("CSV has a column a tag and a row a step", () => {
  const model = modelOf(
    points([
      series("train", "batch_loss", [
        [1, 0.5],
        [2, Number.NaN],
      ]),
      series("validation", 'epoch_"odd", name', [[2, 3]]),
    ]),
  );
  assert.equal(
    csvOf(columnsOf(model, "steps")).csv,
    'step,time,train/batch_loss,"validation/epoch_""odd"", name"\n1,2026-11-23T14:02:01.042Z,0.5,\n2,2026-11-23T14:02:01.084Z,NaN,3\n',
  );
});

test("what was set comes back from any state that was kept", () => {
  for (const state of [undefined, null, 7, "x", [], { x: "sideways", zoom: [2, 1], smoothing: 5, dismissed: 3 }]) {
    assert.deepEqual(viewFrom(state), viewFrom({}));
  }
  const view = { ...viewFrom({}), run: "a", x: "time" as const, zoom: [1, 2] as [number, number] };
  assert.deepEqual(viewFrom(JSON.parse(JSON.stringify(view))), view);
  assert.deepEqual([viewForRun(view, "b").x, viewForRun(view, "b").zoom], ["time", null]);
});

test("the style sheets know colours by VS Code's names only", () => {
  for (const file of ["shared.css", "panel/panel.css", "graph/graph.css"]) {
    const css = fs.readFileSync(`webviews/${file}`, "utf8").replace(/\/\*.*?\*\//gs, "");
    assert.deepEqual(css.match(/#[0-9a-f]{3,8}\b|\b(?:rgb|hsl)a?\(/gi), null, file);
  }
});

test("the button library is known to one file", () => {
  const files = fs.readdirSync("webviews/panel").filter((file) => file.endsWith(".ts"));
  const knowing = files.filter((file) =>
    fs.readFileSync(`webviews/panel/${file}`, "utf8").includes("webview-ui-toolkit"),
  );
  assert.deepEqual(knowing, ["controls.ts"]);
});
