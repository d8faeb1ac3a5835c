// Where batches come from: tensors in the order of model.fit, or a tf.data.Dataset. Knows no model.
import * as tf from "@tensorflow/tfjs";
import type { RunConfig } from "./runConfig";
import type { Mode, Tensors } from "./spec";

/** One batch. Its tensors belong to whoever takes it: the Estimator disposes of them after the step. */
export interface Batch {
  features: Tensors;
  /** Null where there are none: in `predict`. */
  labels: Tensors | null;
}

/** Where an input stands, so that a training that was cut off can go on in the middle of an epoch. */
export interface InputPosition {
  epoch: number;
  batch: number;
  /** Tells inputs apart: a position means nothing for other data. */
  input: string;
  /** The order of the examples in this epoch; null where they are not shuffled. */
  order: Int32Array | null;
}

/** Batches one after another, and what is known of them. */
export interface Input {
  /** The next batch, or null at the end. */
  next(): Promise<Batch | null>;
  close(): Promise<void>;
  /** Batches an epoch; null where that is not known. */
  readonly stepsPerEpoch: number | null;
  /** Batches that are still to come; null where that is not known. */
  readonly remainingSteps: number | null;
  /** Where the next batch lies; null for inputs that cannot go to a place. */
  position(): InputPosition | null;
  /** Goes to a place. False where the place belongs to other data. */
  seek(position: InputPosition): boolean;
}

/** What an InputFn is called with. */
export interface InputFnArgs {
  mode: Mode;
  params: Record<string, unknown>;
  config: RunConfig;
  /** Training steps finished before this call: a Dataset that should go on where it was can skip as many batches. */
  globalStep: number;
}

/**
 * Gives the data of one call of `train`, `evaluate` or `predict`: what {@link tensorInputFn} makes, or a `tf.data.Dataset` (or any
 * async iterable) of batches `{ xs, ys }`, `{ features, labels }` or `[features, labels]`. The call ends when the data does.
 */
export type InputFn = (args: InputFnArgs) => InputSource | Promise<InputSource>;
export type InputSource = Input | AsyncIterable<unknown> | { iterator(): Promise<AsyncIterator<unknown>> };

export interface TensorInputOptions {
  /** Features: a tensor, several, or several by name; the first dimension is the example. They stay the caller's. */
  x: Tensors;
  /** Labels, in the same way. May be left out for `predict`. */
  y?: Tensors | null;
  /** Examples a batch; the last of an epoch is smaller. Default 32. */
  batchSize?: number;
  /** How often the data is gone through; null for ever, with `steps` or `maxSteps` as the end. Default 1. */
  numEpochs?: number | null;
  /** A new order for each epoch, drawn from Math.random. Default true. */
  shuffle?: boolean;
}

/**
 * An InputFn over tensors in memory; counterpart of `tf.compat.v1.estimator.inputs.numpy_input_fn`. It gives the very batches, in
 * the very order, that `model.fit(x, y, { batchSize, epochs: numEpochs, shuffle })` would take from the same Math.random.
 *
 * @throws Error when x and y differ in their number of examples, or a number is out of its range.
 */
export function tensorInputFn(options: TensorInputOptions): InputFn {
  const { batchSize = 32, numEpochs = 1, shuffle = true } = options;
  const examples = countExamples(options);
  for (const [name, value] of Object.entries({ batchSize, numEpochs })) {
    if (value !== null && !(Number.isSafeInteger(value) && value > 0)) {
      throw new Error(`tensorInputFn: ${name} should be a positive integer, received ${value}.`);
    }
  }
  return () => new TensorInput(options.x, options.y ?? null, { examples, batchSize, numEpochs, shuffle });
}

interface Order {
  examples: number;
  batchSize: number;
  numEpochs: number | null;
  shuffle: boolean;
}

class TensorInput implements Input {
  readonly stepsPerEpoch: number;
  private epoch = 0;
  private batch = 0;
  private readonly order: Int32Array;
  private readonly x: Tensors;
  private readonly y: Tensors | null;
  private readonly options: Order;

  constructor(x: Tensors, y: Tensors | null, options: Order) {
    this.x = x;
    this.y = y;
    this.options = options;
    this.stepsPerEpoch = Math.ceil(options.examples / options.batchSize);
    this.order = Int32Array.from({ length: options.examples }, (_, i) => i);
  }

  get remainingSteps(): number | null {
    const { numEpochs } = this.options;
    return numEpochs === null ? null : (numEpochs - this.epoch) * this.stepsPerEpoch - this.batch;
  }

  async next(): Promise<Batch | null> {
    const { batchSize, shuffle } = this.options;
    if (this.remainingSteps !== null && this.remainingSteps <= 0) return null;
    // One array, shuffled again and again, as fit does it: the order of an epoch depends on the orders before.
    if (this.batch === 0 && shuffle) tf.util.shuffle(this.order);
    const ids = this.order.subarray(this.batch * batchSize, (this.batch + 1) * batchSize);
    if (++this.batch === this.stepsPerEpoch) {
      this.batch = 0;
      this.epoch++;
    }
    const indices = tf.tensor1d(ids.slice(), "int32");
    const take = (tensor: tf.Tensor) => tf.gather(tensor, indices);
    const batch = { features: mapTensors(this.x, take), labels: this.y && mapTensors(this.y, take) };
    indices.dispose();
    return batch;
  }

  position(): InputPosition {
    // A copy, because the order changes while a checkpoint is being written.
    const order = this.options.shuffle ? this.order.slice() : null;
    return { epoch: this.epoch, batch: this.batch, input: JSON.stringify(this.options), order };
  }

  seek({ epoch, batch, input, order }: InputPosition): boolean {
    if (
      input !== JSON.stringify(this.options) ||
      order?.length !== (this.options.shuffle ? this.order.length : undefined)
    ) {
      return false;
    }
    this.epoch = epoch;
    this.batch = batch;
    if (order) this.order.set(order);
    return true;
  }

  async close(): Promise<void> {}
}

/** Reads what an InputFn gave, whatever it is. */
export async function openInput(inputFn: InputFn, args: InputFnArgs): Promise<Input> {
  if (typeof inputFn !== "function") {
    throw new Error(`inputFn should be a function, received ${typeof inputFn}. tensorInputFn({ x, y }) makes one.`);
  }
  const source = await inputFn(args);
  if (source instanceof TensorInput) return source;
  if (isIterable(source)) return fromIterator(source[Symbol.asyncIterator](), args.mode);
  if (typeof source === "object" && source !== null) {
    if ("iterator" in source) return fromIterator(await source.iterator(), args.mode);
    if ("position" in source) return source;
  }
  throw new Error(
    "inputFn should return what tensorInputFn returns, a tf.data.Dataset of { xs, ys }, or an async iterable of [features, labels].",
  );
}

function isIterable(source: InputSource): source is AsyncIterable<unknown> {
  return typeof (source as Partial<AsyncIterable<unknown>> | null)?.[Symbol.asyncIterator] === "function";
}

function fromIterator(iterator: AsyncIterator<unknown>, mode: Mode): Input {
  return {
    async next() {
      const { value, done } = await iterator.next();
      return done ? null : toBatch(value, mode);
    },
    async close() {
      await iterator.return?.();
    },
    stepsPerEpoch: null,
    remainingSteps: null,
    position: () => null,
    seek: () => false,
  };
}

function toBatch(element: unknown, mode: Mode): Batch {
  const item = element as { xs?: Tensors; ys?: Tensors; features?: Tensors; labels?: Tensors };
  if (Array.isArray(element) && element.length === 2) return { features: element[0], labels: element[1] };
  if (item?.xs && item.ys) return { features: item.xs, labels: item.ys };
  if (item?.features && item.labels) return { features: item.features, labels: item.labels };
  if (mode === "infer" && element) return { features: item.xs ?? item.features ?? (element as Tensors), labels: null };
  throw new Error(
    "inputFn should give batches { xs, ys }, { features, labels } or [features, labels]; one of them is missing in what it gave.",
  );
}

/** The tensors of features or labels, in order. */
export function tensorsOf(tensors: Tensors | null): tf.Tensor[] {
  if (tensors === null) return [];
  return tensors instanceof tf.Tensor ? [tensors] : Object.values(tensors);
}

export function disposeBatch({ features, labels }: Batch): void {
  tf.dispose([...tensorsOf(features), ...tensorsOf(labels)]);
}

/** Examples in a batch. */
export function batchSizeOf({ features }: Batch): number {
  return tensorsOf(features)[0]?.shape[0] ?? 0;
}

function mapTensors(tensors: Tensors, change: (tensor: tf.Tensor) => tf.Tensor): Tensors {
  if (tensors instanceof tf.Tensor) return change(tensors);
  if (Array.isArray(tensors)) return tensors.map(change);
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, change(tensor)]));
}

function countExamples({ x, y }: TensorInputOptions): number {
  const named = (group: string, tensors: Tensors | null | undefined) =>
    tensors instanceof tf.Tensor
      ? [[group, tensors] as const]
      : Object.entries(tensors ?? {}).map(([name, tensor]) => [`${group}.${name}`, tensor as tf.Tensor] as const);
  const all = [...named("x", x), ...named("y", y)];
  const wrong = all.find(([, tensor]) => !(tensor instanceof tf.Tensor) || tensor.rank === 0);
  if (all.length === 0 || wrong) {
    throw new Error(`tensorInputFn: ${wrong?.[0] ?? "x"} should be a tensor whose first dimension is the example.`);
  }
  const counts = new Set(all.map(([, tensor]) => tensor.shape[0]));
  if (counts.size > 1) {
    const found = all.map(([name, tensor]) => `${name} ${tensor.shape[0]}`).join(", ");
    throw new Error(`tensorInputFn: x and y should have equally many examples, received ${found}.`);
  }
  const examples = all[0]![1].shape[0]!;
  if (examples === 0) throw new Error("tensorInputFn: x should have at least one example, received none.");
  return examples;
}
