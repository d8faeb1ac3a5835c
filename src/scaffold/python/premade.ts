// The Estimators that TensorFlow brings: which one a task takes, its feature columns, and how it is trained.
import type { Answers, Kind } from "../choices";
import { hole } from "../markup";
import type { TaskParts } from "./tasks";
import { docstring } from "./text";
import { estimator, inputFn, learningRate, printed, trainAndEvaluate } from "./training";

type PremadeKind = Exclude<Kind, "sequential" | "functional" | "estimator">;

export const isPremade = (kind: Kind): kind is PremadeKind => kind in CLASSES;

const CLASSES: Record<PremadeKind, string> = {
  dnn: "DNN",
  linear: "Linear",
  "wide-deep": "DNNLinearCombined",
  baseline: "Baseline",
};

export interface PremadeParts {
  answers: Answers & { kind: PremadeKind };
  task: TaskParts;
  /** The table has columns of text that are features. */
  texts: boolean;
  /** The table has columns of numbers; made-up data has. */
  numbers: boolean;
  modelDir: string;
  checkpoints: number;
}

/** `DNNClassifier` */
export function className({ kind, task }: Pick<Answers, "task"> & { kind: PremadeKind }): string {
  return `${CLASSES[kind]}${task === "regression" ? "Regressor" : "Classifier"}`;
}

const COLUMN_FUNCTIONS = {
  scaled: `def scaled_column(name, values):
${docstring("Numbers, brought to mean 0 and deviation 1 over the values.")}
    mean, deviation = values.mean(), values.std() + 1e-7
    return tf.feature_column.numeric_column(
        name, normalizer_fn=lambda x: (x - mean) / deviation
    )`,
  bucketized: `def bucketized_column(name, values):
${docstring("Numbers, told apart by which tenth of the values they are in.")}
    boundaries = np.unique(np.quantile(values, np.linspace(0.1, 0.9, 9)))
    number = tf.feature_column.numeric_column(name)
    return tf.feature_column.bucketized_column(number, boundaries.tolist())`,
  vocabulary: `def vocabulary_column(name, values):
${docstring("Text, told apart by the different values.")}
    return tf.feature_column.categorical_column_with_vocabulary_list(
        name, np.unique(values).tolist()
    )`,
};

const deep = (kind: PremadeKind) => kind === "dnn" || kind === "wide-deep";
const wide = (kind: PremadeKind) => kind === "linear" || kind === "wide-deep";

/** Functions that the file needs beside `load_data`. */
export function functions({ answers: { kind }, numbers, texts }: PremadeParts): string[] {
  if (kind === "baseline") {
    return [
      `def input_fn(x, y):
${docstring("Everything in one batch, as tensors.", "The Baseline Estimators of TensorFlow 2 fail on a tf.data.Dataset.")}
    features = {name: tf.constant(values) for name, values in x.items()}
    return features, tf.constant(y)`,
    ];
  }
  return [
    inputFn("Batches of features by name, and of what to predict."),
    ...(numbers && deep(kind) ? [COLUMN_FUNCTIONS.scaled] : []),
    ...(numbers && wide(kind) ? [COLUMN_FUNCTIONS.bucketized] : []),
    ...(texts ? [COLUMN_FUNCTIONS.vocabulary] : []),
  ];
}

/** The feature columns, the Estimator, its training and the closing line. */
export function program(parts: PremadeParts): string[] {
  const { task, answers } = parts;
  const made = estimatorOf(parts);
  if (answers.kind === "baseline") {
    return [
      made,
      `estimator.train(lambda: input_fn(x_train, y_train), steps=${hole("steps", 200)})
metrics = estimator.evaluate(lambda: input_fn(x_test, y_test), steps=1)
# A model that has seen the features must beat this.
${closing(task, answers)}`,
    ];
  }
  return [columns(parts), made, `${trainAndEvaluate(task)}\n${closing(task, answers)}`];
}

function columns({ answers: { kind }, numbers, texts }: PremadeParts): string {
  const names = columnNames(kind);
  const lines: string[] = [];
  const each = (made: string, from: string) => `[${made}(name, x_train[name]) for name in ${from}]`;
  if (numbers && wide(kind)) lines.push(`${names.wide} = ${each("bucketized_column", "NUMBERS")}`);
  if (numbers && deep(kind)) lines.push(`${names.deep} = ${each("scaled_column", "NUMBERS")}`);
  if (!texts) return lines.join("\n");
  const indicators = "map(tf.feature_column.indicator_column, text_columns)";
  lines.push(`text_columns = ${each("vocabulary_column", "TEXTS")}`);
  if (wide(kind)) lines.push(`${names.wide} ${numbers ? "+=" : "="} text_columns`);
  if (deep(kind)) lines.push(numbers ? `${names.deep} += ${indicators}` : `${names.deep} = list(${indicators})`);
  return lines.join("\n");
}

const columnNames = (kind: PremadeKind) =>
  kind === "wide-deep"
    ? { wide: "wide_columns", deep: "deep_columns" }
    : { wide: "feature_columns", deep: "feature_columns" };

function estimatorOf(parts: PremadeParts): string {
  const { answers, modelDir, checkpoints } = parts;
  return estimator({
    estimator: className(answers),
    args: args(parts),
    modelDir,
    ...(answers.kind === "baseline" ? {} : { checkpoints }),
  });
}

function args({ answers, task }: Pick<PremadeParts, "answers" | "task">): string[] {
  const { kind, data } = answers;
  const classes = answers.task === "multiclass" ? [`n_classes=${data ? task.units.table : task.units.made}`] : [];
  const adam = `tf.keras.optimizers.legacy.Adam(learning_rate=${learningRate(task)})`;
  const hidden = `[${hole("hidden_units", "32, 16")}]`;
  switch (kind) {
    case "dnn":
      return [`hidden_units=${hidden}`, "feature_columns=feature_columns", ...classes, `optimizer=${adam}`];
    case "linear":
      return ["feature_columns=feature_columns", ...classes];
    case "wide-deep":
      return [
        "linear_feature_columns=wide_columns",
        "dnn_feature_columns=deep_columns",
        `dnn_hidden_units=${hidden}`,
        ...classes,
        `dnn_optimizer=${adam}`,
      ];
    case "baseline":
      return classes;
  }
}

function closing({ metric }: TaskParts, { task }: Answers): string {
  if (task === "regression") {
    return `loss = metrics["average_loss"]
print(f"Test loss {loss:.3f}, root mean squared error {loss**0.5:.3f}.")`;
  }
  return `loss, accuracy = metrics["average_loss"], metrics["accuracy"]\n${printed(metric, "accuracy")}`;
}

/** The Estimator with its feature columns, for a file that has its data already. */
export function alone(parts: PremadeParts): string {
  const { kind } = parts.answers;
  const names = hole("features", '"x1", "x2"');
  const numbers = `[tf.feature_column.numeric_column(name) for name in [${names}]]`;
  const made = estimatorOf(parts);
  if (kind === "baseline") return made;
  const known = [...new Set(Object.values(columnNames(kind)))].map((name) => `${name} = ${numbers}`);
  return `${known.join("\n")}\n${made}`;
}
