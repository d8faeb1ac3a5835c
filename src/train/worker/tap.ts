// Sees what TensorFlow.js trains without touching the user's code: a callback that is in every fit, and the calls that train
// or evaluate wrapped for their place in the script, for resume, and for what has no callbacks. Whatever goes wrong in here is
// a warning of the run and never the user's exception.
import type * as tfjs from "@tensorflow/tfjs";
import type { Control } from "./control";
import { FitCallback } from "./fit";
import type { Interruption } from "./interruption";
import { userPlace } from "./places";
import type { Recorder, Values } from "./recorder";
import type { Resume } from "./resume";
import type { StatusFile } from "./status";
import type { Tensorflow } from "./tensorflow";

export interface TapParts {
  tf: Tensorflow;
  folder: string;
  dist: string;
  status: StatusFile;
  recorder: Recorder;
  control: Control;
  interruption: Interruption;
  resume: Resume;
}

type Method = (this: never, ...args: never[]) => unknown;

export class Tap {
  /** Calls under way that train by themselves: what happens inside them is theirs to tell. */
  busy = 0;
  #nested = false;

  constructor(readonly parts: TapParts) {}

  /** Runs a piece of the tap's own work. */
  guard(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.failed(error);
    }
  }

  async guardAsync(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (error) {
      this.failed(error);
    }
  }

  failed(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    this.parts.status.warn(`Some metrics could not be recorded: ${message}`);
  }

  install(): void {
    const { tf } = this.parts;
    const tap = this;
    class Callback extends FitCallback {
      constructor() {
        super(tap);
      }
    }
    tf.registerCallbackConstructor(0, Callback as never);
    for (const model of [tf.LayersModel.prototype, tf.Sequential.prototype]) {
      this.#wrapFit(model, "fit", 2);
      this.#wrapFit(model, "fitDataset", 1);
      this.#wrapTrainOnBatch(model);
      this.#wrapEvaluate(model, "evaluate");
      this.#wrapEvaluate(model, "evaluateDataset");
    }
    this.#wrapMinimize(tf.Optimizer.prototype);
  }

  /** Where the user's code calls, noted in the status. */
  noteCall(): void {
    this.guard(() => {
      const limit = Error.stackTraceLimit;
      Error.stackTraceLimit = 50;
      const place = userPlace(new Error().stack ?? "", this.parts.dist);
      Error.stackTraceLimit = limit;
      if (place) this.parts.status.current.call = place;
    });
  }

  /** Sequential calls the model inside it: only the outer call counts. */
  #outer<T>(call: () => T): T {
    this.#nested = true;
    try {
      return call();
    } finally {
      this.#nested = false;
    }
  }

  #during<T>(promise: Promise<T>): Promise<T> {
    this.busy++;
    return promise.finally(() => this.busy--);
  }

  #wrapFit(prototype: object, name: string, argsIndex: number): void {
    const tap = this;
    replace(
      prototype,
      name,
      (original) =>
        function (this: tfjs.LayersModel, ...args: unknown[]) {
          const call = (values: unknown[]) =>
            tap.#outer(() => original.apply(this as never, values as never[])) as Promise<tfjs.History>;
          if (tap.#nested) return original.apply(this as never, args as never[]);
          tap.noteCall();
          const options = args[argsIndex] as tfjs.ModelFitArgs | undefined;
          const run = (changed: Partial<tfjs.ModelFitArgs>) => {
            if (Object.keys(changed).length === 0) return call(args);
            const values = [...args];
            values[argsIndex] = { ...options, ...changed };
            return call(values);
          };
          return tap.#during(tap.parts.resume.around(this, options?.epochs ?? 1, run));
        },
    );
  }

  #wrapTrainOnBatch(prototype: object): void {
    const tap = this;
    replace(
      prototype,
      "trainOnBatch",
      (original) =>
        function (this: tfjs.LayersModel, ...args: unknown[]) {
          if (tap.#nested) return original.apply(this as never, args as never[]);
          if (tap.parts.status.current.state === "starting") tap.begin(this);
          const result = tap.#outer(() => original.apply(this as never, args as never[])) as Promise<number | number[]>;
          return tap.#during(
            result.then(async (losses) => {
              await tap.guardAsync(async () => {
                const values = named(this.metricsNames as string[], [losses].flat());
                tap.parts.recorder.batch(values, examplesOf(args[0]), learningRateOf(this.optimizer));
                await tap.parts.interruption.between();
              });
              return losses;
            }),
          );
        },
    );
  }

  #wrapEvaluate(prototype: object, name: string): void {
    const tap = this;
    replace(
      prototype,
      name,
      (original) =>
        function (this: tfjs.LayersModel, ...args: unknown[]) {
          if (tap.#nested || tap.busy > 0) return original.apply(this as never, args as never[]);
          tap.noteCall();
          const result = tap.#outer(() => original.apply(this as never, args as never[]));
          const note = (scalars: unknown) =>
            tap.guard(() => {
              const values = [scalars].flat().map((scalar) => numberOf(scalar));
              tap.parts.recorder.evaluation(named(this.metricsNames as string[], values));
            });
          if (!(result instanceof Promise)) {
            note(result);
            return result;
          }
          return result.then((scalars: unknown) => {
            note(scalars);
            return scalars;
          });
        },
    );
  }

  /** A loop of the user's own. Its loss is known where the user asks for it; nothing is computed for the tap. */
  #wrapMinimize(prototype: object): void {
    const tap = this;
    replace(
      prototype,
      "minimize",
      (original) =>
        function (this: tfjs.Optimizer, ...args: unknown[]) {
          const cost = original.apply(this as never, args as never[]) as tfjs.Scalar | null;
          if (tap.busy > 0) return cost;
          tap.guard(() => {
            if (tap.parts.status.current.state === "starting") {
              tap.noteCall();
              tap.parts.recorder.begin({});
            }
            tap.parts.recorder.batch(cost ? [["loss", numberOf(cost)]] : [], 0, learningRateOf(this));
            tap.parts.interruption.betweenSync();
          });
          return cost;
        },
    );
  }

  /** The first batch that the user trains by himself. */
  begin(model: tfjs.LayersModel): void {
    this.noteCall();
    this.guard(() => {
      this.parts.recorder.begin({});
      this.parts.resume.summarize(model);
    });
  }
}

function replace(prototype: object, name: string, wrap: (original: Method) => Method): void {
  const holder = prototype as Record<string, Method>;
  if (!Object.hasOwn(prototype, name)) return;
  const original = holder[name]!;
  const wrapped = wrap(original);
  Object.defineProperty(wrapped, "name", { value: name });
  holder[name] = wrapped;
}

export function numberOf(value: unknown): number {
  return typeof value === "number" ? value : Number((value as tfjs.Tensor).dataSync()[0]);
}

export function learningRateOf(optimizer: unknown): number | undefined {
  const rate = (optimizer as { learningRate?: unknown } | undefined)?.learningRate;
  return typeof rate === "number" ? rate : undefined;
}

function named(names: readonly string[], values: readonly number[]): Values {
  return values.map((value, i) => [names[i] ?? `value_${i}`, value] as const);
}

function examplesOf(x: unknown): number {
  const first = Array.isArray(x) ? x[0] : x instanceof Object && !("shape" in x) ? Object.values(x)[0] : x;
  return (first as tfjs.Tensor | undefined)?.shape?.[0] ?? 0;
}
