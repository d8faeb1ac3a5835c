// What the language server offers beyond the Language Server Protocol, and the commands that its lenses and actions name.
//
// Lenses and code actions come from the server and carry these arguments; the editor's side (src/ui) runs the commands
// and adds what it knows of runs to the titles. Types only.

import type { ModelGraph } from "./graph";

/** A call that trains, as the server found it in the text. `line` and `character` count from 0, as in LSP. */
export interface TrainTarget {
  /** Of the document; of the cell (`vscode-notebook-cell:`) in a notebook. */
  uri: string;
  line: number;
  character: number;
  /** The method called, as the language writes it. */
  call: "fit" | "fitDataset" | "train" | "trainAndEvaluate" | "fit_generator" | "train_on_batch" | "train_and_evaluate";
  /** The expression it is called on, as written: `model`. */
  receiver: string;
}

/** Commands that lenses and code actions name. The server never runs them. */
export const COMMANDS = {
  train: "fitlens.train",
  debug: "fitlens.debug",
  metrics: "fitlens.showMetrics",
  convertToEstimator: "fitlens.convertToEstimator",
  /** Argument: the document's URI. */
  selectBackend: "fitlens.selectBackend",
  /** Argument: what the file needs, `EnvironmentNeed`. */
  createEnvironment: "fitlens.createEnvironment",
} as const;

/** What a Python file needs of an environment: Keras 3, or the last TensorFlow that has tf.estimator. */
export type EnvironmentNeed = "keras" | "estimator";

/** Keras 3's backends that can train. */
export const BACKENDS = ["tensorflow", "jax", "torch"] as const;
export type Backend = (typeof BACKENDS)[number];

/** How V8 keeps the server's memory: without these it collects so late that three times as much is resident. */
export const SERVER_FLAGS = ["--max-semi-space-size=2", "--max-old-space-size=512"] as const;

/** Notification `fitlens/python`, editor to server: versions of what the selected Python has, and the backend chosen; sent again when it changes. */
export const PYTHON_NOTIFICATION = "fitlens/python";
export interface PythonParams {
  /** Name of a distribution (`tensorflow`, `keras`, `jax`, `torch`, `tensorflow-estimator`) → version. Null: not known. */
  packages: Readonly<Record<string, string>> | null;
  /** The backend that runs of Keras 3 files take: the user's choice for a file, keyed by its URI; `default` for all others. */
  backends: Readonly<Record<string, string>> & { readonly default: string };
}

/** Request `fitlens/targets`: the calls that train in a document, in order; in a cell, or in all cells of a notebook. */
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

/** Request `fitlens/graph`: the models of a document as graphs; of a notebook where a cell or the notebook is named. */
export const GRAPH_REQUEST = "fitlens/graph";
export interface GraphParams {
  uri: string;
}
export interface GraphResult {
  /** In the order of the text. */
  models: ModelGraph[];
}
