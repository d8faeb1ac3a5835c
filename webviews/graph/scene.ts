// What is to be laid out and drawn of a model: its cards with their texts and sizes, and the key by which a picture is known to be
// the same.
import type { ModelGraph } from "../../src/protocol/graph";
import { insidesOf, type Seen, seenOf } from "./fold";
import type { Question } from "./layout";
import { type CardLayout, type Fonts, layoutOf } from "./metrics";
import { groupText, nodeText, sentenceOf } from "./words";

export interface Scene {
  readonly seen: Seen;
  readonly fonts: Fonts;
  readonly layouts: ReadonlyMap<string, CardLayout>;
  readonly sentences: ReadonlyMap<string, string>;
  readonly question: Question;
  readonly key: string;
}

const NOTHING_INSIDE = { layers: 0, parameters: null };
/** The smallest width of what says little: `+`, Input. */
const SMALL = 40;

export function sceneOf(model: ModelGraph, isOpen: (group: string) => boolean, fonts: Fonts): Scene {
  const seen = seenOf(model, isOpen);
  const insides = insidesOf(model);
  const names = new Map([...model.nodes, ...model.groups].map(({ id, name, label }) => [id, name ?? label]));
  const before = new Map<string, string[]>();
  for (const { from, to } of seen.lines) before.set(to, [...(before.get(to) ?? []), names.get(from) ?? ""]);
  const layouts = new Map<string, CardLayout>();
  const sentences = new Map<string, string>();
  for (const { id, item } of seen.cards) {
    const isNode = "detail" in item;
    const text = isNode ? nodeText(item) : groupText(item, insides.get(id) ?? NOTHING_INSIDE);
    const least = isNode && item.kind !== "layer" ? { least: SMALL } : {};
    layouts.set(id, layoutOf(text, fonts, { fold: !isNode, ...least }));
    sentences.set(id, sentenceOf(item, text, before.get(id) ?? []));
  }
  for (const { id, item } of seen.frames) {
    const text = groupText(item, insides.get(id) ?? NOTHING_INSIDE);
    // One line: what it is made of is there to be seen.
    layouts.set(id, layoutOf({ ...text, detail: "", count: "" }, fonts, { fold: true }));
    sentences.set(id, sentenceOf(item, text, []));
  }
  const question: Question = {
    boxes: seen.cards.map(({ id, group }) => {
      const { width, height } = layouts.get(id)!;
      return { id, group, width, height };
    }),
    frames: seen.frames.map(({ id, group }) => {
      const { width, height } = layouts.get(id)!;
      return { id, group, least: width, top: height + 16 };
    }),
    lines: seen.lines,
  };
  const key = JSON.stringify([model.id, question, [...layouts.values()], [...sentences.values()]]);
  return { seen, fonts, layouts, sentences, question, key };
}
