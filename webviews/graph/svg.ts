// A few functions over SVG. Text is only ever set as text.

type Attributes = Readonly<Record<string, string | number | undefined>>;

const NAMESPACE = "http://www.w3.org/2000/svg";

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: (Node | string)[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(NAMESPACE, tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== undefined) element.setAttribute(name, String(value));
  }
  element.append(...children);
  return element;
}

/** A line through points, its corners rounded. */
export function roundedPath(points: readonly { x: number; y: number }[], radius: number): string {
  const [first, ...rest] = points;
  if (!first) return "";
  let path = `M${at(first)}`;
  for (const [index, corner] of rest.entries()) {
    const before = points[index]!;
    const after = rest[index + 1];
    if (!after) {
      path += `L${at(corner)}`;
      break;
    }
    const cut = Math.min(radius, distance(before, corner) / 2, distance(corner, after) / 2);
    path += `L${at(towards(corner, before, cut))}Q${at(corner)} ${at(towards(corner, after, cut))}`;
  }
  return path;
}

const at = ({ x, y }: { x: number; y: number }): string => `${round(x)} ${round(y)}`;
const round = (value: number): number => Math.round(value * 10) / 10;
const distance = (a: { x: number; y: number }, b: { x: number; y: number }): number => Math.hypot(a.x - b.x, a.y - b.y);

function towards(from: { x: number; y: number }, to: { x: number; y: number }, by: number): { x: number; y: number } {
  const length = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) * by) / length, y: from.y + ((to.y - from.y) * by) / length };
}
