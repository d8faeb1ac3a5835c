// The Estimator: a modelFn, a folder, and train, evaluate and predict over both. Each call stands alone; the folder is its memory.
import { mkdtempSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import * as tf from "@tensorflow/tfjs";
import { EventWriter } from "../events/writer";
import { type Checkpoint, readCheckpoint, readLatestCheckpoint } from "./checkpoint";
import type { CheckpointSaverListener, SessionRunHook } from "./hooks";
import { batchSizeOf, type Input, type InputFn, openInput } from "./input";
import { formatNumber, formatResults, formatTime, log } from "./logging";
import { MetricTotal } from "./metrics";
import { type AnyModelFn, callModelFn, disposeProgram, evalStep, type Program, predictStep } from "./program";
import { RunConfig } from "./runConfig";
import { runSteps, Session } from "./session";
import { type Mode, ModeKeys, type ModelFn } from "./spec";
import { isInternal, resumeInput, runTraining } from "./training";
import { restoreOptimizers, restoreVariables, toTensor } from "./variables";
import { type WarmStartSettings, warmStart } from "./warmStart";

export interface EstimatorOptions<Params, Features, Labels, Logits> {
  modelFn: ModelFn<Params, Features, Labels, Logits>;
  /** Folder of checkpoints and event files. Default: that of `config`, else a new temporary folder. */
  modelDir?: string | null;
  config?: RunConfig;
  /** Handed to modelFn as they are. Default {}. */
  params?: Params;
  /** First values of the variables while `modelDir` has no checkpoint: a checkpoint, a folder of them, or settings. */
  warmStartFrom?: string | WarmStartSettings | null;
}

export interface TrainOptions {
  /** How many steps this call takes at most. Not together with `maxSteps`. Default: until the input ends. */
  steps?: number | null;
  /** The global step at which training ends, counted from the very first one; nothing is done when it is reached already. */
  maxSteps?: number | null;
  hooks?: readonly SessionRunHook[];
  savingListeners?: readonly CheckpointSaverListener[];
}

export interface EvaluateOptions {
  /** How many batches are evaluated at most. Default: all that the input gives. */
  steps?: number | null;
  hooks?: readonly SessionRunHook[];
  /** Checkpoint to evaluate. Default: the newest in `modelDir`. */
  checkpointPath?: string | null;
  /** Name of this evaluation; its events go to `modelDir/eval_<name>` instead of `modelDir/eval`. */
  name?: string | null;
}

export interface PredictOptions {
  /** Names of the predictions that are wanted. Default: all. */
  predictKeys?: readonly string[] | null;
  hooks?: readonly SessionRunHook[];
  checkpointPath?: string | null;
  /** Whether each example is given by itself. Default true; otherwise each batch. */
  yieldSingleExamples?: boolean;
}

/** A prediction: a number, or nested arrays of the prediction's shape. */
export type Prediction = number | string | Prediction[];

/**
 * Trains, evaluates and predicts with a model that a `modelFn` describes. Counterpart of `tf.estimator.Estimator`: options are one
 * object, names are in camelCase, and everything that runs is async. State lives in `modelDir` alone: each call builds the model
 * anew, takes the values of the newest good checkpoint and frees what it built.
 *
 * @throws Error when `modelDir` is given twice and differently.
 * @see https://www.tensorflow.org/api_docs/python/tf/estimator/Estimator
 */
export class Estimator<Params = Record<string, unknown>, Features = tf.Tensor, Labels = tf.Tensor, Logits = tf.Tensor> {
  readonly modelDir: string;
  readonly config: RunConfig;
  readonly params: Params;
  private readonly anyModelFn: AnyModelFn;
  private readonly warmStartFrom: string | WarmStartSettings | null;
  private training = false;

  constructor(options: EstimatorOptions<Params, Features, Labels, Logits>) {
    const { modelFn, config = new RunConfig(), params = {} as Params, warmStartFrom = null } = options;
    if (typeof modelFn !== "function") throw new Error(`modelFn should be a function, received ${typeof modelFn}.`);
    this.modelDir = chooseModelDir(options.modelDir ?? null, config.modelDir);
    this.config = config.modelDir === this.modelDir ? config : config.replace({ modelDir: this.modelDir });
    this.params = params;
    this.anyModelFn = modelFn as unknown as AnyModelFn;
    this.warmStartFrom = warmStartFrom;
  }

  /**
   * Trains until the input ends, `steps` or `maxSteps` are reached, or a hook requests a stop; goes on from the newest checkpoint.
   * Resolves to the estimator.
   *
   * @throws Error for wrong options; NanLossDuringTrainingError; CheckpointError when the last checkpoint cannot be written (earlier
   *   ones that fail are warned of and tried again). After any other error the state before it is saved.
   */
  async train(inputFn: InputFn, options: TrainOptions = {}): Promise<this> {
    const { hooks = [], savingListeners = [] } = options;
    const steps = options.steps ?? null;
    const maxSteps = options.maxSteps ?? null;
    if (steps !== null && maxSteps !== null) throw new Error("Can not provide both steps and maxSteps.");
    checkCount("steps", steps);
    checkCount("maxSteps", maxSteps);
    if (this.training) throw new Error("This estimator is training already: await that call of train first.");
    this.training = true;
    try {
      const latest = await this.newest();
      const startStep = latest?.checkpoint.step ?? 0;
      if (latest && maxSteps !== null && maxSteps <= startStep) {
        log("info", "Skipping training since max_steps has already saved.");
        await this.adopt(latest.checkpoint);
        return this;
      }
      await this.run(ModeKeys.TRAIN, inputFn, startStep, latest, async (program, input) => {
        const { loss } = await runTraining({
          program,
          input,
          modelDir: this.modelDir,
          config: this.config,
          restored: latest?.checkpoint ?? null,
          steps: maxSteps === null ? steps : maxSteps - startStep,
          hooks: [...hooks, ...(program.spec.trainingHooks ?? [])],
          savingListeners,
        });
        log("info", `Loss for final step: ${loss === null ? "None" : formatNumber(loss)}.`);
      });
      return this;
    } finally {
      this.training = false;
    }
  }

  /**
   * Evaluates a checkpoint on all batches of the input, or on `steps` of them. Resolves to the metrics by name, `loss` and
   * `global_step`; also writes them as an event file. Variables that the modelFn did not make keep their values.
   *
   * @throws Error for wrong options, or when the input gives no batch; CheckpointError when `checkpointPath` cannot be read.
   */
  async evaluate(inputFn: InputFn, options: EvaluateOptions = {}): Promise<Record<string, number>> {
    const { hooks = [], checkpointPath = null, name = null } = options;
    const steps = options.steps ?? null;
    checkCount("steps", steps);
    const source = await this.source(checkpointPath, "evaluate");
    const globalStep = source?.checkpoint.step ?? 0;
    const totals = new Map<string, MetricTotal>();
    log("info", `Starting evaluation at ${formatTime(new Date())}`);
    await this.run(ModeKeys.EVAL, inputFn, globalStep, source, async (program, input) => {
      const session = new Session({ globalStep, maxSteps: null, stepsPerEpoch: input.stepsPerEpoch });
      const allHooks = [...hooks, ...(program.spec.evaluationHooks ?? [])];
      for (const hook of allHooks) await hook.begin?.(session);
      await runSteps(session, input, {
        hooks: allHooks,
        steps,
        step: (batch) => {
          if (batch.labels === null) throw new Error("Evaluation needs labels; inputFn gave features only.");
          return tf.tidy(() => addUp(totals, evalStep(program, batch)));
        },
      });
      for (const hook of allHooks) await hook.end?.(session);
    });
    if (totals.size === 0) throw new Error("Evaluation had no batch: the inputFn ended before its first one.");
    log("info", `Finished evaluation at ${formatTime(new Date())}`);
    const results: Record<string, number> = {};
    for (const [key, total] of totals) results[key] = total.value;
    results["global_step"] = globalStep;
    this.writeEvaluation(name, results, source?.path ?? null);
    return results;
  }

  /**
   * Yields the predictions for each example (or batch) of the input, by name, as numbers and nested arrays.
   *
   * @throws Error when `predictKeys` names none of the predictions; CheckpointError when `checkpointPath` cannot be read.
   */
  async *predict(inputFn: InputFn, options: PredictOptions = {}): AsyncGenerator<Record<string, Prediction>> {
    const { predictKeys = null, hooks = [], checkpointPath = null, yieldSingleExamples = true } = options;
    const source = await this.source(checkpointPath, "predict");
    const globalStep = source?.checkpoint.step ?? 0;
    const { program, input, close } = await this.open(ModeKeys.PREDICT, inputFn, globalStep, source);
    try {
      const session = new Session({ globalStep, maxSteps: null, stepsPerEpoch: input.stepsPerEpoch });
      const allHooks = [...hooks, ...(program.spec.predictionHooks ?? [])];
      for (const hook of allHooks) await hook.begin?.(session);
      let done = false;
      while (!done) {
        let rows: Record<string, Prediction> | null = null;
        let examples = 0;
        const step = (batch: Parameters<typeof predictStep>[1]) => {
          examples = batchSizeOf(batch);
          rows = tf.tidy(() => chosenRows(predictStep(program, batch), predictKeys));
          return null;
        };
        // One step at a time with the generator's consumer in between, who sets the pace.
        const { inputEnded } = await runSteps(session, input, { hooks: allHooks, steps: 1, step });
        done = inputEnded || session.stopRequested;
        if (rows && yieldSingleExamples) yield* examplesOf(rows, examples);
        else if (rows) yield rows;
      }
      for (const hook of allHooks) await hook.end?.(session);
    } finally {
      await close();
    }
  }

  /** Path of the newest readable checkpoint in `modelDir`, or null. */
  async latestCheckpoint(): Promise<string | null> {
    return (await this.newest())?.path ?? null;
  }

  /** Names of everything in the newest checkpoint: variables, optimizer slots and `global_step`; sorted. */
  async getVariableNames(): Promise<string[]> {
    const { tensors } = await this.trained();
    return [...tensors.keys(), "global_step"].filter((name) => !isInternal(name)).sort();
  }

  /**
   * Value of a variable in the newest checkpoint, as a tensor that the caller disposes of.
   *
   * @throws Error when it has no such variable.
   */
  async getVariableValue(name: string): Promise<tf.Tensor> {
    const { step, tensors } = await this.trained();
    if (name === "global_step") return tf.scalar(step, "int32");
    const data = tensors.get(name);
    if (!data) throw new Error(`Variable ${name} is not in the checkpoint. It has: ${[...tensors.keys()].join(", ")}.`);
    return toTensor(data);
  }

  /** Folder of an evaluation's events. */
  evalDir(name: string | null = null): string {
    return path.join(this.modelDir, name ? `eval_${name}` : "eval");
  }

  private async trained(): Promise<Checkpoint> {
    const latest = await this.newest();
    if (!latest) throw new Error(`Estimator in ${this.modelDir} has no checkpoint yet: train it first.`);
    return latest.checkpoint;
  }

  private newest() {
    return readLatestCheckpoint(this.modelDir, ({ message }) => log("warn", `${message} The one before it is used.`));
  }

  /** The checkpoint to evaluate or predict with, or null when there is none. */
  private async source(checkpointPath: string | null, purpose: string) {
    if (checkpointPath !== null) return { path: checkpointPath, checkpoint: await readCheckpoint(checkpointPath) };
    const latest = await this.newest();
    if (!latest) {
      log("info", `Could not find trained model in model_dir: ${this.modelDir}, running initialization to ${purpose}.`);
    }
    return latest;
  }

  /** Builds the model for one call, gives it its values and its input, and frees all of it afterwards. */
  private async run(
    mode: Mode,
    inputFn: InputFn,
    globalStep: number,
    source: { path: string; checkpoint: Checkpoint } | null,
    body: (program: Program, input: Input) => Promise<void>,
  ): Promise<void> {
    const { program, input, close } = await this.open(mode, inputFn, globalStep, source);
    try {
      await body(program, input);
    } finally {
      await close();
    }
  }

  private async open(
    mode: Mode,
    inputFn: InputFn,
    globalStep: number,
    source: { path: string; checkpoint: Checkpoint } | null,
  ) {
    const { params, config } = this;
    const program = await callModelFn(this.anyModelFn, { mode, params: params as Record<string, unknown>, config });
    const closing: (() => unknown)[] = [() => disposeProgram(program)];
    const close = async () => {
      for (const step of closing.reverse()) await step();
    };
    try {
      const args = { mode, params: params as Record<string, unknown>, config, globalStep };
      const input = await openInput(inputFn, args);
      closing.push(() => input.close());
      if (mode === ModeKeys.TRAIN && source) resumeInput(input, source.checkpoint);
      if (mode !== ModeKeys.TRAIN) closing.push(putBack(program));
      await this.restore(program, mode, source);
      return { program, input, close };
    } catch (error) {
      await close();
      throw error;
    }
  }

  private async restore(
    program: Program,
    mode: Mode,
    source: { path: string; checkpoint: Checkpoint } | null,
  ): Promise<void> {
    if (!source) {
      if (this.warmStartFrom !== null) await warmStart(this.warmStartFrom, program.variables);
      return;
    }
    log("info", `Restoring parameters from ${source.path}`);
    restoreVariables(source.checkpoint, program.variables, source.path);
    if (mode !== ModeKeys.TRAIN) return;
    for (const scope of restoreOptimizers(source.checkpoint, program.variables, program.optimizers)) {
      log("warn", `Checkpoint ${source.path} has nothing of ${scope}: the optimizer was changed, and starts anew.`);
    }
  }

  /** Gives a checkpoint's values to variables that the modelFn's caller owns: a script may go on to use its model. */
  private async adopt(checkpoint: Checkpoint): Promise<void> {
    const { params, config, modelDir } = this;
    const mode = ModeKeys.EVAL;
    const program = await callModelFn(this.anyModelFn, { mode, params: params as Record<string, unknown>, config });
    try {
      const foreign = new Map([...program.variables].filter(([, variable]) => !program.owns(variable)));
      restoreVariables(checkpoint, foreign, modelDir);
    } finally {
      disposeProgram(program);
    }
  }

  private writeEvaluation(name: string | null, results: Record<string, number>, checkpointPath: string | null): void {
    const step = results["global_step"]!;
    log("info", `Saving dict for global step ${step}: ${formatResults(results)}`);
    const writer = new EventWriter(this.evalDir(name));
    for (const key of Object.keys(results).sort()) {
      if (key !== "global_step") writer.scalar(key, results[key]!, step);
    }
    if (checkpointPath !== null) {
      log("info", `Saving 'checkpoint_path' summary for global step ${step}: ${checkpointPath}`);
      writer.text("checkpoint_path", checkpointPath, step);
    }
    writer.close();
    if (writer.failure)
      log("warn", `Summaries could not be written to ${this.evalDir(name)}: ${writer.failure.message}`);
  }
}

/** Adds a batch to the totals and gives its loss. */
function addUp(totals: Map<string, MetricTotal>, updates: ReturnType<typeof evalStep>): number {
  for (const [name, update] of Object.entries(updates)) {
    let total = totals.get(name);
    if (!total) {
      total = new MetricTotal(update);
      totals.set(name, total);
    }
    total.add(name, update);
  }
  const { sums, value } = updates["loss"]!;
  return value(Float64Array.from(sums.dataSync()));
}

/** Remembers the values of variables that the modelFn did not make; the result puts them back. */
function putBack({ variables, owns }: Program): () => void {
  const kept = [...variables.values()]
    .filter((variable) => !owns(variable))
    .map((variable) => [variable, variable.clone()] as const);
  return () => {
    for (const [variable, value] of kept) {
      variable.assign(value);
      value.dispose();
    }
  };
}

function chosenRows(
  predictions: Record<string, tf.Tensor>,
  keys: readonly string[] | null,
): Record<string, Prediction> {
  const names = Object.keys(predictions).filter((name) => keys?.includes(name) ?? true);
  if (names.length === 0) {
    throw new Error(
      `Expected to predict ${keys?.join(", ")}; the model predicts ${Object.keys(predictions).join(", ")}.`,
    );
  }
  return Object.fromEntries(names.map((name) => [name, predictions[name]!.arraySync() as Prediction]));
}

function* examplesOf(rows: Record<string, Prediction>, examples: number): Generator<Record<string, Prediction>> {
  for (let i = 0; i < examples; i++) {
    yield Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, (values as Prediction[])[i]!]));
  }
}

function checkCount(name: string, value: number | null): void {
  if (value !== null && !(Number.isSafeInteger(value) && value > 0)) {
    throw new Error(`Must specify ${name} > 0, given: ${value}`);
  }
}

function chooseModelDir(given: string | null, configured: string | null): string {
  if (given !== null && configured !== null && given !== configured) {
    throw new Error(
      `modelDir are set both in constructor and RunConfig, but with different values. In constructor: '${given}', in RunConfig: '${configured}'.`,
    );
  }
  const chosen = given ?? configured;
  if (chosen !== null) return chosen;
  const temporary = mkdtempSync(path.join(os.tmpdir(), "estimator-"));
  log("warn", `Using temporary folder as model directory: ${temporary}`);
  return temporary;
}
