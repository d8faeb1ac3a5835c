// How an Estimator runs: where it saves, how often it saves, sums up and logs. Knows nothing of models.

/** The properties of {@link RunConfig}, all of them optional. */
export interface RunConfigOptions {
  /** Folder of checkpoints and event files. Default null: a new temporary folder, whose path is logged. */
  modelDir?: string | null;
  /** A seed for `modelFn` to hand to initializers and dropout; TensorFlow.js has no global one. Default null. */
  tfRandomSeed?: number | null;
  /** Steps between two summaries (event `loss`); 0 or null turns them off. Default 100. */
  saveSummarySteps?: number | null;
  /** Steps between two checkpoints. Not together with `saveCheckpointsSecs`. Default null. */
  saveCheckpointsSteps?: number | null;
  /** Seconds between two checkpoints. Default 600 when `saveCheckpointsSteps` is not given either. Both null: none are written. */
  saveCheckpointsSecs?: number | null;
  /** How many of the newest checkpoints stay; null or 0 keeps all. Default 5. */
  keepCheckpointMax?: number | null;
  /** One checkpoint per so many hours stays for good. Default 10000. */
  keepCheckpointEveryNHours?: number;
  /** Steps between two lines `loss = …, step = …`, and between two values of `global_step/sec`; null turns both off. Default 100. */
  logStepCountSteps?: number | null;
}

const SAVE_ERROR = "`saveCheckpointsSteps` and `saveCheckpointsSecs` cannot be both set.";
const DEFAULT_SAVE_SECS = 600;

const KNOWN = [
  "modelDir",
  "tfRandomSeed",
  "saveSummarySteps",
  "saveCheckpointsSteps",
  "saveCheckpointsSecs",
  "keepCheckpointMax",
  "keepCheckpointEveryNHours",
  "logStepCountSteps",
] as const satisfies readonly (keyof RunConfigOptions)[];

/**
 * How an Estimator runs. Counterpart of `tf.estimator.RunConfig`, with the same names in camelCase, the same defaults and the
 * same checks. Properties that mean nothing in TensorFlow.js (`sessionConfig`, `deviceFn`, `protocol`, …) are refused by name.
 *
 * @throws Error when both `saveCheckpointsSteps` and `saveCheckpointsSecs` are set, when a number is out of its range, or when a
 *   property is not known.
 * @see https://www.tensorflow.org/api_docs/python/tf/estimator/RunConfig
 */
export class RunConfig {
  readonly modelDir: string | null;
  readonly tfRandomSeed: number | null;
  readonly saveSummarySteps: number | null;
  readonly saveCheckpointsSteps: number | null;
  readonly saveCheckpointsSecs: number | null;
  readonly keepCheckpointMax: number | null;
  readonly keepCheckpointEveryNHours: number;
  readonly logStepCountSteps: number | null;

  constructor(options: RunConfigOptions = {}) {
    check(options);
    const { saveCheckpointsSteps: steps, saveCheckpointsSecs: secs } = options;
    if (steps != null && secs != null) throw new Error(SAVE_ERROR);
    this.modelDir = options.modelDir ?? null;
    this.tfRandomSeed = options.tfRandomSeed ?? null;
    this.saveSummarySteps = options.saveSummarySteps === undefined ? 100 : options.saveSummarySteps;
    this.saveCheckpointsSteps = steps ?? null;
    this.saveCheckpointsSecs = secs === undefined && steps == null ? DEFAULT_SAVE_SECS : (secs ?? null);
    this.keepCheckpointMax = options.keepCheckpointMax === undefined ? 5 : options.keepCheckpointMax;
    this.keepCheckpointEveryNHours = options.keepCheckpointEveryNHours ?? 10_000;
    this.logStepCountSteps = options.logStepCountSteps === undefined ? 100 : options.logStepCountSteps;
  }

  /**
   * A copy with some properties replaced. Setting one of the two checkpoint intervals clears the other.
   *
   * @throws Error as the constructor does.
   */
  replace(options: RunConfigOptions): RunConfig {
    const { saveCheckpointsSteps: steps, saveCheckpointsSecs: secs } = options;
    if (steps != null && secs != null) throw new Error(SAVE_ERROR);
    const merged: RunConfigOptions = { ...this, ...options };
    if (steps != null) merged.saveCheckpointsSecs = null;
    if (secs != null) merged.saveCheckpointsSteps = null;
    return new RunConfig(merged);
  }
}

function check(options: RunConfigOptions): void {
  for (const key of Object.keys(options)) {
    if (!(KNOWN as readonly string[]).includes(key)) {
      throw new Error(`RunConfig has no property ${key} in TensorFlow.js. It has: ${KNOWN.join(", ")}.`);
    }
  }
  const number = (key: (typeof KNOWN)[number], fine: (value: number) => boolean, expected: string) => {
    const value = options[key];
    if (value == null || (typeof value === "number" && fine(value))) return;
    throw new Error(`RunConfig: ${key} should be ${expected}, received ${JSON.stringify(value) ?? String(value)}.`);
  };
  const { modelDir } = options;
  if (modelDir != null && (typeof modelDir !== "string" || modelDir === "")) {
    throw new Error(`RunConfig: modelDir should be a path, received ${JSON.stringify(modelDir)}.`);
  }
  const count = (value: number) => Number.isSafeInteger(value) && value >= 0;
  number("tfRandomSeed", Number.isSafeInteger, "an integer");
  number("saveSummarySteps", count, "an integer of at least 0");
  number("saveCheckpointsSteps", (value) => count(value) && value > 0, "a positive integer");
  number("saveCheckpointsSecs", (value) => value >= 0, "at least 0");
  number("keepCheckpointMax", count, "an integer of at least 0");
  number("keepCheckpointEveryNHours", (value) => value > 0, "greater than 0");
  number("logStepCountSteps", (value) => count(value) && value > 0, "a positive integer");
}
