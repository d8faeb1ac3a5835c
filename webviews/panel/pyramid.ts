// Lowest and highest values of a growing column at every halving of its resolution, so that any stretch of it is drawn in
// about as many steps as the chart has pixels. Knows numbers and indices, neither time nor pixels.

/** The finest level holds buckets of this many values (a power of two); below that the values themselves are read. */
const FINEST = 8;

interface Level {
  lows: Float64Array;
  highs: Float64Array;
}

/** What `Pyramid.scan` found: `count` buckets, each from index `starts[i]`, NaN where none of its values is finite. */
export interface Buckets {
  count: number;
  starts: Float64Array;
  lows: Float64Array;
  highs: Float64Array;
}

export const emptyBuckets = (): Buckets => ({
  count: 0,
  starts: new Float64Array(0),
  lows: new Float64Array(0),
  highs: new Float64Array(0),
});

export class Pyramid {
  private readonly levels: Level[] = [];
  /** Values before this index are in every level. */
  private clean = 0;

  /** The values from `index` on have changed. */
  invalidate(index: number): void {
    this.clean = Math.min(this.clean, index);
  }

  /** Brings the levels up to date: work in proportion to what is new, not to what is there. */
  private update(values: Float64Array, length: number): void {
    if (this.clean === length) return;
    let below: Level | undefined;
    for (let level = 0, size = FINEST; level === 0 || size / 2 < length; level++, size *= 2) {
      const count = Math.ceil(length / size);
      const current = this.grown(level, count);
      for (let bucket = Math.floor(this.clean / size); bucket < count; bucket++) {
        if (below) join(current, bucket, below, Math.ceil((length * 2) / size));
        else summarise(current, bucket, values, bucket * size, Math.min(length, (bucket + 1) * size));
      }
      below = current;
    }
    this.clean = length;
  }

  private grown(index: number, count: number): Level {
    const level = this.levels[index];
    if (level && level.lows.length >= count) return level;
    const capacity = Math.max(64, level ? count * 2 : count + (count >> 3));
    const next = { lows: new Float64Array(capacity), highs: new Float64Array(capacity) };
    if (level) {
      next.lows.set(level.lows);
      next.highs.set(level.highs);
    }
    this.levels[index] = next;
    return next;
  }

  /** Writes values[from, to) as `most` buckets or up to twice as many (two more at the ends) into `into`. */
  scan(values: Float64Array, length: number, from: number, to: number, most: number, into: Buckets): Buckets {
    this.update(values, length);
    const wanted = (to - from) / Math.max(1, most);
    if (wanted <= 1) return copyValues(values, from, to, into);
    let level = 0;
    let size = FINEST;
    while (size * 2 <= wanted && level + 1 < this.levels.length) {
      level++;
      size *= 2;
    }
    if (wanted < FINEST) return gather(values, from, to, Math.ceil(wanted), into);
    const { lows, highs } = this.levels[level]!;
    const first = Math.floor(from / size);
    const last = Math.ceil(to / size);
    reserve(into, last - first);
    for (let bucket = first; bucket < last; bucket++) {
      into.starts[bucket - first] = Math.max(from, bucket * size);
      into.lows[bucket - first] = lows[bucket]!;
      into.highs[bucket - first] = highs[bucket]!;
    }
    into.count = last - first;
    return into;
  }
}

function summarise(level: Level, bucket: number, values: Float64Array, from: number, to: number): void {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (let index = from; index < to; index++) {
    const value = values[index]!;
    if (!Number.isFinite(value)) continue;
    if (value < low) low = value;
    if (value > high) high = value;
  }
  level.lows[bucket] = low <= high ? low : Number.NaN;
  level.highs[bucket] = low <= high ? high : Number.NaN;
}

function join(level: Level, bucket: number, below: Level, belowCount: number): void {
  const left = bucket * 2;
  const right = left + 1 < belowCount ? left + 1 : left;
  const low = below.lows[left]!;
  const high = below.highs[left]!;
  const otherLow = below.lows[right]!;
  const otherHigh = below.highs[right]!;
  const gap = Number.isNaN(low);
  level.lows[bucket] = gap || otherLow < low ? otherLow : low;
  level.highs[bucket] = gap || otherHigh > high ? otherHigh : high;
}

function reserve(into: Buckets, count: number): void {
  if (into.starts.length >= count) return;
  into.starts = new Float64Array(count * 2);
  into.lows = new Float64Array(count * 2);
  into.highs = new Float64Array(count * 2);
}

function copyValues(values: Float64Array, from: number, to: number, into: Buckets): Buckets {
  reserve(into, to - from);
  for (let index = from; index < to; index++) {
    const value = values[index]!;
    into.starts[index - from] = index;
    into.lows[index - from] = into.highs[index - from] = Number.isFinite(value) ? value : Number.NaN;
  }
  into.count = Math.max(0, to - from);
  return into;
}

/** Buckets of `size` values, fewer than the finest level has. */
function gather(values: Float64Array, from: number, to: number, size: number, into: Buckets): Buckets {
  const count = Math.ceil((to - from) / size);
  reserve(into, count);
  for (let bucket = 0; bucket < count; bucket++) {
    const start = from + bucket * size;
    into.starts[bucket] = start;
    summarise(into, bucket, values, start, Math.min(to, start + size));
  }
  into.count = count;
  return into;
}
