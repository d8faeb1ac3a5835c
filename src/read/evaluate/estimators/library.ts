// tf.estimator, tf.feature_column and tf.layers as the evaluator asks for them: what a path stands for, what a call of it gives.

import { layerNamed } from "../../../model/layers/catalog";
import type { Library } from "../../../model/layers/catalog.types";
import { callLayer, makeLayer, newLayer } from "../keras/layers";
import { lastName } from "../keras/names";
import { dictFrom, itemsOf, listOf } from "../lists";
import type { Run } from "../run";
import { frameDict } from "../tables/frame";
import { asTensor, data, Given } from "../tensors/given";
import {
  type Arguments,
  BUILT,
  builtin,
  isNothing,
  LAYERS,
  type LayerValue,
  NONE,
  type Place,
  positional,
  string,
  UNKNOWN,
  type Value,
} from "../value";
import { canned, headOf } from "./canned";
import { makeColumn } from "./columns";
import { specOf, trainAndEvaluate } from "./custom";
import { tfLayer } from "./tfLayers";

export const ESTIMATOR_CONSTANTS: Readonly<Record<string, Value>> = {
  "tf.estimator.ModeKeys.TRAIN": string("train"),
  "tf.estimator.ModeKeys.EVAL": string("eval"),
  "tf.estimator.ModeKeys.PREDICT": string("infer"),
};

/** null: it is none of theirs. */
export function estimatorCall(run: Run, path: string, args: Arguments, place: Place): Value | null {
  if (!/^(tf\.(layers|feature_column|estimator|train)|keras\.estimator)\./.test(path)) return null;
  if (path.startsWith("tf.layers.")) return tfLayer(run, path, args, place);
  if (path.startsWith("tf.feature_column."))
    return makeColumn(run, path, args) ?? (path.endsWith(".input_layer") ? inputLayer(run, args, place) : null);
  if (/^keras\.estimator\.model_to_estimator$/.test(path)) return converted(run, args, place);
  if (!path.startsWith("tf.estimator.")) return optimizer(path);
  const name = lastName(path);
  switch (name) {
    case "Estimator":
    case "TPUEstimator":
      return own(run, name, args, place);
    case "TrainSpec":
    case "EvalSpec":
      return specOf(args);
    case "train_and_evaluate":
      return trainAndEvaluate(run, args, place);
    case "numpy_input_fn":
    case "pandas_input_fn":
      return arraysInput(run, name, args);
    default:
  }
  const head = headOf(run, name, args);
  if (head) return head;
  const facts = canned(run, name, args);
  if (!facts) return null;
  const made = newEstimator(run, name, args, place);
  run.journal.set(made, BUILT, facts.weights);
  const outputs = { shape: [null, facts.logits], dtype: "float32" } as const;
  run.seen.push({ layer: made, place, inputs: null, outputs, because: [], isEager: false });
  return made;
}

function newEstimator(run: Run, name: string, { named }: Arguments, place: Place, library: Library = "keras2") {
  const config = Object.fromEntries(named);
  return newLayer(run, { className: name, written: name, type: null, library, form: "estimator", place, config });
}

/** `Estimator(model_fn, model_dir, config, params)`. */
function own(run: Run, name: string, args: Arguments, place: Place): LayerValue {
  const given = new Given(run, args, ["model_fn", "model_dir", "config", "params"]);
  const modelFn = given.get("model_fn") ?? UNKNOWN;
  const plain = given.get("params");
  const params = !plain || isNothing(plain) ? dictFrom([]) : plain;
  // A TPUEstimator tells its batch size as well.
  const batch = name === "TPUEstimator" ? given.get("train_batch_size") : undefined;
  const all =
    batch && params.kind === "dict" && itemsOf(params)
      ? dictFrom([...itemsOf(params)!, ["batch_size", batch] as const])
      : params;
  const named = new Map<string, Value>([...args.named, ["model_fn", modelFn], ["params", all]]);
  return newEstimator(run, name, { ...args, named }, place);
}

function converted(run: Run, args: Arguments, place: Place): LayerValue {
  const given = new Given(run, args, ["keras_model"]);
  const model = given.get("keras_model");
  const made = newEstimator(run, "model_to_estimator", args, place);
  const layer = model?.kind === "layer" ? model : model?.kind === "instance" ? model.native : null;
  run.journal.set(made, BUILT, layer ? [] : "?");
  run.journal.set(made, LAYERS, layer ? [layer] : []);
  const outputs = { shape: "?", dtype: "?" } as const;
  run.seen.push({ layer: made, place, inputs: null, outputs, because: [], isEager: false });
  return made;
}

/** `input_layer(features, columns)`: what DenseFeatures makes of them. */
function inputLayer(run: Run, args: Arguments, place: Place): Value {
  const given = new Given(run, args, ["features", "feature_columns"]);
  const columns = given.get("feature_columns") ?? UNKNOWN;
  const layer = makeLayer(
    run,
    layerNamed("DenseFeatures", "keras2")!,
    "input_layer",
    "keras2",
    positional(columns),
    place,
  );
  return callLayer(run, layer, positional(given.get("features") ?? UNKNOWN), place);
}

/** `numpy_input_fn(x, y, …)` and `pandas_input_fn(x, y, …)` are functions that give batches of both. */
function arraysInput(run: Run, name: string, args: Arguments): Value {
  const given = new Given(run, args, ["x", "y"]);
  const [x, y] = [given.get("x"), given.get("y")];
  const both = () => listOf("tuple", [x ? anyBatch(run, x) : UNKNOWN, y && !isNothing(y) ? anyBatch(run, y) : NONE]);
  // A data frame is copied: what is changed later is not given.
  const now = name === "pandas_input_fn" ? both() : null;
  return builtin(name, () => now ?? both());
}

function anyBatch(run: Run, value: Value): Value {
  if (value.kind === "dict") {
    const entries = itemsOf(value);
    return entries ? dictFrom(entries.map(([key, one]) => [key, anyBatch(run, one)] as const)) : UNKNOWN;
  }
  // Of a data frame each column is one feature.
  if (value.kind === "frame") return value.view ? UNKNOWN : anyBatch(run, frameDict(value));
  const tensor = asTensor(run, value);
  if (!tensor || tensor.type.shape === "?" || tensor.type.shape.length === 0) return UNKNOWN;
  return data([null, ...tensor.type.shape.slice(1)], tensor.type.dtype);
}

/** An optimizer of TensorFlow 1, so that what is asked of it is known to make no part of the model. */
const optimizer = (path: string): Value | null =>
  /^tf\.train\.\w+Optimizer$/.test(path) ? { kind: "library", path: "tf.train.optimizer", library: null } : null;
