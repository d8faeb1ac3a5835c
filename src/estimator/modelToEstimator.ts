// Makes an Estimator of a compiled Keras model (tf.LayersModel). It trains with the model's own train function, so as fit does.
import * as tf from "@tensorflow/tfjs";
import { Estimator } from "./estimator";
import { type MetricUpdate, mean } from "./metrics";
import type { RunConfig } from "./runConfig";
import { EstimatorSpec, type ModelFnArgs, type OptimizerOp, type Tensors } from "./spec";

export interface ModelToEstimatorOptions {
  /** A compiled model: Sequential or functional. */
  kerasModel: tf.LayersModel;
  /** Folder of checkpoints and event files. Default: that of `config`, else a new temporary folder. */
  modelDir?: string | null;
  config?: RunConfig;
}

type LossOrMetric = (target: tf.Tensor, output: tf.Tensor) => tf.Tensor;

/** What fit and evaluate stand on inside tf.LayersModel; not all of it is in its public types. */
interface CompiledModel {
  optimizer: tf.Optimizer | undefined;
  inputNames: string[];
  outputNames: string[];
  lossFunctions: LossOrMetric[];
  metricsTensors: [LossOrMetric, number][];
  collectedTrainableWeights: { read(): tf.Tensor }[];
  getDedupedMetricsNames(): string[];
  standardizeUserDataXY(x: tf.Tensor[], y: tf.Tensor[], checkBatch: boolean, size: number): [tf.Tensor[], tf.Tensor[]];
  makeTrainFunction(): (data: tf.Tensor[]) => tf.Scalar[];
}

/**
 * Counterpart of `tf.keras.estimator.model_to_estimator`. The estimator trains the very weights of `kerasModel`: after `train` the
 * model can be used, saved and trained on by itself (in TensorFlow it could not). From the same weights and batches it takes the same
 * steps as `model.fit`: same loss, same weights.
 *
 * Features are a tensor for a model with one input, else tensors in the order of `model.inputNames` or by these names; labels in the
 * same way by `model.outputNames`. `evaluate` gives what `model.evaluate` gives, under the names of `model.metricsNames`; `predict`
 * gives each output under its name.
 *
 * Lost on the way, as in TensorFlow: callbacks (use hooks), class and sample weights, and metrics of training batches.
 *
 * @throws Error when the model is not compiled.
 * @see https://www.tensorflow.org/api_docs/python/tf/keras/estimator/model_to_estimator
 */
export function modelToEstimator({
  kerasModel,
  modelDir = null,
  config,
}: ModelToEstimatorOptions): Estimator<Record<string, unknown>, Tensors, Tensors, tf.Tensor[]> {
  if (!kerasModel || typeof (kerasModel as unknown as CompiledModel).makeTrainFunction !== "function") {
    throw new Error(
      "modelToEstimator: kerasModel should be a tf.LayersModel, as tf.sequential and tf.model make them.",
    );
  }
  if (!kerasModel.optimizer) {
    throw new Error(
      "The given Keras model has not been compiled yet. Please compile the model with model.compile() before calling modelToEstimator().",
    );
  }
  const model = compiledPart(kerasModel);
  const modelFn = ({ mode }: ModelFnArgs) =>
    new EstimatorSpec<Tensors, Tensors, tf.Tensor[]>({
      mode,
      model: kerasModel,
      logits: (features) => listOf(kerasModel.apply(inputsOf(model, features)) as tf.Tensor | tf.Tensor[]),
      predictions: (outputs) => Object.fromEntries(model.outputNames.map((name, i) => [name, outputs[i]!])),
      loss: (outputs, labels, features) => lossOf(model, outputs, targetsOf(model, features, labels)),
      evalMetricOps: (outputs, labels, features) => metricsOf(model, outputs, targetsOf(model, features, labels)),
      trainOp: { optimizers: [optimizerOf(model)], step: trainFunctionOf(model) },
    });
  return new Estimator<Record<string, unknown>, Tensors, Tensors, tf.Tensor[]>({
    modelFn,
    modelDir,
    ...(config && { config }),
  });
}

/** A Sequential model hands fit and evaluate to a functional one inside it, which alone knows how they are done. */
function compiledPart(kerasModel: tf.LayersModel): CompiledModel {
  const { model } = kerasModel as unknown as { model?: CompiledModel };
  return model ?? (kerasModel as unknown as CompiledModel);
}

function optimizerOf(model: CompiledModel): OptimizerOp {
  const variables = model.collectedTrainableWeights.map((weight) => weight.read() as tf.Variable);
  return { optimizer: model.optimizer!, variables };
}

/** One step of fit. The metrics that fit would show are not wanted here, but they come with it and would leak. */
function trainFunctionOf(model: CompiledModel): (features: Tensors, labels: Tensors) => tf.Scalar {
  const run = model.makeTrainFunction();
  return (features, labels) => {
    const [inputs, targets] = standardize(model, features, labels);
    const [loss, ...metrics] = run([...inputs, ...targets]);
    tf.dispose(metrics);
    return loss!;
  };
}

/** Brings a batch into the form that fit brings all data into, with its checks and its messages. */
function standardize(model: CompiledModel, features: Tensors, labels: Tensors): [tf.Tensor[], tf.Tensor[]] {
  const inputs = inputsOf(model, features);
  const targets = inOrder("labels", labels, model.outputNames);
  return model.standardizeUserDataXY(inputs, targets, false, inputs[0]?.shape[0] ?? 0);
}

function targetsOf(model: CompiledModel, features: Tensors, labels: Tensors): tf.Tensor[] {
  return standardize(model, features, labels)[1];
}

function inputsOf(model: CompiledModel, features: Tensors): tf.Tensor[] {
  return inOrder("features", features, model.inputNames).map((tensor) =>
    tensor.rank === 1 ? tensor.expandDims(1) : tensor,
  );
}

/** The loss over outputs, weighted by the size of the batch: so it is over all examples what model.evaluate gives. */
function lossOf(model: CompiledModel, outputs: tf.Tensor[], targets: tf.Tensor[]): MetricUpdate {
  const losses = model.lossFunctions.map((loss, i) => tf.mean(loss(targets[i]!, outputs[i]!)));
  return mean(tf.addN(losses), targets[0]!.shape[0]!);
}

function metricsOf(model: CompiledModel, outputs: tf.Tensor[], targets: tf.Tensor[]): Record<string, MetricUpdate> {
  const [, ...names] = model.getDedupedMetricsNames();
  const size = targets[0]!.shape[0]!;
  const updates = model.metricsTensors.map(([metric, i]) => mean(tf.mean(metric(targets[i]!, outputs[i]!)), size));
  return Object.fromEntries(names.map((name, i) => [name, updates[i]!]));
}

function inOrder(what: "features" | "labels", tensors: Tensors, names: readonly string[]): tf.Tensor[] {
  if (tensors instanceof tf.Tensor || Array.isArray(tensors)) {
    const list = listOf(tensors);
    if (list.length === names.length) return list;
    throw new Error(
      `The ${what} are ${list.length} tensor(s), but the model has ${names.length}: ${names.join(", ")}. Give them in this order or by these names.`,
    );
  }
  const missed = names.filter((name) => !(name in tensors));
  if (missed.length > 0) {
    throw new Error(
      `The dictionary of ${what} does not cover the model's keys. Requested keys: ${names.join(", ")}. Missed keys: ${missed.join(", ")}. Received keys: ${Object.keys(tensors).join(", ")}.`,
    );
  }
  return names.map((name) => tensors[name]!);
}

function listOf<T>(value: T | T[]): T[] {
  return Array.isArray(value) ? value : [value];
}
