// How a line of a text is indented, whatever its language.

/** The blanks at the beginning of the line that an offset lies on. */
export function indentAt(text: string, offset: number): string {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  return /^[ \t]*/.exec(text.slice(start, offset))![0];
}
