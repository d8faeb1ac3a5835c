// The Estimators that TensorFlow brings: what variables each has, by its columns, its hidden units and its number of classes.
import type { Weight } from "../../../model/layers/catalog.types";
import { type Dim, plus } from "../../../model/shape";
import type { Run } from "../run";
import { Given } from "../tensors/given";
import { type Arguments, type ColumnValue, isNothing, type Value } from "../value";
import { columnsIn } from "./columns";

const NAMES: Readonly<Record<string, string>> = {
  DNNClassifier: "hidden_units feature_columns model_dir n_classes",
  DNNRegressor: "hidden_units feature_columns model_dir label_dimension",
  DNNEstimator: "head hidden_units feature_columns model_dir",
  LinearClassifier: "feature_columns model_dir n_classes",
  LinearRegressor: "feature_columns model_dir label_dimension",
  LinearEstimator: "head feature_columns model_dir",
  DNNLinearCombinedClassifier:
    "model_dir linear_feature_columns linear_optimizer dnn_feature_columns dnn_optimizer dnn_hidden_units dnn_activation_fn dnn_dropout n_classes",
  DNNLinearCombinedRegressor:
    "model_dir linear_feature_columns linear_optimizer dnn_feature_columns dnn_optimizer dnn_hidden_units dnn_activation_fn dnn_dropout label_dimension",
  DNNLinearCombinedEstimator:
    "head model_dir linear_feature_columns linear_optimizer dnn_feature_columns dnn_optimizer dnn_hidden_units",
  BaselineClassifier: "model_dir n_classes",
  BaselineRegressor: "model_dir label_dimension",
  BaselineEstimator: "head model_dir",
};

export interface Canned {
  /** What it gives before it is made a prediction. */
  readonly logits: Dim;
  readonly weights: readonly Weight[] | "?";
}

/** A class of tf.estimator by its name; null: none that is known. Trees grow while they are trained: they have no count. */
export function canned(run: Run, name: string, args: Arguments): Canned | null {
  if (/^BoostedTrees\w*(Classifier|Regressor|Estimator)$/.test(name)) return { logits: "?", weights: "?" };
  const names = NAMES[name];
  if (names === undefined) return null;
  const given = new Given(run, args, names.split(" "));
  const logits = logitsOf(name, given);
  const columns = (argument: string) => (given.get(argument) ? columnsIn(run, given.get(argument)) : []);
  const hidden = (argument: string) => unitsIn(run, given.get(argument));
  const isNormed = given.get("batch_norm") ? given.flag("batch_norm") : false;
  if (name.startsWith("DNNLinearCombined")) {
    const isDnnNormed = given.get("batch_norm") ? given.flag("batch_norm") : false;
    const wide = given.get("linear_feature_columns");
    const deep = given.get("dnn_feature_columns");
    return {
      logits,
      weights: joined(
        wide && !isNothing(wide) ? linear(columns("linear_feature_columns"), logits) : [],
        deep && !isNothing(deep)
          ? dense(columns("dnn_feature_columns"), hidden("dnn_hidden_units"), isDnnNormed, logits)
          : [],
      ),
    };
  }
  if (name.startsWith("DNN"))
    return { logits, weights: dense(columns("feature_columns"), hidden("hidden_units"), isNormed, logits) };
  if (name.startsWith("Linear")) return { logits, weights: linear(columns("feature_columns"), logits) };
  return { logits, weights: [weight("baseline/bias", [logits])] };
}

const weight = (name: string, shape: readonly Dim[], trainable = true): Weight => ({ name, shape, trainable });

const joined = (...parts: (readonly Weight[] | "?")[]): readonly Weight[] | "?" =>
  parts.includes("?") ? "?" : (parts as (readonly Weight[])[]).flat();

/** Two classes need one number. */
function logitsOf(name: string, given: Given): Dim {
  const head = given.get("head");
  if (name.endsWith("Estimator")) return head?.kind === "head" ? head.logits : "?";
  const [argument, otherwise] = name.endsWith("Classifier") ? ["n_classes", 2] : ["label_dimension", 1];
  const count = given.whole(otherwise as number, argument as string) ?? "?";
  return count === 2 && argument === "n_classes" ? 1 : count;
}

/** `tf.estimator.MultiClassHead(10)`: how many numbers it needs; null: it is no head. */
export function headOf(run: Run, name: string, args: Arguments): Value | null {
  switch (name) {
    case "BinaryClassHead":
      return { kind: "head", logits: 1 };
    case "LogisticRegressionHead":
      return { kind: "head", logits: 1 };
    case "MultiClassHead":
    case "MultiLabelHead":
      return { kind: "head", logits: new Given(run, args, ["n_classes"]).whole(undefined, "n_classes") ?? "?" };
    case "RegressionHead":
    case "PoissonRegressionHead":
      return { kind: "head", logits: new Given(run, args, ["label_dimension"]).whole(1, "label_dimension") ?? "?" };
    default:
      return null;
  }
}

function unitsIn(run: Run, value: Value | undefined): readonly Dim[] | null {
  const items = value && run.language.items(run, value);
  return items?.map((one) => (one.kind === "number" && Number.isInteger(one.value) ? one.value : "?")) ?? null;
}

/** One weight for each category, or for each number of what is dense; embeddings have their table as well. */
function linear(columns: readonly ColumnValue[] | null, logits: Dim): readonly Weight[] | "?" {
  if (!columns) return "?";
  const own = columns.map((one, at) =>
    weight(`linear/linear_model/${one.name ?? `column_${at}`}/weights`, [one.categories ?? one.dense ?? "?", logits]),
  );
  return [...own, ...tablesOf(columns, "linear"), weight("linear/linear_model/bias_weights", [logits])];
}

function dense(
  columns: readonly ColumnValue[] | null,
  hidden: readonly Dim[] | null,
  isNormed: boolean | "?",
  logits: Dim,
): readonly Weight[] | "?" {
  if (!columns || !hidden || isNormed === "?") return "?";
  let inputs = denseWidth(columns);
  const all: Weight[] = [...tablesOf(columns, "dnn")];
  for (const [at, units] of hidden.entries()) {
    const name = `dnn/hiddenlayer_${at}`;
    all.push(weight(`${name}/kernel`, [inputs, units]), weight(`${name}/bias`, [units]));
    if (isNormed) {
      for (const part of ["gamma", "beta"]) all.push(weight(`${name}/batchnorm_${at}/${part}`, [units]));
      for (const part of ["moving_mean", "moving_variance"])
        all.push(weight(`${name}/batchnorm_${at}/${part}`, [units], false));
    }
    inputs = units;
  }
  return [...all, weight("dnn/logits/kernel", [inputs, logits]), weight("dnn/logits/bias", [logits])];
}

/** How wide the input is that columns make together: "?" where one of them cannot be part of a dense input. */
export const denseWidth = (columns: readonly ColumnValue[]): Dim =>
  plus(0, ...columns.map(({ dense: width }) => width ?? "?"));

/** The tables of embeddings, one that columns share once. */
export function tablesOf(columns: readonly ColumnValue[], scope: string): readonly Weight[] {
  const done = new Set<object>();
  return columns.flatMap(({ name, table }) => {
    if (!table || (table.shared && done.has(table.shared))) return [];
    if (table.shared) done.add(table.shared);
    return [weight(`${scope}/${name ?? "embedding"}/embedding_weights`, table.shape)];
  });
}
