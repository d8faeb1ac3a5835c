// The data of a fit as what an Estimator trains and measures: arrays or a dataset, with what validation takes of them.
import { unwrap } from "../../read/python/nodes";
import type { PythonScript } from "../../read/python/training";
import type { Node } from "../../read/tree";
import type { NewNames } from "../newNames";
import { isRefusal, type Refusal } from "../result";
import { dataText, type InputFn, isDataset, isFalse, isSingle, validationInputFn } from "./data";
import type { FitArguments } from "./fitArguments";
import { lineOf } from "./lookup";
import { refuse } from "./refusals";

export interface TrainingData {
  statements: string[];
  training: InputFn;
  /** What validation measures; null without one. */
  evaluation: InputFn | null;
  /** The training data once more, to measure. */
  again: InputFn;
  stepsPerEpoch(np: string): string;
  /** How many steps are trained where the data does not say. */
  steps: string | null;
  /** How many steps the training data is measured for, where it does not end by itself. */
  stepsAgain: string | null;
  shuffled: boolean;
}

export function trainingData(script: PythonScript, { given }: FitArguments, fresh: NewNames): TrainingData | Refusal {
  const { x, y } = given as { x: Node; y?: Node };
  const dataset = isDataset(script, x, y);
  if (isRefusal(dataset)) return dataset;
  const validation = validationInputFn(script, given, dataset);
  if (isRefusal(validation)) return validation;
  return dataset ? fromDataset({ given, x, validation }) : fromArrays(script, { given, x, y: y!, validation }, fresh);
}

type Source = { given: FitArguments["given"]; x: Node; validation: InputFn | null };

function fromDataset({ given, x, validation }: Source): TrainingData | Refusal {
  const epochs = given["epochs"]?.text ?? "1";
  const perEpoch = given["steps_per_epoch"]?.text;
  if (given["validation_split"]) {
    return refuse("option-unknown", lineOf(x), { option: "validation_split", value: given["validation_split"].text });
  }
  const repeats = perEpoch === undefined && epochs !== "1";
  return {
    statements: [],
    training: { helper: "dataset_input_fn", args: [x.text, ...(repeats ? [`epochs=${epochs}`] : [])] },
    evaluation: validation,
    again: { helper: "dataset_input_fn", args: [x.text] },
    // A dataset does not always know how many batches it has.
    stepsPerEpoch: () => perEpoch ?? `sum(1 for _ in ${x.text})`,
    steps: perEpoch === undefined ? null : product(epochs, perEpoch),
    stepsAgain: perEpoch ?? null,
    shuffled: false,
  };
}

function fromArrays(
  script: PythonScript,
  { given, x, y, validation }: Source & { y: Node },
  fresh: NewNames,
): TrainingData | Refusal {
  if (given["steps_per_epoch"]) {
    return refuse("option-unknown", lineOf(x), { option: "steps_per_epoch", value: given["steps_per_epoch"].text });
  }
  const statements: string[] = [];
  const named = (node: Node, wish: string) => {
    const text = dataText(script, node);
    if (isSimple(unwrap(node))) return text;
    const name = fresh.take(wish);
    statements.push(`${name} = ${text}`);
    return name;
  };
  const split = validation ? null : given["validation_split"];
  const needsNames = validation !== null || Boolean(split);
  const [features, labels] = needsNames
    ? [named(x, "features"), named(y, "labels")]
    : [dataText(script, x), dataText(script, y)];
  const batch = given["batch_size"]?.text;
  const sized = batch ? [`batch_size=${batch}`] : [];
  const epochs = given["epochs"]?.text ?? "1";
  const shuffled = !isFalse(given["shuffle"]);
  const order = shuffled ? [`shuffle=${given["shuffle"]?.text ?? "True"}`] : [];
  const repeats = epochs === "1" ? [] : [`epochs=${epochs}`];
  let [trainX, trainY, evaluation] = [features, labels, validation];
  const count = isSingle(script, x) ? features : isSingle(script, y) ? labels : null;
  if (split) {
    if (!isSingle(script, x) || !isSingle(script, y)) return refuse("split-of-several", lineOf(split));
    const at = fresh.take("split_at");
    statements.push(`${at} = int(len(${features}) * (1 - ${split.text}))`);
    evaluation = { helper: "array_input_fn", args: [`${features}[${at}:]`, `${labels}[${at}:]`, ...sized] };
    [trainX, trainY] = [`${features}[:${at}]`, `${labels}[:${at}]`];
  }
  if (evaluation && count === null) return refuse("split-of-several", lineOf(x));
  const length = split ? statements.at(-1)!.split(" = ")[0]! : `len(${count})`;
  return {
    statements,
    training: { helper: "array_input_fn", args: [trainX, trainY, ...sized, ...repeats, ...order] },
    evaluation,
    again: { helper: "array_input_fn", args: [features, labels, ...sized] },
    stepsPerEpoch: (np) => `int(${np}.ceil(${length} / ${batch ?? "32"}))`,
    steps: null,
    stepsAgain: null,
    shuffled,
  };
}

const isSimple = ({ type }: Node): boolean => type === "identifier" || type === "attribute" || type === "subscript";

function product(a: string, b: string): string {
  if (/^\d+$/.test(a) && /^\d+$/.test(b)) return String(Number(a) * Number(b));
  const whole = (text: string) => (/^[\w.]+(\(.*\))?$/.test(text) ? text : `(${text})`);
  return a === "1" ? b : `${whole(a)} * ${whole(b)}`;
}
