// What a program printed for a terminal, as plain text. Pure.

/** Colours and cursor movements; titles and links; other sequences; control characters. A last one may be cut off. */
const CODES = new RegExp(
  [
    String.raw`\x1b\[[0-?]*[ -/]*(?:[@-~]|$)`,
    String.raw`\x1b[\]PX^_](?:(?!\x1b\\)[^\x07\n])*(?:\x07|\x1b\\|$)`,
    String.raw`\x1b[ -/]*(?:[0-~]|$)`,
    String.raw`[\x00-\x07\x0b\x0c\x0e-\x1f\x7f]`,
  ].join("|"),
  "g",
);

/** A carriage return or backspaces begin the line again, as progress bars do. */
const AGAIN = /\r|[\b]+/;

export function plainText(output: string): string {
  return output.replace(CODES, "").replace(/\r\n/g, "\n").split("\n").map(lastWriting).join("\n");
}

const lastWriting = (line: string): string =>
  AGAIN.test(line) ? (line.split(AGAIN).filter(Boolean).at(-1) ?? "") : line;
