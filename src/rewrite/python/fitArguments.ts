// The arguments of a fit in Python, read for conversion: a table says what becomes of each. Prints no code.
import { type Argument, argumentsOf, unwrap } from "../../read/python/nodes";
import type { PythonScript } from "../../read/python/training";
import type { Node } from "../../read/tree";
import { isRefusal, type Refusal } from "../result";
import { callbackProblem } from "./callbacks";
import { lineOf } from "./lookup";
import { refuse } from "./refusals";

/** In the order of tf.keras.Model.fit (TensorFlow 2.15). */
const FIT = [
  "x",
  "y",
  "batch_size",
  "epochs",
  "verbose",
  "callbacks",
  "validation_split",
  "validation_data",
  "shuffle",
  "class_weight",
  "sample_weight",
  "initial_epoch",
  "steps_per_epoch",
  "validation_steps",
  "validation_batch_size",
  "validation_freq",
  "max_queue_size",
  "workers",
  "use_multiprocessing",
] as const;
const EVALUATE = ["x", "y", "batch_size", "verbose", "sample_weight", "steps", "callbacks"] as const;
const PREDICT = ["x", "batch_size", "verbose", "steps", "callbacks"] as const;
const SIGNATURES = { fit: FIT, evaluate: EVALUATE, predict: PREDICT } as const;

/** Arguments by name; one that is written as None is left out. */
export type Given = Readonly<Partial<Record<string, Node>>>;

/** The arguments of a call by the names of the method's parameters; a refusal where they are spread. */
export function givenTo(call: Node, method: keyof typeof SIGNATURES, said: string): Given | Refusal {
  const names: readonly string[] = SIGNATURES[method];
  const args = argumentsOf(call);
  if (args.some(({ spread }) => spread !== null)) return refuse("arguments-spread", lineOf(call), { call: said });
  const named = args.map(({ name, value }: Argument, at) => [name ?? names[at] ?? "", value] as const);
  return Object.fromEntries(named.filter(([, value]) => unwrap(value).type !== "none"));
}

type Rule =
  /** Carried over. */
  | "kept"
  /** Means nothing to an Estimator. */
  | { left: string | null }
  /** Weights the loss. */
  | "weights"
  /** Carried over where it is this text; something else changes the numbers. */
  | { only: string };

const RULES: Readonly<Record<(typeof FIT)[number], Rule>> = {
  x: "kept",
  y: "kept",
  batch_size: "kept",
  epochs: "kept",
  verbose: { left: "verbose is left out: an Estimator logs the loss itself, at the level INFO of tf.get_logger()." },
  callbacks: "kept",
  validation_split: "kept",
  validation_data: "kept",
  shuffle: "kept",
  class_weight: "weights",
  sample_weight: "weights",
  initial_epoch: { only: "0" },
  steps_per_epoch: "kept",
  validation_steps: "kept",
  validation_batch_size: "kept",
  validation_freq: { left: "validation_freq is left out: the Estimator evaluates after each epoch." },
  max_queue_size: { left: null },
  workers: { left: null },
  use_multiprocessing: { left: null },
};

export interface FitArguments {
  given: Given;
  notes: string[];
}

export function fitArguments(script: PythonScript, call: Node, said: string): FitArguments | Refusal {
  const line = lineOf(call);
  if (call.hasError) return refuse("syntax-error", line);
  const given = givenTo(call, "fit", said);
  if (isRefusal(given)) return given;
  if (!given["x"]) return refuse("arguments-missing", line, { call: said });
  const notes: string[] = [];
  for (const [option, node] of Object.entries(given)) {
    const rule: Rule | undefined = RULES[option as (typeof FIT)[number]];
    const value = node!.text;
    if (rule === undefined) return refuse("option-unknown", line, { option, value });
    if (rule === "weights") return refuse("weights", line, { option });
    if (typeof rule === "object" && "only" in rule && value !== rule.only) {
      return refuse("option-unknown", line, { option, value });
    }
    if (typeof rule === "object" && "left" in rule && rule.left !== null) notes.push(rule.left);
  }
  const shuffle = given["shuffle"] && unwrap(given["shuffle"]);
  if (shuffle?.type === "string") return refuse("option-unknown", line, { option: "shuffle", value: shuffle.text });
  const callbacks = given["callbacks"] && callbackProblem(script, given["callbacks"], line);
  if (isRefusal(callbacks)) return callbacks;
  return { given, notes: [...notes, ...(callbacks ?? [])] };
}
