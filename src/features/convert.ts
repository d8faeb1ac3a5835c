// The answer to fitlens/convert: the whole text after the conversion, or why there is none.
import { applyEdits } from "../model/span";
import type { ConvertParams, ConvertResult } from "../protocol/server";
import { callsInLine } from "../read/javascript/places";
import { toEstimator } from "../rewrite/toEstimator";
import { type Analysis, pathOf } from "./analysis";

export function convertDocument(
  { source, script, uri }: Analysis,
  version: number | null,
  { line }: Pick<ConvertParams, "line">,
): ConvertResult {
  const calls = line === undefined ? script.calls : callsInLine(script, line);
  const result = toEstimator(script, { fileName: pathOf(uri), calls });
  if (!result.ok) return result;
  return { ok: true, version, newText: applyEdits(source.text, result.edits), notes: [...result.notes] };
}
