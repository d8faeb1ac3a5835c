// Metrics summed up over batches: what one batch adds, and how the sums become the value. Knows no Estimator.
import * as tf from "@tensorflow/tfjs";

/**
 * What one batch contributes to a metric. The Estimator adds the sums of all batches in double precision and calls `value` once;
 * so a metric is right however uneven the batches are, and holds no state of its own.
 */
export interface MetricUpdate {
  /** This batch's sums: a float tensor of any shape, the same for every batch. */
  sums: tf.Tensor;
  /** The metric, from the sums over all batches in the tensor's order. */
  value(sums: Float64Array): number;
}

/** Numbers that can stand for a batch: labels, predictions or weights, one per example. */
export type MetricInput = tf.Tensor | number;

/**
 * Weighted mean of values. Counterpart of `tf.metrics.mean`.
 *
 * @param values Tensor of any shape and dtype, or a number.
 * @param weights As many as values, or of a shape that broadcasts to them. Default 1 each.
 * @see https://www.tensorflow.org/api_docs/python/tf/compat/v1/metrics/mean
 */
export function mean(values: MetricInput, weights?: MetricInput): MetricUpdate {
  return overall(() => {
    const x = float(values);
    return shareOf(x, tf.onesLike(x), weights);
  });
}

/**
 * Share of predictions that equal their labels. Counterpart of `tf.metrics.accuracy`: predictions are classes, not probabilities.
 *
 * @param labels Tensor of classes; a trailing dimension of 1 is dropped where only one of the two has it.
 * @param predictions Tensor of classes, as many as labels.
 * @param weights One per example. Default 1 each.
 * @throws Error when labels and predictions differ in shape.
 */
export function accuracy(labels: tf.Tensor, predictions: tf.Tensor, weights?: MetricInput): MetricUpdate {
  return overall(() => {
    const [y, p] = pair("accuracy", labels, predictions);
    return shareOf(float(tf.equal(y, p)), tf.onesLike(y), weights);
  });
}

/** Mean of squared differences. Counterpart of `tf.metrics.mean_squared_error`. Shapes and errors as {@link accuracy}. */
export function meanSquaredError(labels: tf.Tensor, predictions: tf.Tensor, weights?: MetricInput): MetricUpdate {
  return overall(() => {
    const [y, p] = pair("meanSquaredError", labels, predictions);
    return shareOf(tf.squaredDifference(y, p), tf.onesLike(y), weights);
  });
}

/** Mean of absolute differences. Counterpart of `tf.metrics.mean_absolute_error`. Shapes and errors as {@link accuracy}. */
export function meanAbsoluteError(labels: tf.Tensor, predictions: tf.Tensor, weights?: MetricInput): MetricUpdate {
  return overall(() => {
    const [y, p] = pair("meanAbsoluteError", labels, predictions);
    return shareOf(y.sub(p).abs(), tf.onesLike(y), weights);
  });
}

/**
 * Share of positive predictions that are right, 0 where none is positive. Counterpart of `tf.metrics.precision`: labels and
 * predictions are 0 or 1. Shapes and errors as {@link accuracy}.
 */
export function precision(labels: tf.Tensor, predictions: tf.Tensor, weights?: MetricInput): MetricUpdate {
  return overall(() => {
    const [y, p] = pair("precision", labels, predictions).map(truth) as [tf.Tensor, tf.Tensor];
    return shareOf(y.mul(p), p, weights);
  });
}

/** Share of positive labels that were found, 0 where none is positive. Counterpart of `tf.metrics.recall`, else as {@link precision}. */
export function recall(labels: tf.Tensor, predictions: tf.Tensor, weights?: MetricInput): MetricUpdate {
  return overall(() => {
    const [y, p] = pair("recall", labels, predictions).map(truth) as [tf.Tensor, tf.Tensor];
    return shareOf(y.mul(p), y, weights);
  });
}

/** The metrics under the names that `tf.metrics` has, for `evalMetricOps`. */
export const metrics = { mean, accuracy, meanSquaredError, meanAbsoluteError, precision, recall } as const;

/** Adds up one metric over batches. */
export class MetricTotal {
  private readonly totals: Float64Array;
  private readonly finish: MetricUpdate["value"];

  constructor({ sums, value }: MetricUpdate) {
    this.totals = new Float64Array(sums.size);
    this.finish = value;
  }

  /** Adds a batch's sums. */
  add(name: string, { sums }: MetricUpdate): void {
    const values = sums.dataSync();
    if (values.length !== this.totals.length) {
      throw new Error(
        `Metric ${name} gave ${values.length} sums for a batch, ${this.totals.length} for the one before.`,
      );
    }
    for (let i = 0; i < values.length; i++) this.totals[i]! += values[i]!;
  }

  get value(): number {
    return this.finish(this.totals);
  }
}

/** A metric that is one sum over another; 0 where the other is 0, as TensorFlow's are. */
function overall(sums: () => tf.Tensor): MetricUpdate {
  return { sums: tf.tidy(sums), value: ([part, whole]) => (whole === 0 ? 0 : part! / whole!) };
}

function shareOf(part: tf.Tensor, whole: tf.Tensor, weights: MetricInput | undefined): tf.Tensor {
  const w = weights === undefined ? tf.onesLike(whole) : tf.broadcastTo(float(weights), whole.shape);
  return tf.stack([part.mul(w).sum(), whole.mul(w).sum()]);
}

function float(values: MetricInput): tf.Tensor {
  return typeof values === "number" ? tf.scalar(values) : tf.cast(values, "float32");
}

function truth(values: tf.Tensor): tf.Tensor {
  return tf.cast(tf.cast(values, "bool"), "float32");
}

/** Labels and predictions as floats. Drops a trailing 1 that only one of them has: [n] against [n, 1] would broadcast to [n, n]. */
function pair(metric: string, labels: tf.Tensor, predictions: tf.Tensor): [tf.Tensor, tf.Tensor] {
  let [y, p] = [float(labels), float(predictions)];
  if (y.rank === p.rank + 1 && y.shape[y.rank - 1] === 1) y = tf.squeeze(y, [-1]);
  else if (p.rank === y.rank + 1 && p.shape[p.rank - 1] === 1) p = tf.squeeze(p, [-1]);
  if (!tf.util.arraysEqual(y.shape, p.shape)) {
    throw new Error(
      `Metric ${metric}: labels have the shape [${labels.shape}], predictions [${predictions.shape}]; they should be equal.`,
    );
  }
  return [y, p];
}
