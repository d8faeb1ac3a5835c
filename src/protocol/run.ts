// The run directory on disk: what run.json, status.json, control.json and model.json hold. Types and their checks, nothing else.
//
// The launcher creates the folder and writes run.json; the trainer writes everything after that; any number of readers
// follow. Nobody waits for anybody: a reader copes with files that are missing, half written or from a newer version.
import * as v from "valibot";

/** Version of these files. Readers accept newer ones and ignore what they do not know. */
export const RUN_FORMAT = 1;

/** Engines that can train TensorFlow.js, best first. */
export const ENGINES = ["tfjs-node", "wasm", "cpu"] as const;
export type Engine = (typeof ENGINES)[number];

export const RUN_FILES = {
  run: "run.json",
  status: "status.json",
  control: "control.json",
  model: "model.json",
  output: "output.log",
  checkpoints: "checkpoints",
} as const;

/** Folders with event files inside a run, and the name under which the panel shows what is in them. */
export const SOURCES = ["train", "validation", "eval"] as const;
export type Source = (typeof SOURCES)[number];

/** A metric's value. JSON has no NaN and no infinities: files hold them as these strings. */
export const MetricValue = v.union([
  v.number(),
  v.nan(),
  v.pipe(v.picklist(["NaN", "Infinity", "-Infinity"]), v.transform(Number)),
]);

/** A place in the user's source. `line` and `column` count from 1. */
export const SourcePlace = v.object({
  file: v.string(),
  line: v.number(),
  column: v.optional(v.number()),
  /** In a notebook: the cell that `line` is counted in, from 0 over all cells. */
  cell: v.optional(v.number()),
});
export type SourcePlace = v.InferOutput<typeof SourcePlace>;

/** run.json: what was started. Written once, before the trainer is started. */
export const RunRecord = v.object({
  format: v.number(),
  /** Folder name: sorts by time, readable: `20261123-215301-brave-otter`. */
  id: v.string(),
  /** The readable end of the id: `brave-otter`. */
  name: v.string(),
  /** Absolute path of the user's script. */
  script: v.string(),
  args: v.array(v.string()),
  cwd: v.string(),
  language: v.picklist(["typescript", "javascript", "python"]),
  /** The program that runs the script, and its version where it is known before the start. */
  interpreter: v.object({ path: v.string(), version: v.optional(v.string()) }),
  /** The engine asked for, in the order of ENGINES; what really trained is in status.json. Not in Python. */
  engine: v.optional(v.string()),
  /** Python: the Keras backend asked for (KERAS_BACKEND of the run); absent: the script's and the user's own choice. */
  backend: v.optional(v.string()),
  /** A notebook (`script` ends in .ipynb): its code cells up to this one are run, counted from 0 over all cells. Absent: all. */
  cell: v.optional(v.number()),
  /** Where the process was not started by Fitlens but watched: typed in a terminal, or a notebook's kernel. */
  origin: v.optional(v.picklist(["terminal", "kernel"])),
  /** Milliseconds since 1970. */
  createdAt: v.number(),
  /** SHA-256 of the script's text when it was started, hexadecimal. */
  sourceHash: v.string(),
  /** Commit of the script's repository, with `+` when the tree was changed. */
  gitCommit: v.optional(v.string()),
  fitlensVersion: v.string(),
});
export type RunRecord = v.InferOutput<typeof RunRecord>;

export const STATES = ["starting", "running", "paused", "finished", "stopped", "failed", "lost"] as const;
export type RunState = (typeof STATES)[number];

/** status.json: how it stands. Replaced whole by the trainer, at most twice a second while it trains. */
export const RunStatus = v.object({
  format: v.number(),
  state: v.picklist(STATES),
  /** The trainer's process, with its start time (Linux: field 22 of /proc/PID/stat) and boot id against reuse of pids. */
  pid: v.optional(v.number()),
  pidStart: v.optional(v.string()),
  bootId: v.optional(v.string()),
  /** How many times this run has been started: 1, and one more each resume. */
  attempt: v.optional(v.number()),
  /** Milliseconds since 1970. */
  startedAt: v.optional(v.number()),
  heartbeat: v.optional(v.number()),
  endedAt: v.optional(v.number()),
  /** What really trains: engine (`wasm`, `tensorflow`, `jax`, `torch`), its version, the device, and why it is not the one asked for. */
  engine: v.optional(
    v.object({ name: v.string(), version: v.string(), device: v.string(), note: v.optional(v.string()) }),
  ),
  /** Name and version of the framework that trains: `TensorFlow.js 4.22.0`, `Keras 3.15.0`, `tf.estimator 2.15.0`. */
  framework: v.optional(v.string()),
  /** Batches trained so far, over all epochs. */
  step: v.optional(v.number()),
  /** Epochs finished so far; the epoch being trained is one more. */
  epoch: v.optional(v.number()),
  /** Epochs planned. */
  epochs: v.optional(v.number()),
  stepsPerEpoch: v.optional(v.nullable(v.number())),
  /** Batches planned, where the training is counted by them and not by epochs: that of an Estimator. */
  steps: v.optional(v.number()),
  batchSize: v.optional(v.number()),
  /** Over the last seconds. */
  examplesPerSecond: v.optional(v.number()),
  /** Seconds still to train, as far as can be told; absent when it cannot. */
  secondsLeft: v.optional(v.number()),
  /** The call that trains, as far as the stack shows it: `model.fit` at a line of the script. */
  call: v.optional(SourcePlace),
  /** Logs of the last epoch (or of the last batch before the first epoch ended), for a line of text: `loss`, `val_loss` … */
  latest: v.optional(v.record(v.string(), MetricValue)),
  /** First value that was NaN or infinite: `step` counts batches from 1. */
  notFinite: v.optional(
    v.object({
      tag: v.string(),
      step: v.number(),
      epoch: v.number(),
      value: v.string(),
      /** Where it came from, where that can be found: `layer dense_2`, `the features given to fit (row 17)`. */
      cause: v.optional(v.string()),
    }),
  ),
  /** Newest checkpoint that resume can go on from. */
  checkpoint: v.optional(v.object({ step: v.number(), epoch: v.number(), at: v.number() })),
  exitCode: v.optional(v.nullable(v.number())),
  /** Why it failed, in the program's own words, and where in the user's source. */
  error: v.optional(v.object({ message: v.string(), at: v.optional(SourcePlace), stack: v.optional(v.string()) })),
  /** What the tap could not do (a full disk, say), though training went on. */
  warning: v.optional(v.string()),
});
export type RunStatus = v.InferOutput<typeof RunStatus>;

/** control.json: what the user asked for last. The trainer looks between batches and does it once per `sequence`. */
export const RunControl = v.object({
  format: v.number(),
  request: v.picklist(["stop", "pause", "continue", "checkpoint"]),
  sequence: v.number(),
});
export type RunControl = v.InferOutput<typeof RunControl>;

/** model.json: the model as it was really built. Shapes leave the batch out as `null` first. */
export const ModelSummary = v.object({
  format: v.number(),
  name: v.string(),
  optimizer: v.optional(v.string()),
  loss: v.optional(v.string()),
  layers: v.array(
    v.object({
      name: v.string(),
      className: v.string(),
      outputShape: v.array(v.nullable(v.number())),
      parameters: v.number(),
      trainable: v.boolean(),
    }),
  ),
  parameters: v.number(),
  trainableParameters: v.number(),
});
export type ModelSummary = v.InferOutput<typeof ModelSummary>;
