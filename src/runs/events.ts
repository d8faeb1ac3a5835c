// The points of a run: reads what is new in all event files under its folders, from the first byte on. Keeps offsets and
// no open files, and notices files that were cut, replaced or deleted.
import fs from "node:fs";
import path from "node:path";
import { EventDecoder, type TagPoints } from "../events/decoder";
import { isEventFileName } from "../events/read";
import type { SeriesPoints } from "../protocol/panel";
import { SOURCES, type Source } from "../protocol/run";
import { mergeByTime } from "./merge";

export interface NewPoints {
  series: SeriesPoints[];
  /** These replace all that came before: a file is no longer what it was. */
  reset: boolean;
  /** There is more to read right now. */
  more: boolean;
}

interface Tailed {
  path: string;
  inode: string;
  /** Bytes given to the decoder. */
  read: number;
  /** The last of them: they tell a file that was written anew from one that has grown. */
  readonly tail: Buffer;
  tailLength: number;
  decoder: EventDecoder;
  /** When it last grew. */
  grown: number;
}

const PIECE_BYTES = 512 * 1024;
/** Read at once, so that other work gets its turn. */
const TURN_BYTES = 8 * 1024 * 1024;
const TAIL_BYTES = 16;
/** A file that has not grown for this long is looked at with the folders only. */
const ACTIVE_MILLIS = 5_000;

export class RunEvents {
  readonly #folder: string;
  readonly #piece = Buffer.allocUnsafe(PIECE_BYTES);
  #files = new Map<string, { source: Source; file: Tailed }>();

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** What is new. `quick` looks at files that grew lately; otherwise at the folders and all files. */
  read({ quick = false } = {}): NewPoints {
    const fresh = quick ? undefined : this.#discover();
    const found = this.#readFiles(quick);
    if (!found || fresh === "less") {
      this.#files.clear();
      this.#discover();
      const anew = this.#readFiles(false);
      return { series: anew?.series ?? [], reset: true, more: anew?.more ?? true };
    }
    return { ...found, reset: false };
  }

  /** What is wrong with the files, in sentences that name them. */
  problems(): string[] {
    const files = [...this.#files.values()].map(({ file }) => file);
    return files.flatMap((file) =>
      file.decoder.problems().map((problem) => `${path.relative(this.#folder, file.path)}: ${problem}`),
    );
  }

  /** Finds new files; "less" when one that was read is gone. */
  #discover(): "less" | undefined {
    const present = new Set<string>();
    for (const source of SOURCES) {
      for (const name of eventFiles(path.join(this.#folder, source))) {
        const file = path.join(this.#folder, source, name);
        present.add(file);
        if (this.#files.has(file)) continue;
        const tailed: Tailed = {
          path: file,
          inode: "",
          read: 0,
          tail: Buffer.alloc(TAIL_BYTES),
          tailLength: 0,
          decoder: new EventDecoder(),
          grown: 0,
        };
        this.#files.set(file, { source, file: tailed });
      }
    }
    return [...this.#files.keys()].some((file) => !present.has(file)) ? "less" : undefined;
  }

  /** Nothing when a file is no longer what it was. */
  #readFiles(quick: boolean): { series: SeriesPoints[]; more: boolean } | undefined {
    const now = performance.now();
    const points = new Map<Source, TagPoints[][]>();
    let budget = TURN_BYTES;
    for (const { source, file } of this.#files.values()) {
      if (quick && now - file.grown > ACTIVE_MILLIS) continue;
      if (budget <= 0) return { series: merged(points), more: true };
      const read = this.#readFile(file, budget, quick);
      if (read === "changed") return undefined;
      if (read === 0) continue;
      file.grown = now;
      budget -= read;
      const taken = file.decoder.take();
      if (taken.length === 0) continue;
      const ofSource = points.get(source);
      if (ofSource) ofSource.push(taken);
      else points.set(source, [taken]);
    }
    return { series: merged(points), more: budget <= 0 };
  }

  /** A quick look only reads on; whether it is still the same file is seen by the next full one. */
  #readFile(file: Tailed, budget: number, quick: boolean): number | "changed" {
    if (!quick) {
      const stat = fs.statSync(file.path, { throwIfNoEntry: false });
      if (!stat) return "changed";
      const inode = `${stat.dev}:${stat.ino}`;
      if (file.inode !== "" && (inode !== file.inode || stat.size < file.read)) return "changed";
      file.inode = inode;
      if (stat.size === file.read) return 0;
    }
    let fd: number;
    try {
      fd = fs.openSync(file.path, "r");
    } catch {
      return 0;
    }
    try {
      return this.#readOpen(file, fd, budget);
    } finally {
      fs.closeSync(fd);
    }
  }

  /** Each piece begins with the last bytes of the one before, which must still be there. */
  #readOpen(file: Tailed, fd: number, budget: number): number | "changed" {
    const piece = this.#piece;
    const start = file.read;
    while (file.read - start < budget) {
      const { tail, tailLength } = file;
      const length = fs.readSync(fd, piece, 0, piece.length, file.read - tailLength);
      if (length < tailLength || tail.compare(piece, 0, tailLength, 0, tailLength) !== 0) return "changed";
      if (length === tailLength) break;
      file.decoder.push(piece.subarray(tailLength, length));
      file.read += length - tailLength;
      file.tailLength = Math.min(TAIL_BYTES, length);
      piece.copy(tail, 0, length - file.tailLength, length);
      if (length < piece.length) break;
    }
    return file.read - start;
  }
}

/** Names of a folder's event files, the oldest first. Links are not followed. */
export function eventFiles(folder: string): string[] {
  try {
    return fs
      .readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() && isEventFileName(entry.name))
      .map((entry) => entry.name)
      .sort();
  } catch {
    return [];
  }
}

function merged(points: ReadonlyMap<Source, TagPoints[][]>): SeriesPoints[] {
  const series: SeriesPoints[] = [];
  for (const [source, files] of points) for (const one of mergeByTime(files)) series.push({ source, ...one });
  return series;
}
