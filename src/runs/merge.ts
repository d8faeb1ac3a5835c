// Merges the points that several writers gave to the same tags, so that none of them hides another's.
import type { TagPoints } from "../events/decoder";

/** Files are given oldest first. Points of a file keep their order; between files the earlier time, then the smaller step goes first. */
export function mergeByTime(files: readonly (readonly TagPoints[])[]): readonly TagPoints[] {
  const [first = [], ...others] = files;
  if (others.length === 0) return first;
  const byTag = new Map<string, TagPoints>();
  for (const file of files) {
    for (const points of file) {
      const before = byTag.get(points.tag);
      byTag.set(points.tag, before ? mergeTwo(before, points) : points);
    }
  }
  return [...byTag.values()];
}

function mergeTwo(a: TagPoints, b: TagPoints): TagPoints {
  const length = a.steps.length + b.steps.length;
  const steps = new Float64Array(length);
  const times = new Float64Array(length);
  const values = new Float64Array(length);
  let fromA = 0;
  let fromB = 0;
  for (let at = 0; at < length; at++) {
    const takeA = fromB >= b.steps.length || (fromA < a.steps.length && !isBefore(b, fromB, a, fromA));
    const [from, index] = takeA ? [a, fromA++] : [b, fromB++];
    steps[at] = from.steps[index]!;
    times[at] = from.times[index]!;
    values[at] = from.values[index]!;
  }
  return { tag: a.tag, steps, times, values };
}

function isBefore(a: TagPoints, atA: number, b: TagPoints, atB: number): boolean {
  const [timeA, timeB] = [a.times[atA]!, b.times[atB]!];
  return timeA < timeB || (timeA === timeB && a.steps[atA]! < b.steps[atB]!);
}
