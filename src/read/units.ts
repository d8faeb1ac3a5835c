// A source as top-level statements, each with its code, and the same after an edit: only the statements that it changed are read anew.
// Knows which front end reads which dialect, nothing of what they find.
import type { Unit } from "./code";
import { lowerJavaScriptAt } from "./javascript/lower";
import { lowerPythonAt } from "./python/lower";
import type { Source, TextEdit } from "./source";
import type { Node } from "./tree";

/** What stood before an edit. Its source is disposed only after the units are split. */
export interface Before {
  readonly source: Source;
  readonly units: readonly Unit[];
  /** What turned its text into the new one: the edit that `reparse` was given. */
  readonly edit: TextEdit;
}

type Cursor = ReturnType<Node["walk"]>;

/** The units of a source. Given what stood before, units that are the same keep their code, the very objects. */
export function splitUnits(source: Source, before?: Before): readonly Unit[] {
  const cursor = source.tree.walk();
  const made: Made = { units: [], broken: [] };
  // Where all of the text is broken the root itself is the error.
  if (cursor.nodeType === "ERROR") add(made, unitAt(cursor, source), true);
  else {
    const broken = before && brokenOf.get(before.units);
    if (!before || !broken || !update(cursor, source, before, broken, made)) {
      made.units = [];
      made.broken = [];
      addAll(cursor, source, made);
    }
  }
  cursor.delete();
  brokenOf.set(made.units, made.broken);
  return made.units;
}

/**
 * Which units of a list have an error in them. Tree-sitter reads these anew after every edit, wherever it is, and what comes out may
 * depend on it.
 */
const brokenOf = new WeakMap<readonly Unit[], readonly number[]>();

interface Made {
  units: Unit[];
  broken: number[];
}

function add(made: Made, unit: Unit, isBroken: boolean): void {
  if (isBroken) made.broken.push(made.units.length);
  made.units.push(unit);
}

function addAll(cursor: Cursor, source: Source, made: Made): void {
  if (!cursor.gotoFirstChild()) return;
  do {
    if (isStatement(cursor)) add(made, unitAt(cursor, source), cursor.currentNode.hasError);
  } while (cursor.gotoNextSibling());
  cursor.gotoParent();
}

const NO_STATEMENTS: ReadonlySet<string> = new Set(["comment", "html_comment", "hash_bang_line", "line_continuation"]);

/** Something that is missing has no width. */
const isStatement = (cursor: Cursor): boolean =>
  cursor.nodeIsNamed && !NO_STATEMENTS.has(cursor.nodeType) && cursor.endIndex > cursor.startIndex;

function unitAt(cursor: Cursor, source: Source): Unit {
  const start = cursor.startIndex;
  const end = cursor.endIndex;
  const lower = source.dialect === "python" ? lowerPythonAt : lowerJavaScriptAt;
  return { start, end, code: lower(cursor, source.tree.language, source.text.slice(start, end), start) };
}

/** After so many unchanged statements in a row the grammar is where it was before, and reads what follows as it did. */
const SETTLED = 3;

/**
 * Reads what the edit touched, outwards until statements without errors stand as they stood, and the units with errors wherever they
 * are. `getChangedRanges` would say what to read too, but walks the whole tree. False where this is not enough.
 */
function update(cursor: Cursor, source: Source, before: Before, broken: readonly number[], made: Made): boolean {
  const { units: old, edit } = before;
  const shift = edit.text.length - (edit.end - edit.start);
  const newEnd = edit.start + edit.text.length;
  const wasBroken = new Set(broken.map((index) => old[index]!));
  const isSound = (unit: Unit | undefined, by: number): unit is Unit =>
    unit !== undefined &&
    !wasBroken.has(unit) &&
    isUnchanged(cursor, source, before, unit, by) &&
    !cursor.currentNode.hasError;
  let kept = countWhile(old, (unit) => unit.end < edit.start);
  for (let settled = 0, at = kept; at > 0 && settled < SETTLED; at--) {
    const is = goTo(cursor, source, old[at - 1]!.start) && isSound(old[at - 1], 0);
    if (cursor.currentDepth > 0) cursor.gotoParent();
    settled = is ? settled + 1 : 0;
    if (!is) kept = at - 1;
  }
  let prior = kept;
  let next = countWhile(old, (unit) => unit.start < edit.end || unit.start + shift < newEnd);
  made.units = old.slice(0, kept);
  made.broken = broken.filter((index) => index < kept);
  const last = old[kept - 1];
  let settled = 0;
  let isMore = last ? goTo(cursor, source, last.end) : cursor.gotoFirstChild();
  for (; isMore && settled < SETTLED; isMore = cursor.gotoNextSibling()) {
    if (!isStatement(cursor)) continue;
    const start = cursor.startIndex;
    // Before the edit units stand where they stood, after it they are moved.
    while (prior < old.length && old[prior]!.start < start) prior++;
    while (next < old.length && old[next]!.start + shift < start) next++;
    const isAfter = start >= newEnd && isSound(old[next], shift);
    const known = isAfter ? old[next] : start < edit.start && isSound(old[prior], 0) ? old[prior] : undefined;
    settled = isAfter ? settled + 1 : 0;
    if (known) add(made, moved(known, start - known.start), false);
    else add(made, unitAt(cursor, source), cursor.currentNode.hasError);
    if (isAfter) next++;
  }
  if (cursor.currentDepth > 0) cursor.gotoParent();
  if (settled < SETTLED) next = old.length;
  const end = made.units.length;
  for (let at = next; at < old.length; at++) made.units.push(moved(old[at]!, shift));
  for (const index of broken) if (index >= next) made.broken.push(index + end - next);
  return made.broken.every((at) => (kept <= at && at < end) || readAgain(cursor, source, made, at));
}

const moved = (unit: Unit, shift: number): Unit =>
  shift === 0 ? unit : { start: unit.start + shift, end: unit.end + shift, code: unit.code };

/** A unit with an error, as the new tree has it. False where it is no longer the same piece of the text. */
function readAgain(cursor: Cursor, source: Source, made: Made, at: number): boolean {
  const unit = made.units[at]!;
  if (!goTo(cursor, source, unit.start)) return false;
  const isThere = cursor.startIndex === unit.start && cursor.endIndex === unit.end && isStatement(cursor);
  const again = isThere ? unitAt(cursor, source) : unit;
  const isStillBroken = isThere && cursor.currentNode.hasError;
  cursor.gotoParent();
  if (JSON.stringify(again.code) !== JSON.stringify(unit.code)) made.units[at] = again;
  return isStillBroken;
}

/** Does the statement that the cursor stands at have a unit's text, at its place? Without errors it is the same code then. */
function isUnchanged(cursor: Cursor, source: Source, before: Before, unit: Unit, shift: number): boolean {
  const { start, end } = unit;
  if (cursor.startIndex !== start + shift || cursor.endIndex !== end + shift || !isStatement(cursor)) return false;
  return source.text.slice(start + shift, end + shift) === before.source.text.slice(start, end);
}

/**
 * From the root to its first child that ends after an offset. By the count of all nodes, which is halved again and again: what
 * web-tree-sitter 0.27 has for this, `gotoFirstChildForIndex` and `…ForPosition`, goes to another child in a long list.
 */
function goTo(cursor: Cursor, source: Source, offset: number): boolean {
  let low = 0;
  let high = source.tree.rootNode.descendantCount - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    cursor.gotoDescendant(middle);
    if (cursor.startIndex <= offset) low = middle;
    else high = middle - 1;
  }
  cursor.gotoDescendant(low);
  if (cursor.currentDepth === 0 && !cursor.gotoFirstChild()) return false;
  while (cursor.currentDepth > 1) cursor.gotoParent();
  while (cursor.endIndex <= offset) {
    if (cursor.gotoNextSibling()) continue;
    cursor.gotoParent();
    return false;
  }
  return true;
}

/** How many of the first units fulfil what no later one does. */
function countWhile(units: readonly Unit[], test: (unit: Unit) => boolean): number {
  let low = 0;
  let high = units.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(units[middle]!)) low = middle + 1;
    else high = middle;
  }
  return low;
}
