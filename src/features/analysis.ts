// What was read of one document at one version, or of a notebook's cells in order. Every feature starts from it; it is a pure function of the text.
import type { Position, Range } from "vscode-languageserver-types";
import type { Span } from "../model/span";
import { readScript, type Script, type TrainingCall } from "../read/javascript/training";
import { type PythonScript, type PythonTrainingCall, readPythonScript } from "../read/python/training";
import type { Source } from "../read/source";
import { type KerasDefault, ModelReader, type Reading } from "./reading";

export type AnyScript = Script | PythonScript;
export type AnyCall = TrainingCall | PythonTrainingCall;

/** A document within the text that was read: all of it, or a cell of a notebook. */
export interface Part {
  uri: string;
  /** As it is written; in the text that was read a notebook's magics are masked, character for character. */
  text: string;
  /** Where it starts in the text that was read: always at the beginning of a line. */
  start: number;
}

export interface Analysis<Read extends AnyScript = AnyScript> {
  /** The document that is asked about: a script, a cell, or a notebook with all of its cells. */
  uri: string;
  source: Source;
  readonly script: Read;
  /** In the order of the text, at least one. */
  parts: readonly Part[];
  /** Its models, read when first asked for. */
  reading(keras: KerasDefault): Reading;
}

/** `models`: the reader of the document's earlier versions, so that only what has changed is read anew. */
export function analyse(uri: string, source: Source, parts?: readonly Part[], models = new ModelReader()): Analysis {
  let script: AnyScript | undefined;
  return {
    uri,
    source,
    // Not every question needs it.
    get script() {
      script ??= source.dialect === "python" ? readPythonScript(source) : readScript(source);
      return script;
    },
    parts: parts ?? [{ uri, text: source.text, start: 0 }],
    reading: (keras) => models.read(source, keras),
  };
}

/** The same, asked about one of its documents. */
export const askedAbout = (analysis: Analysis, uri: string): Analysis =>
  Object.create(analysis, { uri: { value: uri, enumerable: true } });

export const isPython = (analysis: Analysis): analysis is Analysis<PythonScript> =>
  analysis.script.language === "python";
export const isJavaScript = (analysis: Analysis): analysis is Analysis<Script> =>
  analysis.script.language === "javascript";

/** The part that is asked about; undefined where it is a whole notebook. */
export const askedPart = ({ parts, uri }: Analysis): Part | undefined => parts.find((part) => part.uri === uri);

/** The part that an offset lies in. */
export const partAt = ({ parts }: Analysis, offset: number): Part =>
  parts.findLast(({ start }) => start <= offset) ?? parts[0]!;

/** Does a place lie in the document that is asked about? */
export function isAsked(analysis: Analysis, offset: number): boolean {
  const asked = askedPart(analysis);
  return !asked || partAt(analysis, offset) === asked;
}

/** The calls that train in the document that is asked about. */
export const callsOf = (analysis: Analysis): AnyCall[] =>
  analysis.script.calls.filter(({ call }) => isAsked(analysis, call.startIndex));

/** A place as its own document counts lines. */
export function positionOf(analysis: Analysis, offset: number): { uri: string } & Position {
  const part = partAt(analysis, offset);
  const { line, character } = analysis.source.positionAt(offset);
  return { uri: part.uri, line: line - analysis.source.positionAt(part.start).line, character };
}

/** A span as its own document counts lines. */
export function rangeOf(analysis: Analysis, { start, end }: Span): Range {
  const { uri, ...from } = positionOf(analysis, start);
  const to = positionOf(analysis, end);
  return { start: from, end: to.uri === uri ? { line: to.line, character: to.character } : from };
}

/** The offset of a place in the document that is asked about. */
export function offsetOf(analysis: Analysis, { line, character }: Position): number {
  const part = askedPart(analysis);
  if (!part) return analysis.source.offsetAt({ line, character });
  const first = analysis.source.positionAt(part.start).line;
  return Math.min(analysis.source.offsetAt({ line: first + line, character }), part.start + part.text.length);
}

/** Where the method's name stands: in a chain over several lines it is the line that a reader sees `fit` in. */
export function nameOf({ call }: AnyCall): Span {
  const callee = call.childForFieldName("function") ?? call;
  const name = callee.childForFieldName("property") ?? callee.childForFieldName("attribute") ?? callee;
  return { start: name.startIndex, end: name.endIndex };
}

/** The path of a URI, for its ending and its base name. */
export function pathOf(uri: string): string {
  const path = uri.replace(/^[a-z][a-z0-9+.-]*:(?:\/\/[^/]*)?/i, "").replace(/[?#].*$/, "");
  try {
    return decodeURIComponent(path);
  } catch {
    // A lone % is not encoded text; the path is good enough as it is.
    return path;
  }
}
