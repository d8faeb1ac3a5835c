// Paths of the libraries, each in one form: `tensorflow.keras.layers.Dense`, `tf.keras.layers.Dense` and `keras.layers.Dense` are
// `keras.layers.Dense`. Knows nothing of what they stand for.
import type { Library } from "../../../model/layers/catalog.types";
import type { LibraryValue } from "../value";

/** Modules whose contents are known, by how an import begins. */
const ROOTS: readonly (readonly [RegExp, string])[] = [
  [/^(tensorflow|tf)\.(compat\.v\d\.)?(python\.)?keras(?=\.|$)/, "keras"],
  [/^tensorflow\.compat\.v\d(?=\.|$)/, "tf"],
  [/^(tf_keras|keras_core|keras\.api(\._v\d)?|keras\.src)(?=\.|$)/, "keras"],
  [/^tensorflow_datasets(?=\.|$)/, "tfds"],
  [/^tensorflow(?=\.|$)/, "tf"],
  [/^keras(?=\.|$)/, "keras"],
  // What JAX has of NumPy does to shapes what NumPy does.
  [/^(numpy|jax\.numpy)(?=\.|$)/, "np"],
  [/^pandas(?=\.|$)/, "pd"],
  [/^sklearn(?=\.|$)/, "sklearn"],
  [/^tqdm(\.(auto|autonotebook|notebook|std|rich))?(?=\.|$)/, "tqdm"],
  [
    /^(math|random|os|functools|itertools|collections|typing|string|dataclasses|argparse|absl|ast|json|re)(?=\.|$)/,
    "$1",
  ],
];

/** Modules of Keras that move: what is in them counts, not where. */
const PASSAGES =
  /\.(experimental\.preprocessing|experimental|preprocessing(?=\.[A-Z])|core|convolutional|pooling|normalization|recurrent|merge|embeddings|wrappers|advanced_activations|noise|local)(?=\.)/g;

export function canonical(path: string): string | null {
  for (const [pattern, root] of ROOTS) {
    if (pattern.test(path)) return path.replace(pattern, root).replace(/^tf\.keras(?=\.|$)/, "keras");
  }
  return null;
}

/** `object.name` of a library. */
export function member({ path, library }: LibraryValue, name: string): LibraryValue {
  const joined = `${path}.${name}`;
  if (joined === "tf.keras") return { kind: "library", path: "keras", library };
  if (/^tf\.compat(\.v\d)?$/.test(joined))
    return { kind: "library", path: joined.endsWith("compat") ? joined : "tf", library };
  return { kind: "library", path: joined, library };
}

/** A path as the tables have it: without the modules in between. */
export const plainPath = (path: string): string =>
  path.startsWith("keras.layers.") || path.startsWith("keras.models.") ? path.replace(PASSAGES, "") : path;

/** Which Keras an import is of, as far as its name says. */
export function libraryOf(path: string, selected: Library): Library {
  if (/^tf_keras(\.|$)/.test(path)) return "keras2";
  if (/^keras_core(\.|$)/.test(path)) return "keras3";
  return selected;
}

export const lastName = (path: string): string => path.slice(path.lastIndexOf(".") + 1);
