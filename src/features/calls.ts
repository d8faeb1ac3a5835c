// The calls that train, asked for by place, whatever the language; and what can be offered for each.
import type { Span } from "../model/span";
import { callsAt as javaScriptCallsAt } from "../read/javascript/places";
import { callsAt as pythonCallsAt } from "../read/python/places";
import { type Analysis, type AnyCall, isAsked, isPython, offsetOf } from "./analysis";
import { type KnownPython, kerasOf } from "./keras";

/** The calls of a document that a place in it belongs to. */
export function callsAt(analysis: Analysis, span: Span): AnyCall[] {
  const { script } = analysis;
  const calls = script.language === "python" ? pythonCallsAt(script, span) : javaScriptCallsAt(script, span);
  return calls.filter(({ call }) => isAsked(analysis, call.startIndex));
}

/** The calls of a document that a line of it belongs to; `line` counts from 0. */
export function callsInLine(analysis: Analysis, line: number): AnyCall[] {
  const start = offsetOf(analysis, { line, character: 0 });
  return callsAt(analysis, { start, end: offsetOf(analysis, { line, character: Number.MAX_SAFE_INTEGER }) });
}

/** Can `Convert to Estimator` be meant for it: does it train a Keras model that model_to_estimator may know? */
export function isConvertible(analysis: Analysis, call: AnyCall, python: KnownPython): boolean {
  if (!isPython(analysis)) return call.method === "fit" || call.method === "fitDataset";
  if (call.method !== "fit" || call.value.kind === "wrapper") return false;
  return kerasOf(analysis.script, call, python) === "estimators";
}
