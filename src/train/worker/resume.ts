// Checkpoints of what model.fit trains, and the way back into them: in a resumed run each call of fit finds its own state again.
import fs from "node:fs";
import path from "node:path";
import type * as tfjs from "@tensorflow/tfjs";
import { readLatestCheckpoint, saveCheckpoint, type TensorData } from "../../estimator/checkpoint";
import { RUN_FILES } from "../../protocol/run";
import type { Recorder, Values } from "./recorder";
import type { StatusFile } from "./status";
import { writeSummary } from "./summary";
import type { Tensorflow } from "./tensorflow";

/** Between two checkpoints at epoch ends; more where writing one takes long. */
const INTERVAL_MILLIS = 3_000;
const SHARE_OF_TIME = 20;

type History = Record<string, number[]>;

/** A call of fit that took less than this is as soon done again as restored. */
const WORTH_KEEPING_MILLIS = 1_000;
/** Calls of fit whose last state is kept. */
const MOST_CALLS = 50;

/** What one call of fit has reached. */
interface Progress {
  ordinal: number;
  model: tfjs.LayersModel;
  /** Epochs of this call that are over, and that it goes to. */
  epoch: number;
  history: History;
  finished: boolean;
  /** When it began, as performance.now() tells. */
  began: number;
}

interface Saved {
  epoch: number;
  finished: boolean;
  history: History;
  step: number;
  runEpoch: number;
  tensors: Map<string, TensorData>;
}

export class Resume {
  readonly #tf: Tensorflow;
  readonly #folder: string;
  readonly #status: StatusFile;
  readonly #recorder: Recorder;
  /** The run was started before: look for what it left. */
  readonly #again: boolean;
  #calls = 0;
  #progress: Progress | undefined;
  #pending: { ordinal: number; model: tfjs.LayersModel; restored: Saved | undefined } | undefined;
  #writing: Promise<void> = Promise.resolve();
  #isWriting = false;
  #nextAt = Number.NEGATIVE_INFINITY;
  #summarized: unknown;

  constructor(tf: Tensorflow, folder: string, status: StatusFile, recorder: Recorder, again: boolean) {
    this.#tf = tf;
    this.#folder = folder;
    this.#status = status;
    this.#recorder = recorder;
    this.#again = again;
  }

  /** The epoch at which the call under way goes on. */
  get initialEpoch(): number {
    return this.#pending?.restored?.epoch ?? 0;
  }

  /** Runs a call of fit: as it is, from where it was interrupted, or not at all where it had finished. */
  around(
    model: tfjs.LayersModel,
    epochs: number,
    run: (changed: { initialEpoch?: number }) => Promise<tfjs.History>,
  ): Promise<tfjs.History> {
    const ordinal = ++this.#calls;
    this.#pending = { ordinal, model, restored: undefined };
    if (!this.#again) return run({});
    return this.#goOn(model, epochs, ordinal, run);
  }

  async #goOn(
    model: tfjs.LayersModel,
    epochs: number,
    ordinal: number,
    run: (changed: { initialEpoch?: number }) => Promise<tfjs.History>,
  ): Promise<tfjs.History> {
    const saved = await this.#read(ordinal);
    if (!saved || !(await this.#restore(model, saved))) return run({});
    this.#recorder.step = saved.step;
    this.#recorder.epoch = saved.runEpoch;
    if (saved.finished || saved.epoch >= epochs) {
      this.#status.set({ state: "running", step: saved.step, epoch: saved.runEpoch });
      return this.#history(model, saved.history);
    }
    this.#pending = { ordinal, model, restored: saved };
    const history = await run(saved.epoch > 0 ? { initialEpoch: saved.epoch } : {});
    prepend(history, saved.history);
    return history;
  }

  /** A fit begins to train. */
  begin(model: tfjs.LayersModel): void {
    const { ordinal, restored } = this.#pending ?? { ordinal: ++this.#calls, restored: undefined };
    const history = restored ? structuredClone(restored.history) : {};
    this.#progress = {
      ordinal,
      model,
      epoch: restored?.epoch ?? 0,
      history,
      finished: false,
      began: performance.now(),
    };
    this.#nextAt = performance.now() + INTERVAL_MILLIS;
  }

  /** model.json, of the model that trains first. */
  summarize(model: tfjs.LayersModel): void {
    if (this.#summarized) return;
    this.#summarized = model;
    // A Sequential is told of as the user wrote it, not as the model inside it.
    writeSummary(this.#folder, this.#pending?.model ?? model);
  }

  noteEpoch(epoch: number, values: Values): void {
    if (!this.#progress) return;
    this.#progress.epoch = epoch + 1;
    for (const [name, value] of values) {
      const list = Object.hasOwn(this.#progress.history, name) ? this.#progress.history[name]! : [];
      list.push(value);
      Object.defineProperty(this.#progress.history, name, {
        value: list,
        enumerable: true,
        configurable: true,
        writable: true,
      });
    }
  }

  async checkpointIfDue(): Promise<void> {
    if (performance.now() >= this.#nextAt && !this.#isWriting) await this.checkpoint();
  }

  /** Takes the weights now; they are written while the training goes on. */
  async checkpoint(): Promise<void> {
    const progress = this.#progress;
    if (!progress) return;
    const began = performance.now();
    const checkpoint = await this.#take(progress);
    const { step } = this.#recorder;
    const noted = { step, epoch: this.#recorder.epoch, at: Date.now() };
    this.#isWriting = true;
    this.#writing = this.#writing
      .then(() => saveCheckpoint(this.#folderOf(progress.ordinal), checkpoint, { keep: 2 }))
      .then(
        () => this.#status.set({ checkpoint: noted }),
        (error: Error) => this.#status.warn(error.message),
      )
      .finally(() => {
        this.#isWriting = false;
        const now = performance.now();
        this.#nextAt = now + Math.max(INTERVAL_MILLIS, (now - began) * SHARE_OF_TIME);
      });
  }

  /** A fit has ended: its last state is what the script goes on with. */
  async end({ stopped }: { stopped: boolean }): Promise<void> {
    if (!this.#progress) return;
    const { began, ordinal } = this.#progress;
    this.#progress.finished = !stopped;
    if (stopped || performance.now() - began >= WORTH_KEEPING_MILLIS) await this.checkpoint();
    await this.#writing;
    if (ordinal > MOST_CALLS) fs.rmSync(this.#folderOf(ordinal - MOST_CALLS), { recursive: true, force: true });
    this.#progress = undefined;
    this.#pending = undefined;
  }

  async #take(progress: Progress) {
    const tensors = new Map<string, TensorData>();
    progress.model.getWeights().forEach((tensor, i) => {
      tensors.set(`model/${i}`, dataOf(tensor));
    });
    const slots = await optimizerOf(progress.model)?.getWeights();
    slots?.forEach(({ name, tensor }, i) => {
      tensors.set(`optimizer/${i}/${name}`, dataOf(tensor));
    });
    const { step, epoch } = this.#recorder;
    const metadata = {
      epoch: String(progress.epoch),
      runEpoch: String(epoch),
      finished: String(progress.finished),
      history: JSON.stringify(progress.history, (_key, value) =>
        typeof value === "number" && !Number.isFinite(value) ? String(value) : value,
      ),
    };
    return { step, tensors, metadata };
  }

  #folderOf(ordinal: number): string {
    return path.join(this.#folder, RUN_FILES.checkpoints, `fit-${ordinal}`);
  }

  async #read(ordinal: number): Promise<Saved | undefined> {
    try {
      const found = await readLatestCheckpoint(this.#folderOf(ordinal), (error) => this.#status.warn(error.message));
      if (!found) return undefined;
      const { step, tensors, metadata } = found.checkpoint;
      return {
        step,
        tensors,
        epoch: Number(metadata["epoch"]),
        runEpoch: Number(metadata["runEpoch"]),
        finished: metadata["finished"] === "true",
        history: readHistory(metadata["history"] ?? "{}"),
      };
    } catch (error) {
      this.#status.warn(`The checkpoint cannot be used: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }

  /** Puts weights and optimizer back. A model that has changed since starts anew, and the run says so. */
  async #restore(model: tfjs.LayersModel, saved: Saved): Promise<boolean> {
    const weights = [...saved.tensors].filter(([name]) => name.startsWith("model/"));
    const now = model.getWeights();
    const same =
      now.length === weights.length &&
      now.every((tensor, i) => String(tensor.shape) === String(saved.tensors.get(`model/${i}`)?.shape));
    if (!same) {
      this.#status.warn(
        "The model has changed since the checkpoint was written, so this call of fit starts from the beginning.",
      );
      return false;
    }
    const tensors = now.map((_, i) => this.#tensor(saved.tensors.get(`model/${i}`)!));
    model.setWeights(tensors);
    this.#tf.dispose(tensors);
    const slots = [...saved.tensors].filter(([name]) => name.startsWith("optimizer/"));
    const named = slots
      .map(([name, data]) => ({
        at: Number(name.split("/")[1]),
        name: name.split("/").slice(2).join("/"),
        tensor: this.#tensor(data),
      }))
      .sort((a, b) => a.at - b.at);
    if (named.length > 0) await optimizerOf(model)?.setWeights(named);
    return true;
  }

  #tensor({ data, shape, dtype }: TensorData): tfjs.Tensor {
    return this.#tf.tensor(data, [...shape], dtype);
  }

  #history(model: tfjs.LayersModel, values: History): tfjs.History {
    const history = new this.#tf.History();
    history.setModel?.(model as never);
    history.epoch = Object.values(values)[0]?.map((_, i) => i) ?? [];
    history.history = values;
    return history;
  }
}

function optimizerOf(model: tfjs.LayersModel): tfjs.Optimizer | undefined {
  return model.optimizer as tfjs.Optimizer | undefined;
}

function dataOf(tensor: tfjs.Tensor): TensorData {
  const data = tensor.dataSync();
  if (tensor.dtype === "int32") return { dtype: "int32", shape: tensor.shape, data: Int32Array.from(data) };
  if (tensor.dtype === "bool") return { dtype: "bool", shape: tensor.shape, data: Uint8Array.from(data) };
  return { dtype: "float32", shape: tensor.shape, data: Float32Array.from(data) };
}

function readHistory(text: string): History {
  const lists = JSON.parse(text) as Record<string, (number | string)[]>;
  return Object.fromEntries(Object.entries(lists).map(([name, values]) => [name, values.map(Number)]));
}

/** What the user reads after fit covers the epochs of the attempts before. */
function prepend(history: tfjs.History, before: History): void {
  const count = Object.values(before)[0]?.length ?? 0;
  for (const [name, values] of Object.entries(before)) {
    history.history[name] = [...values, ...((history.history[name] as number[] | undefined) ?? [])];
  }
  history.epoch = [...Array(count).keys(), ...history.epoch];
}
