// What is wrong in a document, by language: what is certain to fail when it runs. A doubt is no problem.
import { PROBLEMS, type Problem } from "../model/problem";
import { hasEstimator } from "../model/versions";
import { fitBeforeCompile } from "../read/javascript/compiled";
import { fitBeforeCompile as pythonFitBeforeCompile } from "../read/python/compiled";
import type { PythonScript } from "../read/python/training";
import { type Analysis, isAsked, isPython, partAt } from "./analysis";
import { type FoundProblem, foundProblems } from "./found";
import type { KnownPython } from "./keras";

export function problemsOf(analysis: Analysis, python: KnownPython): Problem[] {
  const { script } = analysis;
  const found: Problem[] =
    script.language === "javascript"
      ? fitBeforeCompile(script)
      : [
          ...estimatorRemoved(script, python),
          ...pythonFitBeforeCompile(script).filter((one) => isPython(analysis) && isInOrder(analysis, one)),
        ];
  return [...found, ...foundProblems(analysis, python)].filter(({ span }) => isAsked(analysis, span.start));
}

/** Those that come with what would mend them. */
export const mendable = (problems: readonly Problem[]): FoundProblem[] =>
  problems.filter((problem): problem is FoundProblem => "mendings" in problem);

/** The cells of a notebook run in any order; only within one is it certain. */
function isInOrder(
  analysis: Analysis,
  { span, made }: { span: { start: number }; made: { startIndex: number } },
): boolean {
  return partAt(analysis, span.start) === partAt(analysis, made.startIndex);
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
