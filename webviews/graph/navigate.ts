// From one box to the next by arrow keys: the nearest in that direction. Pure.
import type { Box } from "./boxes";

export type Direction = "ArrowUp" | "ArrowDown" | "ArrowLeft" | "ArrowRight";

export const isDirection = (key: string): key is Direction => /^Arrow(Up|Down|Left|Right)$/.test(key);

export function nextIn(boxes: ReadonlyMap<string, Box>, from: string, direction: Direction): string | undefined {
  const start = boxes.get(from);
  if (!start) return undefined;
  const upright = direction === "ArrowUp" || direction === "ArrowDown";
  const sign = direction === "ArrowUp" || direction === "ArrowLeft" ? -1 : 1;
  let best: string | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const [id, box] of boxes) {
    if (id === from) continue;
    const along = sign * (upright ? middle(box).y - middle(start).y : middle(box).x - middle(start).x);
    // Beside it is not beyond it.
    if (along <= (upright ? start.height : start.width) / 2) continue;
    // Boxes that overlap across the direction are straight ahead.
    const across = upright
      ? gap(start.x, start.width, box.x, box.width)
      : gap(start.y, start.height, box.y, box.height);
    const aside = upright ? Math.abs(middle(box).x - middle(start).x) : Math.abs(middle(box).y - middle(start).y);
    const cost = along + across * 3 + aside * 0.2;
    if (cost < least) [best, least] = [id, cost];
  }
  return best;
}

const middle = ({ x, y, width, height }: Box) => ({ x: x + width / 2, y: y + height / 2 });

const gap = (a: number, aLength: number, b: number, bLength: number): number =>
  Math.max(0, a - (b + bLength), b - (a + aLength));
