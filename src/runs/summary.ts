// A run's metrics in short: the last and the best value of each series, for a lens, a list or a terminal.
import type { SeriesPoints } from "../protocol/panel";
import { SOURCES, type Source } from "../protocol/run";
import { RunEvents } from "./events";

export interface MetricSummary {
  source: Source;
  tag: string;
  /** Points on record, superseded ones too. */
  points: number;
  last: { step: number; value: number };
  /** The smallest of what is better small (losses, errors), else the largest; absent when no value is finite. */
  best?: { step: number; value: number };
}

/** All points of a run, source by source, tags in the order in which they first came. */
export function readPoints(folder: string): { series: SeriesPoints[]; problems: string[] } {
  const events = new RunEvents(folder);
  const pieces = new Map<string, SeriesPoints[]>();
  for (let more = true; more; ) {
    const read = events.read();
    more = read.more;
    if (read.reset) pieces.clear();
    for (const one of read.series) {
      const key = `${one.source}/${one.tag}`;
      const same = pieces.get(key);
      if (same) same.push(one);
      else pieces.set(key, [one]);
    }
  }
  const series = [...pieces.values()].map(joinSeries);
  series.sort((a, b) => SOURCES.indexOf(a.source) - SOURCES.indexOf(b.source));
  return { series, problems: events.problems() };
}

/** Pieces of one series, one after the other. */
export function joinSeries(pieces: readonly SeriesPoints[]): SeriesPoints {
  const [first] = pieces;
  if (!first) throw new Error("joinSeries: expected at least one piece, received none");
  if (pieces.length === 1) return first;
  const join = (column: "steps" | "times" | "values"): Float64Array<ArrayBuffer> => {
    const all = new Float64Array(pieces.reduce((sum, piece) => sum + piece[column].length, 0));
    let at = 0;
    for (const piece of pieces) {
      all.set(piece[column], at);
      at += piece[column].length;
    }
    return all;
  };
  return { source: first.source, tag: first.tag, steps: join("steps"), times: join("times"), values: join("values") };
}

export function summarize(series: readonly SeriesPoints[]): MetricSummary[] {
  return series.flatMap((one) => {
    const newest = newestPerStep(one);
    const at = newest.steps.length - 1;
    if (at < 0) return [];
    const { source, tag } = one;
    const last = { step: newest.steps[at]!, value: newest.values[at]! };
    const best = bestOf(newest, isBetterSmall(tag));
    return [{ source, tag, points: one.steps.length, last, ...(best ? { best } : {}) }];
  });
}

/** Losses and errors, by the names that Keras gives them. */
export function isBetterSmall(tag: string): boolean {
  return /loss|error|divergence|perplexity|(^|[_/ ])((mse|mae|mape|msle|rmse)\b|mean_(squared|absolute)_)/i.test(tag);
}

function bestOf(points: { steps: Float64Array; values: Float64Array }, small: boolean): MetricSummary["best"] {
  let best: MetricSummary["best"];
  for (let at = 0; at < points.values.length; at++) {
    const value = points.values[at]!;
    if (!Number.isFinite(value)) continue;
    if (!best || (small ? value < best.value : value > best.value)) best = { step: points.steps[at]!, value };
  }
  return best;
}

/** In the order of steps; of a step that came again (a resumed run trains some twice) the newest counts. */
export function newestPerStep(points: SeriesPoints): SeriesPoints {
  const { steps, times, values } = points;
  let rising = true;
  for (let at = 1; at < steps.length && rising; at++) rising = steps[at]! > steps[at - 1]!;
  if (rising) return points;
  const newest = new Map<number, number>();
  for (let at = 0; at < steps.length; at++) newest.set(steps[at]!, at);
  const order = Float64Array.from(newest.keys()).sort();
  const pick = (column: Float64Array): Float64Array<ArrayBuffer> => order.map((step) => column[newest.get(step)!]!);
  return { ...points, steps: order, times: pick(times), values: pick(values) };
}
