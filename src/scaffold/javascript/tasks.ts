// What each task needs in a script for TensorFlow.js, as a table: the data made for it, the last layer, the loss and the metric.
import type { Task } from "../choices";
import { hole, pick } from "../markup";
import { TASK_WORDS, type TaskWords } from "../tasks";

export interface TaskParts extends TaskWords {
  /** Constants that describe the made-up data. */
  constants: string;
  /** Body of `loadData(examples, seed)` up to x and y; indented by two. */
  made: string;
  /** Units of the last layer, with made-up data and with a table's classes. */
  units: { made: string; table: string };
  /** Activation of a Keras model's last layer; an Estimator's gives logits. */
  activation?: string;
  loss: string;
  /** The metric's name for Keras, and the variable that holds it. */
  measured: { keras: string; variable: string };
  estimator: {
    /** Members of the predictions: from logits to what people ask for. */
    predictions: string;
    loss: string;
    metric: string;
  };
}

const blobs = `
  const centres = tf.tensor2d([0, 2, 2, -1, -2, -1], [CLASSES, FEATURES]);
  const labels = Array.from({ length: examples }, (_, index) => index % CLASSES);
  const noise = tf.randomNormal([examples, FEATURES], 0, 0.6, "float32", seed);
  const x = centres.gather(tf.tensor1d(labels, "int32")).add(noise);
  const y = tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES);`.trimStart();

/** Stripes that lie, stand or lean, each begun at another pixel, under noise. */
const stripes = `
  const labels = Array.from({ length: examples }, (_, index) => index % CLASSES);
  const pixels = labels.flatMap((label, index) =>
    Array.from({ length: SIZE * SIZE }, (_, pixel) => {
      const row = Math.floor(pixel / SIZE);
      const across = [row, pixel % SIZE, row + (pixel % SIZE)][label] ?? 0;
      return (across + index) % 4 < 2 ? 1 : 0;
    }),
  );
  const noise = tf.randomNormal([examples, SIZE, SIZE, 1], 0, 0.4, "float32", seed);
  const x = tf.tensor4d(pixels, [examples, SIZE, SIZE, 1]).add(noise);
  const y = tf.oneHot(tf.tensor1d(labels, "int32"), CLASSES);`.trimStart();

const accuracy = { keras: "accuracy", variable: "accuracy" };

const classes = {
  activation: "softmax",
  loss: pick("loss", ["categoricalCrossentropy", "kullbackLeiblerDivergence"]),
  measured: accuracy,
  units: { made: "CLASSES", table: "CLASSES.length" },
  estimator: {
    predictions: "probabilities: tf.softmax(logits), classes: logits.argMax(-1)",
    loss: "tf.losses.softmaxCrossEntropy(labels, logits)",
    metric: "metrics.accuracy(labels.argMax(-1), logits.argMax(-1))",
  },
};

export const TASK_PARTS: Record<Task, TaskParts> = {
  regression: {
    ...TASK_WORDS.regression,
    constants: `const FEATURES = ${hole("features", 4)};`,
    made: `
  const x = tf.randomUniform([examples, FEATURES], -1, 1, "float32", seed);
  const weights = tf.tensor2d([[3], [-2], [1], [0.5]]);
  const noise = tf.randomNormal([examples, 1], 0, 0.05, "float32", seed + 100);
  const y = x.square().matMul(weights).add(noise);`.trimStart(),
    units: { made: "1", table: "1" },
    loss: pick("loss", ["meanSquaredError", "meanAbsoluteError"]),
    measured: { keras: "mae", variable: "mae" },
    estimator: {
      predictions: "values: logits",
      loss: "tf.losses.meanSquaredError(labels, logits)",
      metric: "metrics.meanAbsoluteError(labels, logits)",
    },
  },
  binary: {
    ...TASK_WORDS.binary,
    constants: `const FEATURES = ${hole("features", 2)};`,
    made: `
  const x = tf.randomUniform([examples, FEATURES], -1, 1, "float32", seed);
  const y = x.square().sum(1, true).less(0.6).toFloat();`.trimStart(),
    units: { made: "1", table: "1" },
    activation: "sigmoid",
    loss: pick("loss", ["binaryCrossentropy", "meanSquaredError"]),
    measured: accuracy,
    estimator: {
      predictions: "probability: tf.sigmoid(logits), yes: logits.greater(0)",
      loss: "tf.losses.sigmoidCrossEntropy(labels, logits)",
      metric: "metrics.accuracy(labels, logits.greater(0))",
    },
  },
  multiclass: {
    ...classes,
    ...TASK_WORDS.multiclass,
    constants: `const FEATURES = ${hole("features", 2)};\nconst CLASSES = ${hole("classes", 3)};`,
    made: blobs,
  },
  images: {
    ...classes,
    ...TASK_WORDS.images,
    constants: `const SIZE = ${hole("size", 8)};\nconst CLASSES = ${hole("classes", 3)};`,
    made: stripes,
  },
};
