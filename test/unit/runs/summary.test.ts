// Metrics in short and as text: last, best, superseded steps, CSV and JSON.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { EventWriter } from "../../../src/events/writer";
import type { SeriesPoints } from "../../../src/protocol/panel";
import { pointsToCsv, pointsToJson } from "../../../src/runs/export";
import { mergeByTime } from "../../../src/runs/merge";
import { isBetterSmall, newestPerStep, readPoints, summarize } from "../../../src/runs/summary";
import { temporaryFolder } from "../events/helpers";

function series(tag: string, points: [step: number, value: number][], times?: number[]): SeriesPoints {
  return {
    source: "train",
    tag,
    steps: Float64Array.from(points, ([step]) => step),
    times: Float64Array.from(times ?? points.map(() => 0)),
    values: Float64Array.from(points, ([, value]) => value),
  };
}

test("last and best, losses small and others large", () => {
  const [loss, acc] = summarize([
    series("loss", [
      [1, 3],
      [2, 1],
      [3, 2],
    ]),
    series("acc", [
      [1, 0.5],
      [2, 0.9],
      [3, 0.8],
    ]),
  ]);
  assert.deepEqual(
    [loss!.last, loss!.best],
    [
      { step: 3, value: 2 },
      { step: 2, value: 1 },
    ],
  );
  assert.deepEqual(
    [acc!.last, acc!.best],
    [
      { step: 3, value: 0.8 },
      { step: 2, value: 0.9 },
    ],
  );
});

test("NaN is never the best, but may be the last", () => {
  const [loss, all] = summarize([
    series("loss", [
      [1, 3],
      [2, Number.NaN],
    ]),
    series("x", [[1, Number.NaN]]),
  ]);
  assert.deepEqual([loss!.last.value, loss!.best!.value], [Number.NaN, 3]);
  assert.equal(all!.best, undefined);
});

test("which metrics are better small", () => {
  for (const tag of ["loss", "val_loss", "epoch_loss", "mean_squared_error", "mse", "epoch_mae"])
    assert.ok(isBetterSmall(tag), tag);
  for (const tag of ["acc", "accuracy", "auc", "precision", "learning_rate", "image_mses"])
    assert.ok(!isBetterSmall(tag), tag);
});

test("row 25: of a step that came again the newest counts", () => {
  const newest = newestPerStep(
    series("loss", [
      [0, 0],
      [1, 1],
      [2, 2],
      [1, 10],
      [2, 20],
      [3, 30],
    ]),
  );
  assert.deepEqual([...newest.steps], [0, 1, 2, 3]);
  assert.deepEqual([...newest.values], [0, 10, 20, 30]);
});

test("row 15: files are merged by time, each in its own order", () => {
  const one = (steps: number[], times: number[]) => [
    {
      ...series(
        "a",
        steps.map((s) => [s, s]),
        times,
      ),
    },
  ];
  const [merged] = mergeByTime([one([1, 2, 5], [1, 2, 5]), one([3, 4, 0], [3, 4, 1])]);
  assert.deepEqual([...merged!.steps], [1, 2, 3, 4, 0, 5]);
});

test("all points of a folder", (t) => {
  const folder = temporaryFolder(t);
  for (const source of ["validation", "train"]) {
    const writer = new EventWriter(path.join(folder, source));
    for (let step = 0; step < 1000; step++) writer.scalar("loss", step, step);
    writer.close();
  }
  const { series: all, problems } = readPoints(folder);
  assert.deepEqual(
    all.map(({ source, tag, steps }) => [source, tag, steps.length]),
    [
      ["train", "loss", 1000],
      ["validation", "loss", 1000],
    ],
  );
  assert.deepEqual(problems, []);
});

test("CSV: quoted, times in ISO, no formulas", () => {
  const csv = pointsToCsv([
    series(`a "b",c`, [[1, 0.1]], [1_700_000_000_000]),
    series("=1+1", [[2, Number.NaN]], [Number.NaN]),
  ]);
  assert.equal(
    csv,
    `source,tag,step,wall_time,value\ntrain,"a ""b"",c",1,2023-11-14T22:13:20.000Z,0.1\ntrain,'=1+1,2,,NaN\n`,
  );
});

test("JSON: odd numbers in words", () => {
  const json = JSON.parse(
    pointsToJson([
      series("a", [
        [1, Infinity],
        [2, 0.5],
      ]),
    ]),
  );
  assert.deepEqual(json, {
    format: 1,
    series: [{ source: "train", tag: "a", steps: [1, 2], times: [0, 0], values: ["Infinity", 0.5] }],
  });
});
