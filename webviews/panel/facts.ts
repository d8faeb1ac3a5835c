// What the numbers say: last and best values, the values at the cursor, and whether the model has begun to overfit.
// Pure; says nothing that is not certain.
import { formatNumber } from "../../src/protocol/words";
import { type Axis, clock, columnOf, fromX } from "./axis";
import { type Metric, seriesOf } from "./model";
import { nearest, type Series } from "./series";
import { better, isConduct, metricWords, type Role } from "./tags";

export const ROLES: readonly Role[] = ["train", "validation", "evaluation"];

/** The parts of the data for which there is anything, train always. */
export const rolesOf = (metrics: readonly Metric[]): Role[] =>
  ROLES.filter((role) => role === "train" || metrics.some((metric) => seriesOf(metric, role)));

/** The values at x, one row a metric: those of the epoch when x is a whole one, else of the nearest points. */
export function valuesAt(metrics: readonly Metric[], axis: Axis, x: number, roles: readonly Role[]): string[][] {
  const whole = axis.kind === "epoch" && Math.abs(x - Math.round(x)) < 1e-6;
  return metrics.map((metric) => [
    metricWords(metric.name),
    ...roles.map((role) => {
      const series = role === "train" && whole && metric.epoch ? metric.epoch : seriesOf(metric, role);
      return series ? valueAt(series, axis, x) : "";
    }),
  ]);
}

function valueAt(series: Series, axis: Axis, x: number): string {
  const column = columnOf(axis, series);
  const at = fromX(axis, x);
  const index = nearest(column, series.length, at);
  if (index < 0) return "";
  // Beyond the points by more than the distance between them there is nothing to say.
  const last = series.length - 1;
  const gap = last > 0 ? (column[last]! - column[0]!) / last : Number.POSITIVE_INFINITY;
  return Math.abs(column[index]! - at) <= gap ? formatNumber(series.values[index]!) : "";
}

export function lastValues(metrics: readonly Metric[], roles: readonly Role[]): string[][] {
  return metrics.map((metric) => [
    metricWords(metric.name),
    ...roles.map((role) => {
      const series = seriesOf(metric, role);
      return series && series.length > 0 ? formatNumber(series.values[series.length - 1]!) : "";
    }),
  ]);
}

/** `epoch 6`, `step 1,842`, `2:30`. */
export function placeWords(axis: Axis, x: number): string {
  if (axis.kind === "time") return clock(x);
  if (axis.kind === "step") return `step ${Math.round(x).toLocaleString("en-US")}`;
  const whole = Math.round(x);
  return `epoch ${Math.abs(x - whole) < 1e-6 ? whole : x.toFixed(1)}`;
}

/** Best values, validation first: it is what a model is judged by. */
export function bestValues(metrics: readonly Metric[], length: number | undefined): string[][] {
  const rows: string[][] = [];
  for (const role of ["validation", "evaluation", "train"] as const) {
    for (const metric of metrics) {
      // A single lucky batch is no best: of training, the epochs are compared where there are any.
      const series = role === "train" ? (metric.epoch ?? metric.batch) : metric[role];
      const side = better(metric.name);
      if (!series || !side || isConduct(metric.name)) continue;
      const index = side === "low" ? series.lowest : series.highest;
      if (index < 0) continue;
      const step = series.steps[index]!;
      const place = length ? String(Math.max(1, Math.ceil(step / length - 1e-9))) : step.toLocaleString("en-US");
      rows.push([
        `${role === "train" ? "" : `${role} `}${metricWords(metric.name)}`,
        formatNumber(series.values[index]!),
        place,
      ]);
    }
  }
  return rows;
}

export interface Overfit {
  /** Step of the best validation loss. */
  readonly step: number;
  /** Evaluations since then. */
  readonly since: number;
}

/** How many evaluations in a row must be worse before it is said. */
const CERTAIN = 3;

/**
 * Has validation loss turned for good while training loss goes on falling? Only when certain: at least three evaluations
 * after the best, all worse, the last ones rising, by more than two percent, and training loss lower than it was.
 */
export function overfit(metrics: readonly Metric[]): Overfit | undefined {
  const loss = metrics.find((metric) => metric.name === "loss");
  const validation = loss?.validation;
  const train = loss?.epoch ?? loss?.batch;
  if (!validation || !train || validation.lowest < 0 || validation.notFinite >= 0) return undefined;
  const { lowest, length, values, steps } = validation;
  const since = length - 1 - lowest;
  if (since < CERTAIN) return undefined;
  for (let index = length - CERTAIN + 1; index < length; index++) {
    if (values[index]! <= values[index - 1]!) return undefined;
  }
  const best = values[lowest]!;
  if (values[length - 1]! - best < 0.02 * Math.abs(best)) return undefined;
  const then = meanAround(train, steps[lowest]!);
  const now = meanAround(train, steps[length - 1]!);
  return now < then ? { step: steps[lowest]!, since } : undefined;
}

/** Mean of up to 20 points before a step: single batches jump about. */
function meanAround(series: Series, step: number): number {
  const end = nearest(series.steps, series.length, step);
  const count = series.meaning.grain === "epoch" ? 1 : 20;
  let sum = 0;
  let used = 0;
  for (let index = Math.max(0, end - count + 1); index <= end; index++) {
    sum += series.values[index]!;
    used++;
  }
  return sum / used;
}
