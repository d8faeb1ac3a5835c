// What the user asks of a running training, read from control.json between batches.
import fs from "node:fs";
import path from "node:path";
import { RUN_FILES, type RunControl } from "../../protocol/run";
import { readControl } from "../../runs/store";

const POLL_MILLIS = 100;

export class Control {
  readonly #folder: string;
  readonly #file: string;
  #looked = Number.NEGATIVE_INFINITY;
  #modified = 0;
  /** The launcher takes away what was asked of an earlier attempt. */
  #done = 0;
  stopRequested = false;
  paused = false;
  #checkpoint = false;

  constructor(folder: string) {
    this.#folder = folder;
    this.#file = path.join(folder, RUN_FILES.control);
  }

  /** Looks at most ten times a second; returns whether something new was asked. */
  poll(now = performance.now()): boolean {
    if (now - this.#looked < POLL_MILLIS) return false;
    this.#looked = now;
    const modified = fs.statSync(this.#file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (modified === this.#modified) return false;
    this.#modified = modified;
    const asked = readControl(this.#folder);
    if (!asked || asked.sequence <= this.#done) return false;
    this.#done = asked.sequence;
    this.#take(asked.request);
    return true;
  }

  #take(request: RunControl["request"]): void {
    if (request === "stop") {
      this.stopRequested = true;
      this.paused = false;
    } else if (request === "checkpoint") {
      this.#checkpoint = true;
    } else {
      this.paused = request === "pause";
    }
  }

  /** Whether a checkpoint was asked for since the last call. */
  takeCheckpoint(): boolean {
    const asked = this.#checkpoint;
    this.#checkpoint = false;
    return asked;
  }

  /** Waits while paused, without holding up the process. */
  async waitWhilePaused(): Promise<void> {
    while (this.paused) {
      await new Promise((resolve) => setTimeout(resolve, POLL_MILLIS));
      this.poll();
    }
  }
}
