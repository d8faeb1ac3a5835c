// Between two batches: pause, as long as the user wants it, in loops that can wait and in loops that cannot.
import type { Control } from "./control";
import type { Recorder } from "./recorder";
import type { StatusFile } from "./status";

const POLL_MILLIS = 100;

export class Interruption {
  readonly #control: Control;
  readonly #status: StatusFile;
  readonly #recorder: Recorder;

  constructor(control: Control, status: StatusFile, recorder: Recorder) {
    this.#control = control;
    this.#status = status;
    this.#recorder = recorder;
  }

  /** Something new was asked for. Costs next to nothing. */
  isDue(): boolean {
    return this.#control.poll() || this.#control.paused;
  }

  async between(): Promise<void> {
    if (!this.isDue() || !this.#control.paused) return;
    const began = this.#pause();
    await this.#control.waitWhilePaused();
    this.#continue(began);
  }

  /** For loops that never give the process back: nothing else could run in it anyway. */
  betweenSync(): void {
    if (!this.isDue() || !this.#control.paused) return;
    const began = this.#pause();
    const never = new Int32Array(new SharedArrayBuffer(4));
    while (this.#control.paused) {
      Atomics.wait(never, 0, 0, POLL_MILLIS);
      this.#control.poll();
      this.#status.tick();
    }
    this.#continue(began);
  }

  #pause(): number {
    this.#recorder.flush();
    this.#status.set({ state: "paused" });
    return performance.now();
  }

  #continue(began: number): void {
    this.#recorder.pausedFor(performance.now() - began);
    this.#status.set({ state: "running" });
  }
}
