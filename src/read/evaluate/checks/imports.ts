// Modules and names that Keras 3, and the TensorFlow that comes with it, have no more; and where what was in them is now.
import { layerNamed, layerOfCall } from "../../../model/layers/catalog";
import type { Library } from "../../../model/layers/catalog.types";
import { problem } from "../../../model/problem";
import type { Found } from "../found";
import type { Place } from "../value";

export interface ImportFacts {
  /** What Keras is there by the selected Python. */
  readonly library: Library;
  /** The names that it binds. */
  readonly place: Place;
  readonly statement: Place;
  /** As it is written: `tensorflow.keras.utils`. */
  readonly path: string;
  /** What is taken of it; empty where it is imported itself. */
  readonly names: readonly string[];
}

interface Gone {
  readonly advice: string;
  /** Where it is now, behind the root; for these names alone, where not for all. */
  readonly instead?: string;
  readonly only?: (name: string) => boolean;
}

const among = (text: string) => {
  const names = new Set(text.split(" "));
  return (name: string) => names.has(name);
};
const isLayer = (name: string): boolean =>
  name === "Layer" || layerNamed(name, "keras3") !== undefined || layerOfCall(name) !== undefined;

const LAYERS: Gone = { advice: "Its layers are in `keras.layers`.", instead: "layers", only: isLayer };
const utils = (names: string): Gone => ({
  advice: "What is left of it is in `keras.utils`.",
  instead: "utils",
  only: among(names),
});

/** Behind `keras` or `tensorflow.keras`, which have these alike. */
const OF_BOTH: Readonly<Record<string, Gone>> = {
  "layers.experimental.preprocessing": { ...LAYERS, advice: "The preprocessing layers are in `keras.layers`." },
  "layers.experimental": { advice: "What is left of it is in `keras.layers`." },
  "wrappers.scikit_learn": {
    advice: "Use the package SciKeras, or SKLearnClassifier and SKLearnRegressor of `keras.wrappers`.",
  },
  "utils.np_utils": utils("to_categorical normalize"),
  "utils.vis_utils": utils("plot_model model_to_dot"),
  "utils.generic_utils": utils("get_custom_objects CustomObjectScope custom_object_scope Progbar"),
  "utils.data_utils": utils("get_file Sequence"),
  "utils.multi_gpu_model": { advice: "Use `tf.distribute.MirroredStrategy`, or `keras.distribution`." },
  ...Object.fromEntries(
    "normalization core convolutional pooling recurrent embeddings merge noise advanced_activations wrappers convolutional_recurrent"
      .split(" ")
      .map((name) => [`layers.${name}`, LAYERS]),
  ),
  "layers.CuDNNLSTM": { advice: "Use LSTM: it takes the fast kernel by itself." },
  "layers.CuDNNGRU": { advice: "Use GRU: it takes the fast kernel by itself." },
  "layers.ThresholdedReLU": { advice: "Use ReLU with a threshold." },
  "layers.LocallyConnected1D": { advice: "Keras 3 has no layer for it." },
  "layers.LocallyConnected2D": { advice: "Keras 3 has no layer for it." },
  "layers.DenseFeatures": { advice: "Use `keras.utils.FeatureSpace`." },
  engine: {
    advice: "Layer is in `keras.layers`, Model in `keras.models`.",
    instead: "layers",
    only: among("Layer InputSpec"),
  },
  objectives: { advice: "The losses are in `keras.losses`." },
  "backend.tensorflow_backend": { advice: "Use TensorFlow's own functions, or `keras.ops`." },
  "optimizers.experimental": {
    advice: "The optimizers are in `keras.optimizers`.",
    instead: "optimizers",
    only: () => true,
  },
  experimental: { advice: "Keras 3 has nothing under this name." },
};

/** Behind `keras` alone: `tensorflow.keras` still has them. */
const OF_KERAS: Readonly<Record<string, Gone>> = Object.fromEntries(
  "preprocessing.text preprocessing.image.ImageDataGenerator preprocessing.sequence.TimeseriesGenerator"
    .split(" ")
    .map((path) => [path, { advice: "`tensorflow.keras` still has it." }]),
);

export function checkImport({ library, place, statement, path, names }: ImportFacts): Found[] {
  if (library !== "keras3") return [];
  const paths = names.length === 0 ? [path] : names.map((name) => `${path}.${name}`);
  if (paths.some((one) => /^tensorflow\.(contrib|examples)(\.|$)/.test(one)))
    return [
      removed(
        place,
        path,
        "TensorFlow 2",
        "What is left of it is in packages of their own, such as TensorFlow Addons.",
      ),
    ];
  const root = /^(keras|tensorflow\.keras)\./.exec(`${path}.`)?.[1];
  if (root === undefined) return [];
  for (const one of paths) {
    const behind = one.slice(root.length + 1);
    const [key, gone] = entryFor(behind, root === "keras");
    if (!gone) continue;
    const found = removed(place, `${root}.${key}`, "Keras 3", gone.advice);
    const isMoved = root === "keras" && Object.hasOwn(OF_KERAS, key);
    if (isMoved) return [{ ...found, fixes: [moved(statement, path, `tensorflow.${path}`)] }];
    if (gone.instead === undefined) return [found];
    const to = `${root}.${gone.instead}`;
    // All that is imported from it must be there.
    const isIn = path === `${root}.${key}` || path.startsWith(`${root}.${key}.`);
    if (isIn && names.length > 0 && names.every((name) => gone.only!(name)))
      return [{ ...found, fixes: [moved(statement, path, to)] }];
    if (names.length === 1 && `${path}.${names[0]}` === `${root}.${key}` && key !== "engine")
      return [{ ...found, fixes: [moved(statement, `${path}.${names[0]}`, to)] }];
    return [found];
  }
  return [];
}

function entryFor(behind: string, isKeras: boolean): readonly [string, Gone | undefined] {
  const parts = behind.split(".");
  for (let count = parts.length; count > 0; count--) {
    const key = parts.slice(0, count).join(".");
    if (Object.hasOwn(OF_BOTH, key)) return [key, OF_BOTH[key]];
    if (isKeras && Object.hasOwn(OF_KERAS, key)) return [key, OF_KERAS[key]];
  }
  return ["", undefined];
}

/** `tf.keras.layers.experimental`, as an attribute: what the text has before it is not known here. */
export function checkAttribute(library: Library, path: string, place: Place): Found[] {
  if (library !== "keras3") return [];
  if (path === "tf.contrib")
    return [
      removed(
        place,
        "tf.contrib",
        "TensorFlow 2",
        "What is left of it is in packages of their own, such as TensorFlow Addons.",
      ),
    ];
  if (path !== "keras.layers.experimental.preprocessing") return [];
  return [
    {
      ...removed(place, path, "Keras 3", OF_BOTH["layers.experimental.preprocessing"]!.advice),
      fixes: [{ title: "Use keras.layers", place, edit: { kind: "drop-end", text: ".experimental.preprocessing" } }],
    },
  ];
}

const removed = (place: Place, name: string, since: string, advice: string): Found => ({
  place,
  failure: problem("removed-import", { name, since, advice }),
  severity: "error",
  unsure: "none",
});

const moved = (place: Place, from: string, to: string) => ({
  title: `Import from ${to}`,
  place,
  edit: { kind: "import", from, to } as const,
});
