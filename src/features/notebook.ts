// The cells of a notebook as one program, in their order: names of earlier cells are known in later ones.
import { isWhole, maskMagics } from "../read/python/notebook";
import type { Part } from "./analysis";

export interface Cell {
  uri: string;
  text: string;
}

/** The text to read, and where each cell lies in it. Every cell begins a line. */
export function notebookText(cells: readonly Cell[]): { text: string; parts: Part[] } {
  const parts: Part[] = [];
  let text = "";
  for (const { uri, text: written } of cells) {
    parts.push({ uri, text: written, start: text.length });
    const masked = maskMagics(written);
    text += `${isWhole(masked) ? masked : hidden(masked)}\n`;
  }
  return { text, parts };
}

/** A cell that ends within a string would take all cells behind it with it. */
const hidden = (cell: string): string => cell.replace(/^[^\r\n]/gm, "#");

/** The code cells of a notebook's file, each by its place among all cells; null where it is none. */
export function notebookCells(text: string): { at: number; text: string }[] | null {
  let cells: unknown;
  try {
    cells = (JSON.parse(text) as { cells?: unknown } | null)?.cells;
  } catch {
    return null;
  }
  if (!Array.isArray(cells)) return null;
  return cells.flatMap((cell: { cell_type?: unknown; source?: unknown } | null, at) => {
    const source = Array.isArray(cell?.source) ? cell.source.join("") : cell?.source;
    return cell?.cell_type === "code" && typeof source === "string" ? [{ at, text: source }] : [];
  });
}
