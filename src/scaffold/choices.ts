// The three questions of New Model… and their answers, as the palette and the command line show them.

/** What to build, what to learn and in which language: the answers that a new file is made from. */
export type Kind = "sequential" | "functional" | "estimator";
export type Task = "regression" | "binary" | "multiclass" | "images";
export type Language = "typescript" | "javascript";

export interface Choice<Id extends string> {
  id: Id;
  label: string;
  /** One line on when to take it. */
  description: string;
}

export const KINDS: readonly Choice<Kind>[] = [
  { id: "sequential", label: "Keras sequential", description: "Layers one after another: the simplest model" },
  { id: "functional", label: "Keras functional", description: "Layers as a graph: branches, skips, several inputs" },
  {
    id: "estimator",
    label: "Estimator with modelFn",
    description: "Loss and training step in your own words, with checkpoints and resume",
  },
];

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

export const LANGUAGES: readonly Choice<Language>[] = [
  { id: "typescript", label: "TypeScript", description: "Runs without a build step of yours" },
  { id: "javascript", label: "JavaScript", description: "A plain module" },
];
