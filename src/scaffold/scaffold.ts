// What New Model… writes: three answers, and a table if there is one, to a file that trains as it is. Text only; whoever calls writes it.
import { KINDS, type Kind, type Language, type Task } from "./choices";
import { toFile, typesOf } from "./markup";
import { functional, MODEL, type NetworkParts, sequential } from "./models";
import { type Table, tableParts } from "./table";
import { TASK_PARTS } from "./tasks";
import { compile, fitAndEvaluate, modelFn, trainEstimator } from "./training";

export { KINDS, LANGUAGES, TASKS } from "./choices";

export interface Answers {
  kind: Kind;
  task: Task;
  language: Language;
  /** The data set to load; absent: the file makes data of its own. */
  data?: Table;
}

export interface NewFile {
  fileName: string;
  text: string;
}

/** @throws Error when the table does not fit the task, with what was found in it. */
export function scaffold(answers: Answers): NewFile {
  const extension = answers.language === "typescript" ? ".ts" : ".js";
  return { fileName: `${baseName(answers)}${extension}`, text: `${toFile(compose(answers))}\n` };
}

/** A name like `base` that is not taken: `classifier.ts`, `classifier2.ts`, … Case does not tell names apart. */
export function suggestFileName(base: string, existing: readonly string[]): string {
  const taken = new Set(existing.map((name) => name.toLowerCase()));
  const dot = base.lastIndexOf(".");
  const [stem, extension] = dot > 0 ? [base.slice(0, dot), base.slice(dot)] : [base, ""];
  let name = base;
  for (let next = 2; taken.has(name.toLowerCase()); next++) name = `${stem}${next}${extension}`;
  return name;
}

function baseName({ kind, task, data }: Answers): string {
  const table = data?.path.split("/").at(-1) ?? "";
  const stem = table.replace(/\.[^.]*$/, "") || TASK_PARTS[task].fileName;
  return kind === "estimator" ? `${stem}Estimator` : stem;
}

/** The whole file, with its holes. */
export function compose(answers: Answers): string {
  const { kind, task, language, data } = answers;
  const parts = TASK_PARTS[task];
  const type = typesOf(language);
  const said = KINDS.find(({ id }) => id === kind)!.label;
  const article = kind === "estimator" ? "an" : "a";
  const model = kind === "estimator" ? said : `${said} model`;
  return [
    `// ${parts.title}: ${article} ${model} in TensorFlow.js.\n${imports(answers)}`,
    ...dataOf(answers),
    network(answers),
    kind === "estimator"
      ? trainEstimator(parts, baseName({ ...answers, kind: "sequential" }))
      : `${compile(parts)}\n\n${aboutChance(data)}\n${fitAndEvaluate(parts, type)}`,
  ].join("\n\n");
}

/** The model alone, with its holes, for a file that has its data already. */
export function network({ kind, task, language, data }: Answers): string {
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

function aboutChance(data: Table | undefined): string {
  const what = data ? "The split" : "The data";
  return `// ${what} is the same in every run; the first weights and the order of the batches are drawn anew.`;
}
