// Runs as a host would replay them: messages of a training that could have been, made from a seed. Always the same.
import type { SeriesPoints, ToPanel } from "../../src/protocol/panel";
import type { RunRecord, RunStatus, Source } from "../../src/protocol/run";

export const EPOCHS = 20;
export const STEPS_PER_EPOCH = 250;
const BATCH = 32;
const START = Date.UTC(2026, 10, 23, 14, 2, 0);
const STEP_MILLIS = 42;

export type RunMessage = Extract<ToPanel, { kind: "run" }>;
export type PointsMessage = Extract<ToPanel, { kind: "points" }>;

/** Numbers in [0, 1) from a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const RECORD: RunRecord = {
  format: 1,
  id: "20261123-140200-brave-otter",
  name: "brave-otter",
  script: "/work/space/digits.ts",
  args: [],
  cwd: "/work/space",
  language: "typescript",
  interpreter: { path: "/usr/bin/node", version: "20.19.0" },
  createdAt: START,
  sourceHash: "0".repeat(64),
  fitlensVersion: "0.1.0",
};

export const MODEL = {
  format: 1,
  name: "digits",
  optimizer: "adam",
  loss: "sparseCategoricalCrossentropy",
  layers: [
    { name: "conv2d", className: "Conv2D", outputShape: [null, 6, 6, 16], parameters: 160, trainable: true },
    { name: "max_pooling2d", className: "MaxPooling2D", outputShape: [null, 3, 3, 16], parameters: 0, trainable: true },
    { name: "flatten", className: "Flatten", outputShape: [null, 144], parameters: 0, trainable: true },
    { name: "dropout", className: "Dropout", outputShape: [null, 144], parameters: 0, trainable: true },
    { name: "dense", className: "Dense", outputShape: [null, 64], parameters: 9280, trainable: true },
    {
      name: "batch_normalization",
      className: "BatchNormalization",
      outputShape: [null, 64],
      parameters: 256,
      trainable: true,
    },
    { name: "dense_1", className: "Dense", outputShape: [null, 10], parameters: 650, trainable: true },
  ],
  parameters: 10346,
  trainableParameters: 10218,
};

const STATUS: RunStatus = {
  format: 1,
  state: "running",
  pid: 4242,
  attempt: 1,
  startedAt: START + 1000,
  engine: { name: "tfjs-node", version: "4.22.0", device: "CPU" },
  framework: "TensorFlow.js 4.22.0",
  epochs: EPOCHS,
  stepsPerEpoch: STEPS_PER_EPOCH,
  batchSize: BATCH,
  call: { file: "/work/space/digits.ts", line: 31, column: 7 },
};

/** The run message as it stands after so many steps. */
export function runMessage(step: number, more: Partial<RunStatus> = {}, rest: Partial<RunMessage> = {}): RunMessage {
  const heartbeat = START + 1000 + step * STEP_MILLIS;
  const status: RunStatus = {
    ...STATUS,
    step,
    epoch: Math.floor(step / STEPS_PER_EPOCH),
    heartbeat,
    ...(step > 0
      ? { examplesPerSecond: 1204, secondsLeft: ((EPOCHS * STEPS_PER_EPOCH - step) * STEP_MILLIS) / 1000 }
      : {}),
    ...more,
  };
  return { kind: "run", run: RECORD, status, model: MODEL, canConvert: true, canResume: true, ...rest };
}

export const series = (
  source: Source,
  tag: string,
  points: readonly (readonly [step: number, value: number])[],
): SeriesPoints => ({
  source,
  tag,
  steps: Float64Array.from(points, ([step]) => step),
  times: Float64Array.from(points, ([step]) => START + 1000 + step * STEP_MILLIS),
  values: Float64Array.from(points, ([, value]) => value),
});

export interface Shape {
  /** Epoch at which validation loss turns, if it does. */
  turn?: number;
  /** Step from which the loss is NaN, if it is. */
  nan?: number;
}

/** What a trainer writes up to a step, an epoch's tags after its batches. */
export function recorded(steps: number, { turn = 5, nan }: Shape = {}, seed = 7): SeriesPoints[] {
  const next = random(seed);
  const columns = new Map<string, [number, number][]>();
  const put = (key: string, step: number, value: number) => {
    const column = columns.get(key) ?? [];
    columns.set(key, column);
    column.push([step, value]);
  };
  const curve = (epoch: number) => 0.2 + 2.2 * Math.exp(-epoch / 2.2);
  for (let step = 1; step <= steps; step++) {
    const epoch = step / STEPS_PER_EPOCH;
    const noise = (next() + next() - 1) * (0.08 + 0.2 * Math.exp(-epoch));
    const lost = nan !== undefined && step >= nan;
    put("train/batch_loss", step, lost ? Number.NaN : Math.max(0.02, curve(epoch) * (1 + noise)));
    put(
      "train/batch_accuracy",
      step,
      lost ? 0.1 : Math.min(1, Math.max(0, 0.95 - 0.86 * Math.exp(-epoch / 2) + noise / 4)),
    );
    put(
      "train/learning_rate",
      step,
      step < 300 ? (step / 300) * 1e-3 : 5e-4 * (1 + Math.cos(((step - 300) / (EPOCHS * STEPS_PER_EPOCH)) * Math.PI)),
    );
    put("train/examples_per_second", step, (step % STEPS_PER_EPOCH < 5 && step > 5 ? 680 : 1150) + next() * 120);
    if (step % STEPS_PER_EPOCH !== 0) continue;
    put("train/epoch_loss", step, lost ? Number.NaN : curve(epoch - 0.5));
    put("train/epoch_accuracy", step, 0.95 - 0.86 * Math.exp(-(epoch - 0.5) / 2));
    const after = Math.max(0, epoch - turn);
    put(
      "validation/epoch_loss",
      step,
      lost ? Number.NaN : Math.max(0.585, curve(Math.min(epoch, turn)) + 0.12) + after * 0.035,
    );
    put("validation/epoch_accuracy", step, 0.815 - 0.75 * Math.exp(-epoch / 1.4) - after * 0.004);
  }
  return [...columns].map(([key, points]) => {
    const [source, tag] = key.split(/\/(.*)/) as [Source, string];
    return series(source, tag, points);
  });
}

export const points = (all: SeriesPoints[], reset = true): PointsMessage => ({ kind: "points", reset, series: all });

/** The same points as they come live: in messages of a few steps each. */
export function live(all: readonly SeriesPoints[], stride: number): PointsMessage[] {
  const last = Math.max(...all.map(({ steps }) => steps.at(-1) ?? 0));
  const messages: PointsMessage[] = [];
  for (let from = 0; from < last; from += stride) {
    const part = all.flatMap((one) => {
      const start = one.steps.findIndex((step) => step > from);
      if (start < 0) return [];
      const end = one.steps.findIndex((step) => step > from + stride);
      const cut = (column: Float64Array) => column.slice(start, end < 0 ? undefined : end);
      const steps = cut(one.steps);
      return steps.length > 0
        ? [{ source: one.source, tag: one.tag, steps, times: cut(one.times), values: cut(one.values) }]
        : [];
    });
    messages.push({ kind: "points", reset: from === 0, series: part });
  }
  return messages;
}
