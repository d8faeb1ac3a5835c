// What a modelFn gives back: the model as functions of a batch, checked for what its mode needs. Knows nothing of training loops.
import type * as tf from "@tensorflow/tfjs";
import type { SessionRunHook } from "./hooks";
import type { MetricUpdate } from "./metrics";
import type { RunConfig } from "./runConfig";

/** What a modelFn is called for. The values are TensorFlow's. */
export const ModeKeys = { TRAIN: "train", EVAL: "eval", PREDICT: "infer" } as const;
export type Mode = (typeof ModeKeys)[keyof typeof ModeKeys];

/** Features or labels of one batch: a tensor, several in order, or several by name. The first dimension is the example. */
export type Tensors = tf.Tensor | tf.Tensor[] | { [name: string]: tf.Tensor };

/** An optimizer for some of the variables: wide & deep models train with two on disjoint ones. */
export interface OptimizerOp {
  optimizer: tf.Optimizer;
  variables: tf.Variable[];
}

/** An own training step: updates the variables and gives the loss back. The optimizers are named so that checkpoints hold their slots. */
export interface CustomTrainOp<Features = Tensors, Labels = Tensors> {
  optimizers: OptimizerOp[];
  step(features: Features, labels: Labels): tf.Scalar;
}

/**
 * The members of an {@link EstimatorSpec}. TensorFlow's holds tensors of a graph; here, where there is no graph, its members are
 * functions of a batch, and the Estimator calls those that its mode needs, once a batch. `logits` runs first and its result is
 * handed to the others, so that the forward pass is paid once.
 */
export interface EstimatorSpecOptions<Features = tf.Tensor, Labels = tf.Tensor, Logits = tf.Tensor> {
  /** What the modelFn was called for; `args.mode`. */
  mode: Mode;
  /** The network, or several: its weights are saved under `<layer>/<weight>` and trained where they are trainable. */
  model?: tf.LayersModel | tf.LayersModel[];
  /** Variables that belong to no model, by the name they are saved under. */
  variables?: Record<string, tf.Variable>;
  /** The forward pass. Required unless `trainOp` is an own step and nothing else needs it. */
  logits?(features: Features): Logits;
  /** What `predict` yields: tensors by name, one row an example. Required in mode PREDICT. */
  predictions?(logits: Logits, features: Features): tf.Tensor | { [name: string]: tf.Tensor };
  /**
   * The loss, a scalar tensor. Required in TRAIN and EVAL. In EVAL it may also be `metrics.mean(…)` with weights; a scalar is averaged
   * over batches, as TensorFlow does.
   */
  loss?(logits: Logits, labels: Labels, features: Features): tf.Tensor | MetricUpdate;
  /** How to train. Required in mode TRAIN. One optimizer trains all trainable variables. */
  trainOp?: tf.Optimizer | OptimizerOp[] | CustomTrainOp<Features, Labels>;
  /** Metrics for mode EVAL by name. The names `loss` and `global_step` are taken. */
  evalMetricOps?(logits: Logits, labels: Labels, features: Features): { [name: string]: MetricUpdate };
  /** Hooks that come with the model, after those given to `train`, `evaluate` and `predict`. */
  trainingHooks?: SessionRunHook[];
  evaluationHooks?: SessionRunHook[];
  predictionHooks?: SessionRunHook[];
}

/** What a modelFn is called with. Counterpart of `(mode, params, config)`; features and labels go to the spec's members. */
export interface ModelFnArgs<Params = Record<string, unknown>> {
  mode: Mode;
  params: Params;
  config: RunConfig;
}

/**
 * Builds a model for one mode. It is called once for every call of `train`, `evaluate` and `predict`, as TensorFlow builds a graph
 * for each: make layers and optimizer inside it, and the Estimator restores their values from the newest checkpoint and frees them
 * afterwards. What was made outside of it is left alive.
 */
export type ModelFn<Params = Record<string, unknown>, Features = tf.Tensor, Labels = tf.Tensor, Logits = tf.Tensor> = (
  args: ModelFnArgs<Params>,
) => EstimatorSpecOptions<Features, Labels, Logits> | Promise<EstimatorSpecOptions<Features, Labels, Logits>>;

const MODES: readonly string[] = Object.values(ModeKeys);
const RESERVED = ["loss", "global_step"];

/**
 * A checked {@link EstimatorSpecOptions}. Counterpart of `tf.estimator.EstimatorSpec`; a modelFn may also return the plain object.
 *
 * @throws Error `Missing loss.`, `Missing trainOp.` or `Missing predictions.` when the mode needs what is not there.
 * @see https://www.tensorflow.org/api_docs/python/tf/estimator/EstimatorSpec
 */
export class EstimatorSpec<Features = tf.Tensor, Labels = tf.Tensor, Logits = tf.Tensor>
  implements EstimatorSpecOptions<Features, Labels, Logits>
{
  readonly mode: Mode;
  declare readonly model?: tf.LayersModel | tf.LayersModel[];
  declare readonly variables?: Record<string, tf.Variable>;
  declare readonly logits?: (features: Features) => Logits;
  declare readonly predictions?: (logits: Logits, features: Features) => tf.Tensor | { [name: string]: tf.Tensor };
  declare readonly loss?: (logits: Logits, labels: Labels, features: Features) => tf.Tensor | MetricUpdate;
  declare readonly trainOp?: tf.Optimizer | OptimizerOp[] | CustomTrainOp<Features, Labels>;
  declare readonly evalMetricOps?: (
    logits: Logits,
    labels: Labels,
    features: Features,
  ) => { [name: string]: MetricUpdate };
  declare readonly trainingHooks?: SessionRunHook[];
  declare readonly evaluationHooks?: SessionRunHook[];
  declare readonly predictionHooks?: SessionRunHook[];

  constructor(options: EstimatorSpecOptions<Features, Labels, Logits>) {
    const { mode } = options;
    if (!MODES.includes(mode)) {
      throw new Error(
        `EstimatorSpec: mode should be one of ${MODES.join(", ")}, received ${JSON.stringify(mode) ?? mode}.`,
      );
    }
    const missing = (name: keyof typeof options, why: string) => new Error(`Missing ${name}. ${why}`);
    if (mode === ModeKeys.TRAIN && !options.trainOp) {
      throw missing("trainOp", "Training needs one: an optimizer, e.g. trainOp: tf.train.adam(0.001).");
    }
    const ownStep = mode === ModeKeys.TRAIN && options.trainOp !== undefined && "step" in options.trainOp;
    if (mode !== ModeKeys.PREDICT && !options.loss && !ownStep) {
      throw missing("loss", "Training and evaluation need a function (logits, labels) that gives a scalar.");
    }
    if (mode === ModeKeys.PREDICT && !options.predictions) {
      throw missing("predictions", "Prediction needs a function (logits) that gives tensors by name.");
    }
    if (!options.logits && !ownStep)
      throw missing("logits", "It is the forward pass: a function (features) that gives a tensor.");
    if (!options.model && !options.variables) {
      throw missing("model", "Name the model, or the variables, so that checkpoints can hold them.");
    }
    this.mode = mode;
    Object.assign(this, options);
  }
}

/** @throws Error for a metric that would hide one of the Estimator's own. */
export function checkMetricNames(names: readonly string[]): void {
  for (const name of RESERVED) {
    if (names.includes(name)) {
      throw new Error(
        `Metric with name "${name}" is not allowed, because Estimator already defines a default metric with the same name.`,
      );
    }
  }
}
