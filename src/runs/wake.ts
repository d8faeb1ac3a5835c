// Sleeps until a time is up or a folder changes. File events are a hint only: where there are none (a network disk, too
// many watches), the time still ends the sleep.
import fs from "node:fs";

export class Wake {
  readonly #folders: readonly string[];
  readonly #watchers = new Map<string, fs.FSWatcher>();
  #wake: (() => void) | undefined;
  /** Something happened since the last sleep. */
  #pending = false;

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /** Ends the sleep, or the next one. */
  now(): void {
    this.#pending = true;
    this.#wake?.();
  }

  async within(millis: number): Promise<void> {
    if (!this.#pending) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, millis);
        this.#wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = undefined;
    } else {
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#pending = false;
  }

  /** Listens to the folders that exist by now. */
  watch(): void {
    for (const folder of this.#folders) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = fs.watch(folder, { persistent: false }, () => this.now());
        watcher.on("error", () => this.#forget(folder));
        this.#watchers.set(folder, watcher);
        // It may have changed while nobody listened.
        this.#pending = true;
      } catch {
        // It does not exist yet, or cannot be watched: time ends the sleep.
      }
    }
  }

  /** Events that come faster than the polling only cost time. */
  unwatch(): void {
    for (const folder of [...this.#watchers.keys()]) this.#forget(folder);
  }

  #forget(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }
}
