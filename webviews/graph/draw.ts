// The picture of a graph that has been laid out: frames below, lines over them, cards on top. Makes elements, handles no events.
import type { Frame, Line } from "./fold";
import type { Box, Placed, Point } from "./layout";
import { type CardLayout, type Fonts, PADDING } from "./metrics";
import type { Scene } from "./scene";
import { roundedPath, s } from "./svg";

export interface Drawn {
  /** In the order in which they are read. */
  readonly items: ReadonlyMap<string, { readonly element: SVGGElement; readonly box: Box; readonly isFrame: boolean }>;
  readonly content: SVGGElement;
}

export function draw({ seen, layouts, sentences, fonts }: Scene, placed: Placed): Drawn {
  const items = new Map<string, { element: SVGGElement; box: Box; isFrame: boolean }>();
  const content = s("g", { class: "content" });
  const [frames, lines, shapes, cards] = ["frames", "lines", "shapes", "cards"].map((name) => s("g", { class: name }));
  for (const frame of seen.frames) {
    const box = placed.boxes.get(frame.id)!;
    frames!.append(s("rect", { class: "frame", x: box.x, y: box.y, width: box.width, height: box.height, rx: 6 }));
    const header: Box = { ...box, height: layouts.get(frame.id)!.height };
    const element = headerOf(frame, header, layouts.get(frame.id)!, sentences.get(frame.id) ?? "", fonts);
    items.set(frame.id, { element, box: header, isFrame: true });
    cards!.append(element);
  }
  for (const [index, line] of seen.lines.entries()) {
    const path = placed.paths[index]!;
    if (path.length < 2) continue;
    lines!.append(lineOf(line, path));
  }
  for (const text of shapesOf(seen.lines, placed.paths, fonts)) shapes!.append(text);
  for (const card of seen.cards) {
    const box = placed.boxes.get(card.id)!;
    const kind = card.isGroup ? "group" : (card.item as { kind: string }).kind;
    const element = s(
      "g",
      {
        class: `item card ${kind}`,
        role: "button",
        tabindex: -1,
        "data-id": card.id,
        transform: `translate(${box.x} ${box.y})`,
      },
      s("title", {}, sentences.get(card.id) ?? ""),
      s("rect", { class: "box", width: box.width, height: box.height, rx: radiusOf(kind, box) }),
    );
    if (card.isGroup) {
      element.setAttribute("aria-expanded", "false");
      element.append(foldSign(false, fonts));
    }
    element.setAttribute("aria-label", sentences.get(card.id) ?? "");
    texts(element, layouts.get(card.id)!, box.width, fonts);
    items.set(card.id, { element, box, isFrame: false });
    cards!.append(element);
  }
  content.append(frames!, lines!, shapes!, cards!);
  return { items, content };
}

const radiusOf = (kind: string, box: Box): number => (kind === "input" || kind === "output" ? box.height / 2 : 4);

function headerOf(frame: Frame, box: Box, layout: CardLayout, sentence: string, fonts: Fonts): SVGGElement {
  const element = s(
    "g",
    {
      class: `item header ${frame.item.kind}`,
      role: "button",
      tabindex: -1,
      "data-id": frame.id,
      "aria-expanded": "true",
      "aria-label": sentence,
      transform: `translate(${box.x} ${box.y})`,
    },
    s("title", {}, sentence),
    s("rect", { class: "box", x: 0.5, y: 0.5, width: box.width - 1, height: box.height - 1, rx: 5.5 }),
    foldSign(true, fonts),
  );
  texts(element, layout, box.width, fonts);
  return element;
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
  into.append(s("text", { class: "label", x: PADDING + indent, y }, label));
  if (name) into.append(s("text", { class: "name", x: PADDING + nameX, y }, name));
  const second = y + small + 6;
  if (detail) into.append(s("text", { class: "detail", x: PADDING + indent, y: second }, detail));
  if (count) into.append(s("text", { class: "count", x: width - PADDING, y: second }, count));
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
