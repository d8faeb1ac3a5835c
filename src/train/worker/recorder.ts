// Puts what a training tells into the run: scalars into event files, how it stands into status.json. It counts batches and
// epochs over all the calls of the script that train, and knows nothing of TensorFlow.js.
import path from "node:path";
import { EventWriter } from "../../events/writer";
import type { Source } from "../../protocol/run";
import type { StatusFile } from "./status";

/** Names as the library gives them, with their values. */
export type Values = readonly (readonly [name: string, value: number])[];

/** What is planned, where it is known. */
export interface Plan {
  /** Epochs of this call in all, and the first one that it trains. */
  epochs?: number;
  initialEpoch?: number;
  stepsPerEpoch?: number | null;
  batchSize?: number;
  /** Batches still to train, for those who do not count epochs. */
  stepsLeft?: number;
}

/** Between two points of the speed inside a long epoch. */
const SPEED_MILLIS = 5_000;

export class Recorder {
  /** Batches and epochs since the run began. */
  step = 0;
  epoch = 0;
  readonly #folder: string;
  readonly #status: StatusFile;
  readonly #writers = new Map<Source, EventWriter>();
  readonly #tags = new Map<string, string>();
  #plan: Plan = {};
  /** Of the call that trains now. */
  #stepsAtBegin = 0;
  #stepsAtEpoch = 0;
  #epochsAtBegin = 0;
  #begun = 0;
  #pausedMillis = 0;
  #speed = { at: 0, examples: 0 };
  #learningRate: number | undefined;

  constructor(folder: string, status: StatusFile) {
    this.#folder = folder;
    this.#status = status;
  }

  /** A call that trains begins. */
  begin(plan: Plan): void {
    const now = performance.now();
    this.#plan = plan;
    this.#stepsAtBegin = this.#stepsAtEpoch = this.step;
    this.#epochsAtBegin = this.epoch - (plan.initialEpoch ?? 0);
    this.#begun = now;
    this.#pausedMillis = 0;
    this.#speed = { at: now, examples: 0 };
    this.#learningRate = undefined;
    const { epochs, stepsPerEpoch, batchSize, stepsLeft } = plan;
    delete this.#status.current.latest;
    delete this.#status.current.steps;
    this.#status.set({
      state: "running",
      step: this.step,
      epoch: this.epoch,
      ...(epochs !== undefined && { epochs: this.#epochsAtBegin + epochs }),
      ...(stepsPerEpoch !== undefined && { stepsPerEpoch }),
      ...(stepsLeft !== undefined && { steps: this.step + stepsLeft }),
      ...(batchSize !== undefined && { batchSize }),
    });
  }

  /** One batch is trained. */
  batch(values: Values, examples: number, learningRate?: number): void {
    const wall = Date.now();
    const now = performance.now();
    this.step++;
    const writer = this.#writer("train");
    for (const [name, value] of values) {
      writer.scalar(this.#tag("batch_", name), value, this.step, wall);
      if (!Number.isFinite(value)) this.#notFinite(`batch_${metricName(name)}`, value);
    }
    if (learningRate !== undefined && learningRate !== this.#learningRate) {
      this.#learningRate = learningRate;
      writer.scalar("learning_rate", learningRate, this.step, wall);
    }
    this.#speed.examples += examples;
    if (now - this.#speed.at >= SPEED_MILLIS) this.#writeSpeed(now, wall);
    if (this.#status.isDue(now)) {
      this.#tellProgress(now, this.#status.current.epoch === 0 ? latest(values) : undefined);
    }
  }

  /** An epoch is over. `values` as of Keras: `loss`, `val_loss` … */
  epochEnd(values: Values): void {
    const wall = Date.now();
    const now = performance.now();
    this.epoch++;
    if (this.#plan.stepsPerEpoch == null) this.#plan.stepsPerEpoch = this.step - this.#stepsAtEpoch;
    this.#stepsAtEpoch = this.step;
    for (const [name, value] of values) {
      const validation = name.startsWith("val_");
      const tag = this.#tag("epoch_", validation ? name.slice(4) : name);
      this.#writer(validation ? "validation" : "train").scalar(tag, value, this.step, wall);
      if (!Number.isFinite(value)) this.#notFinite(validation ? `validation ${tag}` : tag, value);
    }
    if (this.#learningRate !== undefined)
      this.#writer("train").scalar("learning_rate", this.#learningRate, this.step, wall);
    this.#writeSpeed(now, wall);
    this.#tellProgress(now, latest(values));
  }

  /** A call that evaluates is over; one that a training makes in between is its validation. */
  evaluation(values: Values, { inTraining = false } = {}): void {
    const wall = Date.now();
    const [source, prefix] = inTraining ? (["validation", "epoch_"] as const) : (["eval", "evaluation_"] as const);
    for (const [name, value] of values) this.#writer(source).scalar(this.#tag(prefix, name), value, this.step, wall);
    const short = inTraining ? "val_" : "evaluation_";
    this.#tellProgress(performance.now(), latest(values.map(([name, value]) => [`${short}${name}`, value] as const)));
    this.flush();
  }

  /** A call that trains has ended. */
  trainEnd(): void {
    this.#tellProgress(performance.now());
    this.flush();
    this.#status.write();
  }

  pausedFor(millis: number): void {
    this.#pausedMillis += millis;
    this.#speed.at += millis;
  }

  flush(): void {
    for (const writer of this.#writers.values()) writer.flush();
    this.#tellFailure();
  }

  close(): void {
    if (this.step > 0) this.#tellProgress(performance.now());
    for (const writer of this.#writers.values()) writer.close();
    this.#tellFailure();
  }

  #writer(source: Source): EventWriter {
    let writer = this.#writers.get(source);
    if (!writer) {
      writer = new EventWriter(path.join(this.#folder, source));
      this.#writers.set(source, writer);
    }
    return writer;
  }

  /** `batch_` and `acc` → `batch_accuracy`, made once. */
  #tag(prefix: string, name: string): string {
    const key = prefix + name;
    let tag = this.#tags.get(key);
    if (tag === undefined) {
      tag = prefix + metricName(name);
      this.#tags.set(key, tag);
    }
    return tag;
  }

  #writeSpeed(now: number, wall: number): void {
    const seconds = (now - this.#speed.at) / 1000;
    if (this.#speed.examples === 0 || seconds <= 0) return;
    const speed = this.#speed.examples / seconds;
    this.#writer("train").scalar("examples_per_second", speed, this.step, wall);
    this.#status.current.examplesPerSecond = speed;
    this.#speed = { at: now, examples: 0 };
  }

  #tellProgress(now: number, values?: Record<string, number>): void {
    const { epochs, stepsPerEpoch } = this.#plan;
    const status = this.#status.current;
    status.step = this.step;
    status.epoch = this.epoch;
    if (epochs !== undefined) status.epochs = this.#epochsAtBegin + epochs;
    if (stepsPerEpoch !== undefined) status.stepsPerEpoch = stepsPerEpoch;
    if (values) status.latest = { ...status.latest, ...values };
    const left = this.#secondsLeft(now);
    if (left === undefined) delete status.secondsLeft;
    else status.secondsLeft = left;
    const seconds = (now - this.#speed.at) / 1000;
    if (status.examplesPerSecond === undefined && seconds > 0.2) {
      status.examplesPerSecond = this.#speed.examples / seconds;
    }
    this.#tellFailure();
    this.#status.tick(now);
  }

  #secondsLeft(now: number): number | undefined {
    const done = this.step - this.#stepsAtBegin;
    const left = this.#stepsLeft();
    if (left === undefined || done === 0) return undefined;
    const seconds = (now - this.#begun - this.#pausedMillis) / 1000;
    return (seconds / done) * left;
  }

  #stepsLeft(): number | undefined {
    const { epochs, stepsPerEpoch, stepsLeft } = this.#plan;
    const done = this.step - this.#stepsAtBegin;
    if (stepsLeft !== undefined) return Math.max(0, stepsLeft - done);
    if (epochs === undefined || stepsPerEpoch == null) return undefined;
    const epochsLeft = this.#epochsAtBegin + epochs - this.epoch;
    return Math.max(0, epochsLeft * stepsPerEpoch - (this.step - this.#stepsAtEpoch));
  }

  #notFinite(tag: string, value: number): void {
    if (this.#status.current.notFinite) return;
    this.#status.current.notFinite = { tag, step: this.step, epoch: this.epoch + 1, value: String(value) };
    this.#status.write();
  }

  #tellFailure(): void {
    for (const { failure } of this.#writers.values()) {
      if (failure) this.#status.warn(`Metrics are not complete: ${failure.message}`);
    }
  }
}

/** TensorFlow.js says `acc` where everybody else says `accuracy`. */
export function metricName(name: string): string {
  return name.replace(/(^|_)acc$/, "$1accuracy");
}

function latest(values: Values): Record<string, number> {
  const record: Record<string, number> = {};
  for (const [name, value] of values) {
    // Own properties only, whatever the metric is called.
    Object.defineProperty(record, metricName(name), { value, enumerable: true, configurable: true, writable: true });
  }
  return record;
}
