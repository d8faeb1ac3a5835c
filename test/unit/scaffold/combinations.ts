// Every combination of answers, and what belongs to it: shared by the tests of scaffolding.
import { type Answers, KINDS, LANGUAGES, TASKS } from "../../../src/scaffold/scaffold";

export const COMBINATIONS: readonly Answers[] = KINDS.flatMap((kind) =>
  TASKS.flatMap((task) =>
    LANGUAGES.map((language) => ({ kind: kind.id, task: task.id, language: language.id }) satisfies Answers),
  ),
);

export const nameOf = ({ kind, task, language }: Answers) => `${kind}, ${task}, ${language}`;
