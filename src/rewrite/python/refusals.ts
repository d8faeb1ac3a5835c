// Why a Python script is not converted to an Estimator: what was found, why it stands in the way, what to do. Words only.
import type { Refusal } from "../result";

const REFUSALS = {
  "no-model": () =>
    "No call that trains a Keras model was found in this file. Fitlens converts model.fit(x, y, …) and model.fit(dataset, …) of tf.keras.",
  "already-estimator": () => "This file already trains through an Estimator; there is no model.fit left to convert.",
  "several-calls": ({ calls }: { calls: string }) =>
    `Several calls train a model in this file: ${calls}. Put the caret on the one to convert.`,
  "not-fit": ({ call }: { call: string }) =>
    `${call} trains one batch at a time, which an Estimator does by itself. Train with model.fit, then convert.`,
  "in-notebook": () =>
    "A notebook's cells are not converted: an Estimator reads its data from functions that a script defines before it trains. Export the notebook as a script, then convert.",
  "syntax-error": () => "There is a syntax error in the call that trains. Mend it first, then convert.",
  "graph-mode": () =>
    "This script turns eager execution off. The input functions that Fitlens writes need it: remove that line, then convert.",
  "other-keras": ({ name }: { name: string }) =>
    `The model is made with ${name}, and model_to_estimator takes models of tf.keras only. Import keras from tensorflow, then convert.`,
  "keras-3": () =>
    "This file trains with Keras 3, whose models model_to_estimator does not take. It needs tf.keras of TensorFlow 2.15 or older: import keras from tensorflow, and select or create an environment that has it.",
  "not-compiled": ({ model }: { model: string }) =>
    `${model} is never compiled in this file, and model_to_estimator takes compiled models only. Call ${model}.compile(…) first, then convert.`,
  "history-used": ({ use, call }: { use: string; call: string }) =>
    `What ${call} returns is used: ${use}. An Estimator returns no History; its metrics go to the event files of model_dir. Remove that use, then convert.`,
  "value-used": ({ call }: { call: string }) =>
    `${call} is part of a larger expression or is returned, so its History may be used, which an Estimator does not have. Make it a statement of its own, then convert.`,
  "used-afterwards": ({ use, model }: { use: string; model: string }) =>
    `${model} is used after its training: ${use}. model_to_estimator leaves a Keras model that cannot be used any more. Remove that use or move it before the training, then convert.`,
  "metrics-unknown": ({ use }: { use: string }) =>
    `${use} gives a list in the order of compile's metrics, and these cannot be read here. Write them in compile as a list, or evaluate with return_dict=True, then convert.`,
  "arguments-missing": ({ call }: { call: string }) => `${call} needs data to train on: x and y, or a tf.data.Dataset.`,
  "arguments-spread": ({ call }: { call: string }) =>
    `The arguments of ${call} are spread (* or **), so it can't be told what they are. Write them out, then convert.`,
  weights: ({ option }: { option: string }) =>
    `${option} weights the loss, which model_to_estimator does not know: the numbers would differ. Remove it, or keep Keras.`,
  "option-unknown": ({ option, value }: { option: string; value: string }) =>
    `${option}=${value} has no counterpart in an Estimator, and the numbers would differ. Remove it, or keep Keras.`,
  generator: ({ data }: { data: string }) =>
    `${data} is a generator or a keras.utils.Sequence, which an Estimator cannot read. Make it a tf.data.Dataset, then convert.`,
  "split-of-several": () =>
    "validation_split takes its part of a single array; here the data has several. Split it yourself and give validation_data, then convert.",
  "early-stopping": ({ callback }: { callback: string }) =>
    `${callback} ends the training early or changes it. An Estimator runs no Keras callbacks, so it would end with other weights. Remove the callback, or keep Keras.`,
  "callbacks-unknown": ({ callbacks }: { callbacks: string }) =>
    `It can't be told what the callbacks do (${callbacks}). An Estimator runs none of them. Write them in the call as a list, or remove them, then convert.`,
  "train-step": ({ model }: { model: string }) =>
    `${model} has a train_step of its own, which model_to_estimator ignores without a word: the model would be trained in another way. Keep Keras.`,
  optimizer: ({ optimizer }: { optimizer: string }) =>
    `model_to_estimator cannot take over the optimizer ${optimizer}: it fails when the training begins. Choose Adam, SGD or another of the classic ones, then convert.`,
  "optimizer-option": ({ option }: { option: string }) =>
    `model_to_estimator drops ${option} of the optimizer without a word: the numbers would differ. Remove it, or keep Keras.`,
  "model-in-loop": () =>
    "The training is repeated in a loop, but all turns would share one model_dir and its checkpoints. Take the training of one model out of the loop, then convert.",
  "called-often": ({ name }: { name: string }) =>
    `${name} trains another model each time it is called, but all calls would share one model_dir and its checkpoints. Convert where a single model is trained.`,
  "one-line": ({ call }: { call: string }) =>
    `${call} shares its line with other code. Put it on a line of its own, then convert.`,
} as const satisfies Record<string, (facts: never) => string>;

type Code = keyof typeof REFUSALS;

/** A refusal in this table's words; `line` counts from 0. */
export function refuse<C extends Code>(
  code: C,
  line: number | undefined,
  ...facts: Parameters<(typeof REFUSALS)[C]>
): Refusal {
  const say = REFUSALS[code] as (...facts: Parameters<(typeof REFUSALS)[C]>) => string;
  return { ok: false, code, message: say(...facts), ...(line !== undefined && { line }) };
}
