// What layers and outputs of a document's models are called: the names in its text, and those that the library gives where they are sure.
import { tensorsIn } from "../read/evaluate/keras/convert";
import { partsOf } from "../read/evaluate/keras/models";
import { knownEntries } from "../read/evaluate/lists";
import { namesOfLayers, recordedOf } from "../read/evaluate/program";
import type { Named } from "../read/evaluate/run";
import { givenName } from "../read/evaluate/sites";
import { type LayerValue, OUTPUTS, type Place, type Value } from "../read/evaluate/value";
import { spanIn } from "./place";
import type { Reading } from "./reading";

/** The name of each layer that has one of its own, or whose automatic name is sure. */
export function layerNames(reading: Reading): ReadonlyMap<LayerValue, string> {
  const { source, program } = reading;
  const names = new Map(namesOfLayers(program, (place, why) => isHarmless(source.text, place, why)));
  if (countsAnew(source.text, names.keys())) names.clear();
  // What runs in turns with other code may be numbered in another order.
  const turns = source.dialect === "python" ? -1 : source.text.search(/\bawait\b|\.then\(/);
  if (turns >= 0) for (const layer of names.keys()) if (spanIn(layer.place).end > turns) names.delete(layer);
  for (const layer of recordedOf(program, "layers")) {
    const given = givenName(layer);
    if (given !== null && layer.form !== "estimator") names.set(layer, given);
  }
  return names;
}

/** A session is cleared, and not before everything else: numbers begin anew there. */
function countsAnew(text: string, layers: Iterable<LayerValue>): boolean {
  let first = Number.POSITIVE_INFINITY;
  for (const { place } of layers) first = Math.min(first, spanIn(place).start);
  const calls = [...text.matchAll(/\b(clear_session|reset_uids)\b/g)].map(({ index }) => index);
  return calls.some((at) => at > first || /^\s/.test(text.slice(text.lastIndexOf("\n", at) + 1)));
}

/** What a name in the text was worth last before a place. */
export function valueBefore({ source, program }: Reading, name: string, offset: number): Named["value"] | null {
  let last: { readonly at: number; readonly value: Named["value"] } | null = null;
  for (const { place, value } of recordedOf(program, "named")) {
    if (place.unit.file !== undefined) continue;
    const { start, end } = spanIn(place);
    if (start > offset || (last && start < last.at) || source.text.slice(start, end) !== name) continue;
    last = { at: start, value };
  }
  return last?.value ?? null;
}

/** The model that a name stands for; null: it is not known which. */
export function modelBefore(reading: Reading, name: string, offset: number): LayerValue | null {
  const value = valueBefore(reading, name, offset);
  return value?.kind === "layer" ? value : value?.kind === "instance" ? value.native : null;
}

/** The layers directly in a model; null where they are not all known. */
export function layersOf(model: LayerValue): readonly LayerValue[] | null {
  if (model.form === "application") return null;
  const parts = partsOf(model);
  return parts.includes("?") || parts.length === 0 ? null : (parts as readonly LayerValue[]);
}

/** What a model's outputs are called, each with the layer that gives it; null where one of them is not known. */
export function outputNames(
  model: LayerValue,
  names: ReadonlyMap<LayerValue, string>,
): readonly (readonly [name: string, by: string])[] | null {
  const outputs = model.slots.get(OUTPUTS) as Value | undefined;
  if (!outputs) return null;
  if (outputs.kind === "dict") return knownEntries(outputs).map(([key]) => [String(key), "output"] as const);
  const layers = tensorsIn(outputs).map(({ node }) => node?.layer ?? null);
  const all = layers.map((layer) => {
    const name = layer && names.get(layer);
    return name ? ([name, layer.written] as const) : null;
  });
  return all.length > 0 && all.every((one) => one !== null) ? all : null;
}

const oneOf = (names: string): string => `(${names.trim().split(/\s+/).join("|")})`;

/** Modules whose functions make no layers. */
const OTHERS = new RegExp(
  `^${oneOf(`matplotlib seaborn plotly numpy pandas sklearn scipy skimage PIL cv2 imageio tensorflow_datasets datasets os sys time
    datetime random math json csv re io gc glob shutil pathlib zipfile tarfile tempfile requests urllib logging warnings
    collections itertools string pprint tqdm h5py IPython nltk subprocess platform`)}(\\.|$)`,
);
const BUILTINS = new RegExp(
  `^${oneOf(`print open len range sorted enumerate zip list dict set tuple str int float bool max min sum abs round input display
    isinstance type super`)}$`,
);
const SCRIPT =
  /^(console\.\w+|Math\.\w+|JSON\.\w+|fs\.\w+|path\.\w+|document\.(getElementById|querySelector|createElement))\s*\(/;

/** The same of what the evaluator says of functions of libraries that it does not know. */
const OF_LIBRARIES = new RegExp(
  `^(${[
    `${oneOf("np pd os math random sklearn itertools collections typing string argparse absl ast json")}\\.[\\w.]+`,
    `keras\\.${oneOf(`utils datasets callbacks losses metrics optimizers initializers regularizers constraints activations
      saving\\.register\\w+ preprocessing mixed_precision config random ops`)}\\.[\\w.]+`,
    `tf\\.${oneOf(`data image io audio math linalg signal strings random config distribute summary debugging dtypes sparse ragged
      lookup version errors train losses metrics`)}\\.[\\w.]+`,
    `tf\\.${oneOf(`print constant cast range ones zeros shape reshape tensor\\w* util\\.\\w+ browser\\.\\w+ setBackend
      getBackend memory dispose\\w*`)}`,
  ].join("|")}) is not known$`,
);

/** Whether what is not known can have made no layers, and has not begun the counting anew. */
function isHarmless(text: string, place: Place, why: string): boolean {
  if (/clear_session|reset_uids|disposeVariables/.test(why)) return false;
  if (/^(what \w+ gives is not known here|layer\.\w+ is not known|what is made trainable)/.test(why)) return true;
  if (OF_LIBRARIES.test(why)) return true;
  if (why !== "what is called is not known" || place.unit.file !== undefined) return false;
  const { start, end } = spanIn(place);
  const called = text.slice(start, end);
  if (SCRIPT.test(called)) return true;
  const root = /^[A-Za-z_]\w*/.exec(called)?.[0];
  if (root === undefined) return false;
  const from = importOf(text, root);
  if (from !== null) return OTHERS.test(from);
  return BUILTINS.test(root) && !new RegExp(`(^|\\n)\\s*(def|class)\\s+${root}\\b|(^|\\n)\\s*${root}\\s*=`).test(text);
}

/** The module that an import binds a name to; null: none does, or something else gives it a value as well. */
function importOf(text: string, name: string): string | null {
  if (new RegExp(`(^|\\n)\\s*${name}\\s*=[^=]`).test(text)) return null;
  const whole = new RegExp(
    `(?:^|\\n)\\s*import\\s+(?:[\\w.]+\\s+as\\s+\\w+\\s*,\\s*)*([\\w.]+)\\s+as\\s+${name}\\b`,
  ).exec(text);
  if (whole) return whole[1]!;
  const plain = new RegExp(`(?:^|\\n)\\s*import\\s+(?:[\\w., ]*,\\s*)?(${name})(?:\\.[\\w.]+)?\\s*(?:[,;#\\n]|$)`).exec(
    text,
  );
  if (plain) return plain[1]!;
  for (const [, module, names] of text.matchAll(/(?:^|\n)\s*from\s+([\w.]+)\s+import\s+(\([^)]*\)|[^\n]*)/g))
    if (new RegExp(`\\b${name}\\b`).test(names!)) return module!;
  return null;
}
