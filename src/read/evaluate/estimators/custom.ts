// Estimators of the user's own: their model_fn is called with what the input_fn gives, and has the layers that it calls.
import { call } from "../calls";
import { placeholder } from "../keras/models";
import { dictFrom, itemsOf, listItems, listOf } from "../lists";
import type { Run } from "../run";
import {
  type Arguments,
  BUILT,
  builtin,
  type FunctionValue,
  isNothing,
  LAYERS,
  type LayerValue,
  NONE,
  type Place,
  string,
  UNKNOWN,
  type Value,
} from "../value";
import { within } from "../work";

/** What makes no variables of the model, though it is not known what it gives. */
const HARMLESS =
  /^(what \w+ gives is not known here|(tf\.(losses|train|metrics|summary|estimator|logging|nn(?!\.(rnn_cell|\w*rnn))|math|strings|io|image|data|config|debugging|distribute|random|\w+_crossentropy|print|group|identity|no_op|trainable_variables|global_variables|get_collection|control_dependencies|name_scope|logging)|keras\.(losses|metrics|optimizers|regularizers|initializers|activations)|np|os|math|tempfile|pd|time|datetime)(\.\w+)* is not known)$/;

/** `estimator.train(input_fn)` and what else runs its model: it is built by the first that is known. */
export function estimatorAttribute(run: Run, estimator: LayerValue, name: string): Value | null {
  switch (name) {
    case "train":
    case "evaluate":
    case "predict":
      return builtin(name, ({ positional: [first], named }, place) => {
        runOnce(run, estimator, first ?? named.get("input_fn"), place);
        return name === "train" ? estimator : UNKNOWN;
      });
    case "params":
      return estimator.config["params"] ?? null;
    case "export_saved_model":
    case "experimental_export_all_saved_models":
    case "get_variable_names":
    case "get_variable_value":
    case "latest_checkpoint":
    case "eval_dir":
    case "model_dir":
    case "config":
      return builtin(name, () => UNKNOWN);
    default:
      return null;
  }
}

/** `tf.estimator.train_and_evaluate(estimator, TrainSpec(input_fn), …)`. */
export function trainAndEvaluate(run: Run, { positional, named }: Arguments, place: Place): Value {
  const estimator = named.get("estimator") ?? positional[0];
  const spec = named.get("train_spec") ?? positional[1];
  const inputs = spec?.kind === "dict" ? itemsOf(spec)?.find(([key]) => key === "input_fn")?.[1] : undefined;
  if (estimator?.kind === "layer" && estimator.form === "estimator") runOnce(run, estimator, inputs, place);
  return UNKNOWN;
}

export const specOf = ({ positional: [first], named }: Arguments): Value =>
  dictFrom([["input_fn", named.get("input_fn") ?? first ?? UNKNOWN]], "object");

function runOnce(run: Run, estimator: LayerValue, inputFn: Value | undefined, place: Place): void {
  const modelFn = estimator.config["model_fn"];
  if (!modelFn || estimator.slots.has(LAYERS)) return;
  const params = estimator.config["params"] ?? UNKNOWN;
  const mode = string("train");
  const given = inputFn ? callByName(run, inputFn, { mode, params, config: UNKNOWN }, place) : UNKNOWN;
  const [features, labels] = partsOfInput(given).map((one) => symbolic(one, place));
  const { result, inside } = within(
    run,
    () => callByName(run, modelFn, { features: features!, labels: labels!, mode, params, config: UNKNOWN }, place),
    (why) => !HARMLESS.test(why),
  );
  const layers = [...new Set(inside.works.flatMap(({ layer }) => (layer ? [layer] : [])))];
  const isKnown = !inside.isVague && !inside.hasVariables && modelFn.kind !== "unknown" && result.kind !== undefined;
  run.journal.set(estimator, BUILT, isKnown ? [] : "?");
  run.journal.set(estimator, LAYERS, layers);
  const outputs = { shape: "?", dtype: "?" } as const;
  run.seen.push({ layer: estimator, place: estimator.place, inputs: null, outputs, because: [], isEager: false });
}

/** An Estimator gives its functions those arguments that they name. */
function callByName(run: Run, callee: Value, all: Readonly<Record<string, Value>>, place: Place): Value {
  const names = parametersOf(callee);
  if (!names) {
    // What is no function of the program is taken to need nothing: `numpy_input_fn(…)`.
    return callee.kind === "builtin" ? call(run, callee, noArguments, place) : UNKNOWN;
  }
  const named = new Map(Object.entries(all).filter(([name]) => names.includes(name)));
  const positional: Value[] = [];
  // A model_fn may call the first two as it likes.
  if ("features" in all && !named.has("features")) {
    positional.push(all["features"]!);
    if (!named.has("labels") && names.length > 1) positional.push(all["labels"]!);
  }
  return call(run, callee, { positional, named, open: false }, place);
}

const noArguments: Arguments = { positional: [], named: new Map(), open: false };

function parametersOf(callee: Value): readonly string[] | null {
  if (callee.kind === "function") return namesOf(callee);
  if (callee.kind === "bound" && callee.callee.kind === "function") return namesOf(callee.callee).slice(1);
  return null;
}

const namesOf = ({ code }: FunctionValue): readonly string[] =>
  code.parameters.flatMap(({ target }) => (target.kind === "name" ? [target.name] : []));

/** Features and labels: of a data set's element, or of a pair. */
function partsOfInput(given: Value): readonly [Value, Value] {
  const pair = given.kind === "dataset" ? given.element : given;
  const items = pair.kind === "list" ? listItems(pair) : null;
  if (items?.length === 2) return [items[0]!, items[1]!];
  return given.kind === "dataset" ? [pair, NONE] : [UNKNOWN, UNKNOWN];
}

/** The same as the graph that a model_fn builds has it. */
function symbolic(value: Value, place: Place): Value {
  switch (value.kind) {
    case "tensor":
      return value.node ? value : placeholder(value.type.shape, value.type.dtype, place);
    case "list": {
      const items = listItems(value);
      return items
        ? listOf(
            value.type,
            items.map((one) => symbolic(one, place)),
          )
        : value;
    }
    case "dict": {
      const entries = itemsOf(value);
      return entries ? dictFrom(entries.map(([key, one]) => [key, symbolic(one, place)] as const)) : value;
    }
    default:
      return isNothing(value) ? value : UNKNOWN;
  }
}
