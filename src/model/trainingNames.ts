// The names that compile knows: losses, metrics, optimizers, activations, and the arguments of optimizers and of the methods that train.
// From Keras 3.15, tf.keras 2.15.1 and TensorFlow.js 4.22; test/truth/trainingNames.test.ts asks them.
import type { Library } from "./layers/catalog.types";

export type Kind = "loss" | "metric" | "optimizer" | "activation";

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== "");

const LOSSES =
  words(`BinaryCrossentropy BinaryFocalCrossentropy CategoricalCrossentropy CategoricalFocalCrossentropy CategoricalHinge
  CosineSimilarity Hinge Huber KLD KLDivergence LogCosh MAE MAPE MSE MSLE MeanAbsoluteError MeanAbsolutePercentageError
  MeanSquaredError MeanSquaredLogarithmicError Poisson SparseCategoricalCrossentropy SquaredHinge bce BCE binary_crossentropy
  binary_focal_crossentropy categorical_crossentropy categorical_focal_crossentropy categorical_hinge cosine_similarity hinge huber
  kl_divergence kld log_cosh mae mape mean_absolute_error mean_absolute_percentage_error mean_squared_error
  mean_squared_logarithmic_error mse msle poisson sparse_categorical_crossentropy squared_hinge`);

const METRICS =
  words(`AUC Accuracy BCE BinaryAccuracy BinaryCrossentropy BinaryIoU CategoricalAccuracy CategoricalCrossentropy
  CategoricalHinge CosineSimilarity F1Score FBetaScore FalseNegatives FalsePositives Hinge IoU KLDivergence LogCoshError MAE MAPE
  MSE MSLE Mean MeanAbsoluteError MeanAbsolutePercentageError MeanIoU MeanSquaredError MeanSquaredLogarithmicError OneHotIoU
  OneHotMeanIoU Poisson Precision PrecisionAtRecall R2Score Recall RecallAtPrecision RootMeanSquaredError SensitivityAtSpecificity
  SparseCategoricalAccuracy SparseCategoricalCrossentropy SparseTopKCategoricalAccuracy SpecificityAtSensitivity SquaredHinge Sum
  TopKCategoricalAccuracy TrueNegatives TruePositives accuracy acc bce binary_accuracy binary_crossentropy categorical_accuracy
  categorical_crossentropy cosine_similarity hinge mae mape mean_absolute_error mean_absolute_percentage_error mean_squared_error
  mean_squared_logarithmic_error mse msle poisson sparse_categorical_accuracy sparse_categorical_crossentropy
  sparse_top_k_categorical_accuracy squared_hinge top_k_categorical_accuracy crossentropy ce kl_divergence categorical_hinge`);

const ACTIVATIONS = words(
  "elu exponential gelu hard_sigmoid linear mish relu selu sigmoid softmax softplus softsign swish tanh",
);

const OPTIMIZERS = words("adadelta adafactor adagrad adam adamax adamw ftrl lion nadam rmsprop sgd");

const NAMES: Readonly<Record<Library, Readonly<Record<Kind, readonly string[]>>>> = {
  keras3: {
    loss: [...LOSSES, ...words("CTC Circle Dice Tversky circle ctc dice tversky Loss LossFunctionWrapper")],
    metric: [
      ...METRICS,
      ...words(`ConcordanceCorrelation PearsonCorrelation auc binary_io_u concordance_correlation f1_score f_beta_score
        false_negatives false_positives io_u log_cosh_error mean mean_io_u one_hot_io_u one_hot_mean_io_u pearson_correlation
        precision precision_at_recall r2_score recall recall_at_precision root_mean_squared_error sensitivity_at_specificity
        specificity_at_sensitivity sum true_negatives true_positives MeanMetricWrapper Metric mean_metric_wrapper metric`),
    ],
    optimizer: [
      ...OPTIMIZERS,
      ...words("lossscaleoptimizer muon multioptimizer optimizer optimizermap schedulefreeadamw lamb"),
    ],
    activation: [
      ...ACTIVATIONS,
      ...words(`celu glu hard_shrink hard_silu hard_swish hard_tanh leaky_relu log_sigmoid log_softmax relu6 silu soft_shrink
        sparse_plus sparse_sigmoid sparsemax squareplus tanh_shrink threshold`),
    ],
  },
  keras2: {
    loss: [...LOSSES, ...words("huber_loss kullback_leibler_divergence logcosh Reduction Loss cosine_proximity")],
    metric: [
      ...METRICS,
      ...words(`KLD MeanRelativeError MeanTensor binary_focal_crossentropy categorical_focal_crossentropy kld log_cosh logcosh
        kullback_leibler_divergence cosine_proximity MeanMetricWrapper Metric SumOverBatchSize SumOverBatchSizeMetricWrapper
        clone_metric clone_metrics huber`),
    ],
    optimizer: [...OPTIMIZERS, ...words("lossscaleoptimizer experimentalftrl sharpnessaware lossscaleoptimizerv3")],
    activation: [...ACTIVATIONS, ...words("silu leaky_relu relu6 softmax_v2 log_softmax hard_swish")],
  },
  tfjs: {
    loss: words(`meanSquaredError meanAbsoluteError meanAbsolutePercentageError meanSquaredLogarithmicError squaredHinge hinge
      categoricalHinge logcosh categoricalCrossentropy sparseCategoricalCrossentropy binaryCrossentropy kullbackLeiblerDivergence
      poisson cosineProximity`),
    metric:
      words(`binaryAccuracy categoricalAccuracy precision categoricalCrossentropy sparseCategoricalCrossentropy mse MSE mae MAE
      mape MAPE cosine accuracy acc crossentropy ce`),
    optimizer: words("Adagrad Adadelta Adam Adamax RMSProp SGD adagrad adadelta adam adamax rmsprop sgd"),
    activation: words(
      "elu selu relu relu6 linear sigmoid hardSigmoid softplus softsign tanh softmax logSoftmax swish mish gelu gelu_new",
    ),
  },
};

export const namesOf = (kind: Kind, library: Library): readonly string[] => NAMES[library][kind];

/** Optimizers are found whatever the case of their names, in Python. */
export function isNameOf(kind: Kind, library: Library, name: string): boolean {
  const names = namesOf(kind, library);
  return names.includes(name) || (kind === "optimizer" && library !== "tfjs" && names.includes(name.toLowerCase()));
}

const COMMON =
  words(`learning_rate weight_decay clipnorm clipvalue global_clipnorm use_ema ema_momentum ema_overwrite_frequency name
  jit_compile loss_scale_factor gradient_accumulation_steps is_legacy_optimizer`);

const OWN: Readonly<Record<string, readonly string[]>> = {
  Adadelta: words("rho epsilon"),
  Adafactor: words("beta_2_decay epsilon_1 epsilon_2 clip_threshold relative_step"),
  Adagrad: words("initial_accumulator_value epsilon"),
  Adam: words("beta_1 beta_2 epsilon amsgrad"),
  AdamW: words("beta_1 beta_2 epsilon amsgrad"),
  Adamax: words("beta_1 beta_2 epsilon"),
  Ftrl: words(`learning_rate_power initial_accumulator_value l1_regularization_strength l2_regularization_strength
    l2_shrinkage_regularization_strength beta`),
  Lion: words("beta_1 beta_2"),
  Nadam: words("beta_1 beta_2 epsilon"),
  RMSprop: words("rho momentum epsilon centered"),
  SGD: words("momentum nesterov"),
};

/** The arguments of an optimizer, in any library; undefined for one that is not known. */
export const optimizerArguments = (className: string): readonly string[] | undefined =>
  Object.hasOwn(OWN, className) ? [...OWN[className]!, ...COMMON] : undefined;

const DATA = words("x y batch_size verbose callbacks sample_weight");
const QUEUE = words("max_queue_size workers use_multiprocessing");

/** The arguments of the methods that train and measure. Those of a queue left with Keras 3. */
const METHODS: Readonly<Record<string, { readonly all: readonly string[]; readonly keras2?: readonly string[] }>> = {
  compile: {
    all: words("optimizer loss loss_weights metrics weighted_metrics run_eagerly steps_per_execution jit_compile"),
    keras2: words(
      "pss_evaluation_shards experimental_steps_per_execution distribute cloning target_tensors sample_weight_mode",
    ),
  },
  fit: {
    all: [
      ...DATA,
      ...words(`epochs validation_split validation_data shuffle class_weight initial_epoch steps_per_epoch validation_steps
        validation_batch_size validation_freq`),
    ],
    keras2: QUEUE,
  },
  predict: { all: words("x batch_size verbose steps callbacks"), keras2: QUEUE },
};

export const methodArguments = (method: string) => (Object.hasOwn(METHODS, method) ? METHODS[method] : undefined);
