// What a benchmark is: one row of the table that `npm run bench` prints. A file NAME.bench.ts exports `benches`.

/** A measured quantity: the median of the runs with its extremes. */
export interface Figure {
  median: number;
  min: number;
  max: number;
}

export interface Row {
  row: string;
  value: Figure;
  unit: string;
  /** Whom it was measured against in the same run, in turn, and what that gave. */
  peer?: string;
  peerValue?: Figure;
  ratio?: number;
  goal: string;
  runs: number;
}

export interface Bench {
  /** Names of the rows it gives, for `npm run bench -- ROW`. */
  rows: readonly string[];
  /** Measures; a row that cannot be measured here is left out and `note` says why on stderr. */
  run(note: (why: string) => void): Promise<Row[]>;
}

export function figure(samples: readonly number[]): Figure {
  const sorted = [...samples].sort((a, b) => a - b);
  const median = sorted[Math.floor(sorted.length / 2)];
  if (median === undefined) throw new Error("figure: expected at least one sample, received none");
  return { median, min: sorted[0]!, max: sorted[sorted.length - 1]! };
}
