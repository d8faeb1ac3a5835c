// A text with its syntax tree, kept in step with edits. Knows the tree's shape only as far as offsets and lines go.
import { Edit, type Tree } from "web-tree-sitter";
import type { TextEdit } from "../model/span";
import type { Dialect, Grammars } from "./grammars";

/** The server names edits without knowing models. */
export type { TextEdit };

/** Never changes: an edit gives a new one. `dispose` gives its tree's memory back. */
export class Source {
  private lines: readonly number[] | undefined;

  constructor(
    readonly text: string,
    readonly dialect: Dialect,
    readonly tree: Tree,
  ) {}

  /** Line and character of an offset, both from 0, as in LSP. */
  positionAt(offset: number): { line: number; character: number } {
    const starts = this.lineStarts();
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: offset - starts[low]! };
  }

  /** The offset of a place, moved into the text where it lies outside. */
  offsetAt({ line, character }: { line: number; character: number }): number {
    const starts = this.lineStarts();
    const start = starts[line];
    if (start === undefined) return line < 0 ? 0 : this.text.length;
    const end = starts[line + 1] ?? this.text.length + 1;
    return Math.min(start + Math.max(0, character), end - 1, this.text.length);
  }

  dispose(): void {
    this.tree.delete();
  }

  /** Lines as LSP counts them: they end at \n, \r\n or \r. */
  private lineStarts(): readonly number[] {
    if (this.lines) return this.lines;
    const starts = [0];
    if (/\r(?!\n)/.test(this.text)) {
      for (const { index, 0: ending } of this.text.matchAll(/\r\n|\n|\r/g)) starts.push(index + ending.length);
    } else {
      // Many times as fast, and almost every text can have it.
      for (let at = this.text.indexOf("\n"); at >= 0; at = this.text.indexOf("\n", at + 1)) starts.push(at + 1);
    }
    this.lines = starts;
    return starts;
  }
}

export function parse(text: string, dialect: Dialect, grammars: Grammars): Source {
  return new Source(text, dialect, parseTree(text, dialect, grammars, null));
}

/** The source after one edit: only what the edit touched is parsed anew. The old source stays as it was. */
export function reparse(source: Source, edit: TextEdit, grammars: Grammars): Source {
  const text = source.text.slice(0, edit.start) + edit.text + source.text.slice(edit.end);
  const old = source.tree.copy();
  const newEndIndex = edit.start + edit.text.length;
  old.edit(
    new Edit({
      startIndex: edit.start,
      oldEndIndex: edit.end,
      newEndIndex,
      startPosition: pointAt(source.text, edit.start),
      oldEndPosition: pointAt(source.text, edit.end),
      newEndPosition: pointAt(text, newEndIndex),
    }),
  );
  const tree = parseTree(text, source.dialect, grammars, old);
  old.delete();
  return new Source(text, source.dialect, tree);
}

/** The smallest edit that turns one text into the other; null where they are the same. */
export function difference(before: string, after: string): TextEdit | null {
  if (before === after) return null;
  const start = sameLength(
    Math.min(before.length, after.length),
    (from, to) => before.slice(from, to) === after.slice(from, to),
  );
  const end = sameLength(
    Math.min(before.length, after.length) - start,
    (from, to) =>
      before.slice(before.length - to, before.length - from) === after.slice(after.length - to, after.length - from),
  );
  return { start, end: before.length - end, text: after.slice(start, after.length - end) };
}

/** How many characters are the same, of at most so many. Pieces are compared whole, since that is what is fast. */
function sameLength(most: number, isSame: (from: number, to: number) => boolean): number {
  let at = 0;
  let step = 4096;
  while (at < most) {
    const to = Math.min(most, at + step);
    if (isSame(at, to)) at = to;
    else if (step === 1) break;
    else step = Math.max(1, step >> 3);
  }
  return at;
}

function parseTree(text: string, dialect: Dialect, grammars: Grammars, old: Tree | null): Tree {
  const tree = grammars[dialect].parse(text, old);
  if (!tree) throw new Error(`The ${dialect} grammar gave no tree for a text of ${text.length} characters.`);
  return tree;
}

/** Tree-sitter counts lines by \n alone. */
function pointAt(text: string, index: number): { row: number; column: number } {
  let row = 0;
  let lineStart = 0;
  for (let at = text.indexOf("\n"); at >= 0 && at < index; at = text.indexOf("\n", at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: index - lineStart };
}
