// What a Python file needs and an interpreter does not have, said before anything is started. Pure; knows no `vscode`.

import { compareVersions } from "../model/versions";
import { BACKENDS, type Backend, type EnvironmentNeed } from "../protocol/server";
import { lackingFor, type PythonInfo } from "../train/interpreters";
import { backendInScript, importsOf, lackingImports, usesEstimator } from "./pythonNeeds";

export interface Lacking {
  /** What is missing, as a whole sentence. */
  sentence: string;
  /** The environment that would have it. */
  need: EnvironmentNeed;
  backend?: Backend;
  /** A person has chosen what is missing, so that a run is not even tried. */
  refused?: true;
}

export interface BackendWish {
  /** Chosen for the file. */
  chosen?: Backend | undefined;
  /** What Keras takes where nobody chooses. */
  usual: string;
}

export function lackingIn(text: string, python: PythonInfo, { chosen, usual }: BackendWish): Lacking | undefined {
  if (python.problem !== undefined) return { sentence: python.problem, ...environmentFor(text, chosen), refused: true };
  if (usesEstimator(text)) return told(lackingFor("estimator", python), { need: "estimator" });
  const refusal = chosen && lackingFor("keras", python, chosen);
  if (refusal !== undefined) return { sentence: refusal, need: "keras", backend: chosen!, refused: true };
  const imports = told(lackingImports(text, python), environmentFor(text, chosen));
  if (imports || chosen || !importsOf(text).includes("keras")) return imports;
  const backend = backendOf(text, python, usual);
  return told(lackingFor("keras", python, backend), { need: "keras", ...(backend && { backend }) });
}

const told = (sentence: string | undefined, environment: Omit<Lacking, "sentence">): Lacking | undefined =>
  sentence === undefined ? undefined : { sentence, ...environment };

/** The backend that a script will take; undefined where the script decides that when it runs. */
function backendOf(text: string, { packages }: PythonInfo, usual: string): Backend | undefined {
  // Before Keras 3 there is only one, whatever is configured.
  if (packages["keras"] !== undefined && compareVersions(packages["keras"], "3") < 0) return "tensorflow";
  const inScript = backendInScript(text);
  const name = inScript === undefined ? usual : inScript;
  return BACKENDS.find((backend) => backend === name);
}

function environmentFor(text: string, chosen: Backend | undefined): Pick<Lacking, "need" | "backend"> {
  if (usesEstimator(text)) return { need: "estimator" };
  const imported = importsOf(text);
  const backend =
    chosen ?? (imported.includes("tensorflow") ? undefined : BACKENDS.find((name) => imported.includes(name)));
  return { need: "keras", ...(backend && { backend }) };
}
