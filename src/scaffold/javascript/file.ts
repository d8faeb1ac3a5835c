// A new script for TensorFlow.js, and the model alone. Text with holes; what is done with them is another's.
import { type Answers, kindOf } from "../choices";
import { hole, typesOf } from "../markup";
import { functional, MODEL, type NetworkParts, sequential } from "./models";
import { tableParts } from "./table";
import { TASK_PARTS } from "./tasks";
import { compile, fitAndEvaluate, modelFn, trainEstimator } from "./training";

/** `irisEstimator.ts` */
export function fileName(answers: Answers): string {
  const suffix = answers.kind === "estimator" ? "Estimator" : "";
  return `${stem(answers)}${suffix}${answers.language === "typescript" ? ".ts" : ".js"}`;
}

function stem({ task, data }: Answers): string {
  const table = data?.path
    .split("/")
    .at(-1)
    ?.replace(/\.[^.]*$/, "");
  return table || TASK_PARTS[task].name.replace(/ (.)/g, (_, letter: string) => letter.toUpperCase());
}

/** Where an Estimator keeps its checkpoints: files that are counted up have folders of their own. */
function modelDir(answers: Answers): string {
  const [, number = ""] = /Estimator(\d+)\.\w+$/.exec(answers.fileName ?? "") ?? [];
  return `model_dir/${stem(answers)}${number}`;
}

/** The whole file. */
export function compose(answers: Answers): string {
  const { kind, task, language } = answers;
  const parts = TASK_PARTS[task];
  const type = typesOf(language);
  const said = kindOf(kind, language)!.label;
  const model = kind === "estimator" ? `an ${said}` : `a ${said} model`;
  return [
    `// ${parts.title}: ${model} in TensorFlow.js.\n${imports(answers)}`,
    ...dataOf(answers),
    network(answers),
    kind === "estimator"
      ? trainEstimator(parts, modelDir(answers))
      : `${compile(parts)}\n\n${aboutChance(answers)}\n${fitAndEvaluate(parts, type)}`,
  ].join("\n\n");
}

/** The model and how it is compiled; the constants that a whole file declares are holes here. */
export function alone(answers: Answers): string {
  const model = network(answers);
  const text = answers.kind === "estimator" ? model : `${model}\n\n${compile(TASK_PARTS[answers.task])}`;
  return text.replace(/\b(FEATURES|SIZE|CLASSES)\b/g, (name) => hole(name.toLowerCase(), CONSTANTS[name]!));
}

const CONSTANTS: Record<string, number> = { FEATURES: 4, SIZE: 28, CLASSES: 10 };

function network({ kind, task, language, data }: Answers): string {
  const parts = TASK_PARTS[task];
  const estimator = kind === "estimator";
  const about: NetworkParts = {
    shape: task === "images" ? "[SIZE, SIZE, 1]" : data ? "[FEATURES.length]" : "[FEATURES]",
    images: task === "images",
    units: data ? parts.units.table : parts.units.made,
    activation: estimator ? undefined : parts.activation,
    name: estimator ? "model" : MODEL,
    type: typesOf(language),
  };
  if (estimator) return modelFn(parts, about);
  return kind === "functional" ? functional(about) : sequential(about);
}

function imports({ kind, language, data }: Answers): string {
  const lines = ['import * as tf from "@tensorflow/tfjs";'];
  if (data) lines.unshift('import { readFileSync } from "node:fs";');
  if (kind === "estimator") {
    const types = language === "typescript" ? ["type ModelFnArgs"] : [];
    const names = ["Estimator", "EstimatorSpec", "EvalSpec", "ModeKeys", ...types, "metrics", "RunConfig"];
    const all = [...names, "TrainSpec", "tensorInputFn", "trainAndEvaluate"];
    const named = all.map((name) => `  ${name},\n`).join("");
    lines.splice(-1, 0, `import {\n${named}} from "@fitlens/estimator";`);
  }
  return lines.join("\n");
}

function dataOf({ task, language, data }: Answers): string[] {
  const type = typesOf(language);
  if (data) {
    const { constants, loadData } = tableParts(data, task, type);
    return [constants, loadData, "const { train, test } = loadData();"];
  }
  const { constants, story, made, examples } = TASK_PARTS[task];
  return [
    constants,
    `/**
 * Your data goes here: x has one row for each example, y what the model should say about it.
 * ${story}
 */
function loadData(examples${type(": number")}, seed${type(": number")}) {
  ${made}
  return { x, y };
}`,
    `const train = loadData(${examples}, 1);\nconst test = loadData(${examples / 4}, 2);`,
  ];
}

function aboutChance({ data }: Answers): string {
  const what = data ? "The split" : "The data";
  return `// ${what} is the same in every run; the first weights and the order of the batches are drawn anew.`;
}
