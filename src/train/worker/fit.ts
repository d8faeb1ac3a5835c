// The callback that is in every fit, beside the user's own.
import type * as tfjs from "@tensorflow/tfjs";
import type { Plan, Values } from "./recorder";
import { learningRateOf, numberOf, type Tap } from "./tap";

type Logs = Record<string, number | tfjs.Scalar>;

interface Params {
  epochs?: number;
  initialEpoch?: number | null;
  steps?: number | null;
  batchSize?: number | null;
  samples?: number | null;
}

export class FitCallback {
  readonly #tap: Tap;
  #params: Params = {};
  #model!: tfjs.LayersModel & { stopTraining: boolean };
  /** In the order of the logs, without what is no metric. */
  #names: string[] | undefined;

  constructor(tap: Tap) {
    this.#tap = tap;
  }

  setParams(params: Params): void {
    this.#params = params;
  }

  setModel(model: tfjs.LayersModel): void {
    this.#model = model as tfjs.LayersModel & { stopTraining: boolean };
  }

  async onTrainBegin(): Promise<void> {
    const { resume, recorder } = this.#tap.parts;
    this.#tap.guard(() => {
      resume.begin(this.#model);
      recorder.begin(planOf(this.#params, resume.initialEpoch));
      resume.summarize(this.#model);
    });
  }

  async onEpochBegin(): Promise<void> {}

  async onBatchBegin(): Promise<void> {}

  async onBatchEnd(_batch: number, logs: Logs): Promise<void> {
    const { recorder, interruption, control } = this.#tap.parts;
    this.#tap.guard(() =>
      recorder.batch(this.#values(logs), numberOf(logs["size"] ?? 0), learningRateOf(this.#model.optimizer)),
    );
    if (interruption.isDue()) await this.#tap.guardAsync(() => this.#interrupt());
    if (control.stopRequested) this.#model.stopTraining = true;
  }

  async onEpochEnd(epoch: number, logs: Logs): Promise<void> {
    const { recorder, resume, control } = this.#tap.parts;
    await this.#tap.guardAsync(async () => {
      const values = this.#epochValues(logs);
      recorder.epochEnd(values);
      resume.noteEpoch(epoch, values);
      await resume.checkpointIfDue();
    });
    if (control.stopRequested) this.#model.stopTraining = true;
  }

  async onTrainEnd(): Promise<void> {
    const { recorder, resume, control } = this.#tap.parts;
    await this.#tap.guardAsync(async () => {
      recorder.trainEnd();
      await resume.end({ stopped: control.stopRequested });
    });
  }

  async #interrupt(): Promise<void> {
    const { interruption, control, resume } = this.#tap.parts;
    await interruption.between();
    if (control.takeCheckpoint()) await resume.checkpoint();
  }

  #values(logs: Logs): Values {
    this.#names ??= Object.keys(logs).filter((name) => name !== "batch" && name !== "size");
    return this.#names.map((name) => [name, numberOf(logs[name]!)] as const);
  }

  #epochValues(logs: Logs): Values {
    return Object.entries(logs).map(([name, value]) => [name, numberOf(value)] as const);
  }
}

function planOf({ epochs, steps, batchSize }: Params, initialEpoch: number): Plan {
  return {
    initialEpoch,
    stepsPerEpoch: steps ?? null,
    ...(epochs !== undefined && { epochs }),
    ...(batchSize != null && { batchSize }),
  };
}
