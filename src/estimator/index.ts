// The Estimator API for TensorFlow.js: everything that users of the library may name.
export {
  type Checkpoint,
  CheckpointError,
  type CheckpointFile,
  checkpoints,
  type KeepOptions,
  latestCheckpoint,
  readCheckpoint,
  readLatestCheckpoint,
  saveCheckpoint,
  type TensorData,
} from "./checkpoint";
export {
  Estimator,
  type EstimatorOptions,
  type EvaluateOptions,
  type PredictOptions,
  type TrainOptions,
} from "./estimator";
export {
  type CheckpointSaverListener,
  LoggingTensorHook,
  type LoggingTensorOptions,
  NanLossDuringTrainingError,
  type SessionRunContext,
  type SessionRunHook,
  type SessionRunValues,
  StopAtStepHook,
} from "./hooks";
export { type InputFn, type InputFnArgs, type InputSource, type TensorInputOptions, tensorInputFn } from "./input";
export { setLogger, setVerbosity, type Verbosity } from "./logging";
export { type MetricInput, type MetricUpdate, metrics } from "./metrics";
export { type ModelToEstimatorOptions, modelToEstimator } from "./modelToEstimator";
export { RunConfig, type RunConfigOptions } from "./runConfig";
export {
  type CustomTrainOp,
  EstimatorSpec,
  type EstimatorSpecOptions,
  type Mode,
  ModeKeys,
  type ModelFn,
  type ModelFnArgs,
  type OptimizerOp,
  type Tensors,
} from "./spec";
export { EvalSpec, TrainSpec, trainAndEvaluate } from "./trainAndEvaluate";
export type { WarmStartSettings } from "./warmStart";
