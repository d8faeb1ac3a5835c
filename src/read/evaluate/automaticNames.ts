// The names that a library gives layers of its own accord: numbered by class over all that a process makes. Only those are told whose
// number cannot be another: what may or may not have made layers before ends the counting.
import type { Library } from "../../model/layers/catalog.types";
import { MOST_STEPS_OF_ONE, type Records } from "./run";
import { givenName } from "./sites";
import type { LayerValue, Place } from "./value";

/** A top-level statement with what was recorded in it. */
interface Piece {
  readonly records: Records;
  readonly steps: number;
  readonly loads: boolean;
}

/** Layers that others make for themselves, by the class: how often, hangs on more than is looked at here. */
const INNER: Readonly<Record<string, string>> = {
  MultiHeadAttention: "Dropout Softmax",
  GroupQueryAttention: "Dropout Softmax",
  TextVectorization: "StringLookup",
  AugMix: "AutoContrast Equalization Solarization",
  RandAugment: "AutoContrast Equalization Solarization",
};
/** What models of keras.applications have without a name of their own, all families together. */
const OF_APPLICATIONS =
  "Activation Add AveragePooling2D BatchNormalization Concatenate Conv2D Cropping2D Dropout Flatten Functional GlobalAveragePooling2D GlobalMaxPooling2D InputLayer LayerNormalization MaxPooling2D Multiply Normalization ReLU Rescaling Sequential ZeroPadding2D Lambda";
/** Keras 3 numbers operations on tensors together with the layers of their names. */
const OPERATIONS = new Set(
  "Add Average Concatenate Dot ELU Maximum Minimum Multiply Reshape Softmax Subtract".split(" "),
);

/** `isHarmless`: whether what was lost at a place can have made no layers. */
export function automaticNames(
  pieces: readonly Piece[],
  isHarmless: (place: Place, why: string) => boolean,
): ReadonlyMap<LayerValue, string> {
  const names = new Map<LayerValue, string>();
  const counts = new Map<string, number>();
  const unsure = new Set<string>();
  for (const { records, steps, loads } of pieces) {
    let checked = 0;
    const isClear = (until: number): boolean => {
      for (; checked < until; checked++) {
        const { place, why } = records.lost[checked]!;
        if (!isHarmless(place, why)) return false;
      }
      return true;
    };
    if (loads) return names;
    for (const layer of records.layers) {
      if (!isClear(layer.making.lost) || layer.form === "estimator") return names;
      count(layer, counts, unsure, names);
    }
    if (!isClear(records.lost.length) || steps >= MOST_STEPS_OF_ONE) return names;
  }
  return names;
}

function count(
  layer: LayerValue,
  counts: Map<string, number>,
  unsure: Set<string>,
  names: Map<LayerValue, string>,
): void {
  const { making, library, className } = layer;
  const inner = layer.form === "application" ? OF_APPLICATIONS : (INNER[className] ?? "");
  const doubt = (name: string) => unsure.add(prefixOf(name, library));
  if (inner) for (const name of inner.split(" ")) doubt(name);
  if (/^Random|^(AugMix|RandAugment)$/.test(className)) for (const name of RANDOM) doubt(name);
  // A sequence of Keras 3 makes an input for its first layer, and a model between that and its end.
  if (layer.form === "sequential" && library === "keras3") for (const name of ["InputLayer", "Functional"]) doubt(name);
  if (layer.form === "application" || givenName(layer) !== null) return;
  // What a class of the program names itself is said in its code.
  const mayBeNamed =
    making.mayBeNamed || layer.instance !== null || layer.config["name"] !== undefined || isNamed(layer);
  const prefix = prefixOf(className, library);
  const isOperation = library === "keras3" && OPERATIONS.has(className);
  if (!making.isCertain || mayBeNamed || isOperation) unsure.add(prefix);
  if (unsure.has(prefix)) return;
  const before = counts.get(prefix) ?? 0;
  counts.set(prefix, before + 1);
  names.set(layer, nameOf(prefix, before, layer));
}

/** By place. */
const isNamed = ({ catalog: { name = null } }: LayerValue): boolean => name !== null;

const RANDOM = (
  "RandomBrightness RandomColorDegeneration RandomContrast RandomPosterization RandomRotation RandomSharpness RandomShear " +
  "RandomTranslation"
).split(" ");

function nameOf(prefix: string, before: number, { className, library }: LayerValue): string {
  if (library === "tfjs") {
    if (prefix === "input" || prefix === "model") return `${prefix}${before + 1}`;
    return prefix === "sequential" ? `sequential_${before + 1}` : `${prefix}_${className}${before + 1}`;
  }
  if (prefix === "input") return `input_${before + 1}`;
  return before === 0 ? prefix : `${prefix}_${before}`;
}

/** What the names of a class begin with. */
function prefixOf(className: string, library: Library): string {
  if (library !== "keras3" && className === "InputLayer") return "input";
  if (className === "Functional" || className === "Model") return library === "keras3" ? "functional" : "model";
  const apart = className.replace(library === "tfjs" ? /(.)([A-Z][a-z0-9]+)/g : /(.)([A-Z][a-z]+)/g, "$1_$2");
  return apart.replace(/([a-z])([A-Z])/g, "$1_$2").toLowerCase();
}
