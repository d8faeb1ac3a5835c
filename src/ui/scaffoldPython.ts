// What the selected Python means for a new file: how it takes Keras, and what it lacks for a kind of model. Pure; knows no `vscode`.

import { compareVersions } from "../model/versions";
import type { EnvironmentNeed } from "../protocol/server";
import type { Answers } from "../scaffold/scaffold";
import { lackingFor, type PythonInfo } from "../train/interpreters";

/** The Python of a workspace; "none": there is none; "unknown": it was not looked at. */
export type Selected = PythonInfo | "none" | "unknown";

/** What is missing for a kind of file, as a sentence; undefined where nothing is, or nothing is known. */
export function lackingSentence(need: EnvironmentNeed, selected: Selected): string | undefined {
  if (selected === "unknown") return undefined;
  if (selected !== "none") return lackingFor(need, selected);
  const wanted = need === "estimator" ? "TensorFlow 2.15, the last that has tf.estimator" : "Keras";
  return `No Python was found on this machine: this needs one with ${wanted}.`;
}

/** Keras 3 is a package of its own; before it, Keras is TensorFlow's. */
export function kerasFrom(selected: Selected): NonNullable<Answers["kerasFrom"]> {
  if (typeof selected === "string") return "keras";
  const { keras, tensorflow } = selected.packages;
  if (tensorflow === undefined) return "keras";
  return keras === undefined || compareVersions(keras, "3") < 0 ? "tensorflow" : "keras";
}
