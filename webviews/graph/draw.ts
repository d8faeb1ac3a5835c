// The picture of a graph that has been laid out: frames below, lines over them, cards on top. Makes elements, handles no events.

import type { Box, Point } from "./boxes";
import type { Line } from "./fold";
import type { Placed } from "./layout";
import { type CardLayout, type Fonts, PADDING } from "./metrics";
import type { Scene } from "./scene";
import { roundedPath, s } from "./svg";

export interface Drawn {
  /** In the order in which they are read. */
  readonly items: ReadonlyMap<string, { readonly element: SVGGElement; readonly box: Box; readonly isFrame: boolean }>;
  readonly content: SVGGElement;
}

export function draw(scene: Scene, placed: Placed): Drawn {
  const { seen, layouts, fonts } = scene;
  const [frames, lines, shapes, cards] = ["frames", "lines", "shapes", "cards"].map((name) => s("g", { class: name }));
  for (const { id } of seen.frames) {
    const { x, y, width, height } = placed.boxes.get(id)!;
    frames!.append(s("rect", { class: "frame", x, y, width, height, rx: 6 }));
  }
  for (const [index, line] of seen.lines.entries()) {
    const path = placed.paths[index]!;
    if (path.length >= 2) lines!.append(lineOf(line, path));
  }
  shapes!.append(...shapesOf(seen.lines, placed.paths, fonts));
  const all = [
    ...seen.frames.map(({ id, item }) => {
      const box: Box = { ...placed.boxes.get(id)!, height: layouts.get(id)!.height };
      return { id, box, isFrame: true, element: itemOf(scene, id, `header ${item.kind}`, box, true) };
    }),
    ...seen.cards.map(({ id, item, isGroup }) => {
      const box = placed.boxes.get(id)!;
      const kind = isGroup ? `card group ${item.kind}` : `card ${item.kind}`;
      return { id, box, isFrame: false, element: itemOf(scene, id, kind, box, isGroup ? false : null) };
    }),
  ].sort((a, b) => a.box.y - b.box.y || a.box.x - b.box.x);
  cards!.append(...all.map(({ element }) => element));
  const content = s("g", { class: "content" }, frames!, lines!, shapes!, cards!);
  return { items: new Map(all.map(({ id, ...item }) => [id, item])), content };
}

/** `isOpen`: null for what neither opens nor closes. */
function itemOf(scene: Scene, id: string, kind: string, box: Box, isOpen: boolean | null): SVGGElement {
  const { layouts, sentences, fonts } = scene;
  const sentence = sentences.get(id) ?? "";
  const radius = /input|output/.test(kind) ? box.height / 2 : isOpen ? 5.5 : 4;
  // A header lies within its frame's line.
  const inset = isOpen ? 0.5 : 0;
  const rect = { x: inset, y: inset, width: box.width - 2 * inset, height: box.height - 2 * inset, rx: radius };
  const looks = s("g", { "aria-hidden": "true" }, s("rect", { class: "box", ...rect }));
  if (isOpen !== null) looks.append(foldSign(isOpen, fonts));
  texts(looks, layouts.get(id)!, box.width, fonts);
  return s(
    "g",
    {
      class: `item ${kind}`,
      role: "button",
      tabindex: -1,
      "data-id": id,
      "aria-label": sentence,
      ...(isOpen !== null && { "aria-expanded": String(isOpen) }),
      transform: `translate(${box.x} ${box.y})`,
    },
    s("title", {}, sentence),
    looks,
  );
}

/** A triangle that points to what it opens, in room enough for a finger. */
function foldSign(isOpen: boolean, { size }: Fonts): SVGGElement {
  const [x, y] = [PADDING - 1, size * 0.5 + 7.5];
  const path = isOpen ? `M${x} ${y - 2}h8l-4 5z` : `M${x + 1.5} ${y - 4}v8l5 -4z`;
  return s(
    "g",
    { class: "fold" },
    s("rect", { class: "touch", x: 0, y: 0, width: size + 14, height: size + 15 }),
    s("path", { d: path }),
  );
}

function texts(into: SVGGElement, layout: CardLayout, width: number, { size, small }: Fonts): void {
  const { label, name, nameX, detail, count, indent } = layout;
  const y = size + 5;
  const said = [s("text", { class: "label", x: PADDING + indent, y }, label)];
  if (name) said.push(s("text", { class: "name", x: PADDING + nameX, y }, name));
  const second = y + small + 6;
  if (detail) said.push(s("text", { class: "detail", x: PADDING + indent, y: second }, detail));
  if (count) said.push(s("text", { class: "count", x: width - PADDING, y: second }, count));
  // For those who copy or hear it these are words apart.
  for (const text of said) into.append(text, " ");
}

function lineOf({ from, to }: Line, path: readonly Point[]): SVGGElement {
  const end = path.at(-1)!;
  const before = path.at(-2)!;
  const way = end.y >= before.y ? 1 : -1;
  return s(
    "g",
    { class: "line", "data-from": from, "data-to": to },
    s("path", { class: "way", d: roundedPath(path, 6) }),
    s("path", { class: "arrow", d: `M${end.x} ${end.y}l-3.5 ${-6 * way}h7z` }),
  );
}

/** What leaves something in one shape has it written once, below it; else each line has its own at its end. */
function shapesOf(lines: readonly Line[], paths: readonly (readonly Point[])[], { small }: Fonts): SVGElement[] {
  const leaving = new Map<string, Set<string>>();
  for (const { from, shapes } of lines) {
    const all = leaving.get(from) ?? new Set();
    for (const shape of shapes) all.add(shape);
    leaving.set(from, all);
  }
  const done = new Set<string>();
  return lines.flatMap(({ from, shapes }, index) => {
    const path = paths[index]!;
    const text = shapes.join(", ");
    if (text === "" || path.length < 2) return [];
    const isOne = leaving.get(from)!.size === 1;
    const point = isOne ? path[0]! : path.at(-1)!;
    const key = isOne ? `${from} ${point.x}` : String(index);
    if (done.has(key)) return [];
    done.add(key);
    const y = isOne ? point.y + small + 3 : point.y - 9;
    return [s("text", { class: "shape", x: point.x + 6, y }, text)];
  });
}
