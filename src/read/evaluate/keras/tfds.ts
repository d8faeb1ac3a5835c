// Data sets of TensorFlow Datasets: what `tfds.load` gives. Nothing is downloaded or read: the table knows the examples.
import { type Feature, type TfdsFacts, tfdsDataset } from "../../../model/tfds";
import { dictFrom, listItems, listOf } from "../lists";
import { namespace } from "../options";
import type { Run } from "../run";
import { data, Given } from "../tensors/given";
import { type Arguments, datasetOf, isNothing, number, string, UNKNOWN, type Value } from "../value";
import { shapeValue } from "./convert";
import { batched } from "./data";

const LOAD =
  "name split data_dir batch_size shuffle_files download as_supervised decoders read_config with_info builder_kwargs".split(
    " ",
  );

/** `tfds.load(…)`; null: the path is another. */
export function tfdsCall(run: Run, path: string, args: Arguments): Value | null {
  if (path !== "tfds.load") return null;
  const given = new Given(run, args, LOAD);
  const name = given.get("name");
  const facts = name?.kind === "string" ? tfdsDataset(name.value) : null;
  const [supervised, withInfo] = [given.flag("as_supervised"), given.flag("with_info")];
  if (!facts || supervised === "?" || withInfo === "?" || given.get("decoders")) return UNKNOWN;
  const batch = given.get("batch_size");
  // A batch of -1 is the whole split, as tensors.
  if (batch && !isNothing(batch) && !(batch.kind === "number" && batch.value > 0)) return UNKNOWN;
  const element = exampleOf(facts, supervised);
  if (!element) return UNKNOWN;
  const dataset = datasetOf(batch && !isNothing(batch) ? batched(element, null, false) : element);
  const found = splitsOf(given.get("split"), dataset);
  return withInfo ? listOf("tuple", [found, infoOf(facts)]) : found;
}

function exampleOf({ features, supervised }: TfdsFacts, isSupervised: boolean): Value | null {
  const exampleValue = (feature: Feature | null | undefined): Value =>
    feature ? data(feature.shape, feature.dtype) : UNKNOWN;
  if (!isSupervised) return dictFrom([...features].map(([name, feature]) => [name, exampleValue(feature)] as const));
  return (
    supervised &&
    listOf(
      "tuple",
      supervised.map((name) => exampleValue(features.get(name))),
    )
  );
}

/** One for a name, a list for a list; without a split it has all of them by name. */
function splitsOf(split: Value | undefined, dataset: Value): Value {
  // Which splits there are, the table does not tell: these are what most have.
  if (!split || isNothing(split))
    return dictFrom(["train", "validation", "test"].map((name) => [name, dataset] as const));
  const items = split.kind === "list" ? listItems(split) : null;
  if (split.kind === "list")
    return items
      ? listOf(
          "list",
          items.map(() => dataset),
        )
      : UNKNOWN;
  return split.kind === "unknown" ? UNKNOWN : dataset;
}

/** `info.features["label"].num_classes`, `info.features["image"].shape`. */
function infoOf({ features }: TfdsFacts): Value {
  const entries = [...features].map(([name, feature]) => [name, feature ? featureValue(feature) : UNKNOWN] as const);
  return namespace([["features", dictFrom(entries)]]);
}

const featureValue = ({ shape, dtype, classes }: Feature): Value =>
  namespace([
    ["shape", shapeValue(shape)],
    ["dtype", string(dtype)],
    ...(classes === null ? [] : ([["num_classes", number(classes)]] as const)),
  ]);
