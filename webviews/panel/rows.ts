// All numbers of a run as rows, one a step: for the table and as CSV. Pure.
import type { Model } from "./model";
import { lowerBound, type Series } from "./series";
import type { View } from "./view";

/** The host takes 64 MiB of text at most. */
const MOST_TEXT = 60_000_000;

/** The series that a table holds, in the order of its columns. */
export function columnsOf(model: Model, rows: View["rows"]): Series[] {
  const all = [...model.series.keys()].sort().map((key) => model.series.get(key)!);
  const epochs = all.filter((series) => series.meaning.grain === "epoch");
  return rows === "epochs" && epochs.length > 0 ? epochs : all;
}

/** All steps at which any of the series has a point, ascending. */
export function stepsOf(series: readonly Series[]): Float64Array {
  let merged: Float64Array = new Float64Array(0);
  for (const { steps, length } of series) merged = merge(merged, steps.subarray(0, length));
  return merged;
}

function merge(a: Float64Array, b: Float64Array): Float64Array {
  const both = new Float64Array(a.length + b.length);
  let count = 0;
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const left = i < a.length ? a[i]! : Number.POSITIVE_INFINITY;
    const right = j < b.length ? b[j]! : Number.POSITIVE_INFINITY;
    both[count++] = Math.min(left, right);
    if (left <= right) i++;
    if (right <= left) j++;
  }
  return both.subarray(0, count);
}

export function indexAt(series: Series, step: number): number {
  const index = lowerBound(series.steps, series.length, step);
  return index < series.length && series.steps[index] === step ? index : -1;
}

/** The newest time among the points of a step. */
function timeAt(series: readonly Series[], step: number): number {
  let time = Number.NaN;
  for (const one of series) {
    const index = indexAt(one, step);
    if (index >= 0 && !(one.times[index]! <= time)) time = one.times[index]!;
  }
  return time;
}

const quote = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text);

/** `every` is more than 1 when the text would be too long: then it holds every so manieth step. */
export function csvOf(series: readonly Series[]): { csv: string; every: number } {
  const steps = stepsOf(series);
  const every = Math.max(1, Math.ceil((steps.length * (34 + series.length * 20)) / MOST_TEXT));
  const lines = [["step", "time", ...series.map(({ source, tag }) => quote(`${source}/${tag}`))].join(",")];
  for (let row = 0; row < steps.length; row += every) {
    const step = steps[row]!;
    const time = timeAt(series, step);
    const cells = series.map((one) => {
      const index = indexAt(one, step);
      return index < 0 ? "" : String(one.values[index]);
    });
    lines.push([step, isDate(time) ? new Date(time).toISOString() : "", ...cells].join(","));
  }
  return { csv: `${lines.join("\n")}\n`, every };
}

const isDate = (time: number): boolean => Math.abs(time) <= 8.64e15;
