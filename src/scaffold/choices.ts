// The questions of New Model… and their answers, as the palette and the command line show them.
import type { Table } from "./table";

/** What to build, what to learn and in which language: the answers that a new file is made from. */
export type Kind = "sequential" | "functional" | "estimator" | "dnn" | "linear" | "wide-deep" | "baseline";
export type Task = "regression" | "binary" | "multiclass" | "images";
export type Language = "typescript" | "javascript" | "python";

export interface Answers {
  kind: Kind;
  task: Task;
  language: Language;
  /** The data set to load; absent: the file makes data of its own. */
  data?: Table;
  /** What the file will be called, where that is known: Estimators keep their checkpoints under this name. */
  fileName?: string;
  /** Where a Python file takes Keras from: the package of its own, or TensorFlow. */
  kerasFrom?: "keras" | "tensorflow";
}

export interface Choice<Id extends string> {
  id: Id;
  label: string;
  /** One line on when to take it. */
  description: string;
}

interface KindChoice extends Choice<Kind> {
  /** What a Python file of this kind needs to run. */
  needs: "keras" | "estimator";
  /** Where it is called otherwise in Python. */
  pythonLabel?: string;
  /** Only tf.estimator has it. */
  onlyPython?: boolean;
  /** It takes rows, not images. */
  onlyRows?: boolean;
}

const premade = { needs: "estimator", onlyPython: true, onlyRows: true } as const;

export const KINDS: readonly KindChoice[] = [
  {
    id: "sequential",
    label: "Keras sequential",
    description: "Layers one after another: the simplest model",
    needs: "keras",
  },
  {
    id: "functional",
    label: "Keras functional",
    description: "Layers as a graph: branches, skips, several inputs",
    needs: "keras",
  },
  {
    id: "estimator",
    label: "Estimator with modelFn",
    pythonLabel: "Estimator with model_fn",
    description: "Loss and training step in your own words, with checkpoints and resume",
    needs: "estimator",
  },
  {
    id: "dnn",
    label: "DNN Estimator",
    description: "DNNClassifier or DNNRegressor: dense layers over feature columns, ready made",
    ...premade,
  },
  {
    id: "linear",
    label: "Linear Estimator",
    description: "LinearClassifier or LinearRegressor: a weight for each feature, quick and easy to explain",
    ...premade,
  },
  {
    id: "wide-deep",
    label: "Wide and deep Estimator",
    description: "DNNLinearCombinedClassifier or …Regressor: remembers rare cases and generalises from the others",
    ...premade,
  },
  {
    id: "baseline",
    label: "Baseline Estimator",
    description: "BaselineClassifier or BaselineRegressor: what a model must beat that has not seen the features",
    ...premade,
  },
];

/** The kinds that a language has, by the names that it gives them. */
export function kindsFor(language: Language): readonly KindChoice[] {
  if (language !== "python") return KINDS.filter(({ onlyPython }) => !onlyPython);
  return KINDS.map((kind) => ({ ...kind, label: kind.pythonLabel ?? kind.label }));
}

export const kindOf = (id: Kind, language: Language) => kindsFor(language).find((kind) => kind.id === id);

export const TASKS: readonly Choice<Task>[] = [
  { id: "regression", label: "Regression", description: "Predict a number from a row of numbers" },
  { id: "binary", label: "Binary classification", description: "Predict yes or no from a row of numbers" },
  {
    id: "multiclass",
    label: "Multi-class classification",
    description: "Predict one of several classes from a row of numbers",
  },
  { id: "images", label: "Images", description: "Predict the class of a small image, by convolutions" },
];

/** The tasks that a kind can learn. */
export function tasksFor(kind: Kind): readonly Choice<Task>[] {
  const { onlyRows } = KINDS.find(({ id }) => id === kind)!;
  return onlyRows ? TASKS.filter(({ id }) => id !== "images") : TASKS;
}

export const LANGUAGES: readonly Choice<Language>[] = [
  { id: "typescript", label: "TypeScript", description: "Runs without a build step of yours" },
  { id: "javascript", label: "JavaScript", description: "A plain module" },
  { id: "python", label: "Python", description: "Keras 3 on TensorFlow, JAX or PyTorch, or tf.estimator" },
];
