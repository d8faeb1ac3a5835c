// What is wrong with a model, as data: every problem that Fitlens can tell is made here. Knows no editor.
import type { Failure } from "./layers/catalog.types";
import type { Span } from "./span";

/** error: certain to raise. warning: trains, but wrongly. information: works, and better is known. hint: will go. */
export type Severity = "error" | "warning" | "information" | "hint";

export interface Problem {
  readonly code: ProblemCode;
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  /** Places that explain it. */
  readonly related: readonly { span: Span; message: string }[];
}

/** What a layer refuses; the catalog says it in its own words, since it knows what was expected and what was found. */
export const LAYER_CODES = [
  "bad-argument",
  "bad-axis",
  "bad-einsum",
  "indivisible-groups",
  "missing-argument",
  "needs-list",
  "negative-size",
  "rate-out-of-range",
  "removed-argument",
  "repeated-argument",
  "reshape-elements",
  "shape-mismatch",
  "strides-with-dilation",
  "too-many-arguments",
  "undefined-channels",
  "undefined-size",
  "unknown-argument",
  "wrong-inputs",
  "wrong-rank",
] as const;

export type ProblemCode = keyof typeof PROBLEMS | (typeof LAYER_CODES)[number];

/** Messages by code: what was expected, what was found, what to do. */
export const PROBLEMS = {
  "fit-before-compile": ({ model, call, compile }: { model: string; call: string; compile: string }) =>
    `\`${model}\` is not compiled when \`${call}\` runs. Call \`${compile}\` before it.`,
  "estimator-removed": ({ name, version }: { name: string; version: string }) =>
    `The selected Python has TensorFlow ${version}, which has no \`${name}\`: it left TensorFlow with 2.16. Run this file with TensorFlow 2.15.`,

  // The last layer and the loss.
  "softmax-one-unit": ({ layer }: { layer: string }) =>
    `Softmax over one value is always 1, so this ${layer} tells nothing apart. For two classes use one unit with "sigmoid".`,
  "double-softmax": ({ before }: { before: string }) =>
    `The input comes from a softmax already (${before}). A second one flattens the probabilities. Remove one of the two.`,
  "sigmoid-categorical": ({ loss, units }: { loss: string; units: string }) =>
    `\`${loss}\` expects probabilities that sum to 1, and sigmoid gives ${units} independent ones. For one class of several use "softmax"; where several may hold, use \`binary_crossentropy\`.`,
  "softmax-binary": ({ units }: { units: string }) =>
    `\`binary_crossentropy\` judges each of the ${units} outputs alone, and softmax makes one of them likely. For one class of several use \`categorical_crossentropy\`.`,
  "one-unit-categorical": ({ loss }: { loss: string }) =>
    `\`${loss}\` compares classes, and the model gives one value. For two classes use \`binary_crossentropy\`.`,
  "activation-and-logits": ({ activation, by }: { activation: string; by: string }) =>
    `The loss expects logits (\`${by}\`), and the last layer gives the values of ${activation}. Remove one of the two.`,
  "logits-without-flag": ({ loss, activation, flag }: { loss: string; activation: string; flag: boolean }) =>
    `\`${loss}\` expects probabilities, and the last layer ${activation}. Give it an activation${flag ? ", or tell the loss with `from_logits=True`" : ""}.`,
  "relu-output": () =>
    "ReLU on the output of a regression cannot give values below 0, and stops learning where it gives 0. Usually the last layer has no activation.",

  "unknown-output": ({ name, names }: { name: string; names: string }) =>
    `The model has no output "${name}". Its outputs are ${names}.`,
  "losses-count": ({ losses, outputs }: { losses: number; outputs: number }) =>
    `There ${losses === 1 ? "is 1 loss" : `are ${losses} losses`} for ${outputs} outputs: each output needs one.`,

  // Labels and data.
  "labels-not-one-hot": ({ loss, labels, output }: { loss: string; labels: string; output: string }) =>
    `\`${loss}\` expects one-hot labels of the shape of the output, ${output}. The labels have the shape ${labels}. For whole numbers as labels use \`sparse_categorical_crossentropy\`.`,
  "labels-one-hot": ({ loss, labels }: { loss: string; labels: string }) =>
    `\`${loss}\` expects one whole number for each example. The labels have the shape ${labels}. For one-hot labels use \`categorical_crossentropy\`.`,
  "labels-shape": ({ labels, output }: { labels: string; output: string }) =>
    `The labels have the shape ${labels} and the model gives ${output}: these do not fit.`,
  "labels-broadcast": ({ labels, output }: { labels: string; output: string }) =>
    `The labels have the shape ${labels} and the model gives ${output}: each label is compared with every output.`,
  "too-few-units": ({ classes, units }: { classes: number; units: number }) =>
    `The labels tell ${classes} classes apart (0 to ${classes - 1}), and the last layer has ${units} units. Give it ${classes}.`,
  "binary-many-classes": ({ classes }: { classes: number }) =>
    `The labels tell ${classes} classes apart, and one unit with \`binary_crossentropy\` tells two. Use ${classes} units with "softmax" and \`sparse_categorical_crossentropy\`.`,
  "data-shape": ({ data, input }: { data: string; input: string }) =>
    `The model expects inputs of the shape ${input}. This data has the shape ${data}.`,
  "data-count": ({ inputs, labels }: { inputs: number; labels: number }) =>
    `There are ${inputs} inputs and ${labels} labels: every input needs one.`,
  "data-not-batched": ({ element, input }: { element: string; input: string }) =>
    `The elements of this data set have the shape ${element}, and the model expects batches, ${input}. Call \`.batch(32)\` on it.`,

  // Metrics.
  "accuracy-regression": ({ loss }: { loss: string }) =>
    `Accuracy counts how often a prediction equals the label; for a regression (\`${loss}\`) it says nothing. Use \`mae\`.`,
  "metric-labels": ({ metric, loss }: { metric: string; loss: string }) =>
    `\`${metric}\` expects labels of another form than \`${loss}\`. Use \`accuracy\`: it chooses what fits.`,
  "metrics-list": () => "Keras 3 takes metrics as a list. Write them in brackets.",

  // Operations on tensors.
  "operation-shapes": ({ what, a, b, why }: { what: string; a: string; b: string; why: string }) =>
    `Cannot ${what} the shapes ${a} and ${b}: ${why}.`,

  "unknown-history-key": ({ key, names, isUnvalidated }: { key: string; names: string; isUnvalidated: boolean }) =>
    `The history has no "${key}", only ${names}.${isUnvalidated ? " The training has no validation data." : ""}`,

  // Names and arguments that are not there.
  "unknown-name": ({ what, name, nearest }: { what: string; name: string; nearest?: string }) =>
    `There is no ${what} "${name}".${nearest === undefined ? "" : ` Did you mean "${nearest}"?`}`,
  "removed-option": ({ call, name, advice }: { call: string; name: string; advice: string }) =>
    `\`${call}\` has no \`${name}\` any more. ${advice}`,
  "ignored-option": ({ call, name, advice }: { call: string; name: string; advice: string }) =>
    `\`${call}\` passes over \`${name}\`. ${advice}`,
  "unknown-option": ({ call, name, nearest }: { call: string; name: string; nearest?: string }) =>
    `\`${call}\` has no argument \`${name}\`.${nearest === undefined ? "" : ` Did you mean \`${nearest}\`?`}`,
  "removed-method": ({ name, since, advice }: { name: string; since: string; advice: string }) =>
    `\`${name}\` left Keras with ${since}. ${advice}`,
  "removed-import": ({ name, since, advice }: { name: string; since: string; advice: string }) =>
    `\`${name}\` is gone since ${since}. ${advice}`,
  "deprecated-method": ({ name, advice }: { name: string; advice: string }) =>
    `\`${name}\` is gone from Keras 3. ${advice}`,
  "unsupported-backend": ({ name, where }: { name: string; where: string }) =>
    `${where} names the backend "${name}", which Keras has no more. Keras 3 runs on tensorflow, jax and torch.`,

  // model_to_estimator.
  "estimator-not-compiled": () => "`model_to_estimator` needs a compiled model. Call `compile` before it.",
  "estimator-optimizer": ({ optimizer }: { optimizer: string }) =>
    `\`model_to_estimator\` cannot convert the optimizer ${optimizer} and raises. Use Adam or SGD.`,
  "estimator-loses": ({ what }: { what: string }) =>
    `\`model_to_estimator\` passes over ${what}: the Estimator trains without it.`,
  "estimator-subclass": () =>
    '`model_to_estimator` cannot save a subclassed model\'s checkpoints. Give it `checkpoint_format="saver"`; the weights that the model has by now are not carried over.',
  "model-after-estimator": ({ call }: { call: string }) =>
    `\`${call}\` fails: \`model_to_estimator\` has made the Keras model unusable. Use the Estimator, or convert a second model.`,
} as const satisfies Record<string, (facts: never) => string>;

type Facts<C extends keyof typeof PROBLEMS> = Parameters<(typeof PROBLEMS)[C]>;

/** A problem's code and message, from its facts. */
export function problem<C extends keyof typeof PROBLEMS>(code: C, ...facts: Facts<C>): Failure {
  const message = PROBLEMS[code] as (...facts: Facts<C>) => string;
  return { fails: code, message: message(...facts) };
}

/** A reshape to another number of elements. */
export function elementsText(shape: string, all: number, target: string, rest: number, isFree: boolean): Failure {
  const words = isFree ? `cannot be split into parts of ${rest}` : `not ${rest}`;
  return {
    fails: "reshape-elements",
    message: `Cannot reshape ${shape} to ${target}: it has ${all} elements, ${isFree ? "which " : ""}${words}.`,
  };
}
