// How large cards are: texts measured in the page's own font, cut where they are too long. Knows no graph.
import type { CardText } from "./words";

export interface Fonts {
  readonly family: string;
  /** Of labels, in pixels. */
  readonly size: number;
  readonly small: number;
}

export function readFonts(): Fonts {
  const { fontFamily, fontSize } = getComputedStyle(document.body);
  const size = Number.parseFloat(fontSize) || 13;
  return { family: fontFamily, size, small: Math.round(size * 0.86) };
}

export interface CardLayout {
  readonly width: number;
  readonly height: number;
  readonly label: string;
  readonly name: string;
  readonly nameX: number;
  readonly detail: string;
  readonly count: string;
  /** Room for the sign that opens and closes. */
  readonly indent: number;
}

const context = document.createElement("canvas").getContext("2d")!;
const known = new Map<string, number>();

export function widthOf(text: string, font: string): number {
  const key = `${font}\n${text}`;
  let width = known.get(key);
  if (width === undefined) {
    if (known.size > 20_000) known.clear();
    context.font = font;
    width = context.measureText(text).width;
    known.set(key, width);
  }
  return width;
}

export const PADDING = 10;
const LEAST = 84;
const MOST_TEXT = 190;

export function layoutOf(text: CardText, fonts: Fonts, options: { fold: boolean; least?: number }): CardLayout {
  const [bold, plain, small] = [`600 ${fonts.size}px`, `${fonts.size}px`, `${fonts.small}px`].map(
    (font) => `${font} ${fonts.family}`,
  ) as [string, string, string];
  const indent = options.fold ? fonts.size + 3 : 0;
  const label = cut(text.label, bold, MOST_TEXT);
  const name = cut(text.name, plain, MOST_TEXT);
  const nameX = indent + widthOf(label, bold) + 7;
  const first = name ? nameX + widthOf(name, plain) : indent + widthOf(label, bold);
  const detail = cut(text.detail, small, MOST_TEXT);
  const count = text.count;
  const gap = detail && count ? 18 : 0;
  const second = indent + widthOf(detail, small) + gap + widthOf(count, small);
  const hasSecond = detail !== "" || count !== "";
  return {
    width: Math.ceil(Math.max(options.least ?? LEAST, first + 2 * PADDING, hasSecond ? second + 2 * PADDING : 0)),
    height: Math.round(hasSecond ? fonts.size + fonts.small + 20 : fonts.size + 15),
    label,
    name,
    nameX,
    detail,
    count,
    indent,
  };
}

function cut(text: string, font: string, most: number): string {
  if (widthOf(text, font) <= most) return text;
  let [low, high] = [0, text.length];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (widthOf(`${text.slice(0, middle)}…`, font) <= most) low = middle;
    else high = middle - 1;
  }
  return `${text.slice(0, low)}…`;
}
