// What is wrong in a document, by language: what is certain to fail when it runs. A doubt is no problem.
import { PROBLEMS, type Problem } from "../model/problem";
import { hasEstimator } from "../model/versions";
import type { PythonScript } from "../read/python/training";
import { type Analysis, isAsked, isPython } from "./analysis";
import { type FoundProblem, foundProblems } from "./found";
import { backendOf, isKerasKnown, type KnownPython, kerasDefault } from "./keras";

export function problemsOf(analysis: Analysis, python: KnownPython): Problem[] {
  const { script } = analysis;
  const found: Problem[] =
    script.language === "javascript"
      ? []
      : [...estimatorRemoved(script, python), ...(isPython(analysis) ? unsupportedBackend(analysis, python) : [])];
  return [...found, ...foundProblems(analysis, python)].filter(({ span }) => isAsked(analysis, span.start));
}

/** Those that come with what would mend them. */
export const mendable = (problems: readonly Problem[]): FoundProblem[] =>
  problems.filter((problem): problem is FoundProblem => "mendings" in problem);

const GONE_BACKENDS = new Set(["theano", "cntk"]);

/** A backend that Keras had before version 2.4: set by the script, or for all of them. */
function unsupportedBackend(analysis: Analysis<PythonScript>, python: KnownPython): Problem[] {
  const { script } = analysis;
  const name = backendOf(analysis, python)?.toLowerCase() ?? "";
  const first = script.imports.find(({ flavour }) => flavour === "keras" || flavour === "keras_core");
  // tf.keras of Keras 2 asks for no backend.
  if (!GONE_BACKENDS.has(name) || !first || (isKerasKnown(analysis, python) && kerasDefault(python) === "keras2"))
    return [];
  const own = script.backend;
  const node = own?.name.toLowerCase() === name ? own.node : first.statement;
  // Keras reads it when it is imported.
  if (node === own?.node && node.startIndex > first.statement.startIndex) return [];
  const isAlways = node.parent?.parent?.type === "module" && own !== null && !own.isDefault;
  const where = node === own?.node ? "This" : "KERAS_BACKEND, or keras.json,";
  return [
    {
      code: "unsupported-backend",
      severity: isAlways && isKerasKnown(analysis, python) ? "error" : "warning",
      message: PROBLEMS["unsupported-backend"]({ name, where }),
      span: { start: node.startIndex, end: node.endIndex },
      related: [],
    },
  ];
}

function estimatorRemoved({ estimator }: PythonScript, python: KnownPython): Problem[] {
  const version = python?.packages?.["tensorflow"];
  if (!estimator || !version || hasEstimator(version)) return [];
  const name = estimator.type === "attribute" ? estimator.text : "tf.estimator";
  return [
    {
      code: "estimator-removed",
      severity: "warning",
      message: PROBLEMS["estimator-removed"]({ name, version: version.split(".").slice(0, 2).join(".") }),
      span: { start: estimator.startIndex, end: estimator.endIndex },
      related: [],
    },
  ];
}
