// When a training saves, and what happens when it cannot: the counterpart of TensorFlow's CheckpointSaverHook. Knows no model.
import { type Checkpoint, CheckpointError, saveCheckpoint } from "./checkpoint";
import type { CheckpointSaverListener, SessionRunContext } from "./hooks";
import { log } from "./logging";
import type { RunConfig } from "./runConfig";

/** Saves at the first step, then at the configured interval, and at the end. */
export class Saver {
  private readonly folder: string;
  private readonly config: RunConfig;
  private readonly listeners: readonly CheckpointSaverListener[];
  private readonly take: (step: number) => Promise<Checkpoint>;
  /** Step and time of the last save that was tried; interval and end go by it. */
  private triggeredStep: number | null = null;
  private triggeredTime = 0;
  /** Step of the newest checkpoint that is known to be on disk. */
  private savedStep: number | null;

  constructor(
    folder: string,
    config: RunConfig,
    options: {
      listeners: readonly CheckpointSaverListener[];
      /** Step of the checkpoint that the training began with, or null. */
      restoredStep: number | null;
      take: (step: number) => Promise<Checkpoint>;
    },
  ) {
    this.folder = folder;
    this.config = config;
    this.listeners = options.listeners;
    this.savedStep = options.restoredStep;
    this.take = options.take;
  }

  /** Whether checkpoints are written at all. */
  get enabled(): boolean {
    return this.config.saveCheckpointsSteps !== null || this.config.saveCheckpointsSecs !== null;
  }

  async begin(context: SessionRunContext): Promise<void> {
    if (!this.enabled) return;
    for (const listener of this.listeners) await listener.begin?.(context);
    this.triggeredStep = context.globalStep;
    this.triggeredTime = performance.now();
    // What was restored is on disk already.
    if (this.savedStep === null) await this.save(context.globalStep, context);
  }

  /** Saves when the interval is over. */
  async afterStep(step: number, context: SessionRunContext): Promise<void> {
    const { saveCheckpointsSteps: steps, saveCheckpointsSecs: secs } = this.config;
    const due =
      steps !== null
        ? step >= (this.triggeredStep ?? 0) + steps
        : secs !== null && performance.now() >= this.triggeredTime + secs * 1000;
    if (!due) return;
    try {
      await this.save(step, context);
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      // Hours of work should not end because a disk is full for a moment: the next interval tries again, the end insists.
      log("warn", `${error.message} Training goes on; the next checkpoint will be tried in time.`);
    }
  }

  /** Saves the last step, unless it is saved, and tells the listeners that it is over. */
  async end(step: number, context: SessionRunContext): Promise<void> {
    if (!this.enabled) return;
    if (step !== this.savedStep) await this.save(step, context);
    for (const listener of this.listeners) await listener.end?.(step);
  }

  /** After an error: saves the state before it, if that can be done. Listeners are not told. */
  async rescue(step: number): Promise<void> {
    if (!this.enabled || step === this.savedStep) return;
    try {
      await this.write(step);
      log("info", `Saved checkpoint ${step} before the error.`);
    } catch (error) {
      log("warn", (error as Error).message);
    }
  }

  private async save(step: number, context: SessionRunContext): Promise<void> {
    this.triggeredStep = step;
    this.triggeredTime = performance.now();
    for (const listener of this.listeners) await listener.beforeSave?.(step);
    log("info", `Saving checkpoints for ${step} into ${this.folder}/model.ckpt.`);
    await this.write(step);
    for (const listener of this.listeners) {
      if ((await listener.afterSave?.(step)) === true) {
        log("info", `A CheckpointSaverListener requested that training be stopped. Global step: ${step}`);
        context.requestStop();
      }
    }
  }

  private async write(step: number): Promise<void> {
    const { keepCheckpointMax: keep, keepCheckpointEveryNHours: keepEveryNHours } = this.config;
    await saveCheckpoint(this.folder, await this.take(step), { keep, keepEveryNHours });
    this.savedStep = step;
  }
}
