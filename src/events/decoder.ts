// Event files as columns: takes a file's bytes in pieces of any size and gives the scalars per tag. Both checksums of each
// record are verified; what is damaged is counted and passed over. It reads no files.
import type { Columns } from "./columns";
import { maskedCrc } from "./crc32c";
import { FOOTER_BYTES, HEADER_BYTES } from "./framing";
import { parseEvent } from "./parse";
import { Tags } from "./tags";
import { DTYPE } from "./wire";

/** New points of a tag, in file order. */
export interface TagPoints extends Columns {
  tag: string;
}

export interface EventDecoderOptions {
  /** Tags beyond these are left out, and `problems` says so. */
  mostTags?: number;
}

/** Longer records are passed over without being kept: the length may be a lie, and no scalar needs as much. */
const MOST_RECORD_BYTES = 64 * 1024 * 1024;
const MOST_TAGS = 10_000;

/** Checksums of short records' lengths: a file has few different ones. */
const headerSums = new Int32Array(512);

export class EventDecoder {
  /** Bytes of whole records so far; what comes after them is not complete yet. */
  offset = 0;
  /** Records whose content is damaged. */
  skipped = 0;
  /** Where a length is damaged, nothing after it can be found. */
  stoppedAt: number | undefined;
  /** Records too large to be kept. */
  tooLarge = 0;

  readonly #tags: Tags;
  /** The beginning of a record whose end has not come. */
  #rest = new Uint8Array(0);
  #restLength = 0;
  /** Bytes of a record that is being passed over. */
  #passOver = 0;

  constructor(options: EventDecoderOptions = {}) {
    this.#tags = new Tags(options.mostTags ?? MOST_TAGS);
  }

  /** The file's next bytes. */
  push(bytes: Uint8Array): void {
    let piece = bytes;
    if (this.#passOver > 0) {
      const passed = Math.min(this.#passOver, piece.length);
      this.#passOver -= passed;
      this.offset += passed;
      piece = piece.subarray(passed);
    }
    if (this.stoppedAt !== undefined || piece.length === 0) return;
    if (this.#restLength === 0) {
      this.#keep(piece.subarray(this.#records(piece)));
      return;
    }
    this.#keep(piece);
    const used = this.#records(this.#rest.subarray(0, this.#restLength));
    this.#rest.copyWithin(0, used, this.#restLength);
    this.#restLength -= used;
    if (this.#restLength === 0) this.#rest = new Uint8Array(0);
  }

  /** All points since the last time. */
  take(): TagPoints[] {
    const taken: TagPoints[] = [];
    for (const tag of this.#tags.all) {
      if (tag.points.length === 0) continue;
      const { steps, times, values } = tag.points.take();
      taken.push({ tag: tag.name, steps, times, values });
    }
    return taken;
  }

  /** What is wrong with the file, in sentences. */
  problems(): string[] {
    const problems: string[] = [];
    const { refused, cut, most } = this.#tags;
    if (this.skipped > 0) problems.push(`${count(this.skipped, "damaged record")} left out.`);
    if (this.tooLarge > 0) problems.push(`${count(this.tooLarge, "record")} of more than 64 MiB left out.`);
    if (this.stoppedAt !== undefined) problems.push(`Damaged at byte ${this.stoppedAt}; what follows cannot be read.`);
    if (refused > 0) problems.push(`There are more than ${most} tags; the others are left out.`);
    if (cut > 0) problems.push(`${count(cut, "tag")} with a very long name shown cut.`);
    return problems;
  }

  #keep(bytes: Uint8Array): void {
    const length = this.#restLength + bytes.length;
    if (length > this.#rest.length) {
      const larger = new Uint8Array(Math.max(length, 2 * this.#restLength));
      larger.set(this.#rest.subarray(0, this.#restLength));
      this.#rest = larger;
    }
    this.#rest.set(bytes, this.#restLength);
    this.#restLength = length;
  }

  /** Reads whole records; returns how many bytes are done with. */
  #records(bytes: Uint8Array): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    let at = 0;
    while (bytes.length - at >= HEADER_BYTES) {
      const size = view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32;
      if (headerSum(bytes, at, size) !== view.getInt32(at + 8, true)) {
        this.stoppedAt = this.offset;
        return bytes.length;
      }
      const end = at + HEADER_BYTES + size + FOOTER_BYTES;
      if (size > MOST_RECORD_BYTES) {
        this.tooLarge++;
        this.#passOver = end - bytes.length;
        this.offset += bytes.length - at;
        return bytes.length;
      }
      if (end > bytes.length) break;
      const from = at + HEADER_BYTES;
      const to = from + size;
      if (maskedCrc(bytes, from, to) !== view.getInt32(to, true)) this.skipped++;
      else if (!this.#scalarEvent(bytes, view, from, to)) this.#anyEvent(bytes.subarray(from, to));
      this.offset += end - at;
      at = end;
    }
    return at;
  }

  /**
   * The short cut for an event with one scalar of a known tag, its fields in the order in which all writers put them.
   * False: it is something else, and nothing has been taken from it.
   */
  #scalarEvent(bytes: Uint8Array, view: DataView, from: number, to: number): boolean {
    // wall_time = 1 (double), step = 2 (varint, absent for 0), summary = 5, whose only value = 1, whose tag = 1.
    if (to - from < 17 || bytes[from] !== 0x09) return false;
    let at = from + 9;
    let step = 0;
    if (bytes[at] === 0x10) {
      at++;
      let scale = 1;
      for (; bytes[at]! >= 0x80; at++, scale *= 128) {
        if (scale > 2 ** 35) return false;
        step += (bytes[at]! & 127) * scale;
      }
      step += bytes[at]! * scale;
      at++;
    }
    at = enter(bytes, at, 0x2a, to);
    at = enter(bytes, at, 0x0a, to);
    if (at >= to || bytes[at] !== 0x0a || bytes[at + 1]! >= 0x80) return false;
    const tagEnd = at + 2 + bytes[at + 1]!;
    if (tagEnd + 5 > to) return false;
    const valueAt = scalarAt(bytes, tagEnd, to);
    if (valueAt === 0) return false;
    const tag = this.#tags.find(bytes, at + 2, tagEnd);
    if (!tag?.scalar) return false;
    const value = valueAt > 0 ? view.getFloat32(valueAt, true) : view.getFloat64(-valueAt, true);
    tag.points.push(step, view.getFloat64(from + 1, true) * 1000, value);
    return true;
  }

  #anyEvent(bytes: Uint8Array): void {
    try {
      const event = parseEvent(bytes);
      for (const value of event.values) {
        const tag = this.#tags.find(value.tag, 0, value.tag.length);
        if (!tag) continue;
        if (value.plugin) tag.scalar = value.plugin === "scalars";
        if (value.scalar === undefined || tag.scalar === false) continue;
        tag.scalar = true;
        tag.points.push(event.step, event.wallTime * 1000, value.scalar);
      }
    } catch {
      this.skipped++;
    }
  }
}

/** Where the content of a message begins that is the last field up to `to`; `to` itself when it is not there. */
function enter(bytes: Uint8Array, at: number, key: number, to: number): number {
  if (bytes[at] !== key) return to;
  const length = bytes[at + 1]!;
  if (length < 0x80) return at + 2 + length === to ? at + 2 : to;
  const high = bytes[at + 2]!;
  return high < 0x80 && at + 3 + (length & 127) + high * 128 === to ? at + 3 : to;
}

/**
 * Where a value's number stands: at `n` as a float, at `-n` as a double; 0: not in one of the usual forms, which are
 * simple_value = 2, or tensor = 8 { dtype = 1, tensor_shape = 2, float_val = 5, ours double_val = 6 }, then metadata = 9.
 */
function scalarAt(bytes: Uint8Array, start: number, to: number): number {
  let at = start;
  if (bytes[at] === 0x15) return rest(bytes, at + 5, to) ? at + 1 : 0;
  if (bytes[at] !== 0x42) return 0;
  const tensorEnd = at + 2 + bytes[at + 1]!;
  // dtype: the number 8 as key, 1 for a float. An absent shape means the same as an empty one.
  if (bytes[at + 1]! >= 0x80 || bytes[at + 2] !== 0x08 || bytes[at + 3] !== DTYPE.float) return 0;
  at += 4;
  if (bytes[at] === 0x12 && bytes[at + 1] === 0) at += 2;
  if (bytes[at] !== 0x2a || bytes[at + 1] !== 4 || tensorEnd > to || !rest(bytes, tensorEnd, to)) return 0;
  if (at + 6 === tensorEnd) return at + 2;
  const exact = at + 6;
  return bytes[exact] === 0x32 && bytes[exact + 1] === 8 && exact + 10 === tensorEnd ? -(exact + 2) : 0;
}

/** Nothing more, or the metadata that was read with the tag's first value. */
function rest(bytes: Uint8Array, at: number, to: number): boolean {
  return at === to || (at + 2 <= to && bytes[at] === 0x4a && bytes[at + 1]! < 0x80 && at + 2 + bytes[at + 1]! === to);
}

function headerSum(bytes: Uint8Array, at: number, size: number): number {
  const known = size < headerSums.length ? headerSums[size] : 0;
  if (known) return known;
  const sum = maskedCrc(bytes, at, at + 8);
  if (size < headerSums.length) headerSums[size] = sum;
  return sum;
}

function count(number: number, thing: string): string {
  return number === 1 ? `1 ${thing} is` : `${number} ${thing}s are`;
}
