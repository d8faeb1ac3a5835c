// The data of a fit, of an evaluate or of a predict as input functions: arrays go through one helper, datasets through another.
import { stringValue, unwrap } from "../../read/python/nodes";
import type { PythonScript } from "../../read/python/training";
import { type Node, pathAt } from "../../read/tree";
import { isRefusal, type Refusal } from "../result";
import type { Given } from "./fitArguments";
import { definitionOf, lineOf, valuesOf } from "./lookup";
import { refuse } from "./refusals";

/** The helpers that a conversion brings, by what they are called in the converted file. */
export type Helper = "array_input_fn" | "dataset_input_fn";

export interface InputFn {
  helper: Helper;
  args: string[];
}

const DATASET =
  /\btf\.data\b|\bdata\.Dataset\b|\bDataset\.from_|\.(batch|prefetch|padded_batch|cache|take|skip|repeat)\(|_dataset_from_directory|\btfds\.|\bmake_csv_dataset\b/;
const DATASET_NAME = /(^|_)(ds|dataset|data_?set)s?\d*($|_)/i;
const GENERATOR = /\bImageDataGenerator\b|\.flow(_from_\w+)?\(|\bTimeseriesGenerator\b|\bSequence\b|\byield\b/;

/** Is this a tf.data.Dataset, as far as the text tells? A refusal where it is something that an Estimator cannot read. */
export function isDataset(script: PythonScript, node: Node, y: Node | undefined): boolean | Refusal {
  const texts = saidOf(script, node);
  if (y) return false;
  if (texts.some((text) => GENERATOR.test(text) && !DATASET.test(text))) {
    return refuse("generator", lineOf(node), { data: node.text });
  }
  return true;
}

/** Is it likely one? For data whose form another argument does not tell. */
export const looksLikeDataset = (script: PythonScript, node: Node): boolean =>
  saidOf(script, node).some((text) => DATASET.test(text)) || DATASET_NAME.test(node.text);

/** The text of a value, of what its variable is given anywhere, and of a class or function of the file that makes it. */
function saidOf(script: PythonScript, node: Node): string[] {
  const inner = unwrap(node);
  const binding =
    inner.type === "identifier"
      ? script.names.resolveIn(inner.text, pathAt(script.source, inner.startIndex))
      : undefined;
  const values = binding ? binding.definitions.flatMap(({ value }) => (value ? [value] : [])) : [inner];
  return values.flatMap((value) => {
    const made = value.type === "call" ? definitionOf(script, value, "class_definition") : null;
    const maker = value.type === "call" ? definitionOf(script, value, "function_definition") : null;
    return [value.text, made?.childForFieldName("superclasses")?.text ?? "", maker?.text ?? ""];
  });
}

/** How data is written for a helper: tf.data takes lists apart, so several arrays stand in a tuple. */
export function dataText(script: PythonScript, node: Node): string {
  const inner = unwrap(node);
  if (inner.type === "list") {
    const items = inner.namedChildren.filter(({ type }) => type !== "comment");
    if (items.every(isArray)) return `(${items.map(({ text }) => text).join(", ")}${items.length === 1 ? "," : ""})`;
    return `np.array(${inner.text})`;
  }
  const [value, ...others] = inner.type === "identifier" ? (valuesOf(script, inner) ?? []) : [];
  if (others.length > 0 || !value) return node.text;
  if (value.type === "list" && value.namedChildren.length > 0 && value.namedChildren.every(isArray)) {
    return `tuple(${inner.text})`;
  }
  return value.type === "list" || value.type === "list_comprehension" ? `np.array(${inner.text})` : node.text;
}

const isArray = ({ type }: Node): boolean =>
  type === "identifier" || type === "call" || type === "subscript" || type === "attribute";

/** One array, which can be measured and taken apart: no tuple, list or dictionary of several. */
export function isSingle(script: PythonScript, node: Node): boolean {
  const several = new Set(["list", "tuple", "dictionary"]);
  if (several.has(unwrap(node).type)) return false;
  return !valuesOf(script, node)?.some(({ type }) => several.has(type));
}

/** What a fit's validation_data is as an input function. */
export function validationInputFn(script: PythonScript, given: Given, ofDatasets: boolean): InputFn | Refusal | null {
  const data = given["validation_data"];
  if (!data) return null;
  const batch = given["validation_batch_size"] ?? given["batch_size"];
  const sized = batch ? [`batch_size=${batch.text}`] : [];
  const [value = unwrap(data)] = unwrap(data).type === "identifier" ? (valuesOf(script, data) ?? []) : [];
  if (value.type === "tuple" || value.type === "list") {
    const parts = value.namedChildren.filter(({ type }) => type !== "comment");
    if (parts.length === 3) return refuse("weights", lineOf(data), { option: "validation_data with sample weights" });
    if (parts.length !== 2)
      return refuse("option-unknown", lineOf(data), { option: "validation_data", value: data.text });
    if (unwrap(data).type === "identifier") return { helper: "array_input_fn", args: [`*${data.text}`, ...sized] };
    return { helper: "array_input_fn", args: [...parts.map((part) => dataText(script, part)), ...sized] };
  }
  if (looksLikeDataset(script, data) || ofDatasets) {
    const generator = isDataset(script, data, undefined);
    return isRefusal(generator) ? generator : { helper: "dataset_input_fn", args: [data.text] };
  }
  return { helper: "array_input_fn", args: [`*${data.text}`, ...sized] };
}

/** The data of evaluate or predict, with the arguments that go on with it. */
export function measuredInputFn(script: PythonScript, given: Given): InputFn | Refusal | null {
  const { x, y, batch_size: batch } = given;
  if (!x) return null;
  if (!y && looksLikeDataset(script, x)) return { helper: "dataset_input_fn", args: [x.text] };
  const data = [x, ...(y ? [y] : [])].map((part) => dataText(script, part));
  return { helper: "array_input_fn", args: [...data, ...(batch ? [`batch_size=${batch.text}`] : [])] };
}

export const isFalse = (node: Node | undefined): boolean => node !== undefined && unwrap(node).type === "false";
export const numberOf = (node: Node | undefined): number | null =>
  node && stringValue(node) === null && /^\d+$/.test(unwrap(node).text) ? Number(unwrap(node).text) : null;
