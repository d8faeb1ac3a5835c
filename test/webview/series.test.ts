// Columns and their pyramid, checked against doing it the slow way.
import assert from "node:assert/strict";
import { test } from "node:test";
import { emptyBuckets, Pyramid } from "../../webviews/panel/pyramid";
import { lowerBound, nearest, Series, Smoothed } from "../../webviews/panel/series";
import { random } from "./recording";

const column = (values: readonly number[]) => Float64Array.from(values);
const points = (steps: readonly number[], values: readonly number[] = steps) => ({
  steps: column(steps),
  times: column(steps.map((step) => 1e12 + step * 10)),
  values: column(values),
});
const stepsOf = (series: Series) => [...series.steps.subarray(0, series.length)];
const valuesOf = (series: Series) => [...series.values.subarray(0, series.length)];

test("points are kept in order of steps", () => {
  const series = new Series("train", "batch_loss");
  series.append(points([1, 2, 3]));
  series.append(points([4, 5]));
  assert.deepEqual(stepsOf(series), [1, 2, 3, 4, 5]);
});

test("a step that comes again replaces the earlier one", () => {
  const series = new Series("train", "epoch_loss");
  series.append(points([250, 500], [3, 2]));
  series.append(points([500], [1]));
  assert.deepEqual(
    [stepsOf(series), valuesOf(series)],
    [
      [250, 500],
      [3, 1],
    ],
  );
});

test("after a resume, what the lost attempt had written beyond the checkpoint is kept out", () => {
  const series = new Series("train", "batch_loss");
  series.append(points([1, 2, 3, 4, 5, 6], [9, 8, 7, 6, 5, Number.NaN]));
  series.append(points([4, 5], [60, 50]));
  assert.deepEqual(
    [stepsOf(series), valuesOf(series)],
    [
      [1, 2, 3, 4, 5],
      [9, 8, 7, 60, 50],
    ],
  );
  assert.equal(series.notFinite, -1);
  assert.equal(series.highest, 3);
  assert.equal(series.lowest, 2);
});

test("steps that are no numbers are dropped", () => {
  const series = new Series("train", "batch_loss");
  series.append(points([1, Number.NaN, 2, Number.POSITIVE_INFINITY]));
  assert.deepEqual(stepsOf(series), [1, 2]);
});

test("best and first value that is not finite are known", () => {
  const series = new Series("validation", "epoch_loss");
  series.append(points([1, 2, 3, 4, 5], [3, 1, Number.NaN, 1, 7]));
  assert.deepEqual([series.lowest, series.highest, series.notFinite], [1, 4, 2]);
});

test("a search finds the first not below, and the nearest", () => {
  const steps = column([10, 20, 30]);
  assert.deepEqual(
    [5, 10, 11, 31].map((step) => lowerBound(steps, 3, step)),
    [0, 0, 1, 3],
  );
  assert.deepEqual(
    [5, 14, 16, 99].map((step) => nearest(steps, 3, step)),
    [0, 0, 1, 2],
  );
  assert.equal(nearest(steps, 0, 5), -1);
});

test("smoothing starts at the first value and has gaps where the values have", () => {
  const series = new Series("train", "batch_loss");
  const smoothed = new Smoothed(series, 0.9);
  series.append(points([1, 2, 3], [4, 4, Number.NaN]));
  smoothed.update();
  series.append(points([4], [4]));
  smoothed.update();
  assert.deepEqual(
    [...smoothed.values.subarray(0, 4)].map((value) => Math.round(value * 1e9) / 1e9),
    [4, 4, Number.NaN, 4],
  );
});

test("smoothing is the same live, in one piece, and after a resume", () => {
  const next = random(3);
  const values = Array.from({ length: 500 }, next);
  const steps = values.map((_, index) => index + 1);
  const [live, whole] = [new Series("train", "a"), new Series("train", "a")];
  const [liveSmooth, wholeSmooth] = [new Smoothed(live, 0.95), new Smoothed(whole, 0.95)];
  live.append(
    points(
      steps.slice(0, 300),
      values.slice(0, 300).map((value) => value + 5),
    ),
  );
  liveSmooth.update();
  for (const step of steps) {
    live.append(points([step], [values[step - 1]!]));
    if (step % 7 === 0) liveSmooth.update();
  }
  whole.append(points(steps, values));
  liveSmooth.update();
  wholeSmooth.update();
  assert.deepEqual(liveSmooth.values.slice(0, 500), wholeSmooth.values.slice(0, 500));
});

/** Lowest and highest finite value in each bucket, by reading all of them. */
function checkScan(
  values: Float64Array,
  length: number,
  pyramid: Pyramid,
  from: number,
  to: number,
  most: number,
): void {
  const found = pyramid.scan(values, length, from, to, most, emptyBuckets());
  assert.ok(found.count <= most * 2 + 2, `${found.count} buckets where at most ${most * 2 + 2} fit`);
  for (let index = 0; index < found.count; index++) {
    const start = found.starts[index]!;
    const end = index + 1 < found.count ? found.starts[index + 1]! : to;
    const inside = [...values.subarray(start, end)].filter(Number.isFinite);
    const [low, high] = [found.lows[index]!, found.highs[index]!];
    if (inside.length === 0) continue;
    // The buckets at the ends may reach over the edge; they never leave out what is inside.
    assert.ok(
      low <= Math.min(...inside) && high >= Math.max(...inside),
      `bucket ${index} of [${from}, ${to}) by ${most}`,
    );
    if (index > 0 && index + 1 < found.count) assert.deepEqual([low, high], [Math.min(...inside), Math.max(...inside)]);
  }
}

test("any stretch at any width holds the extremes of all its values", () => {
  const next = random(1);
  const values = Float64Array.from({ length: 5000 }, () => (next() < 0.02 ? Number.NaN : next()));
  const pyramid = new Pyramid();
  for (let round = 0; round < 300; round++) {
    const from = Math.floor(next() * 4900);
    const to = from + 1 + Math.floor(next() * (5000 - from - 1));
    checkScan(values, 5000, pyramid, from, to, 1 + Math.floor(next() * 700));
  }
});

test("growing, and being cut back and grown again, gives the pyramid of the whole", () => {
  const next = random(2);
  const pyramid = new Pyramid();
  const values = new Float64Array(6000);
  let length = 0;
  while (length < 5500) {
    if (next() < 0.1) {
      length = Math.floor(length * next());
      pyramid.invalidate(length);
    }
    for (let more = Math.floor(next() * 300); more > 0 && length < 6000; more--) values[length++] = next();
    if (length > 0) checkScan(values, length, pyramid, 0, length, 100);
  }
});

test("a bucket without a finite value is a gap", () => {
  const values = new Float64Array(1000).fill(Number.NaN);
  values[999] = 1;
  const found = new Pyramid().scan(values, 1000, 0, 1000, 10, emptyBuckets());
  assert.ok(Number.isNaN(found.lows[0]!));
  assert.equal(found.highs[found.count - 1], 1);
});
