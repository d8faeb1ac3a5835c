// Completion within strings, of what a language server for Python or TypeScript does not know: layer names, columns, keys of features, and
// the strings that Keras and TensorFlow.js take for an activation, a loss and so on.

import { type CompletionItem, CompletionItemKind, MarkupKind, type Position } from "vscode-languageserver-types";
import { argumentsOf, scriptName } from "../model/layers/bind";
import { layerNamed, layerOfFunction } from "../model/layers/catalog";
import type { LayerType, Library } from "../model/layers/catalog.types";
import { type StringKind, stringsOf } from "../model/strings";
import { recordedOf } from "../read/evaluate/program";
import { type Analysis, isPython, offsetOf, rangeOf } from "./analysis";
import {
  allColumns,
  columnsOfCall,
  columnsOfFile,
  columnsOffered,
  layersOffered,
  type Offer,
  outputsOffered,
} from "./completionNames";
import type { KerasDefault } from "./reading";
import { type StringAt, type StringUse, stringAt } from "./stringAt";

export function completion(analysis: Analysis, position: Position, keras: KerasDefault): CompletionItem[] {
  const { text } = analysis.source;
  const language = isPython(analysis) ? "python" : "script";
  if (!(language === "python" ? /\b(tensorflow|keras|tf_keras)\b/ : /@tensorflow\/|\btf\./).test(text)) return [];
  const found = stringAt(text, offsetOf(analysis, position), language);
  if (!found) return [];
  const library: Library = language === "python" ? keras : "tfjs";
  const range = rangeOf(analysis, found);
  return offered(analysis, found, library, keras).map(({ name, text: documentation, detail }, at) => ({
    label: name,
    kind: detail === undefined ? CompletionItemKind.Constant : CompletionItemKind.Value,
    ...(detail !== undefined && detail !== "" && { detail }),
    ...(documentation && { documentation: { kind: MarkupKind.Markdown, value: documentation } }),
    // The usual ones come first.
    sortText: String(at).padStart(3, "0"),
    filterText: name,
    textEdit: { range, newText: name },
  }));
}

function offered(
  analysis: Analysis,
  { use, start }: StringAt,
  library: Library,
  keras: KerasDefault,
): readonly Offer[] {
  const reading = () => analysis.reading(keras);
  if (use.kind === "index")
    return columnsOffered(reading(), use.object, start) ?? (isFeatures(use.object) ? keysOf(analysis, keras) : []);
  if (use.kind === "key") {
    if (library === "tfjs" && use.of?.kind === "argument" && use.of.name === "columnConfigs")
      return columnsOfFile(reading(), start);
    return outputsOffered(reading(), use, start) ?? (takesKeys(use) ? keysOf(analysis, keras) : []);
  }
  const callee = use.callee.slice(use.callee.lastIndexOf(".") + 1);
  if (/^(get_layer|getLayer)$/.test(callee))
    return use.name === null || use.name === "name" ? layersOffered(reading(), use.callee, start) : [];
  if (/^(numeric|categorical|sequence)_\w*column\w*$/.test(callee))
    return (use.name ?? (use.at === 0 ? "key" : "")) === "key" ? keysOf(analysis, keras) : [];
  const columns = library === "tfjs" ? null : columnsOfCall(reading(), use, start);
  if (columns) return columns;
  const type = library === "tfjs" ? layerOfFunction(callee) : layerNamed(callee, library);
  const kind = kindOf(use, callee, type, library);
  return kind ? stringsFor(kind, type, callee, library) : [];
}

/** Paddings that a layer takes. */
function stringsFor(kind: StringKind, type: LayerType | undefined, callee: string, library: Library): readonly Offer[] {
  const all = stringsOf(kind, library);
  if (kind === "padding") {
    if (/^(pad_sequences|TextVectorization)$/.test(callee)) return SIDES;
    if (!type) return [];
    return all.filter(({ name }) => name !== "causal" || type.name === "Conv1D" || type.name === "SeparableConv1D");
  }
  return all;
}

const SIDES: readonly Offer[] = [
  { name: "pre", text: "Before the beginning." },
  { name: "post", text: "After the end." },
];

const GETS: Readonly<Record<string, StringKind>> = {
  activations: "activation",
  losses: "loss",
  metrics: "metric",
  optimizers: "optimizer",
  initializers: "initializer",
  regularizers: "regularizer",
  constraints: "constraint",
};
/** What an argument of this name takes, in snake case. */
function kindOf(
  use: StringUse & { kind: "argument" },
  callee: string,
  type: LayerType | undefined,
  library: Library,
): StringKind | null {
  const module = /(\w+)\.get$/.exec(use.callee)?.[1];
  if (module && use.at === 0) return GETS[module] ?? null;
  const given = use.name ?? nameAt(callee, type, use.at, library);
  const name = given?.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
  if (!name) return null;
  if (callee === "compile" || callee === "compileModel") return COMPILES[name] ?? null;
  if (type && !argumentsOf(type, library).some((one) => one.name === name || scriptName(one.name) === given))
    return null;
  if (/(^|_)activation$/.test(name)) return "activation";
  for (const kind of ["initializer", "regularizer", "constraint"] as const) if (name.endsWith(`_${kind}`)) return kind;
  if (name === "data_format") return "data_format";
  return name === "padding" || (name === "truncating" && callee === "pad_sequences") ? "padding" : null;
}

const COMPILES: Readonly<Record<string, StringKind>> = {
  optimizer: "optimizer",
  loss: "loss",
  metrics: "metric",
  weighted_metrics: "metric",
};

/** The name of an argument that is given by its place. */
function nameAt(callee: string, type: LayerType | undefined, at: number, library: Library): string | undefined {
  if (library === "tfjs") return undefined;
  if (callee === "compile") return ["optimizer", "loss"][at];
  return type && argumentsOf(type, library).filter(({ keywordOnly, unlisted }) => !keywordOnly && !unlisted)[at]?.name;
}

const isFeatures = (object: string): boolean => /^(features?|inputs?|batch_features|feature_dict)$/.test(object);

/** A dictionary of inputs: `model.fit({"…`, `features = {"…`. */
function takesKeys({ of, assignedTo }: StringUse & { kind: "key" }): boolean {
  if (assignedTo !== null) return isFeatures(assignedTo);
  if (of?.kind !== "argument") return false;
  const callee = of.callee.slice(of.callee.lastIndexOf(".") + 1);
  if (!/^(fit|predict|evaluate|train_on_batch|predict_on_batch|numpy_input_fn|from_tensor_slices)$/.test(callee))
    return false;
  return of.name === null ? of.at === 0 : of.name === "x";
}

/** Keys of features: of columns, of inputs with a name, of dictionaries that hold features. */
function keysOf(analysis: Analysis, keras: KerasDefault): readonly Offer[] {
  const keys = new Map<string, string>();
  for (const { form, config } of recordedOf(analysis.reading(keras).program, "layers"))
    if (form === "input" && config["name"]?.kind === "string") keys.set(config["name"].value, "Input");
  const { text } = analysis.source;
  for (const [, column, , key] of text.matchAll(COLUMN)) keys.set(key!, column!);
  for (const [, body] of text.matchAll(DICTIONARY))
    for (const [, , key] of body!.matchAll(/(["'])([\w .-]+)\1\s*:/g)) if (!keys.has(key!)) keys.set(key!, "feature");
  const offers: Offer[] = [...keys].map(([name, detail]) => ({ name, text: "", detail }));
  return [...offers, ...allColumns(analysis.reading(keras)).filter(({ name }) => !keys.has(name))];
}

const COLUMN = /\b((?:numeric|categorical|sequence)_\w*column\w*)\(\s*(?:key\s*=\s*)?(["'])([\w .-]+)\2/g;
/** `features = {…}`, `x={…}`, `from_tensor_slices(({…}`: without dictionaries within. */
const DICTIONARY = /(?:\b(?:features?|inputs?|x)\s*=\s*|from_tensor_slices\(\(?\s*|return\s+)\{([^{}]*)\}/g;
