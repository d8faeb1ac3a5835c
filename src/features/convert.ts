// The answer to fitlens/convert: the whole text after the conversion, or why there is none.
import { applyEdits, type TextEdit } from "../model/span";
import type { ConvertParams, ConvertResult } from "../protocol/server";
import type { TrainingCall } from "../read/javascript/training";
import type { PythonTrainingCall } from "../read/python/training";
import type { Source } from "../read/source";
import { toEstimator } from "../rewrite/javascript/toEstimator";
import { toEstimatorPython } from "../rewrite/python/toEstimator";
import type { Refusal, Rewrite } from "../rewrite/result";
import { type Analysis, type AnyCall, askedPart, callsOf, type Part, pathOf, positionOf } from "./analysis";
import { callsInLine } from "./calls";
import { type KnownPython, kerasOf } from "./keras";

export function convertDocument(
  analysis: Analysis,
  version: number | null,
  { line }: Pick<ConvertParams, "line">,
  python: KnownPython = null,
): ConvertResult {
  const calls = line === undefined ? callsOf(analysis) : callsInLine(analysis, line);
  const result = rewritten(analysis, calls, python);
  if (!result.ok) return inDocument(analysis, result);
  const part = askedPart(analysis) ?? analysis.parts[0]!;
  const edits = editsIn(analysis, part, result.edits);
  if (!edits) return SEVERAL_CELLS;
  return { ok: true, version, newText: applyEdits(part.text, edits), notes: [...result.notes] };
}

function rewritten({ script, uri }: Analysis, calls: readonly AnyCall[], python: KnownPython): Rewrite {
  const fileName = pathOf(uri);
  if (script.language === "javascript") {
    return toEstimator(script, { fileName, calls: calls as readonly TrainingCall[] });
  }
  const tensorflow = python?.packages?.["tensorflow"];
  const keras3 = calls.some((call) => kerasOf(script, call, python) === "backends");
  return toEstimatorPython(script, { fileName, calls: calls as readonly PythonTrainingCall[], keras3, tensorflow });
}

/** The line of a refusal, as the document that is asked about counts it; none where it lies in another cell. */
function inDocument(analysis: Analysis, { line, ...refusal }: Refusal): ConvertResult {
  if (line === undefined) return refusal;
  const place = positionOf(analysis, analysis.source.offsetAt({ line, character: 0 }));
  return place.uri === analysis.uri ? { ...refusal, line: place.line } : refusal;
}

const SEVERAL_CELLS: ConvertResult = {
  ok: false,
  code: "several-cells",
  message:
    "The conversion has to change other cells of this notebook too. Put what makes the model, compiles and trains it into one cell, then convert.",
};

/** The edits as the part's own text counts them. New statements meant for a cell before it go to its beginning; null where other cells would change. */
function editsIn({ source, parts }: Analysis, part: Part, edits: readonly TextEdit[]): TextEdit[] | null {
  const end = part.start + part.text.length;
  // The magic of a whole cell stays its first line.
  const first = /^\s*%%.*(?:\n|$)/.exec(part.text)?.[0].length ?? 0;
  const moved = edits.map((edit) => {
    if (parts.length === 1 || (edit.start >= part.start && edit.end <= end)) {
      return { start: edit.start - part.start, end: edit.end - part.start, text: edit.text };
    }
    const text = edit.start < part.start ? statementsOf(source, edit) : null;
    return text === null ? null : { start: first, end: first, text };
  });
  return moved.every((edit) => edit !== null) ? moved : null;
}

/** The statements that an edit puts in between lines, replacing at most blank ones; null where it does something else. */
function statementsOf({ text }: Source, { start, end, text: added }: TextEdit): string | null {
  const isBetween = start === 0 || text[start - 1] === "\n" || /^\r?\n/.test(added);
  const isBlank = text.slice(start, end).trim() === "";
  const isLast = added.endsWith("\n") || /^(?:\r?\n|$)/.test(text.slice(end));
  return isBetween && isBlank && isLast ? added.replace(/^(?:\r?\n)+/, "").replace(/[^\n]$/, "$&\n") : null;
}
