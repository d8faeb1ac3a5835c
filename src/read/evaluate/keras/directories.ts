// Data sets that Keras makes of folders and of arrays: what one batch of them is.
import type { AnyShape, Dim } from "../../../model/shape";
import { listOf } from "../lists";
import type { Run } from "../run";
import { asTensor, data, Given } from "../tensors/given";
import { type Arguments, datasetOf, isNothing, UNKNOWN, type Value } from "../value";
import { dimOf, shapeOf } from "./convert";

const START = "directory labels label_mode class_names";
const IMAGES = `${START} color_mode batch_size image_size shuffle seed validation_split subset`.split(" ");
const TEXTS = `${START} batch_size max_length shuffle seed validation_split subset`.split(" ");
const SOUNDS =
  `${START} batch_size sampling_rate output_sequence_length ragged shuffle seed validation_split subset`.split(" ");

export function imagesFrom(run: Run, args: Arguments): Value {
  const given = new Given(run, args, IMAGES);
  const size = given.get("image_size");
  const dims: AnyShape = size ? shapeOf(run, size) : [256, 256];
  const mode = given.get("color_mode");
  const channels: Dim = !mode
    ? 3
    : mode.kind === "string"
      ? ({ rgb: 3, rgba: 4, grayscale: 1 }[mode.value] ?? "?")
      : "?";
  const format = given.get("data_format");
  const isLast = !format || isNothing(format) || (format.kind === "string" && format.value === "channels_last");
  const isFirst = format?.kind === "string" && format.value === "channels_first";
  const example: AnyShape =
    dims === "?" || dims.length !== 2 || !(isLast || isFirst)
      ? "?"
      : isFirst
        ? [channels, ...dims]
        : [...dims, channels];
  return labelled(run, given, (lead) => data(example === "?" ? "?" : [...lead, ...example], "float32"));
}

export const textsFrom = (run: Run, args: Arguments): Value =>
  labelled(run, new Given(run, args, TEXTS), (lead) => data(lead, "string"));

/** How many channels a file has only the file tells. */
export function soundsFrom(run: Run, args: Arguments): Value {
  const given = new Given(run, args, SOUNDS);
  const length = given.get("output_sequence_length");
  const isRagged = given.get("ragged") ? given.flag("ragged") : false;
  if (isRagged !== false) return labelled(run, given, () => UNKNOWN);
  const samples: Dim = !length || isNothing(length) ? null : dimOf(length);
  return labelled(run, given, (lead) => data([...lead, samples, "?"], "float32"));
}

/** Batches of what is in the folder, with labels as `label_mode` has them; two sets where both halves are asked for. */
function labelled(run: Run, given: Given, inputs: (lead: readonly Dim[]) => Value): Value {
  const batch = given.get("batch_size");
  const lead: readonly Dim[] = batch && isNothing(batch) ? [] : [null];
  if (batch?.kind === "unknown") return datasetOf(UNKNOWN);
  const mode = given.get("label_mode");
  const labels = given.get("labels");
  const hasNone = (labels && isNothing(labels)) || (mode && isNothing(mode));
  const kind = mode?.kind === "string" ? mode.value : mode ? "?" : "int";
  const names = given.get("class_names");
  const classes = names && !isNothing(names) ? (run.language.items(run, names)?.length ?? "?") : "?";
  const label =
    kind === "int"
      ? data(lead, "int32")
      : kind === "binary"
        ? data([...lead, 1], "float32")
        : kind === "categorical"
          ? data([...lead, classes], "float32")
          : UNKNOWN;
  const made = datasetOf(hasNone ? inputs(lead) : listOf("tuple", [inputs(lead), label]));
  const subset = given.get("subset");
  if (subset?.kind === "string" && subset.value === "both") return listOf("tuple", [made, made]);
  return subset?.kind === "unknown" ? UNKNOWN : made;
}

/** Windows over the time of an array: as long as they are asked to be. */
export function windowsFrom(run: Run, args: Arguments): Value {
  const given = new Given(
    run,
    args,
    "data targets sequence_length sequence_stride sampling_rate batch_size shuffle seed start_index end_index".split(
      " ",
    ),
  );
  const [array, length] = [given.tensor("data"), given.get("sequence_length")];
  const batch = given.get("batch_size");
  const lead: readonly Dim[] = batch && isNothing(batch) ? [] : [null];
  const rest = array && array.type.shape !== "?" && array.type.shape.length > 0 ? array.type.shape.slice(1) : null;
  const windows =
    rest && length && batch?.kind !== "unknown" ? data([...lead, dimOf(length), ...rest], array!.type.dtype) : UNKNOWN;
  const targets = given.get("targets");
  if (!targets || isNothing(targets)) return datasetOf(windows);
  const labels = asTensor(run, targets);
  const shape = labels && labels.type.shape !== "?" ? labels.type.shape.slice(1) : null;
  return datasetOf(listOf("tuple", [windows, shape ? data([...lead, ...shape], labels!.type.dtype) : UNKNOWN]));
}
