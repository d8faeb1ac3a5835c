// Reads a whole event file, in pieces, so that its size does not matter.
import fs from "node:fs";
import { EventDecoder, type EventDecoderOptions, type TagPoints } from "./decoder";

export interface EventFile {
  /** Scalars by tag, in the order of the tags' first values. */
  series: TagPoints[];
  /** What is wrong with the file, in sentences; nothing when all is well. */
  problems: string[];
  /** Bytes at the end that are no whole record: being written, or cut off. */
  incomplete: number;
}

const PIECE_BYTES = 1024 * 1024;

export function readEventFile(file: string, options?: EventDecoderOptions): EventFile {
  const decoder = new EventDecoder(options);
  const piece = new Uint8Array(PIECE_BYTES);
  const fd = fs.openSync(file, "r");
  let size = 0;
  try {
    for (;;) {
      const read = fs.readSync(fd, piece, 0, piece.length, null);
      if (read === 0) break;
      size += read;
      decoder.push(piece.subarray(0, read));
    }
  } finally {
    fs.closeSync(fd);
  }
  const incomplete = decoder.stoppedAt === undefined ? size - decoder.offset : 0;
  return { series: decoder.take(), problems: decoder.problems(), incomplete };
}

/** `events.out.tfevents.…`, as every writer names them. */
export function isEventFileName(name: string): boolean {
  return name.includes("tfevents");
}
