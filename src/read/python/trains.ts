// Decides whether a call trains: certain where the receiver is known, by the signs that people can see too where it is not.
import type { Node } from "../tree";
import type { Imports } from "./libraries";
import { argumentsOf, attributeName, unwrap } from "./nodes";
import type { PythonTrainingMethod } from "./training";
import type { Value } from "./values";

/** Arguments of fit that Keras has and scikit-learn and its kin have not. */
const KERAS_ARGUMENTS = new Set(
  (
    "epochs nb_epoch batch_size validation_data validation_split validation_steps steps_per_epoch samples_per_epoch callbacks initial_epoch " +
    "class_weight workers use_multiprocessing"
  ).split(" "),
);
/** Arguments that say that it is another library's. */
const OTHER_ARGUMENTS = new Set(["eval_set", "early_stopping_rounds", "max_epochs", "logger", "eval_metric"]);

const MODEL_NAME =
  /model|net(?:work)?s?\d*$|gan$|vae$|encoder|decoder|discriminator|classifier|regressor|cnn|rnn|lstm|mlp|unet|bert/i;
const ESTIMATOR_NAME = /estimator|classifier|regressor|kmeans|model|^est\d*$/i;

/** Modules whose objects are called models too, so that a name alone is no sign. */
const RIVALS =
  /^(?:sklearn\.(?!model_selection|metrics|datasets|utils|preprocessing|feature_extraction|manifold|decomposition|externals)\w+|xgboost|lightgbm|catboost|statsmodels|torch|pytorch_lightning|lightning|paddle|mxnet|fastai|darts|prophet|gensim)\b/;

/** A wrong lens is worse than a missing one, but a script that trains needs one: what is unknown must look as Keras's calls look. */
export function trains(
  { libraries, modules }: Imports,
  usesEstimator: boolean,
  method: PythonTrainingMethod,
  { receiver, value, call }: { receiver: Node; value: Value; call: Node },
): boolean {
  if (value.kind === "other" || value.kind === "dataset") return false;
  const brings = (...wanted: string[]) => libraries.some(({ library }) => wanted.includes(library));
  const given = argumentsOf(call);
  const named = new Set(given.flatMap(({ name }) => name ?? []));
  const name = lastName(receiver);

  if (method === "train") {
    if (value.kind !== "unknown") return value.kind === "estimator";
    const hasInput = named.has("input_fn");
    if (usesEstimator) return hasInput || (given.length > 0 && ESTIMATOR_NAME.test(name));
    return hasInput && brings("tensorflow", "keras", "models");
  }
  if (value.kind === "estimator") return false;
  if (value.kind !== "unknown") return value.kind === "model" || method === "fit";
  if (method !== "fit") return brings("keras", "tensorflow", "models");

  if (given.length === 0 || [...named].some((one) => OTHER_ARGUMENTS.has(one))) return false;
  const signs = [...named].filter((one) => KERAS_ARGUMENTS.has(one)).length;
  const rivals = [...modules].some((module) => RIVALS.test(module));
  if (brings("keras", "models", "tensorflow")) return signs > 0 || (!rivals && MODEL_NAME.test(name));
  // The model comes from another file of the user's, which alone imports Keras.
  return !rivals && signs > 1 && MODEL_NAME.test(name) && (named.has("epochs") || named.has("nb_epoch"));
}

/** The word that a reader takes for what is trained: `model` of `self.model`, `build_model` of `build_model()`, `models` of `models[0]`. */
function lastName(receiver: Node): string {
  let node: Node | null = unwrap(receiver);
  while (node?.type === "call" || node?.type === "subscript") {
    const inner: Node | null = node.childForFieldName(node.type === "call" ? "function" : "value");
    node = inner && unwrap(inner);
  }
  return (node?.type === "identifier" ? node.text : node && attributeName(node)) ?? "";
}
