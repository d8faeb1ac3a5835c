// A piece of a text: where something was read. Offsets count UTF-16 units from 0; what lies there is not known here.

export interface Span {
  readonly start: number;
  /** One past the last unit. */
  readonly end: number;
}

export const contains = (span: Span, offset: number): boolean => span.start <= offset && offset <= span.end;

export const overlaps = (a: Span, b: Span): boolean => a.start <= b.end && b.start <= a.end;

/** Replaces a span of a text. Edits of one text never overlap; several at one place are put in in their order. */
export interface TextEdit extends Span {
  readonly text: string;
}

/** @throws RangeError when edits overlap: that is a mistake of ours, not of the text. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = edits.map((edit, order) => ({ edit, order }));
  sorted.sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.order - b.order);
  let result = "";
  let done = 0;
  for (const { edit } of sorted) {
    if (edit.start < done)
      throw new RangeError(`Edits overlap at offset ${edit.start}: the one before ends at ${done}.`);
    result += text.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return result + text.slice(done);
}
