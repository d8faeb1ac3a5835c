// How the command line prints: a document on standard output, a failure with its exit status, a table in columns.

/** A failure of the world or of the usage: its message is all that is printed. Status 1: findings or a failed run; 2: bad usage. */
export class CliError extends Error {
  constructor(
    message: string,
    readonly exitCode: 1 | 2 = 2,
  ) {
    super(message);
  }
}

export function printJson(value: unknown): void {
  // JSON has no NaN and no infinities; they are printed as strings, as everywhere in Fitlens.
  const odd = (_key: string, item: unknown) =>
    typeof item === "number" && !Number.isFinite(item) ? String(item) : item;
  process.stdout.write(`${JSON.stringify(value, odd, 2)}\n`);
}

/** Rows of text in columns; those named in `right` are aligned to the right, as numbers are. */
export function printTable(rows: readonly (readonly string[])[], right: readonly number[] = []): void {
  const widths: number[] = [];
  for (const row of rows) {
    for (const [index, cell] of row.entries()) widths[index] = Math.max(widths[index] ?? 0, cell.length);
  }
  for (const row of rows) {
    const cells = row.map((cell, index) =>
      right.includes(index) ? cell.padStart(widths[index] ?? 0) : cell.padEnd(widths[index] ?? 0),
    );
    process.stdout.write(`${cells.join("  ").trimEnd()}\n`);
  }
}

/** What scripts print reaches a terminal without control sequences of the file names and messages around it. */
export const plain = (text: string): string => text.replace(/\p{Cc}/gu, "�");
