// status.json of the run that this process trains: replaced at every change of state and at most twice a second otherwise.
// A disk that refuses is told once in the output; it never disturbs the training.
import type { RunStatus } from "../../protocol/run";
import { identify } from "../../runs/process";
import { writeStatus } from "../../runs/store";

type Status = Omit<RunStatus, "format">;

const INTERVAL_MILLIS = 500;

export class StatusFile {
  readonly #folder: string;
  #status: Status;
  #writtenAt = Number.NEGATIVE_INFINITY;
  #timer: NodeJS.Timeout | undefined;
  #complained = false;
  #ended = false;

  /** `known`: what an earlier attempt has reached. */
  constructor(folder: string, attempt: number, known: Partial<Status>) {
    this.#folder = folder;
    const now = Date.now();
    this.#status = { ...known, ...identify(), state: "starting", attempt, startedAt: now, heartbeat: now };
  }

  /** What the next write will tell. Changes of it are not written by themselves. */
  get current(): Status {
    return this.#status;
  }

  /** Shows that the process lives, also where nothing is trained for a while. */
  beat(): void {
    this.#timer ??= setInterval(() => this.write(), 1000);
    this.#timer.unref();
  }

  /** Notes something. A new state is written at once. */
  set(change: Partial<Status>): void {
    if (this.#ended) return;
    const newState = change.state !== undefined && change.state !== this.#status.state;
    Object.assign(this.#status, change);
    if (newState) this.write();
    else this.tick();
  }

  /** The last write is long enough ago. */
  isDue(now: number): boolean {
    return now - this.#writtenAt >= INTERVAL_MILLIS;
  }

  /** Writes, if the last time is long enough ago. */
  tick(now = performance.now()): void {
    if (this.isDue(now)) this.write();
  }

  warn(text: string): void {
    if (this.#status.warning === text) return;
    this.#status.warning = text;
    say(text);
    this.write();
  }

  write(): void {
    if (this.#ended) return;
    this.#writtenAt = performance.now();
    this.#status.heartbeat = Date.now();
    try {
      writeStatus(this.#folder, this.#status);
    } catch (error) {
      if (this.#complained) return;
      this.#complained = true;
      say(`The run's status cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  end(change: Partial<Status>): void {
    if (this.#ended) return;
    clearInterval(this.#timer);
    delete this.#status.secondsLeft;
    Object.assign(this.#status, change, { endedAt: Date.now() });
    this.write();
    this.#ended = true;
  }
}

/** A line of ours in the run's output. */
export function say(text: string): void {
  try {
    process.stderr.write(`[fitlens] ${text}\n`);
  } catch {
    // Where even the output is gone there is nobody to tell.
  }
}
