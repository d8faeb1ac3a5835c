// Which nodes the editor's cursor is at: those that are written there, the innermost piece of text first. Pure.
import type { GraphPlace, ModelGraph } from "../../src/protocol/graph";

export interface Cursor {
  readonly uri: string;
  readonly position: { readonly line: number; readonly character: number };
}

/** Ids of nodes and groups. Of a line that holds one call the cursor may be anywhere in it. */
export function itemsAt(model: ModelGraph, cursor: Cursor): string[] {
  const found: { id: string; place: GraphPlace; isGroup: boolean }[] = [];
  const note = (id: string, place: GraphPlace | null, isGroup: boolean) => {
    if (place && isAtLines(place, cursor)) found.push({ id, place, isGroup });
  };
  for (const { id, place, made } of model.nodes) {
    note(id, place, false);
    note(id, made, false);
  }
  for (const { id, place, made, kind } of model.groups) {
    // A loop is all of its lines: it is its nodes that one is at.
    if (kind === "turn") continue;
    note(id, place, true);
    note(id, made, true);
  }
  const exact = found.filter(({ place }) => contains(place, cursor));
  const some = exact.length > 0 ? exact : found;
  const least = Math.min(...some.map(({ place }) => sizeOf(place)));
  return [...new Set(some.filter(({ place }) => sizeOf(place) === least).map(({ id }) => id))];
}

/** Is the cursor in the text that makes the model? */
export const isAtModel = ({ place }: ModelGraph, cursor: Cursor): boolean => isAtLines(place, cursor);

const isAtLines = ({ uri, start, end }: GraphPlace, cursor: Cursor): boolean =>
  uri === cursor.uri && start.line <= cursor.position.line && cursor.position.line <= end.line;

function contains({ start, end }: GraphPlace, { position }: Cursor): boolean {
  const isAfter = position.line > start.line || position.character >= start.character;
  const isBefore = position.line < end.line || position.character <= end.character;
  return isAfter && isBefore;
}

/** Lines count before characters. */
const sizeOf = ({ start, end }: GraphPlace): number =>
  (end.line - start.line) * 100_000 + (end.line === start.line ? end.character - start.character : end.character);
