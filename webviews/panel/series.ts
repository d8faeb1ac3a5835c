// The points of one tag as growing columns in order of steps, with what is asked of them again and again kept up to date.
// Knows nothing of charts.
import type { SeriesPoints } from "../../src/protocol/panel";
import type { Source } from "../../src/protocol/run";
import { Pyramid } from "./pyramid";
import { type Meaning, meaningOf } from "./tags";

export class Series {
  readonly meaning: Meaning;
  readonly pyramid = new Pyramid();
  length = 0;
  steps: Float64Array = new Float64Array(256);
  times: Float64Array = new Float64Array(256);
  values: Float64Array = new Float64Array(256);
  /** Indices of the lowest and highest finite value (the first of equals) and of the first that is not finite; -1 for none. */
  lowest = -1;
  highest = -1;
  notFinite = -1;
  /** How often points were taken back because training went on from an earlier step. */
  cuts = 0;

  constructor(
    readonly source: Source,
    readonly tag: string,
  ) {
    this.meaning = meaningOf(source, tag);
  }

  /**
   * Takes points in file order. Where a step is not after the last one, training went on from before that step (a resume
   * from a checkpoint): what was there from that step on is superseded and goes. The columns given may be kept.
   */
  append({ steps, times, values }: Pick<SeriesPoints, "steps" | "times" | "values">): void {
    if (isAscending(steps, this.length > 0 ? this.steps[this.length - 1]! : Number.NEGATIVE_INFINITY)) {
      this.extend(steps, times, values);
      return;
    }
    this.reserve(this.length + steps.length);
    for (let index = 0; index < steps.length; index++) {
      const step = steps[index]!;
      if (!Number.isFinite(step)) continue;
      if (this.length > 0 && step <= this.steps[this.length - 1]!) this.cut(lowerBound(this.steps, this.length, step));
      this.steps[this.length] = step;
      this.times[this.length] = times[index]!;
      this.values[this.length] = values[index]!;
      this.length++;
      this.note(this.length - 1, this.length);
    }
  }

  /** The usual case: columns are copied whole, and those of a long run that is opened are taken as they are. */
  private extend(steps: Float64Array, times: Float64Array, values: Float64Array): void {
    const { length } = this;
    if (length === 0 && steps.length > this.steps.length) {
      this.steps = steps;
      this.times = times;
      this.values = values;
      this.length = steps.length;
      this.note(0, this.length);
      return;
    }
    this.reserve(length + steps.length);
    this.steps.set(steps, length);
    this.times.set(times, length);
    this.values.set(values, length);
    this.length += steps.length;
    this.note(length, this.length);
  }

  /** Looks at the values of [from, to). */
  private note(from: number, to: number): void {
    const { values } = this;
    let { lowest, highest } = this;
    let low = lowest < 0 ? Number.POSITIVE_INFINITY : values[lowest]!;
    let high = highest < 0 ? Number.NEGATIVE_INFINITY : values[highest]!;
    for (let index = from; index < to; index++) {
      const value = values[index]!;
      if (!Number.isFinite(value)) {
        if (this.notFinite < 0) this.notFinite = index;
        continue;
      }
      if (value < low) {
        low = value;
        lowest = index;
      }
      if (value > high) {
        high = value;
        highest = index;
      }
    }
    this.lowest = lowest;
    this.highest = highest;
  }

  private cut(length: number): void {
    this.length = length;
    this.cuts++;
    this.pyramid.invalidate(length);
    if (this.notFinite >= length) this.notFinite = -1;
    if (this.lowest < length && this.highest < length) return;
    this.lowest = this.highest = this.notFinite = -1;
    this.note(0, length);
  }

  private reserve(length: number): void {
    if (length <= this.steps.length) return;
    const capacity = Math.max(length, this.steps.length * 2);
    this.steps = grown(this.steps, capacity);
    this.times = grown(this.times, capacity);
    this.values = grown(this.values, capacity);
  }
}

/** An exponential moving average of a series, without the pull towards zero at its start. Kept up point by point. */
export class Smoothed {
  readonly pyramid = new Pyramid();
  values = new Float64Array(256);
  private length = 0;
  private cuts = 0;
  private sum = 0;
  private weight = 0;

  constructor(
    private readonly series: Series,
    readonly smoothing: number,
  ) {}

  update(): void {
    const { series, smoothing } = this;
    if (this.cuts !== series.cuts) {
      this.cuts = series.cuts;
      this.length = this.sum = this.weight = 0;
      this.pyramid.invalidate(0);
    }
    if (this.values.length < series.length) this.values = grown(this.values, series.values.length);
    const from = series.values;
    const to = this.values;
    let { sum, weight } = this;
    for (let index = this.length; index < series.length; index++) {
      const value = from[index]!;
      if (Number.isFinite(value)) {
        sum = sum * smoothing + value * (1 - smoothing);
        weight = weight * smoothing + (1 - smoothing);
        to[index] = sum / weight;
      } else {
        to[index] = Number.NaN;
      }
    }
    this.length = series.length;
    this.sum = sum;
    this.weight = weight;
  }
}

function isAscending(steps: Float64Array, after: number): boolean {
  let before = after;
  for (let index = 0; index < steps.length; index++) {
    const step = steps[index]!;
    if (!(step > before)) return false;
    before = step;
  }
  return before < Number.POSITIVE_INFINITY;
}

/** First index whose value is not below `wanted`, in the first `length` of an ascending column. */
export function lowerBound(column: Float64Array, length: number, wanted: number): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (column[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Index of the value closest to `wanted`; -1 in an empty column. */
export function nearest(column: Float64Array, length: number, wanted: number): number {
  if (length === 0) return -1;
  const after = Math.min(lowerBound(column, length, wanted), length - 1);
  return after > 0 && wanted - column[after - 1]! <= column[after]! - wanted ? after - 1 : after;
}

function grown(column: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const next = new Float64Array(capacity);
  next.set(column);
  return next;
}
