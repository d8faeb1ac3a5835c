// The tags of an event file: finds a tag by its bytes without making a string of them, and bounds names and number.
import { GrowingColumns } from "./columns";
import { crc32c } from "./crc32c";

/** A longer name is cut; TensorBoard shows names whole, but nobody reads one of megabytes. */
const MOST_NAME_BYTES = 4_000;
const NAME_CHARACTERS = 200;

export interface Tag {
  readonly name: string;
  readonly bytes: Uint8Array;
  /** Are its values scalars? Not known before the first value has been read whole. */
  scalar: boolean | undefined;
  readonly points: GrowingColumns;
  /** The tag that came after this one the last time: series are written in turn. */
  next: Tag | undefined;
}

export class Tags {
  /** By a hash of the bytes: a plain object would fall over tags such as `__proto__`. */
  readonly #byHash = new Map<number, Tag[]>();
  readonly all: Tag[] = [];
  /** Values of tags beyond the cap. */
  refused = 0;
  cut = 0;
  #last: Tag | undefined;

  constructor(readonly most: number) {}

  /** The tag whose name is `bytes[start..end)`; nothing when there are too many. */
  find(bytes: Uint8Array, start: number, end: number): Tag | undefined {
    const last = this.#last;
    const guess = last?.next;
    if (guess && same(guess.bytes, bytes, start, end)) {
      this.#last = guess;
      return guess;
    }
    const found = this.#lookUp(bytes, start, end);
    if (found) {
      if (last) last.next = found;
      this.#last = found;
    }
    return found;
  }

  #lookUp(bytes: Uint8Array, start: number, end: number): Tag | undefined {
    const hash = crc32c(bytes, start, end);
    const short = end - start <= MOST_NAME_BYTES;
    const name = short ? undefined : cutName(bytes, start, end, hash);
    const candidates = this.#byHash.get(hash);
    const known = candidates?.find((tag) => (short ? same(tag.bytes, bytes, start, end) : tag.name === name));
    if (known) return known;
    if (this.all.length >= this.most) {
      this.refused++;
      return undefined;
    }
    if (!short) this.cut++;
    const tag: Tag = {
      name: name ?? Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString("utf8"),
      // A copy: `slice` of a Buffer is a view, and the reader reads the next piece into the same memory.
      bytes: short ? Uint8Array.from(bytes.subarray(start, end)) : new Uint8Array(0),
      scalar: undefined,
      points: new GrowingColumns(),
      next: undefined,
    };
    this.all.push(tag);
    if (candidates) candidates.push(tag);
    else this.#byHash.set(hash, [tag]);
    return tag;
  }
}

/** The beginning, and what tells it from others that begin alike. */
function cutName(bytes: Uint8Array, start: number, end: number, hash: number): string {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset + start, MOST_NAME_BYTES).toString("utf8");
  return `${head.slice(0, NAME_CHARACTERS)}… (${end - start} bytes, ${(hash >>> 0).toString(16)})`;
}

function same(known: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (known.length !== end - start) return false;
  for (let at = 0; at < known.length; at++) if (known[at] !== bytes[start + at]) return false;
  return true;
}
