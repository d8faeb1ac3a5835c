// Follows a run's folder from its first byte until told to stop: points, status, model and output as they come. Live is
// replay that has not ended. It polls, closely while much happens, and lets the system's file events wake it when idle.
import fs from "node:fs";
import path from "node:path";
import type { SeriesPoints } from "../protocol/panel";
import { ModelSummary, RUN_FILES, RunRecord, type RunStatus, SOURCES } from "../protocol/run";
import { RunEvents } from "./events";
import { errorCode, errorMessage, readJson } from "./files";
import { OutputTail } from "./output";
import { isLive, readStatus } from "./read";
import { Wake } from "./wake";

/** What a follower is told. Without a handler, the file is not read. */
export interface FollowHandlers {
  /** New points in file order. `reset`: they replace all before, as the very first ones do. */
  onPoints?(series: SeriesPoints[], reset: boolean): void;
  /** After everything that was written before the status. */
  onStatus?(status: RunStatus): void;
  onModel?(model: ModelSummary): void;
  /** What the script printed, the last megabyte at first. */
  onOutput?(text: string, reset: boolean): void;
  /** All that was there at the beginning has been told. */
  onCaughtUp?(): void;
  /** Something of the run cannot be read; once for each sentence. */
  onProblem?(message: string): void;
}

export interface FollowOptions extends FollowHandlers {
  signal?: AbortSignal;
}

/** Time between two looks: while points come, while the run is live, and after it has ended (it may be resumed). */
const BUSY_MILLIS = 10;
const LIVE_MILLIS = 100;
const ENDED_MILLIS = 1_000;
/** Points came within this time: busy. */
const BUSY_AFTER_MILLIS = 2_000;
/** Files other than those that grow are looked at no more often. */
const LOOK_MILLIS = 100;
/** A trainer that was killed writes no status: its process is looked for. */
const ALIVE_MILLIS = 1_000;
/** A folder may be away for a moment, on a network say. */
const GONE_MILLIS = 1_500;

/** Resolves when the signal says so, or when the folder is gone. */
export async function follow(folder: string, options: FollowOptions): Promise<void> {
  const { signal } = options;
  if (signal?.aborted) return;
  const followed = new Followed(folder, options);
  const wake = new Wake([folder, ...SOURCES.map((source) => path.join(folder, source))]);
  const stop = (): void => wake.now();
  signal?.addEventListener("abort", stop, { once: true });
  try {
    while (!signal?.aborted) {
      const wait = followed.look();
      if (wait === "gone") return;
      if (wait >= LIVE_MILLIS) wake.watch();
      else wake.unwatch();
      await wake.within(wait);
    }
  } finally {
    signal?.removeEventListener("abort", stop);
    wake.unwatch();
  }
}

class Followed {
  readonly #folder: string;
  readonly #handlers: FollowOptions;
  readonly #events: RunEvents;
  readonly #output: OutputTail;
  #status: RunStatus | undefined;
  /** Read, and told when everything written before it has been. */
  #nextStatus: RunStatus | undefined;
  #statusText = "";
  #statusSeen = "";
  #modelSeen = "";
  #createdAt: number | undefined;
  readonly #told = new Set<string>();
  #first = true;
  #caughtUp = false;
  #busyUntil = 0;
  #lookedAt = Number.NEGATIVE_INFINITY;
  #aliveAt = Number.NEGATIVE_INFINITY;
  #goneSince: number | undefined;

  constructor(folder: string, handlers: FollowOptions) {
    this.#folder = folder;
    this.#handlers = handlers;
    this.#events = new RunEvents(folder);
    this.#output = new OutputTail(path.join(folder, RUN_FILES.output));
  }

  /** Looks once and tells what is new; returns the time until the next look. */
  look(): number | "gone" {
    try {
      return this.#look();
    } catch (error) {
      // A disk that fails for a moment ends nothing; our own mistakes have no system's code.
      if (errorCode(error) === undefined) throw error;
      this.#problem(`${this.#folder} cannot be read: ${errorMessage(error)}`);
      return LIVE_MILLIS;
    }
  }

  #look(): number | "gone" {
    const now = performance.now();
    if (this.#busy(now) && now - this.#lookedAt < LOOK_MILLIS) {
      return this.#points(true, now) ? 0 : BUSY_MILLIS;
    }
    this.#lookedAt = now;
    const gone = this.#gone(now);
    if (gone) return gone;
    // The status is read first and told last: what was written before it has then been told.
    this.#nextStatus = this.#readStatus(now) ?? this.#nextStatus;
    const more = this.#points(false, now);
    this.#model();
    this.#print(now);
    if (more) return 0;
    const status = this.#nextStatus;
    if (status) {
      this.#status = status;
      this.#nextStatus = undefined;
      this.#tell(() => this.#handlers.onStatus?.(status));
    }
    if (!this.#caughtUp) {
      this.#caughtUp = true;
      this.#tell(() => this.#handlers.onCaughtUp?.());
    }
    if (this.#busy(now)) return BUSY_MILLIS;
    return this.#status && !isLive(this.#status.state) ? ENDED_MILLIS : LIVE_MILLIS;
  }

  #busy(now: number): boolean {
    return now < this.#busyUntil;
  }

  #gone(now: number): number | "gone" | undefined {
    if (fs.existsSync(this.#folder)) {
      this.#goneSince = undefined;
      return undefined;
    }
    this.#goneSince ??= now;
    if (now - this.#goneSince < GONE_MILLIS) return LIVE_MILLIS;
    this.#problem(`${this.#folder} no longer exists: the run was deleted or moved.`);
    return "gone";
  }

  #points(quick: boolean, now: number): boolean {
    if (!this.#handlers.onPoints) return false;
    const { series, reset, more } = this.#events.read({ quick });
    const anew = reset || this.#first;
    this.#first = false;
    if (series.length > 0) this.#busyUntil = now + BUSY_AFTER_MILLIS;
    if (series.length > 0 || anew) this.#tell(() => this.#handlers.onPoints?.(series, anew));
    if (!quick) for (const problem of this.#events.problems()) this.#problem(problem);
    return more;
  }

  #model(): void {
    if (!this.#handlers.onModel) return;
    const file = path.join(this.#folder, RUN_FILES.model);
    const seen = version(file);
    if (seen === this.#modelSeen) return;
    this.#modelSeen = seen;
    const read = readJson(file, ModelSummary);
    if (read.ok) this.#tell(() => this.#handlers.onModel?.(read.value));
    else if (read.reason !== "missing") this.#problem(read.message);
  }

  #print(now: number): void {
    if (!this.#handlers.onOutput) return;
    const output = this.#output.read();
    if (!output) return;
    this.#busyUntil = now + BUSY_AFTER_MILLIS;
    this.#tell(() => this.#handlers.onOutput?.(output.text, output.reset));
  }

  /** The status where it differs from the one told last. */
  #readStatus(now: number): RunStatus | undefined {
    const file = path.join(this.#folder, RUN_FILES.status);
    const seen = version(file);
    const check = now - this.#aliveAt >= ALIVE_MILLIS && (!this.#status || isLive(this.#status.state));
    if (seen === this.#statusSeen && !check) return undefined;
    this.#statusSeen = seen;
    this.#aliveAt = now;
    const status = readStatus(this.#folder, this.#created());
    if (status.problem !== undefined) {
      this.#problem(status.problem);
      return undefined;
    }
    const text = JSON.stringify(status.value);
    if (text === this.#statusText) return undefined;
    this.#statusText = text;
    return status.value;
  }

  #created(): number | undefined {
    if (this.#createdAt === undefined) {
      const record = readJson(path.join(this.#folder, RUN_FILES.run), RunRecord);
      if (record.ok) this.#createdAt = record.value.createdAt;
    }
    return this.#createdAt;
  }

  #problem(message: string): void {
    if (this.#told.has(message)) return;
    this.#told.add(message);
    this.#tell(() => this.#handlers.onProblem?.(message));
  }

  /** A handler may stop following; nothing is told after that. */
  #tell(call: () => void): void {
    if (!this.#handlers.signal?.aborted) call();
  }
}

/** Changes with each replacement of the file; empty where there is none. */
function version(file: string): string {
  const stat = fs.statSync(file, { throwIfNoEntry: false });
  return stat ? `${stat.ino}:${stat.size}:${stat.mtimeMs}` : "";
}
