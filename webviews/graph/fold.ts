// What is seen of a model with some of its groups closed: cards, open frames, and the edges between what is seen. Pure.
import type { GraphGroup, GraphNode, ModelGraph } from "../../src/protocol/graph";

export interface Card {
  readonly id: string;
  /** The open frame that it is in. */
  readonly group: string | null;
  readonly item: GraphNode | GraphGroup;
  readonly isGroup: boolean;
}

export interface Frame {
  readonly id: string;
  readonly group: string | null;
  readonly item: GraphGroup;
}

export interface Line {
  readonly from: string;
  readonly to: string;
  /** Each shape once; none where it is not known. */
  readonly shapes: readonly string[];
}

export interface Seen {
  readonly cards: readonly Card[];
  readonly frames: readonly Frame[];
  readonly lines: readonly Line[];
  /** What stands for each node and group: itself, or the closed group that hides it. */
  readonly shownAs: ReadonlyMap<string, string>;
}

export function seenOf(model: ModelGraph, isOpen: (group: string) => boolean): Seen {
  const shownAs = new Map<string, string>();
  const hidden = new Map<string, string>();
  const cards: Card[] = [];
  const frames: Frame[] = [];
  for (const item of model.groups) {
    const { id, group } = item;
    const by = group === null ? undefined : hidden.get(group);
    shownAs.set(id, by ?? id);
    if (by !== undefined) hidden.set(id, by);
    else if (isOpen(id)) frames.push({ id, group, item });
    else {
      hidden.set(id, id);
      cards.push({ id, group, item, isGroup: true });
    }
  }
  for (const item of model.nodes) {
    const { id, group } = item;
    const by = group === null ? undefined : hidden.get(group);
    shownAs.set(id, by ?? id);
    if (by === undefined) cards.push({ id, group, item, isGroup: false });
  }
  const lines = new Map<string, { from: string; to: string; shapes: Set<string> }>();
  for (const { from, to, shape } of model.edges) {
    const [a, b] = [shownAs.get(from), shownAs.get(to)];
    if (a === undefined || b === undefined || a === b) continue;
    const key = `${a}\n${b}`;
    const line = lines.get(key) ?? { from: a, to: b, shapes: new Set() };
    if (shape) line.shapes.add(shape);
    lines.set(key, line);
  }
  return {
    cards,
    frames,
    lines: [...lines.values()].map(({ from, to, shapes }) => ({ from, to, shapes: [...shapes] })),
    shownAs,
  };
}

/** Cards that are drawn without being asked for; more are a maze. */
const MOST_CARDS = 80;

/** The groups that are open until the user says otherwise: as many levels of them as leave the picture readable. */
export function openAtFirst(model: ModelGraph): Set<string> {
  const depths = new Map<string, number>();
  for (const { id, group } of model.groups) depths.set(id, group === null ? 0 : (depths.get(group) ?? 0) + 1);
  let open = new Set<string>();
  for (let level = 0; ; level++) {
    const more = new Set([...depths].filter(([, depth]) => depth <= level).map(([id]) => id));
    if (more.size === open.size || seenOf(model, (id) => more.has(id)).cards.length > MOST_CARDS) return open;
    open = more;
  }
}

export interface Inside {
  /** Null: not known. */
  readonly parameters: number | null;
  readonly layers: number;
}

/** What is in each group. A layer that is called again counts once. */
export function insidesOf(model: ModelGraph): Map<string, Inside> {
  const groups = new Map(model.groups.map((group) => [group.id, group]));
  const insides = new Map<string, { parameters: number | null; layers: number }>();
  for (const { id } of model.groups) insides.set(id, { parameters: 0, layers: 0 });
  for (const { group, kind, parameters, isShared } of model.nodes) {
    if (kind !== "layer") continue;
    for (let at = group; at !== null; at = groups.get(at)?.group ?? null) {
      const inside = insides.get(at);
      if (!inside) break;
      inside.layers++;
      if (isShared) continue;
      inside.parameters = inside.parameters === null || parameters === null ? null : inside.parameters + parameters;
    }
  }
  // A model or layer of the user's own knows what it has beyond the layers in it.
  for (const { id, kind, parameters } of model.groups) if (kind === "model") insides.get(id)!.parameters = parameters;
  return insides;
}
