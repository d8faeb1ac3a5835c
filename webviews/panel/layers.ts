// What is drawn in one chart, from back to front: which series, in which manner, and where its lines run. Knows a plot's
// scales and a canvas path; makes neither.
import { type Axis, columnOf, fromX, linearRange, logRange, xOf } from "./axis";
import type { Metric } from "./model";
import { type Buckets, emptyBuckets } from "./pyramid";
import { lowerBound, type Series, Smoothed } from "./series";
import { isConduct } from "./tags";
import type { Theme } from "./theme";

export type Colour = Exclude<keyof Theme, "font">;

export interface Layer {
  readonly series: Series;
  readonly smoothed?: Smoothed;
  readonly colour: Colour;
  readonly dash: readonly number[];
  /** Dots on the points while they are few. */
  readonly dots: boolean;
  /** Said in the legend; absent where another layer of the same series says it. */
  readonly label?: string;
  readonly buckets: Buckets;
}

const DASHED = [6, 4];

export function layersOf(metric: Metric, smoothing: number): Layer[] {
  const train = metric.batch ?? metric.epoch;
  const layers: Layer[] = [];
  const layer = (series: Series, colour: Colour, more: Partial<Layer> = {}) =>
    layers.push({ series, colour, dash: [], dots: false, buckets: emptyBuckets(), ...more });
  if (isConduct(metric.name)) {
    if (train)
      layer(train, metric.name === "learning_rate" ? "rate" : "speed", { dots: train.meaning.grain === "epoch" });
  } else if (metric.batch && smoothing > 0) {
    layer(metric.batch, "raw");
    layer(metric.batch, "train", { smoothed: new Smoothed(metric.batch, smoothing), label: "train" });
  } else if (train) {
    layer(train, "train", { label: "train", dots: train === metric.epoch });
  }
  if (metric.validation) layer(metric.validation, "validation", { dash: DASHED, dots: true, label: "validation" });
  if (metric.evaluation) {
    const colour = metric.validation ? "evaluation" : "validation";
    layer(metric.evaluation, colour, { dash: metric.validation ? [2, 3] : DASHED, dots: true, label: "evaluation" });
  }
  return layers;
}

export interface Stretch {
  readonly axis: Axis;
  readonly from: number;
  readonly to: number;
  /** Width of the plot in canvas pixels. */
  readonly width: number;
}

/** Reads what lies in the stretch of x, one point further at both ends so that lines enter and leave. */
export function scan(layer: Layer, { axis, from, to, width }: Stretch): void {
  const { series, smoothed } = layer;
  const column = columnOf(axis, series);
  const first = Math.max(0, lowerBound(column, series.length, fromX(axis, from)) - 1);
  const last = Math.min(series.length, lowerBound(column, series.length, fromX(axis, to)) + 1);
  smoothed?.update();
  const [values, pyramid] = smoothed ? [smoothed.values, smoothed.pyramid] : [series.values, series.pyramid];
  pyramid.scan(values, series.length, first, last, width, layer.buckets);
}

/** The range of y over what was scanned. */
export function rangeOf(layers: readonly Layer[], log: boolean): [number, number] {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { buckets } of layers) {
    for (let index = 0; index < buckets.count; index++) {
      const least = buckets.lows[index]!;
      const most = buckets.highs[index]!;
      if (most > high) high = most;
      const positive = least > 0 ? least : most;
      if (log ? positive > 0 && positive < low : least < low) low = log ? positive : least;
    }
  }
  return log ? logRange(low, high) : linearRange(low, high);
}

/** From values to canvas pixels. */
export interface Projection {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
  readonly log: boolean;
}

export const projectX = (to: Projection, x: number): number =>
  to.left + ((x - to.x[0]) / (to.x[1] - to.x[0])) * to.width;

export function projectY(to: Projection, value: number): number {
  const [low, high] = to.y;
  const part = to.log ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
  return to.top + (1 - part) * to.height;
}

/** The line of a layer. Where nothing is finite (or nothing positive, on a logarithmic axis) the line has a gap. */
export function lineOf(layer: Layer, axis: Axis, to: Projection): Path2D {
  const path = new Path2D();
  const { buckets, smoothed } = layer;
  const column = columnOf(axis, layer.series);
  const scale = (to.width / (to.x[1] - to.x[0])) * axis.factor;
  const shift = to.left - (to.x[0] / axis.factor + axis.offset) * scale;
  let down = false;
  let before = 0;
  for (let index = 0; index < buckets.count; index++) {
    let low = buckets.lows[index]!;
    let high = buckets.highs[index]!;
    if (to.log && !(low > 0)) low = high;
    if (Number.isNaN(low) || (to.log && !(high > 0))) {
      down = false;
      continue;
    }
    // A smoothed line is thin at any resolution; the raw one shows all that its buckets hold.
    if (smoothed) low = high = (low + high) / 2;
    const x = column[buckets.starts[index]!]! * scale + shift;
    // From the end that is nearer to where the line is, so that a steady slope stays a slope.
    const falling = down && Math.abs(high - before) < Math.abs(low - before);
    const [first, second] = falling ? [high, low] : [low, high];
    if (down) path.lineTo(x, projectY(to, first));
    else path.moveTo(x, projectY(to, first));
    if (high !== low) {
      const next = index + 1 < buckets.count ? column[buckets.starts[index + 1]!]! * scale + shift : x;
      path.lineTo((x + next) / 2, projectY(to, second));
    }
    before = second;
    down = true;
  }
  return path;
}

/** Dots on the layer's points, while they are few enough to be told apart. */
export function dotsOf(layer: Layer, axis: Axis, to: Projection, radius: number): Path2D | undefined {
  const { buckets, series } = layer;
  if (!(layer.dots || buckets.count === 1) || buckets.count > to.width / (radius * 4)) return undefined;
  const path = new Path2D();
  const column = columnOf(axis, series);
  for (let index = 0; index < buckets.count; index++) {
    const value = buckets.lows[index]!;
    if (Number.isNaN(value) || (to.log && value <= 0)) continue;
    const x = projectX(to, xOf(axis, column[buckets.starts[index]!]!));
    const y = projectY(to, value);
    path.moveTo(x + radius, y);
    path.arc(x, y, radius, 0, 2 * Math.PI);
  }
  return path;
}
