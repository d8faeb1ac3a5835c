// Names for what a rewrite adds: ones that the file does not use yet, anywhere.

/** What of a script's names matters here. */
interface Occurrences {
  occurrences(name: string): readonly unknown[];
}

export class NewNames {
  private readonly taken = new Set<string>();

  constructor(private readonly names: Occurrences) {}

  /** The wished name, or with the smallest number that makes it new: `estimator`, `estimator2`. */
  take(wish: string): string {
    for (let number = 1; ; number++) {
      const name = number === 1 ? wish : `${wish}${number}`;
      if (this.taken.has(name) || this.names.occurrences(name).length > 0) continue;
      this.taken.add(name);
      return name;
    }
  }
}
