// Every combination of answers, and what belongs to it: shared by the tests of scaffolding.
import { type Answers, kindsFor, type Language, tasksFor } from "../../../src/scaffold/scaffold";

const combinationsOf = (...languages: Language[]): readonly Answers[] =>
  kindsFor(languages[0]!).flatMap((kind) =>
    tasksFor(kind.id).flatMap((task) =>
      languages.map((language) => ({ kind: kind.id, task: task.id, language }) satisfies Answers),
    ),
  );

/** For TensorFlow.js. */
export const COMBINATIONS = combinationsOf("typescript", "javascript");
export const PYTHON_COMBINATIONS = combinationsOf("python");

export const nameOf = ({ kind, task, language }: Answers) => `${kind}, ${task}, ${language}`;
