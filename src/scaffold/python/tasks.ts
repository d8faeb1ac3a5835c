// What each task needs in a Python file, as a table: the data made for it, the last layer, the loss and the metric.
import type { Task } from "../choices";
import { hole, pick } from "../markup";
import { TASK_WORDS, type TaskWords } from "../tasks";

export interface TaskParts extends TaskWords {
  /** Constants that describe the made-up data, beside the features. */
  constants: readonly string[];
  /** How many features the made-up data has. */
  features: number;
  /** Body of `load_data(examples, seed)` up to x and y. `features`: how their number is written. */
  made(features: string): string;
  /** Units of the last layer, with made-up data and with a table's classes. */
  units: { made: string; table: string };
  /** Activation of a Keras model's last layer; an Estimator's gives logits. */
  activation?: string;
  loss: string;
  /** The metric's name for Keras, and the variable that holds it. */
  measured: { keras: string; variable: string };
  modelFn: {
    /** The model gives a column of one number, which the labels are not. */
    squeezed: boolean;
    /** Entries of the predictions, by name. */
    predictions: Readonly<Record<string, string>>;
    /** A class of tf.keras.losses, as it is called. */
    loss: string;
    /** A function of tf.compat.v1.metrics, and what it compares with the labels. */
    metric: { name: string; compared: string };
  };
}

const accuracy = { keras: "accuracy", variable: "accuracy" };

const classes = {
  activation: "softmax",
  loss: "sparse_categorical_crossentropy",
  measured: accuracy,
  units: { made: "CLASSES", table: "len(CLASSES)" },
  modelFn: {
    squeezed: false,
    predictions: { probabilities: "tf.nn.softmax(logits)", classes: "tf.argmax(logits, axis=-1)" },
    loss: "SparseCategoricalCrossentropy(from_logits=True)",
    metric: { name: "accuracy", compared: 'predictions["classes"]' },
  },
} as const;

export const TASK_PARTS: Record<Task, TaskParts> = {
  regression: {
    ...TASK_WORDS.regression,
    constants: [],
    features: 4,
    made: (features) => `x = rng.uniform(-1, 1, size=(examples, ${features}))
weights = np.linspace(3, -2, ${features})
y = x**2 @ weights + rng.normal(0, 0.05, size=examples)`,
    units: { made: "1", table: "1" },
    loss: pick("loss", ["mean_squared_error", "mean_absolute_error"]),
    measured: { keras: "mean_absolute_error", variable: "error" },
    modelFn: {
      squeezed: true,
      predictions: { values: "logits" },
      loss: "MeanSquaredError()",
      metric: { name: "mean_absolute_error", compared: "logits" },
    },
  },
  binary: {
    ...TASK_WORDS.binary,
    constants: [],
    features: 2,
    made: (features) => `x = rng.uniform(-1, 1, size=(examples, ${features}))
y = (np.sum(x**2, axis=1) < 0.6).astype("int32")`,
    units: { made: "1", table: "1" },
    activation: "sigmoid",
    loss: pick("loss", ["binary_crossentropy", "mean_squared_error"]),
    measured: accuracy,
    modelFn: {
      squeezed: true,
      predictions: { probability: "tf.sigmoid(logits)", yes: "logits > 0" },
      loss: "BinaryCrossentropy(from_logits=True)",
      metric: { name: "accuracy", compared: 'predictions["yes"]' },
    },
  },
  multiclass: {
    ...TASK_WORDS.multiclass,
    ...classes,
    constants: [`CLASSES = ${hole("classes", 3)}`],
    features: 2,
    made: (features) => `y = np.arange(examples) % CLASSES
centres = 3 * np.eye(CLASSES, ${features})
x = centres[y] + rng.normal(0, 0.6, size=(examples, ${features}))`,
  },
  images: {
    ...TASK_WORDS.images,
    ...classes,
    constants: [`SIZE = ${hole("size", 8)}`, `CLASSES = ${hole("classes", 3)}`],
    features: 0,
    made: () => `y = np.arange(examples) % CLASSES
row, column = np.indices((SIZE, SIZE))
across = np.stack([row, column, row + column])[y % 3]
begin = np.arange(examples).reshape(-1, 1, 1)
stripes = (across + begin) % 4 < 2
x = stripes + rng.normal(0, 0.4, size=stripes.shape)
x = x.reshape(-1, SIZE, SIZE, 1)`,
  },
};
