// What each task needs, as a table: the data made for it, the last layer, the loss, the metric and the closing line. Knows no kind of model.
import type { Task } from "./choices";
import { hole, pick } from "./markup";

export interface TaskParts {
  /** Name of the file, without extension. */
  fileName: string;
  /** What the model does, to go on with ": a Keras …". */
  title: string;
  /** Constants that describe the made-up data. */
  constants: string;
  /** What the made-up data is, as a sentence. */
  story: string;
  /** Body of `loadData(examples, seed)` up to x and y; indented by two. */
  made: string;
  /** Units of the last layer, with made-up data and with a table's classes. */
  units: { made: string; table: string };
  /** Activation of a Keras model's last layer; an Estimator's gives logits. */
  activation?: string;
  loss: string;
  /** Examples to make for training; a quarter as many for testing. */
  examples: number;
  metric: { keras: string; name: string; said: string };
  epochs: number;
  learningRate: number;
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

const classes = {
  activation: "softmax",
  loss: pick("loss", ["categoricalCrossentropy", "kullbackLeiblerDivergence"]),
  metric: { keras: "accuracy", name: "accuracy", said: "accuracy" },
  units: { made: "CLASSES", table: "CLASSES.length" },
  estimator: {
    predictions: "probabilities: tf.softmax(logits), classes: logits.argMax(-1)",
    loss: "tf.losses.softmaxCrossEntropy(labels, logits)",
    metric: "metrics.accuracy(labels.argMax(-1), logits.argMax(-1))",
  },
};

export const TASK_PARTS: Record<Task, TaskParts> = {
  regression: {
    fileName: "regression",
    examples: 800,
    title: "Predicts a number from a row of numbers",
    constants: `const FEATURES = ${hole("features", 4)};`,
    story: "Until then y is a weighted sum of squares with a little noise, the same in every run.",
    made: `
  const x = tf.randomUniform([examples, FEATURES], -1, 1, "float32", seed);
  const weights = tf.tensor2d([[3], [-2], [1], [0.5]]);
  const noise = tf.randomNormal([examples, 1], 0, 0.05, "float32", seed + 100);
  const y = x.square().matMul(weights).add(noise);`.trimStart(),
    units: { made: "1", table: "1" },
    loss: pick("loss", ["meanSquaredError", "meanAbsoluteError"]),
    metric: { keras: "mae", name: "mae", said: "mean absolute error" },
    epochs: 40,
    learningRate: 0.01,
    estimator: {
      predictions: "values: logits",
      loss: "tf.losses.meanSquaredError(labels, logits)",
      metric: "metrics.meanAbsoluteError(labels, logits)",
    },
  },
  binary: {
    fileName: "binaryClassifier",
    examples: 800,
    title: "Predicts yes or no from a row of numbers",
    constants: `const FEATURES = ${hole("features", 2)};`,
    story: "Until then it tells points inside a circle from those outside, the same in every run.",
    made: `
  const x = tf.randomUniform([examples, FEATURES], -1, 1, "float32", seed);
  const y = x.square().sum(1, true).less(0.6).toFloat();`.trimStart(),
    units: { made: "1", table: "1" },
    activation: "sigmoid",
    loss: pick("loss", ["binaryCrossentropy", "meanSquaredError"]),
    metric: { keras: "accuracy", name: "accuracy", said: "accuracy" },
    epochs: 30,
    learningRate: 0.01,
    estimator: {
      predictions: "probability: tf.sigmoid(logits), yes: logits.greater(0)",
      loss: "tf.losses.sigmoidCrossEntropy(labels, logits)",
      metric: "metrics.accuracy(labels, logits.greater(0))",
    },
  },
  multiclass: {
    ...classes,
    fileName: "classifier",
    examples: 800,
    title: "Predicts one of several classes from a row of numbers",
    constants: `const FEATURES = ${hole("features", 2)};\nconst CLASSES = ${hole("classes", 3)};`,
    story: "Until then it is three clouds of points, the same in every run.",
    made: blobs,
    epochs: 20,
    learningRate: 0.01,
  },
  images: {
    ...classes,
    fileName: "imageClassifier",
    examples: 400,
    title: "Predicts the class of a small image",
    constants: `const SIZE = ${hole("size", 8)};\nconst CLASSES = ${hole("classes", 3)};`,
    story: "Until then it is noisy stripes that lie, stand or lean, the same in every run.",
    made: stripes,
    epochs: 5,
    learningRate: 0.01,
  },
};
