// Why a script of TensorFlow.js is not converted to an Estimator: what was found, why it stands in the way, what to do. Words only.
import type { Refusal } from "../result";

/** Every reason for which a conversion is refused: what was found, why it stands in the way, what to do. */
const REFUSALS = {
  "no-model": () =>
    "No call that trains a Keras model was found in this file. Fitlens converts model.fit(x, y, { … }) and model.fitDataset(data, { … }) of TensorFlow.js.",
  "already-estimator": () => "This file already trains through an Estimator; there is no model.fit left to convert.",
  "several-calls": ({ calls }: { calls: string }) =>
    `Several calls train a model in this file: ${calls}. Put the caret on the one to convert.`,
  "syntax-error": () => "There is a syntax error in the call that trains. Mend it first, then convert.",
  "history-used": ({ use, call }: { use: string; call: string }) =>
    `What ${call} returns is used: ${use}. An Estimator returns no History; its metrics go to the event files of modelDir. Remove that use, then convert.`,
  "returned-history": ({ call }: { call: string }) =>
    `The result of ${call} is returned to callers that may use its History, which an Estimator does not have. Await ${call} without returning it, then convert.`,
  "value-used": ({ call }: { call: string }) =>
    `${call} is part of a larger expression. Make it a statement of its own, \`await ${call}(…);\`, then convert.`,
  "optional-call": ({ call }: { call: string }) =>
    `${call} is called only where the model exists (\`?.\`). Check for the model in an if statement around it, then convert.`,
  "options-unknown": ({ options }: { options: string }) =>
    `The options of the call are not written here (${options}), so it can't be told what they are. Write them as an object literal, then convert.`,
  "arguments-missing": ({ call, expected }: { call: string; expected: string }) => `${call} needs ${expected}.`,
  "arguments-spread": ({ call }: { call: string }) =>
    `The arguments of ${call} are spread from an array, so it can't be told what they are. Write them out, then convert.`,
  "early-stopping": () =>
    "A callback ends the training early. An Estimator does not run it, so it would train on and end with other weights. Remove the callback, or keep Keras.",
  "callback-changes-training": ({ what }: { what: string }) =>
    `A callback changes the training (${what}). An Estimator does not run it, so the numbers would differ. Remove the callback, or keep Keras.`,
  weights: ({ option }: { option: string }) =>
    `${option} weights the loss, which modelToEstimator does not know: the numbers would differ. Remove it, or keep Keras.`,
  "not-in-fit": ({ option, why }: { option: string; why: string }) =>
    `${option} does not work in fit itself: ${why}. Mend the call first, then convert.`,
  "model-in-loop": ({ how }: { how: string }) =>
    `The model is ${how} in each turn of a loop, but all turns would share one modelDir and its checkpoints. Take the training of one model out of the loop, then convert.`,
  "called-often": ({ name }: { name: string }) =>
    `${name} trains another model each time it is called, but all calls would share one modelDir and its checkpoints. Convert where a single model is trained.`,
  "no-place": ({ call }: { call: string }) =>
    `There is no place for statements before ${call}. Move it into a function's body, then convert.`,
  "needs-await": ({ call }: { call: string }) =>
    `@fitlens/estimator is imported with \`await import\` here, but ${call} stands where nothing can be awaited. Make the function async, then convert.`,
} as const satisfies Record<string, (facts: never) => string>;

type Facts<Code extends keyof typeof REFUSALS> = Parameters<(typeof REFUSALS)[Code]>;

export function refuse<Code extends keyof typeof REFUSALS>(
  code: Code,
  line: number | undefined,
  ...facts: Facts<Code>
): Refusal {
  const say = REFUSALS[code] as (...facts: Facts<Code>) => string;
  return { ok: false, code, message: say(...facts), ...(line !== undefined && { line }) };
}
