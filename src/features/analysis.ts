// What was read of one document at one version. Every feature starts from it; it is a pure function of the text.
import type { Range } from "vscode-languageserver-types";
import type { Span } from "../model/span";
import { readScript, type Script, type TrainingCall } from "../read/javascript/training";
import type { Source } from "../read/source";

export interface Analysis {
  uri: string;
  source: Source;
  script: Script;
}

export function analyse(uri: string, source: Source): Analysis {
  return { uri, source, script: readScript(source) };
}

export function rangeOf(source: Source, span: Span): Range {
  return { start: source.positionAt(span.start), end: source.positionAt(span.end) };
}

/** Can `Convert to Estimator` be meant for it: does it train a Keras model? */
export const isKeras = ({ method }: TrainingCall): boolean => method === "fit" || method === "fitDataset";

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
