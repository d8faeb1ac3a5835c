// Where a point lies along x: as a step, an epoch or a time; how far the axis reaches; and the round numbers along both
// axes. Pure.
import type { RunStatus } from "../../src/protocol/run";
import { isEnded, type Metric, type Model } from "./model";
import type { Series } from "./series";

export const AXES = ["step", "epoch", "time"] as const;
export type AxisKind = (typeof AXES)[number];

/** x = (column[index] - offset) * factor, so that any stretch of x is a stretch of the column. */
export interface Axis {
  readonly kind: AxisKind;
  readonly column: "steps" | "times";
  readonly offset: number;
  readonly factor: number;
  /** The end of the axis when nothing is zoomed. */
  readonly end: number;
}

export const columnOf = (axis: Axis, series: Series): Float64Array => series[axis.column];
export const xOf = (axis: Axis, value: number): number => (value - axis.offset) * axis.factor;
export const fromX = (axis: Axis, x: number): number => x / axis.factor + axis.offset;

/** Batches an epoch: what the trainer says, else the mean of the epochs that have ended; undefined before the first has. */
export function epochLength(status: RunStatus | undefined, metrics: readonly Metric[]): number | undefined {
  if (status?.stepsPerEpoch && status.stepsPerEpoch > 0) return status.stepsPerEpoch;
  const ended = metrics.find((metric) => metric.epoch)?.epoch;
  return ended && ended.length > 0 ? ended.steps[ended.length - 1]! / ended.length || undefined : undefined;
}

export function axisOf(model: Model, metrics: readonly Metric[], kind: AxisKind): Axis {
  const { status } = model;
  const length = epochLength(status, metrics);
  if (kind === "time") return timeAxis(model, metrics);
  const last = extreme(metrics, "steps", Math.max, status?.step ?? 0);
  // What has ended is all that there is: of a run that failed early, the plan would leave a sliver.
  const ended = isEnded(status);
  const planned = ended ? undefined : plannedSteps(status, length);
  const steps = Math.max(1, last, planned ?? 0);
  // Without a plan the axis grows in round strides, so that it does not move with each point.
  const end = ended || planned !== undefined ? steps : roundUp(steps);
  if (kind === "epoch" && length) return { kind, column: "steps", offset: 0, factor: 1 / length, end: end / length };
  return { kind: "step", column: "steps", offset: 0, factor: 1, end };
}

/** All batches that are planned: counted as such, or in epochs of `length`. */
export function plannedSteps(status: RunStatus | undefined, length: number | undefined): number | undefined {
  return status?.steps || (status?.epochs && length ? status.epochs * length : undefined);
}

function timeAxis(model: Model, metrics: readonly Metric[]): Axis {
  const { status, run } = model;
  const first = extreme(metrics, "times", Math.min, Number.POSITIVE_INFINITY);
  const offset =
    status?.startedAt && status.startedAt <= first
      ? status.startedAt
      : Number.isFinite(first)
        ? first
        : (run?.createdAt ?? 0);
  const last = extreme(metrics, "times", Math.max, offset + 1000);
  const seconds = (last - offset) / 1000;
  const ended = isEnded(status);
  const end = ended ? seconds : roundUp(seconds + (status?.secondsLeft ?? 0));
  return { kind: "time", column: "times", offset, factor: 1 / 1000, end: Math.max(1, end) };
}

function extreme(metrics: readonly Metric[], column: "steps" | "times", pick: typeof Math.max, start: number): number {
  let found = start;
  const ends = pick === Math.min ? (_: Series) => 0 : (series: Series) => series.length - 1;
  for (const metric of metrics) {
    for (const series of [metric.batch, metric.epoch, metric.validation, metric.evaluation]) {
      const value = series && series.length > 0 ? series[column][ends(series)]! : Number.NaN;
      if (Number.isFinite(value)) found = pick(found, value);
    }
  }
  return found;
}

/** The next of 1, 1.5, 2, 3, 5, 7, 10 … times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 1.5, 2, 3, 5, 7, 10].find((digit) => digit * power >= value * (1 - 1e-9)) ?? 10) * power;
}

/** Distance between round numbers so that about `count` of them cover `span`. */
export function stride(span: number, count: number): number {
  const rough = span / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  return ([1, 2, 2.5, 5, 10].find((digit) => digit * power >= rough * (1 - 1e-9)) ?? 10) * power;
}

/** The range of a linear y axis: round numbers around all values, and zero where it is near. */
export function linearRange(low: number, high: number): [number, number] {
  if (!(low <= high)) return [0, 1];
  if (low === high) {
    const around = Math.abs(low) * 0.5 || 0.5;
    return low > 0 ? [0, low * 2] : [low - around, high + around];
  }
  const floor = low >= 0 && low < high * 0.6 ? 0 : low;
  const step = stride(high - floor, 4);
  return [Math.floor(floor / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
}

/** The range of a logarithmic y axis: whole powers of ten, or the 1, 2, 5 between them where the values span little. */
export function logRange(low: number, high: number): [number, number] {
  if (!(low <= high) || low <= 0) return [0.1, 1];
  const down = 10 ** Math.floor(Math.log10(low) + 1e-9);
  const up = 10 ** Math.floor(Math.log10(high) + 1e-9);
  const floor = ([5, 2, 1].find((digit) => digit * down <= low * (1 + 1e-9)) ?? 1) * down;
  const ceiling = ([1, 2, 5, 10].find((digit) => digit * up >= high * (1 - 1e-9)) ?? 10) * up;
  return floor < ceiling ? [floor, ceiling] : [floor / 2, ceiling * 2];
}

/** Zero has no sign on an axis. */
const unsigned = (value: number): number => (value === 0 ? 0 : value);

/** Round numbers from `low` to `high`, both included where they are round. */
export function ticks(low: number, high: number, count: number): number[] {
  if (!(high > low)) return [low];
  return multiples(low, high, stride(high - low, count));
}

/**
 * The multiples of `step` from `low` to `high`. A stretch that is shorter than doubles of that size can tell apart has no
 * round numbers: its ends are given.
 */
function multiples(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step - 1e-9);
  const length = Math.floor(high / step + 1e-9) - first + 1;
  if (!(length <= 1000) || Math.abs(first) > Number.MAX_SAFE_INTEGER) return [low, high];
  return Array.from({ length: Math.max(0, length) }, (_, index) => unsigned((first + index) * step));
}

/** Powers of ten, with 2 and 5 between them where there are few. */
export function logTicks(low: number, high: number, count: number): number[] {
  const decades = Math.log10(high / low);
  const digits = decades * 3 <= count ? [1, 2, 5] : [1];
  const every = Math.max(1, Math.ceil(decades / Math.max(1, count)));
  const found: number[] = [];
  const last = Math.min(Math.ceil(Math.log10(high)), 308);
  for (let power = Math.floor(Math.log10(low)); power <= last; power++) {
    if (power % every !== 0 && digits.length === 1) continue;
    for (const digit of digits) {
      const value = digit * 10 ** power;
      if (value >= low * (1 - 1e-9) && value <= high * (1 + 1e-9)) found.push(value);
    }
  }
  return found;
}

/** Numbers along an axis, all with as many decimals as their distance needs. */
export function tickLabels(values: readonly number[]): string[] {
  const largest = Math.max(...values.map(Math.abs));
  const step =
    values.length > 1 ? Math.min(...values.slice(1).map((value, index) => Math.abs(value - values[index]!))) : largest;
  if (largest === 0) return values.map(() => "0");
  if (largest >= 1e6 || step < 1e-3) {
    return values.map((value) => (Math.abs(value) < step / 1e6 ? "0" : shortExponent(value)));
  }
  const decimals = decimalsOf(step);
  return values.map((value) =>
    value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }),
  );
}

const shortExponent = (value: number): string => Number(value.toPrecision(3)).toExponential().replace("e+", "e");

function decimalsOf(step: number): number {
  for (let decimals = 0; decimals < 6; decimals++) {
    const scaled = step * 10 ** decimals;
    if (Math.abs(scaled - Math.round(scaled)) < 1e-6) return decimals;
  }
  return 6;
}

/** Seconds along a time axis: `0:40`, `2:30`, `1:05:00`. */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const pad = (value: number) => String(value).padStart(2, "0");
  const [hours, minutes] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60];
  return hours > 0 ? `${hours}:${pad(minutes)}:${pad(whole % 60)}` : `${minutes}:${pad(whole % 60)}`;
}

/** Round times: 1, 2, 5, 10, 15, 30 of seconds, minutes and hours. */
export function timeTicks(low: number, high: number, count: number): number[] {
  const rough = (high - low) / Math.max(1, count);
  const strides = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 14400, 21600, 43200, 86400];
  return multiples(low, high, strides.find((each) => each >= rough) ?? stride(rough, 1));
}
