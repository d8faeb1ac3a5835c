// Code that runs beside the steps: what a hook is, and the hooks that users build. Knows nothing of models or files.
import { formatNumber, log } from "./logging";

/** What a hook learns about the call it runs in. */
export interface SessionRunContext {
  /** Finished training steps since the very first one. In `evaluate` and `predict`: the step of the checkpoint. */
  readonly globalStep: number;
  /** The global step at which this call will end, where that is known: by `steps`, `maxSteps` or the size of the input. */
  readonly maxSteps: number | null;
  /** Batches an epoch, where the input tells: `tensorInputFn` does. */
  readonly stepsPerEpoch: number | null;
  readonly stopRequested: boolean;
  /** Ends the loop after this step. In `train`, a last checkpoint is written. */
  requestStop(): void;
}

/** What one step gave. */
export interface SessionRunValues {
  /** The loss of this batch alone; null in `predict`. */
  loss: number | null;
  /** Finished training steps, this one included. */
  globalStep: number;
  /** Examples in this batch. */
  batchSize: number;
}

/**
 * Code that runs at the beginning and the end of `train`, `evaluate` or `predict` and around every step. A promise is awaited.
 * `end` is not called after an error, as in TensorFlow.
 *
 * @see https://www.tensorflow.org/api_docs/python/tf/estimator/SessionRunHook
 */
export interface SessionRunHook {
  begin?(context: SessionRunContext): void | Promise<void>;
  beforeRun?(context: SessionRunContext): void | Promise<void>;
  afterRun?(context: SessionRunContext, values: SessionRunValues): void | Promise<void>;
  end?(context: SessionRunContext): void | Promise<void>;
}

/**
 * Code that runs around every checkpoint that `train` writes. `afterSave` may return true to end the training.
 *
 * @see https://www.tensorflow.org/api_docs/python/tf/estimator/CheckpointSaverListener
 */
export interface CheckpointSaverListener {
  begin?(context: SessionRunContext): void | Promise<void>;
  beforeSave?(globalStep: number): void | Promise<void>;
  afterSave?(globalStep: number): unknown;
  end?(globalStep: number): void | Promise<void>;
}

/** The loss was NaN: the model diverged. No checkpoint of that state is written. Counterpart of TensorFlow's error of this name. */
export class NanLossDuringTrainingError extends Error {
  override readonly name = "NanLossDuringTrainingError";
  /** The first step whose loss was NaN, counted from 1. */
  readonly step: number;
  constructor(step: number) {
    super(
      `NaN loss during training: the loss of step ${step} was not a number. Lower the learning rate, or look for NaN, infinite or unscaled values in the features and labels of that step.`,
    );
    this.step = step;
  }
}

/**
 * Ends the training at a step: `numSteps` counts from where this call began, `lastStep` from the very first step.
 *
 * @throws Error unless exactly one of them is given.
 * @see https://www.tensorflow.org/api_docs/python/tf/estimator/StopAtStepHook
 */
export class StopAtStepHook implements SessionRunHook {
  private readonly numSteps: number | null;
  private lastStep: number | null;

  constructor({ numSteps, lastStep }: { numSteps?: number; lastStep?: number }) {
    if ((numSteps === undefined) === (lastStep === undefined)) {
      throw new Error("StopAtStepHook: exactly one of numSteps and lastStep should be given.");
    }
    this.numSteps = numSteps ?? null;
    this.lastStep = lastStep ?? null;
  }

  begin(context: SessionRunContext): void {
    if (this.numSteps !== null) this.lastStep = context.globalStep + this.numSteps;
  }

  afterRun(context: SessionRunContext, { globalStep }: SessionRunValues): void {
    if (globalStep >= this.lastStep!) context.requestStop();
  }
}

/**
 * Logs values every `everyNIter` steps or `everyNSecs` seconds. There are no tensors by name in an eager library, so each value is
 * a function of what the step gave; `loss` is there by itself.
 *
 * @throws Error unless exactly one of `everyNIter` and `everyNSecs` is given (none is needed with `atEnd`).
 * @see https://www.tensorflow.org/api_docs/python/tf/estimator/LoggingTensorHook
 */
export class LoggingTensorHook implements SessionRunHook {
  private readonly options: LoggingTensorOptions;
  private iterations = 0;
  private lastTime = Number.NaN;
  private last: SessionRunValues | null = null;

  constructor(options: LoggingTensorOptions) {
    const intervals = [options.everyNIter, options.everyNSecs].filter((interval) => interval !== undefined).length;
    if (intervals > 1 || (intervals === 0 && !options.atEnd)) {
      throw new Error("LoggingTensorHook: exactly one of everyNIter and everyNSecs should be given.");
    }
    this.options = options;
  }

  begin(): void {
    this.iterations = 0;
    this.lastTime = Number.NaN;
    this.last = null;
  }

  afterRun(_context: SessionRunContext, values: SessionRunValues): void {
    const { everyNIter, everyNSecs } = this.options;
    this.last = values;
    const first = this.iterations === 0;
    const due =
      everyNIter !== undefined
        ? this.iterations % everyNIter === 0
        : everyNSecs !== undefined && (first || performance.now() - this.lastTime >= everyNSecs * 1000);
    if (due) this.write(values);
    this.iterations++;
  }

  end(): void {
    if (this.options.atEnd && this.last) this.write(this.last);
  }

  private write(values: SessionRunValues): void {
    const now = performance.now();
    const elapsed = Number.isNaN(this.lastTime) ? "" : ` (${((now - this.lastTime) / 1000).toFixed(3)} sec)`;
    this.lastTime = now;
    const tensors = this.options.tensors ?? { loss: ({ loss }) => loss ?? Number.NaN };
    const results = Object.fromEntries(Object.entries(tensors).map(([name, get]) => [name, get(values)]));
    const text = Object.entries(results).map(([name, value]) => `${name} = ${formatNumber(value)}`);
    log("info", (this.options.formatter?.(results) ?? text.join(", ")) + elapsed);
  }
}

export interface LoggingTensorOptions {
  /** What to log, by name. Default: `loss`. */
  tensors?: Record<string, (values: SessionRunValues) => number>;
  everyNIter?: number;
  everyNSecs?: number;
  /** Also when the loop ends. Default false. */
  atEnd?: boolean;
  formatter?(values: Record<string, number>): string;
}
