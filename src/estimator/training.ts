// One call of `train`, from the checkpoint it goes on from to the one it leaves. Knows Estimators only by what it is given.
import { EventWriter } from "../events/writer";
import { type Checkpoint, CheckpointError } from "./checkpoint";
import { type CheckpointSaverListener, NanLossDuringTrainingError, type SessionRunHook } from "./hooks";
import type { Batch, Input, InputPosition } from "./input";
import { formatNumber, formatRate, log } from "./logging";
import { type Program, trainStep } from "./program";
import type { RunConfig } from "./runConfig";
import { Saver } from "./saver";
import { runSteps, Session } from "./session";
import { snapshot } from "./variables";

export interface Training {
  program: Program;
  input: Input;
  modelDir: string;
  config: RunConfig;
  /** Where it goes on from; null for a new training. */
  restored: Checkpoint | null;
  /** Most steps that this call may take; null for no limit but the input's. */
  steps: number | null;
  hooks: readonly SessionRunHook[];
  savingListeners: readonly CheckpointSaverListener[];
}

/** The order of examples lies beside the variables under this name. */
const ORDER = "input_position/order";

/** Runs a training and returns its last step and loss. */
export async function runTraining(training: Training): Promise<{ globalStep: number; loss: number | null }> {
  const { program, input, modelDir, config, restored, hooks } = training;
  const startStep = restored?.step ?? 0;
  const session = new Session({
    globalStep: startStep,
    maxSteps: plannedEnd(startStep, training.steps, input),
    stepsPerEpoch: input.stepsPerEpoch,
  });
  let finished = false;
  // False while variables may be half updated: such a state is never saved.
  let whole = true;
  const saver = new Saver(modelDir, config, {
    listeners: training.savingListeners,
    restoredStep: restored ? startStep : null,
    take: async (step) => {
      const checkpoint = await snapshot(step, program.variables, program.optimizers);
      const last = finished || step === session.maxSteps;
      if (step > startStep && !last) recordPosition(checkpoint, input.position());
      return checkpoint;
    },
  });
  const writer = new EventWriter(modelDir);
  const progress = new Progress(config, writer);
  try {
    for (const hook of hooks) await hook.begin?.(session);
    await saver.begin(session);
    const step = async (batch: Batch) => {
      if (batch.labels === null) throw new Error("Training needs labels; inputFn gave features only.");
      whole = false;
      const loss = trainStep(program, batch);
      session.globalStep++;
      whole = true;
      const value = (await loss.data())[0]!;
      loss.dispose();
      return value;
    };
    const after = async (loss: number | null) => {
      if (Number.isNaN(loss)) {
        log("error", "Model diverged with loss = NaN.");
        throw new NanLossDuringTrainingError(session.globalStep);
      }
      progress.afterStep(loss!, session.globalStep);
      await saver.afterStep(session.globalStep, session);
    };
    const result = await runSteps(session, input, { hooks, steps: training.steps, step, after });
    finished = result.inputEnded || !session.stopRequested;
    for (const hook of hooks) await hook.end?.(session);
    await saver.end(session.globalStep, session);
    return { globalStep: session.globalStep, loss: result.loss };
  } catch (error) {
    const trusted = whole && !(error instanceof NanLossDuringTrainingError) && !(error instanceof CheckpointError);
    if (trusted) await saver.rescue(session.globalStep);
    throw error;
  } finally {
    writer.close();
    if (writer.failure) log("warn", `Summaries could not be written to ${modelDir}: ${writer.failure.message}`);
  }
}

/** The log lines and summaries of a training, at TensorFlow's steps: the first, and every so many after it. */
class Progress {
  private readonly config: RunConfig;
  private readonly writer: EventWriter;
  private iterations = 0;
  private logged = { time: 0 };

  constructor(config: RunConfig, writer: EventWriter) {
    this.config = config;
    this.writer = writer;
  }

  afterStep(loss: number, globalStep: number): void {
    const { saveSummarySteps, logStepCountSteps } = this.config;
    const i = this.iterations++;
    if (saveSummarySteps && i % saveSummarySteps === 0) this.writer.scalar("loss", loss, globalStep);
    if (!logStepCountSteps || i % logStepCountSteps !== 0) return;
    const now = performance.now();
    const seconds = (now - this.logged.time) / 1000;
    this.logged.time = now;
    if (i > 0) {
      const rate = logStepCountSteps / seconds;
      this.writer.scalar("global_step/sec", rate, globalStep);
      log("info", `global_step/sec: ${formatRate(rate)}`);
    }
    // TensorFlow names the step that the loss was computed at, before the update.
    const elapsed = i > 0 ? ` (${seconds.toFixed(3)} sec)` : "";
    log("info", `loss = ${formatNumber(loss)}, step = ${globalStep - 1}${elapsed}`);
  }
}

function plannedEnd(startStep: number, steps: number | null, input: Input): number | null {
  const limits = [steps, input.remainingSteps].filter((limit) => limit !== null);
  return limits.length > 0 ? startStep + Math.min(...limits) : null;
}

function recordPosition(checkpoint: Checkpoint, position: InputPosition | null): void {
  if (!position) return;
  const { order, ...place } = position;
  checkpoint.metadata["input"] = JSON.stringify(place);
  if (order) checkpoint.tensors.set(ORDER, { dtype: "int32", shape: [order.length], data: order });
}

/** Goes on in the middle of the input, where the checkpoint was taken in the middle of it and the data is the same. */
export function resumeInput(input: Input, { metadata, tensors }: Checkpoint): void {
  const place = metadata["input"];
  if (place === undefined) return;
  const order = tensors.get(ORDER)?.data;
  const position = { ...(JSON.parse(place) as InputPosition), order: order instanceof Int32Array ? order : null };
  if (input.seek(position))
    log("info", `Going on in epoch ${position.epoch + 1} after batch ${position.batch} of the input.`);
}

/** Whether a name in a checkpoint belongs to the library rather than to the model. */
export function isInternal(name: string): boolean {
  return name === ORDER;
}
