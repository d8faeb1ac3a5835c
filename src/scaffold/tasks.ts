// What each task is, as a table: its words and how long it learns. Knows no language and no kind of model.
import type { Task } from "./choices";

export interface TaskWords {
  /** Names the file, in words. */
  name: string;
  /** What the model does. */
  title: string;
  /** What the made-up data is, as a sentence. */
  story: string;
  /** What its metric is called. */
  metric: string;
  /** Examples to make for training; a quarter as many for testing. */
  examples: number;
  epochs: number;
  learningRate: number;
}

export const TASK_WORDS: Record<Task, TaskWords> = {
  regression: {
    name: "regression",
    title: "Predicts a number from a row of numbers",
    story: "Until then y is a weighted sum of squares with a little noise, the same in every run.",
    metric: "mean absolute error",
    examples: 800,
    epochs: 40,
    learningRate: 0.01,
  },
  binary: {
    name: "binary classifier",
    title: "Predicts yes or no from a row of numbers",
    story: "Until then it tells points inside a circle from those outside, the same in every run.",
    metric: "accuracy",
    examples: 800,
    epochs: 30,
    learningRate: 0.01,
  },
  multiclass: {
    name: "classifier",
    title: "Predicts one of several classes from a row of numbers",
    story: "Until then it is three clouds of points, the same in every run.",
    metric: "accuracy",
    examples: 800,
    epochs: 20,
    learningRate: 0.01,
  },
  images: {
    name: "image classifier",
    title: "Predicts the class of a small image",
    story: "Until then it is noisy stripes that lie, stand or lean, the same in every run.",
    metric: "accuracy",
    examples: 400,
    epochs: 5,
    learningRate: 0.01,
  },
};
