// Keeps one feature's fault on one document from taking anything else away. Knows neither features nor messages.

/** A feature that throws on a version of a document answers nothing for it until it changes. Told once; all others go on. */
export class Quarantine {
  private readonly failed = new Map<string, number | undefined>();

  constructor(private readonly tell: (message: string) => void) {}

  run<T>(feature: string, uri: string, version: number | undefined, nothing: T, work: () => T): T {
    const key = `${uri} ${feature}`;
    if (this.failed.has(key) && this.failed.get(key) === version) return nothing;
    try {
      return work();
    } catch (error) {
      if (!this.failed.has(key))
        this.tell(`${feature} failed on ${uri}: ${error instanceof Error ? error.stack : error}`);
      this.failed.set(key, version);
      return nothing;
    }
  }

  forget(uri: string): void {
    for (const key of this.failed.keys()) if (key.startsWith(`${uri} `)) this.failed.delete(key);
  }
}
