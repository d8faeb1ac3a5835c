// Sees what an Estimator trains and evaluates, through its own SessionRunHook.
import type { Estimator } from "../../estimator/estimator";
import type { SessionRunContext, SessionRunHook, SessionRunValues } from "../../estimator/hooks";
import type { Values } from "./recorder";
import type { Tap } from "./tap";

type Train = Estimator["train"];
type Evaluate = Estimator["evaluate"];

export function tapEstimator(prototype: { train: Train; evaluate: Evaluate }, tap: Tap): void {
  const { train, evaluate } = prototype;
  prototype.train = async function (this: Estimator, inputFn, options = {}) {
    tap.noteCall();
    tap.busy++;
    try {
      return await train.call(this, inputFn, { ...options, hooks: [...(options.hooks ?? []), new TrainHook(tap)] });
    } finally {
      tap.busy--;
      tap.guard(() => tap.parts.recorder.trainEnd());
    }
  } as Train;
  prototype.evaluate = async function (this: Estimator, ...args) {
    const inTraining = tap.busy > 0;
    if (!inTraining) tap.noteCall();
    tap.busy++;
    try {
      const metrics = await evaluate.apply(this, args);
      tap.guard(() => tap.parts.recorder.evaluation(valuesOf(metrics), { inTraining }));
      return metrics;
    } finally {
      tap.busy--;
    }
  };
}

class TrainHook implements SessionRunHook {
  readonly #tap: Tap;
  #epoch = { loss: 0, examples: 0, steps: 0 };

  constructor(tap: Tap) {
    this.#tap = tap;
  }

  begin({ globalStep, maxSteps, stepsPerEpoch }: SessionRunContext): void {
    const { recorder, status } = this.#tap.parts;
    this.#tap.guard(() => {
      // A run that goes on from its modelDir keeps counting.
      if (recorder.step === 0 && (status.current.attempt ?? 1) > 1) {
        recorder.step = globalStep;
        recorder.epoch = stepsPerEpoch ? Math.floor(globalStep / stepsPerEpoch) : 0;
      }
      const steps = maxSteps === null ? undefined : maxSteps - globalStep;
      recorder.begin({
        stepsPerEpoch,
        ...(steps !== undefined && { stepsLeft: steps }),
        ...(steps !== undefined && stepsPerEpoch && { epochs: Math.ceil(steps / stepsPerEpoch) }),
      });
    });
  }

  async afterRun(context: SessionRunContext, { loss, batchSize }: SessionRunValues): Promise<void> {
    const { recorder, interruption, control } = this.#tap.parts;
    this.#tap.guard(() => {
      recorder.batch(loss === null ? [] : [["loss", loss]], batchSize);
      this.#count(context, loss, batchSize);
    });
    if (interruption.isDue()) await this.#tap.guardAsync(() => interruption.between());
    if (control.stopRequested) context.requestStop();
  }

  #count({ stepsPerEpoch }: SessionRunContext, loss: number | null, batchSize: number): void {
    if (!stepsPerEpoch || loss === null) return;
    const epoch = this.#epoch;
    epoch.loss += loss * batchSize;
    epoch.examples += batchSize;
    epoch.steps++;
    if (epoch.steps < stepsPerEpoch) return;
    this.#tap.parts.recorder.epochEnd([["loss", epoch.loss / epoch.examples]]);
    this.#epoch = { loss: 0, examples: 0, steps: 0 };
  }
}

function valuesOf(metrics: Record<string, number>): Values {
  return Object.entries(metrics).filter(([name, value]) => typeof value === "number" && !/^global_?step$/i.test(name));
}
