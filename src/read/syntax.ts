// A syntax tree copied out of tree-sitter as plain objects, since each question to tree-sitter is a call into WebAssembly. Knows no
// grammar: the front ends say what they want to see of theirs.
import type { Language, TreeCursor } from "web-tree-sitter";
import type { Span } from "../model/span";

/** A named node. Offsets count from where the text that was read begins. */
export interface Syntax extends Span {
  /** "ERROR", "MISSING" and TOO_DEEP beside the grammar's types. */
  readonly type: string;
  /** Its field in its parent, where the grammar gives one and the front end asked for it. */
  readonly field: string | null;
  /** Named ones, without what the front end skips. */
  readonly children: readonly Syntax[];
  /** The tokens that the front end keeps, in order: operators, `async`. */
  readonly marks: readonly string[];
  /** Of leaves; "" of others. */
  readonly text: string;
  /** Is an ERROR or something missing among the children? */
  readonly isBroken: boolean;
}

/** What a front end wants to see of its grammar. */
export interface Sight {
  /** Tokens that become marks. Other tokens are skipped. */
  readonly marks: ReadonlySet<string>;
  /** Named nodes that are skipped with all in them. */
  readonly skipped: ReadonlySet<string>;
  /** Named nodes that are read by their text alone. */
  readonly leaves: ReadonlySet<string>;
  /** Parents whose children need their fields. */
  readonly withFields: ReadonlySet<string>;
  /** Nodes that are leaves or not by how they begin, as strings and f-strings are. */
  readonly isLeafAt?: { readonly type: string; readonly test: (text: string, start: number) => boolean };
}

/** What lies deeper is not read: those who walk the code may walk it by recursion. */
const MAX_DEPTH = 400;
export const TOO_DEEP = "TOO_DEEP";

const NONE: readonly never[] = [];
const ERROR_ID = 0xffff;

const SKIPPED = 0;
const MARK = 1;
const LEAF = 2;
const INNER = 3;
const TESTED = 4;

interface Table {
  readonly kinds: Uint8Array;
  readonly withFields: Uint8Array;
  readonly types: readonly string[];
  readonly fields: readonly (string | null)[];
  readonly isLeaf: (text: string, start: number) => boolean;
}

const tables = new WeakMap<Language, Table>();

function tableOf(language: Language, sight: Sight): Table {
  const known = tables.get(language);
  if (known) return known;
  const types = language.types;
  const kinds = Uint8Array.from(types, (type, id) => {
    if (!language.nodeTypeIsNamed(id)) return sight.marks.has(type) ? MARK : SKIPPED;
    if (sight.skipped.has(type)) return SKIPPED;
    if (sight.isLeafAt?.type === type) return TESTED;
    return sight.leaves.has(type) ? LEAF : INNER;
  });
  const withFields = Uint8Array.from(types, (type) => (sight.withFields.has(type) ? 1 : 0));
  const table = { kinds, withFields, types, fields: language.fields, isLeaf: sight.isLeafAt?.test ?? (() => false) };
  tables.set(language, table);
  return table;
}

/**
 * The node that the cursor stands on. `text` is what the offsets count in: that of the whole source from `offset` on, as far as the node goes.
 * The cursor stays where it is.
 */
export function readSyntax(cursor: TreeCursor, language: Language, sight: Sight, text: string, offset: number): Syntax {
  return new Reader(cursor, tableOf(language, sight), text, offset).read(null, cursor.nodeTypeId, 0);
}

class Reader {
  constructor(
    private readonly cursor: TreeCursor,
    private readonly table: Table,
    private readonly text: string,
    private readonly offset: number,
  ) {}

  read(field: string | null, typeId: number, depth: number): Syntax {
    const { cursor, table } = this;
    const start = cursor.startIndex - this.offset;
    const end = cursor.endIndex - this.offset;
    const kind = typeId === ERROR_ID ? INNER : table.kinds[typeId]!;
    const type = typeId === ERROR_ID ? "ERROR" : table.types[typeId]!;
    if (kind === LEAF || (kind === TESTED && table.isLeaf(this.text, start))) {
      const isMissing = start === end;
      return {
        type: isMissing ? "MISSING" : type,
        field,
        start,
        end,
        children: NONE,
        marks: NONE,
        text: this.text.slice(start, end),
        isBroken: false,
      };
    }
    if (depth === MAX_DEPTH) {
      return { type: TOO_DEEP, field, start, end, children: NONE, marks: NONE, text: "", isBroken: true };
    }
    let children: Syntax[] | undefined;
    let marks: string[] | undefined;
    let isBroken = false;
    if (cursor.gotoFirstChild()) {
      const withFields = typeId !== ERROR_ID && table.withFields[typeId] === 1;
      do {
        const id = cursor.nodeTypeId;
        const childKind = id === ERROR_ID ? INNER : table.kinds[id]!;
        if (childKind === SKIPPED) continue;
        if (childKind === MARK) {
          marks ??= [];
          marks.push(table.types[id]!);
          continue;
        }
        const fieldId = withFields ? cursor.currentFieldId : 0;
        const child = this.read(fieldId === 0 ? null : table.fields[fieldId]!, id, depth + 1);
        if (child.type === "ERROR" || child.type === "MISSING") isBroken = true;
        children ??= [];
        children.push(child);
      } while (cursor.gotoNextSibling());
      cursor.gotoParent();
    }
    return { type, field, start, end, children: children ?? NONE, marks: marks ?? NONE, text: "", isBroken };
  }
}

export function childIn(node: Syntax, field: string): Syntax | undefined {
  for (const child of node.children) if (child.field === field) return child;
  return undefined;
}

/** Does broken text follow an item of a list, or go before it, without a comma between? Then the item may be only a part of one. */
export function isBesideError(nodes: readonly Syntax[], at: number, text: string): boolean {
  const node = nodes[at]!;
  const before = nodes[at - 1];
  const after = nodes[at + 1];
  return (
    (after?.type === "ERROR" && !text.slice(node.end, after.start + 1).includes(",")) ||
    (before?.type === "ERROR" && !text.slice(before.end - 1, node.start).includes(","))
  );
}

/**
 * A copy of a piece of a text that does not hold on to the whole: engines make slices as views, and code outlives many versions of its
 * text.
 */
export const ownText = (text: string, start: number, end: number): string => ` ${text.slice(start, end)}`.slice(1);
