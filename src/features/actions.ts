// Code actions: Convert to Estimator on a Keras model, its compile and its fit. The editor runs the command and shows the diff.
import { type CodeAction, CodeActionKind, type Range } from "vscode-languageserver-types";
import { COMMANDS } from "../protocol/server";
import { callsAt } from "../read/javascript/places";
import { type Analysis, isKeras } from "./analysis";
import { trainTarget } from "./targets";

export const ACTION_KINDS = [CodeActionKind.RefactorRewrite];

/** `only` is what the editor asks for: kinds, with those below them. */
export function codeActions(analysis: Analysis, range: Range, only?: readonly string[]): CodeAction[] {
  if (only && !only.some((kind) => isWithin(CodeActionKind.RefactorRewrite, kind))) return [];
  const { source, script } = analysis;
  const span = { start: source.offsetAt(range.start), end: source.offsetAt(range.end) };
  const calls = callsAt(script, span).filter(isKeras);
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

const isWithin = (kind: string, asked: string) => asked === "" || kind === asked || kind.startsWith(`${asked}.`);
