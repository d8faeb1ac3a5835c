// What is known of Python packages by their names alone: where TensorFlow, Keras and tf.estimator keep what makes models, and which packages are something else.

/** The variants of Keras that scripts import. What `keras` is, Keras 2 or 3, only the installed version tells. */
export type KerasFlavour = "tf.keras" | "keras" | "tf_keras" | "keras_core";

/** A dotted name as a member of a library; `""` is the library itself. */
export interface Meaning {
  /** `models`: a package whose models are Keras models. `other`: a package that has none of them. */
  library: "keras" | "estimator" | "tensorflow" | "models" | "other";
  /** Of Keras and of models of its packages, where it is known. */
  flavour: KerasFlavour | null;
  member: string;
}

const KERAS: Readonly<Record<string, KerasFlavour>> = {
  keras: "keras",
  tf_keras: "tf_keras",
  keras_core: "keras_core",
};

/** Packages whose models are Keras models; the flavour where there is only one. */
const MODELS: Readonly<Record<string, KerasFlavour | null>> = {
  keras_hub: "keras",
  keras_nlp: "keras",
  keras_cv: "keras",
  tensorflow_decision_forests: null,
  tensorflow_recommenders: null,
  segmentation_models: null,
  deepctr: null,
};

/** Packages that have a `fit` or `train` of their own, or none at all. */
const OTHERS: ReadonlySet<string> = new Set(
  (
    "sklearn pyspark imblearn xgboost lightgbm catboost statsmodels torch torchvision pytorch_lightning lightning jax flax optax haiku paddle " +
    "mxnet fastai darts prophet numpy pandas scipy nltk gensim spacy umap hdbscan keras_tuner kerastuner autokeras cv2 PIL matplotlib"
  ).split(" "),
);

/** Folders in the packages' own layout that add nothing to a name: `tensorflow.python.keras`, `keras.src.models`. */
const INNER = /^(?:compat|v1|v2|_v1|_v2|python|_api|api|src|contrib|_tf_keras)$/;

/** What a dotted name means; null for one that nothing is known of, as for the user's own modules. */
export function understood(dotted: string): Meaning | null {
  const [root, ...rest] = dotted.split(".");
  const members = rest.filter((part) => !INNER.test(part));
  const at = (library: Meaning["library"], flavour: KerasFlavour | null, skip: number): Meaning => ({
    library,
    flavour,
    member: members.slice(skip).join("."),
  });
  if (root === undefined || root === "") return null;
  if (root === "tensorflow") {
    if (members[0] === "estimator") return at("estimator", null, 1);
    if (members[0] === "keras")
      return members[1] === "estimator" ? at("estimator", null, 2) : at("keras", "tf.keras", 1);
    return at("tensorflow", null, 0);
  }
  if (root === "tensorflow_estimator") return at("estimator", null, 0);
  if (Object.hasOwn(KERAS, root)) return at("keras", KERAS[root]!, members[0] === "keras" ? 1 : 0);
  if (Object.hasOwn(MODELS, root)) return at("models", MODELS[root]!, 0);
  if (root === "transformers") return /^TF[A-Z]/.test(members[0] ?? "") ? at("models", null, 0) : at("other", null, 0);
  if (root === "scikeras") return at("keras", null, 0);
  return OTHERS.has(root) ? at("other", null, 0) : null;
}

/** What a call gives, as far as training is concerned. `wrapper`: a scikit-learn estimator that trains a Keras model inside. */
export type Made = "model" | "wrapper" | "estimator" | "dataset" | "other";

const KERAS_MODELS =
  /(?:^|\.)(?:Sequential|Model|Functional|LinearModel|WideDeepModel|load_model|clone_model|model_from_\w+|multi_gpu_model|applications(?:\.\w+)*\.[A-Z]\w*)(?:\.from_config)?$/;
const ESTIMATORS =
  /(?:Estimator|Classifier|Regressor|KMeans|KMeansClustering)(?:V[12])?$|(?:^|\.)(?:model_to_estimator|add_metrics)$/;

/** What calling a member of a library gives. */
export function made({ library, member }: Meaning): Made {
  switch (library) {
    case "keras":
      if (/Keras(?:Classifier|Regressor)$/.test(member)) return "wrapper";
      return KERAS_MODELS.test(member) ? "model" : "other";
    case "estimator":
      return ESTIMATORS.test(member) ? "estimator" : "other";
    case "tensorflow":
      if (/(?:^|\.)TPUEstimator$/.test(member)) return "estimator";
      return /^data\./.test(member) ? "dataset" : "other";
    case "models":
      // Everything else of these packages has neither fit nor train.
      return /(?:^|\.)layers\./.test(member) ? "other" : "model";
    case "other":
      return "other";
  }
}

/** Classes of which a subclass is a model or an estimator. */
export function isBaseClass(meaning: Meaning): boolean {
  return made(meaning) !== "other" && /(?:^|\.)[A-Z]\w*$/.test(meaning.member);
}
