// Code actions: Convert to Estimator on a Keras model, its compile and its fit, and quick fixes. The editor runs the command and shows what it would do.
import { type CodeAction, CodeActionKind, type Range } from "vscode-languageserver-types";
import { overlaps, type Span } from "../model/span";
import { COMMANDS, type EnvironmentNeed } from "../protocol/server";
import { type Analysis, offsetOf } from "./analysis";
import { callsAt, isConvertible } from "./calls";
import { diagnosticOf } from "./diagnostics";
import { quickFixesOf } from "./fixes/quickFixes";
import type { KnownPython } from "./keras";
import { mendable, problemsOf } from "./problems";
import { trainTarget } from "./targets";

export const ACTION_KINDS = [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite];

/** `only` is what the editor asks for: kinds, with those below them. */
export function codeActions(
  analysis: Analysis,
  range: Range,
  only?: readonly string[],
  python: KnownPython = null,
): CodeAction[] {
  const wants = (kind: string) => !only || only.some((asked) => isWithin(kind, asked));
  const span = { start: offsetOf(analysis, range.start), end: offsetOf(analysis, range.end) };
  return [
    ...(wants(CodeActionKind.QuickFix) ? quickFixes(analysis, span, python) : []),
    ...(wants(CodeActionKind.RefactorRewrite) ? conversions(analysis, span, python) : []),
  ];
}

function conversions(analysis: Analysis, span: Span, python: KnownPython): CodeAction[] {
  const calls = callsAt(analysis, span).filter((call) => isConvertible(analysis, call, python));
  return calls.map((call) => {
    const target = trainTarget(analysis, call);
    // A model that is trained in several places gets an action for each; the line tells them apart.
    const title = calls.length > 1 ? `Convert to Estimator (line ${target.line + 1})` : "Convert to Estimator";
    return {
      title,
      kind: CodeActionKind.RefactorRewrite,
      command: { title, command: COMMANDS.convertToEstimator, arguments: [target] },
    };
  });
}

function quickFixes(analysis: Analysis, span: Span, python: KnownPython): CodeAction[] {
  const problems = problemsOf(analysis, python);
  const removed = problems.filter((problem) => problem.code === "estimator-removed" && overlaps(problem.span, span));
  const title = "Create an Environment with TensorFlow 2.15…";
  const need: EnvironmentNeed = "estimator";
  const environments = removed.map((problem) => ({
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [diagnosticOf(analysis, problem)],
    command: { title, command: COMMANDS.createEnvironment, arguments: [need] },
  }));
  return [...environments, ...quickFixesOf(analysis, span, mendable(problems))];
}

const isWithin = (kind: string, asked: string) => asked === "" || kind === asked || kind.startsWith(`${asked}.`);
