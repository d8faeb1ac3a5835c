// A new Python file, and the model alone. Text with holes; what is done with them is another's.
import { type Answers, type Kind, kindOf } from "../choices";
import { hole } from "../markup";
import { type DataParts, dataParts } from "./data";
import { functional, MODEL, type NetworkParts, sequential } from "./models";
import * as premade from "./premade";
import { TASK_PARTS, type TaskParts } from "./tasks";
import { docstring, PROSE, quote } from "./text";
import {
  compile,
  estimator,
  fitAndEvaluate,
  inputFn,
  learningRate,
  modelFn,
  printed,
  stepsPerCheckpoint,
  trainAndEvaluate,
} from "./training";

/** `train_iris_dnn.py`: with a word before it, because a table may be called as a module is, `csv` or `keras`. */
export function fileName({ kind, task, data }: Answers): string {
  const table = data?.path
    .split("/")
    .at(-1)
    ?.replace(/\.[^.]*$/, "");
  const words = [table || TASK_PARTS[task].name, SUFFIXES[kind] ?? ""].join(" ").trim();
  return `train_${words.replace(/[^\p{L}\p{N}]+/gu, "_").toLowerCase()}.py`;
}

const SUFFIXES: Partial<Record<Kind, string>> = {
  estimator: "estimator",
  dnn: "dnn",
  linear: "linear",
  "wide-deep": "wide deep",
  baseline: "baseline",
};

/** Where an Estimator keeps its checkpoints: each file has a folder of its own. */
function modelDir(answers: Answers): string {
  const name = (answers.fileName ?? fileName(answers)).replace(/^train_|\.pyw?$/g, "");
  return quote(`model_dir/${name}`);
}

/** The whole file. */
export function compose(answers: Answers): string {
  const { kind, task: id, data } = answers;
  const task = TASK_PARTS[id];
  const estimators = kindOf(kind, "python")!.needs === "estimator";
  const parts = dataParts(answers, task, premade.isPremade(kind));
  const { functions, program } = estimators ? estimatorFile(answers, task, parts) : kerasFile(answers, task, parts);
  const constants = [parts.constants];
  if (!estimators)
    constants.push("# The same first weights and order of the batches in every run.\nkeras.utils.set_random_seed(1)");
  return [
    `${title(answers)}\n\n${imports(answers, { standard: data !== undefined, estimators })}\n\n${constants.join("\n\n")}`,
    ...parts.functions,
    ...functions,
    [parts.call, ...program].join("\n\n"),
  ].join("\n\n\n");
}

/** The model and how it is compiled, or the Estimator; the constants that a whole file declares are holes here. */
export function alone(answers: Answers): string {
  const task = TASK_PARTS[answers.task];
  const parts = dataParts(answers, task, false);
  const text = premadeParts(answers, task, parts, premade.alone) ?? modelAlone(answers, task, parts);
  return text.replace(/\b(FEATURES|SIZE|CLASSES)\b/g, (name) => hole(name.toLowerCase(), CONSTANTS[name]!));
}

const CONSTANTS: Record<string, number> = { FEATURES: 4, SIZE: 28, CLASSES: 10 };

function modelAlone(answers: Answers, task: TaskParts, parts: DataParts): string {
  if (answers.kind === "estimator") return modelFn(task, networkParts(answers, task, parts));
  return `${network(answers, task, parts)}\n${compile(task)}`;
}

function title({ kind, task: id }: Answers): string {
  const { title } = TASK_PARTS[id];
  const { label } = kindOf(kind, "python")!;
  if (kind === "sequential" || kind === "functional") {
    const line = docstring(`${title}: a ${label} model.`, "", "");
    return line.length <= PROSE ? line : docstring(`${title}.`, `A ${label} model.`, "");
  }
  const what = premade.isPremade(kind) ? `tf.estimator.${premade.className({ kind, task: id })}` : `An ${label}`;
  return docstring(`${title}.`, `${what}: needs TensorFlow 2.15 or older.`, "");
}

function imports({ kerasFrom }: Answers, { standard, estimators }: { standard: boolean; estimators: boolean }): string {
  const blocks = standard ? ["import csv\nfrom pathlib import Path"] : [];
  if (estimators) blocks.push("import numpy as np\nimport tensorflow as tf");
  else if (kerasFrom === "tensorflow") blocks.push("import numpy as np\nfrom tensorflow import keras");
  else blocks.push("import keras\nimport numpy as np");
  return blocks.join("\n\n");
}

interface Rest {
  functions: string[];
  program: string[];
}

function kerasFile(answers: Answers, task: TaskParts, parts: DataParts): Rest {
  return { functions: [], program: [`${network(answers, task, parts)}\n${compile(task)}\n${fitAndEvaluate(task)}`] };
}

function estimatorFile(answers: Answers, task: TaskParts, parts: DataParts): Rest {
  const made = premadeParts(answers, task, parts, (all) => ({
    functions: premade.functions(all),
    program: premade.program(all),
  }));
  if (made) return made;
  const { variable } = task.measured;
  return {
    functions: [
      inputFn("Batches of features and of what to predict."),
      modelFn(task, networkParts(answers, task, parts)),
    ],
    program: [
      estimator({
        estimator: "Estimator",
        args: ["model_fn=model_fn", `params={"learning_rate": ${learningRate(task)}}`],
        modelDir: modelDir(answers),
        checkpoints: checkpoints(answers, task),
      }),
      `${trainAndEvaluate(task)}
loss, ${variable} = metrics["loss"], metrics["${task.modelFn.metric.name}"]
${printed(task.metric, variable)}`,
    ],
  };
}

function premadeParts<T>(
  answers: Answers,
  task: TaskParts,
  { texts, numbers }: DataParts,
  use: (parts: premade.PremadeParts) => T,
): T | undefined {
  const { kind } = answers;
  if (!premade.isPremade(kind)) return undefined;
  return use({
    answers: { ...answers, kind },
    task,
    texts,
    numbers,
    modelDir: modelDir(answers),
    checkpoints: checkpoints(answers, task),
  });
}

const checkpoints = ({ data }: Answers, task: TaskParts) =>
  stepsPerCheckpoint(task, data?.rows === undefined ? task.examples : Math.ceil(data.rows * 0.8));

function network(answers: Answers, task: TaskParts, parts: DataParts): string {
  const all = networkParts(answers, task, parts);
  return answers.kind === "functional" ? functional(all) : sequential(all);
}

function networkParts({ kind, task: id, data }: Answers, task: TaskParts, { shape }: DataParts): NetworkParts {
  const inside = kind === "estimator";
  return {
    keras: inside ? "tf.keras" : "keras",
    shape,
    images: id === "images",
    units: data ? task.units.table : task.units.made,
    activation: inside ? undefined : task.activation,
    name: inside ? "model" : MODEL,
  };
}
