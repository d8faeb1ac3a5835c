// One call of a modelFn made ready to run: its variables, its steps, and what must be freed afterwards. Knows no files and no loops.
import * as tf from "@tensorflow/tfjs";
import type { Batch } from "./input";
import { type MetricUpdate, mean } from "./metrics";
import type { RunConfig } from "./runConfig";
import {
  type CustomTrainOp,
  checkMetricNames,
  EstimatorSpec,
  type EstimatorSpecOptions,
  type Mode,
  type ModelFnArgs,
  type OptimizerOp,
  type Tensors,
} from "./spec";
import { disposeSlots, type NamedVariables, variablesOf } from "./variables";

/** A modelFn and a spec whose kinds of features, labels and logits are not looked at. */
export type AnySpec = EstimatorSpecOptions<Tensors, Tensors, unknown>;
export type AnyModelFn = (args: ModelFnArgs<Record<string, unknown>>) => AnySpec | Promise<AnySpec>;

export interface Program {
  spec: AnySpec;
  /** The model's variables by the names they are saved under. */
  variables: NamedVariables;
  optimizers: OptimizerOp[];
  /** Other tensors that the modelFn made, such as first values of variables. */
  constants: tf.Tensor[];
  /** True for what the modelFn made; false for what its caller owns. */
  owns(tensor: tf.Tensor): boolean;
}

/** Calls a modelFn. Whatever it makes is known by its tensors' ids, which only grow. */
export async function callModelFn(
  modelFn: AnyModelFn,
  args: { mode: Mode; params: Record<string, unknown>; config: RunConfig },
): Promise<Program> {
  const marker = tf.scalar(0);
  const mark = marker.id;
  marker.dispose();
  const { result, made } = watched(() => modelFn(args));
  const options = await result;
  if (options === null || typeof options !== "object") {
    throw new Error(`modelFn should return an EstimatorSpec, received ${options}.`);
  }
  const spec = options instanceof EstimatorSpec ? options : new EstimatorSpec<Tensors, Tensors, unknown>(options);
  if (spec.mode !== args.mode) {
    throw new Error(`modelFn was called for mode ${args.mode}, but its EstimatorSpec has the mode ${spec.mode}.`);
  }
  const variables = collect(spec);
  const optimizers = spec.trainOp ? optimizersOf(spec.trainOp, variables) : [];
  return { spec, variables, optimizers, constants: made, owns: (tensor) => tensor.id > mark };
}

/** Runs a function and tells which tensors it made before it first awaited; they live on until they are disposed of. */
function watched<T>(run: () => T): { result: T; made: tf.Tensor[] } {
  const engine = tf.engine();
  engine.startScope("modelFn");
  try {
    const result = run();
    const made = engine.state.activeScope.track.filter((tensor) => !tensor.kept && !(tensor instanceof tf.Variable));
    return { result, made: made.map((tensor) => tf.keep(tensor)) };
  } finally {
    engine.endScope();
  }
}

function collect(spec: AnySpec): NamedVariables {
  const models = spec.model === undefined ? [] : Array.isArray(spec.model) ? spec.model : [spec.model];
  return variablesOf(models, spec.variables);
}

function optimizersOf(trainOp: NonNullable<AnySpec["trainOp"]>, variables: NamedVariables): OptimizerOp[] {
  if (isCustom(trainOp)) return trainOp.optimizers;
  if (!Array.isArray(trainOp)) {
    const trainable = [...variables.values()].filter((variable) => variable.trainable);
    return [{ optimizer: trainOp, variables: trainable }];
  }
  const taken = new Set<tf.Variable>();
  for (const variable of trainOp.flatMap((op) => op.variables)) {
    if (taken.has(variable))
      throw new Error(`trainOp: variable ${variable.name} belongs to two optimizers; each needs its own.`);
    taken.add(variable);
  }
  return trainOp;
}

function isCustom(trainOp: NonNullable<AnySpec["trainOp"]>): trainOp is CustomTrainOp<Tensors, Tensors> {
  return "step" in trainOp;
}

/** One training step on a batch. Gives the loss before the update; the caller disposes of it. */
export function trainStep({ spec, optimizers }: Program, batch: Batch): tf.Scalar {
  const { features } = batch;
  const labels = batch.labels!;
  const trainOp = spec.trainOp!;
  return tf.tidy(() => {
    if (isCustom(trainOp)) return trainOp.step(features, labels);
    const loss = () => {
      const value = spec.loss!(spec.logits!(features), labels, features);
      return "sums" in value ? (tf.div(value.sums.gather(0), value.sums.gather(1)) as tf.Scalar) : scalarLoss(value);
    };
    const { value, grads } = tf.variableGrads(
      loss,
      optimizers.flatMap((op) => op.variables),
    );
    for (const { optimizer, variables } of optimizers) {
      optimizer.applyGradients(variables.map(({ name }) => ({ name, tensor: grads[name]! })));
    }
    return value;
  });
}

/** What a batch adds to the loss and the metrics. Call it inside tf.tidy. */
export function evalStep({ spec }: Program, { features, labels }: Batch): Record<string, MetricUpdate> {
  const logits = spec.logits!(features);
  const loss = spec.loss!(logits, labels!, features);
  const metrics = spec.evalMetricOps?.(logits, labels!, features) ?? {};
  checkMetricNames(Object.keys(metrics));
  return { ...metrics, loss: "sums" in loss ? loss : mean(scalarLoss(loss)) };
}

/** Predictions for a batch by name. Call it inside tf.tidy. */
export function predictStep({ spec }: Program, { features }: Batch): Record<string, tf.Tensor> {
  const predictions = spec.predictions!(spec.logits!(features), features);
  return predictions instanceof tf.Tensor ? { output: predictions } : predictions;
}

/** Frees what the modelFn made. */
export function disposeProgram({ variables, optimizers, constants, owns }: Program): void {
  tf.dispose(constants);
  const own = [...variables.values()].filter(owns);
  if (own.length > 0) for (const op of optimizers) disposeSlots(op, owns);
  for (const variable of own) variable.dispose();
}

function scalarLoss(loss: tf.Tensor): tf.Scalar {
  if (loss.size !== 1) {
    throw new Error(
      `The loss should be a scalar, received a tensor of shape [${loss.shape}]. Take its mean: loss.mean().`,
    );
  }
  return loss.rank === 0 ? (loss as tf.Scalar) : (loss.reshape([]) as tf.Scalar);
}
