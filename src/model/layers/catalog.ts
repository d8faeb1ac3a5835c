// Every layer that Fitlens knows, and the ways to find one: by class, by another name of it, by function.
import { ACTIVATIONS } from "./activations";
import { ATTENTION } from "./attention";
import { AUGMENTATION } from "./augmentation";
import type { LayerType, Library } from "./catalog.types";
import { CONVOLUTION } from "./convolution";
import { CORE } from "./core";
import { MERGING } from "./merging";
import { NORMALIZATION } from "./normalization";
import { POOLING } from "./pooling";
import { PREPROCESSING } from "./preprocessing";
import { RECURRENT } from "./recurrent";
import { REGULARIZATION } from "./regularization";
import { RESHAPING } from "./reshaping";
import { WRAPPERS } from "./wrappers";

export const LAYERS: readonly LayerType[] = [
  ...CORE,
  ...ACTIVATIONS,
  ...CONVOLUTION,
  ...POOLING,
  ...RESHAPING,
  ...MERGING,
  ...NORMALIZATION,
  ...REGULARIZATION,
  ...RECURRENT,
  ...ATTENTION,
  ...WRAPPERS,
  ...PREPROCESSING,
  ...AUGMENTATION,
];

/** A layer by its class or another name of it, as the library has it. One class may be two entries, each for other libraries. */
export const layerNamed = (name: string, library: Library): LayerType | undefined => BY_NAME[library].get(name);

/** A layer by the function under `tf.layers` of TensorFlow.js. */
export const layerOfFunction = (name: string): LayerType | undefined => BY_FUNCTION.get(name);

/** A layer by Keras's function that makes and calls it: `concatenate([a, b], axis=1)` is `Concatenate(axis=1)([a, b])`. */
export const layerOfCall = (name: string): LayerType | undefined =>
  CALLED.has(name) ? MERGING.find((layer) => layer.name.toLowerCase() === name) : undefined;

const CALLED = new Set(["add", "subtract", "multiply", "average", "maximum", "minimum", "concatenate", "dot"]);

const namesIn = (library: Library): ReadonlyMap<string, LayerType> =>
  new Map(
    LAYERS.filter((layer) => layer.in.includes(library)).flatMap((layer) =>
      [layer.name, ...(layer.aliases ?? [])].map((name) => [name, layer] as const),
    ),
  );

const BY_NAME: Readonly<Record<Library, ReadonlyMap<string, LayerType>>> = {
  keras3: namesIn("keras3"),
  keras2: namesIn("keras2"),
  tfjs: namesIn("tfjs"),
};

const BY_FUNCTION: ReadonlyMap<string, LayerType> = new Map(
  LAYERS.flatMap((layer) => (layer.tfjs ?? []).map((name) => [name, layer] as const)),
);
