// What a model's compile says, as far as model_to_estimator takes it over or loses it (TensorFlow 2.15.1). Prints no code.
import { argumentFor, argumentsOf, stringValue, unwrap } from "../../read/python/nodes";
import type { PythonScript } from "../../read/python/training";
import type { Node } from "../../read/tree";
import type { Refusal } from "../result";
import { calledName, isMethodCall, lineOf, valuesOf } from "./lookup";
import { refuse } from "./refusals";

/** Optimizers without a classic variant: the conversion itself fails on them. */
const UNKNOWN_OPTIMIZERS = /^(AdamW|Lion|Adafactor|Muon|Lamb|LossScaleOptimizer)$/i;
/** Options that the classic optimizers do not have: dropped without a word. */
const DROPPED = ["weight_decay", "use_ema", "ema_momentum", "ema_overwrite_frequency"];

export interface Compiled {
  /** Names of what evaluate gives, the loss first; null where they cannot be read. */
  results: string[] | null;
  notes: string[];
}

export function compiledBy(script: PythonScript, model: string, line: number): Compiled | Refusal {
  const calls = script.source.tree.rootNode.descendantsOfType("call");
  const own = calls.filter((call) => isMethodCall(call, model, "compile"));
  // A model that a function makes is compiled in there, by another name.
  const compiles = own.length > 0 ? own : calls.filter((call) => /\.compile$/.test(callee(call)));
  if (compiles.length === 0) return refuse("not-compiled", line, { model });
  for (const call of compiles) {
    const problem = optimizerProblem(script, call) ?? weightedMetrics(call);
    if (problem) return problem;
  }
  const results = compiles.map((call) => resultNames(script, call));
  const notes: string[] = [];
  const [first] = results;
  if (results.some((names) => names !== null && names.length > 1)) {
    notes.push(
      "The metrics of compile are measured when the Estimator evaluates; for training batches it keeps the loss.",
    );
  }
  if (!compiles.some((call) => /\blegacy\./.test(call.text))) {
    notes.push(
      "model_to_estimator trains with the classic form of the optimizer (tf.keras.optimizers.legacy), whose numbers agree to about six digits.",
    );
  }
  if (compiles.some((call) => isGiven(call, "steps_per_execution"))) {
    notes.push("steps_per_execution is left out: an Estimator runs one step at a time. The numbers stay.");
  }
  const same = results.every((names) => names?.join() === first?.join());
  return { results: same ? (first ?? null) : null, notes };
}

const callee = (call: Node): string => call.childForFieldName("function")?.text ?? "";

const isGiven = (call: Node, name: string): boolean =>
  argumentsOf(call).some((one) => one.name === name && unwrap(one.value).type !== "none");

function optimizerProblem(script: PythonScript, compile: Node): Refusal | null {
  const argument = argumentFor(compile, "optimizer", 0);
  const values = argument ? (valuesOf(script, argument) ?? []) : [];
  for (const value of values) {
    const name = stringValue(value) ?? calledName(value);
    if (name !== null && UNKNOWN_OPTIMIZERS.test(name)) return refuse("optimizer", lineOf(value), { optimizer: name });
    if (value.type !== "call") continue;
    const dropped = argumentsOf(value).find(
      (one) => one.name !== null && DROPPED.includes(one.name) && !isOff(one.value),
    );
    if (dropped) return refuse("optimizer-option", lineOf(value), { option: dropped.node.text });
  }
  return null;
}

const isOff = (value: Node): boolean => /^(None|False|0(\.0*)?)$/.test(unwrap(value).text);

function weightedMetrics(compile: Node): Refusal | null {
  return isGiven(compile, "weighted_metrics")
    ? refuse("weights", lineOf(compile), { option: "weighted_metrics" })
    : null;
}

/** `["loss", "accuracy"]`: with one output, what evaluate's list holds. Keras names a metric as its string or its class. */
function resultNames(script: PythonScript, compile: Node): string[] | null {
  const argument = argumentFor(compile, "metrics", 2);
  if (!argument || unwrap(argument).type === "none") return ["loss"];
  const values = valuesOf(script, argument);
  const [list] = values ?? [];
  if (values?.length !== 1 || (list?.type !== "list" && list?.type !== "tuple")) return null;
  const names = list.namedChildren.filter(({ type }) => type !== "comment").map((one) => metricName(script, one));
  return names.includes(null) ? null : ["loss", ...names.map((name) => name!)];
}

function metricName(script: PythonScript, metric: Node): string | null {
  const [value, ...others] = valuesOf(script, metric) ?? [];
  if (!value || others.length > 0) return null;
  const text = stringValue(value);
  if (text !== null) return text;
  const called = calledName(value);
  if (called === null) return null;
  const named = argumentsOf(value).find(({ name }) => name === "name");
  if (named) return stringValue(named.value);
  // Of a class of this file the name is given in its code.
  return /^(?:tf\.)?(?:keras\.)?(?:metrics\.)?[A-Z]\w*$/.test(callee(value)) || callee(value).includes("metrics.")
    ? snakeCase(called)
    : null;
}

/** Keras's own rule: `MeanSquaredError` → `mean_squared_error`, `AUC` → `auc`. */
function snakeCase(name: string): string {
  return name
    .replace(/(.)([A-Z][a-z]+)/g, "$1_$2")
    .replace(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase();
}
