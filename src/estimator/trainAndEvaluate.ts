// Trains and evaluates in turn: TensorFlow's local algorithm. Knows the Estimator only by its public methods.
import type { Estimator } from "./estimator";
import type { CheckpointSaverListener, SessionRunContext, SessionRunHook } from "./hooks";
import type { InputFn } from "./input";
import { log } from "./logging";

export interface TrainSpecOptions {
  inputFn: InputFn;
  /** The global step at which training ends. Default: when the input does. */
  maxSteps?: number | null;
  hooks?: readonly SessionRunHook[];
  savingListeners?: readonly CheckpointSaverListener[];
}

/**
 * What to train with. Counterpart of `tf.estimator.TrainSpec`.
 *
 * @throws Error when `maxSteps` is not positive.
 */
export class TrainSpec {
  readonly inputFn: InputFn;
  readonly maxSteps: number | null;
  readonly hooks: readonly SessionRunHook[];
  readonly savingListeners: readonly CheckpointSaverListener[];
  constructor({ inputFn, maxSteps = null, hooks = [], savingListeners = [] }: TrainSpecOptions) {
    if (typeof inputFn !== "function")
      throw new Error(`TrainSpec: inputFn should be a function, received ${typeof inputFn}.`);
    if (maxSteps !== null && !(maxSteps > 0)) throw new Error(`Must specify maxSteps > 0, given: ${maxSteps}`);
    this.inputFn = inputFn;
    this.maxSteps = maxSteps;
    this.hooks = hooks;
    this.savingListeners = savingListeners;
  }
}

export interface EvalSpecOptions {
  inputFn: InputFn;
  /** Batches an evaluation; null for all that the input gives. Default 100. */
  steps?: number | null;
  /** Name of the evaluation: its events go to `modelDir/eval_<name>`. */
  name?: string | null;
  hooks?: readonly SessionRunHook[];
  /** Shortest time between two evaluations. Default 600. */
  throttleSecs?: number;
}

/**
 * How to evaluate. Counterpart of `tf.estimator.EvalSpec`; `start_delay_secs` has none, since it means nothing in one process.
 *
 * @throws Error when `steps` is not positive or `throttleSecs` is negative.
 */
export class EvalSpec {
  readonly inputFn: InputFn;
  readonly steps: number | null;
  readonly name: string | null;
  readonly hooks: readonly SessionRunHook[];
  readonly throttleSecs: number;
  constructor({ inputFn, steps = 100, name = null, hooks = [], throttleSecs = 600 }: EvalSpecOptions) {
    if (typeof inputFn !== "function")
      throw new Error(`EvalSpec: inputFn should be a function, received ${typeof inputFn}.`);
    if (steps !== null && !(steps > 0)) throw new Error(`Must specify steps > 0, given: ${steps}`);
    if (!(throttleSecs >= 0)) throw new Error(`Must specify throttleSecs >= 0, given: ${throttleSecs}`);
    this.inputFn = inputFn;
    this.steps = steps;
    this.name = name;
    this.hooks = hooks;
    this.throttleSecs = throttleSecs;
  }
}

/**
 * Trains in one call and evaluates after each checkpoint but the one it began with, at most every `throttleSecs`, and once more at
 * the end unless the last step was evaluated. How often it evaluates therefore depends on `saveCheckpointsSteps` or `-Secs` of the
 * estimator's RunConfig. Resolves to the metrics of the last evaluation. Where `maxSteps` was reached before, the newest checkpoint
 * is evaluated (TensorFlow returns nothing then).
 *
 * @param trainSpec A TrainSpec, or its options.
 * @param evalSpec An EvalSpec, or its options.
 * @throws Error when the RunConfig turns checkpoints off; what `train` and `evaluate` throw.
 * @see https://www.tensorflow.org/api_docs/python/tf/estimator/train_and_evaluate
 */
export async function trainAndEvaluate<P, F, L, G>(
  estimator: Estimator<P, F, L, G>,
  trainSpec: TrainSpec | TrainSpecOptions,
  evalSpec: EvalSpec | EvalSpecOptions,
): Promise<Record<string, number>> {
  const { inputFn, maxSteps, hooks, savingListeners } = new TrainSpec(trainSpec);
  const { saveCheckpointsSteps, saveCheckpointsSecs } = estimator.config;
  if (saveCheckpointsSteps === null && saveCheckpointsSecs === null) {
    throw new Error(
      "trainAndEvaluate evaluates checkpoints: set saveCheckpointsSteps or saveCheckpointsSecs in the RunConfig.",
    );
  }
  const evaluation = new Evaluation(estimator, new EvalSpec(evalSpec));
  await estimator.train(inputFn, { maxSteps, hooks, savingListeners: [...savingListeners, evaluation] });
  return evaluation.results ?? (await evaluation.evaluate());
}

class Evaluation<P, F, L, G> implements CheckpointSaverListener {
  results: Record<string, number> | null = null;
  private readonly estimator: Estimator<P, F, L, G>;
  private readonly spec: EvalSpec;
  private startStep = 0;
  private lastStep: number | null = null;
  private lastTime = Number.NEGATIVE_INFINITY;

  constructor(estimator: Estimator<P, F, L, G>, spec: EvalSpec) {
    this.estimator = estimator;
    this.spec = spec;
  }

  begin(context: SessionRunContext): void {
    this.startStep = context.globalStep;
  }

  async afterSave(step: number): Promise<void> {
    if (step === this.startStep) return;
    const { throttleSecs } = this.spec;
    if (performance.now() - this.lastTime < throttleSecs * 1000) {
      log("info", `Skip the current checkpoint eval due to throttle secs (${throttleSecs} secs).`);
      return;
    }
    await this.evaluateAt(step);
  }

  async end(step: number): Promise<void> {
    if (step !== this.lastStep) await this.evaluateAt(step);
  }

  async evaluate(): Promise<Record<string, number>> {
    const { inputFn, steps, name, hooks } = this.spec;
    return this.estimator.evaluate(inputFn, { steps, name, hooks });
  }

  private async evaluateAt(step: number): Promise<void> {
    this.lastStep = step;
    this.lastTime = performance.now();
    this.results = await this.evaluate();
  }
}
