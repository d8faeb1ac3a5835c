// What the language server offers beyond the Language Server Protocol, and the commands that its lenses and actions name.
//
// Lenses and code actions come from the server and carry these arguments; the editor's side (src/ui) runs the commands
// and adds what it knows of runs to the titles. Types only.

/** A call that trains, as the server found it in the text. `line` and `character` count from 0, as in LSP. */
export interface TrainTarget {
  uri: string;
  line: number;
  character: number;
  /** The method called. */
  call: "fit" | "fitDataset" | "train" | "trainAndEvaluate";
  /** The expression it is called on, as written: `model`. */
  receiver: string;
}

/** Commands that lenses and code actions name. The server never runs them. */
export const COMMANDS = {
  train: "fitlens.train",
  debug: "fitlens.debug",
  metrics: "fitlens.showMetrics",
  convertToEstimator: "fitlens.convertToEstimator",
} as const;

/** Request `fitlens/targets`: the calls that train in a document, in order. */
export const TARGETS_REQUEST = "fitlens/targets";
export interface TargetsParams {
  uri: string;
}

/** Request `fitlens/convert`: the document's text after the conversion of the model at a place, or why it cannot be done. */
export const CONVERT_REQUEST = "fitlens/convert";
export interface ConvertParams {
  uri: string;
  /** The target's line (from 0); absent: the only one in the file. */
  line?: number;
  to: "estimator";
}
export type ConvertResult =
  | { ok: true; version: number | null; newText: string; notes: string[] }
  | { ok: false; code: string; message: string; line?: number };
