// The end of a run's output.log as text: what is new in it, never more than its last megabyte at once.
import fs from "node:fs";
import { StringDecoder } from "node:string_decoder";

export interface NewOutput {
  text: string;
  /** It replaces what came before: this is the first piece, the file was rotated, or too much came at once. */
  reset: boolean;
}

const MOST_BYTES = 1024 * 1024;

export class OutputTail {
  readonly #file: string;
  #inode: string | undefined;
  #read = 0;
  /** Keeps the beginning of a character whose end has not come. */
  #decoder = new StringDecoder("utf8");

  constructor(file: string) {
    this.#file = file;
  }

  /** Nothing where nothing is new. */
  read(): NewOutput | undefined {
    const stat = fs.lstatSync(this.#file, { throwIfNoEntry: false });
    if (!stat?.isFile()) return undefined;
    const inode = `${stat.dev}:${stat.ino}`;
    const anew = inode !== this.#inode || stat.size < this.#read || stat.size - this.#read > MOST_BYTES;
    if (!anew && stat.size === this.#read) return undefined;
    if (anew) {
      this.#inode = inode;
      this.#decoder = new StringDecoder("utf8");
      this.#read = Math.max(0, stat.size - MOST_BYTES);
    }
    const cut = anew && this.#read > 0;
    const bytes = readRange(this.#file, this.#read, stat.size - this.#read);
    if (!bytes) return undefined;
    this.#read += bytes.length;
    const text = this.#decoder.write(cut ? bytes.subarray(firstWhole(bytes)) : bytes);
    return anew || text !== "" ? { text, reset: anew } : undefined;
  }
}

function readRange(file: string, from: number, length: number): Buffer | undefined {
  try {
    const fd = fs.openSync(file, "r");
    try {
      const bytes = Buffer.allocUnsafe(length);
      return bytes.subarray(0, fs.readSync(fd, bytes, 0, length, from));
    } finally {
      fs.closeSync(fd);
    }
  } catch {
    return undefined;
  }
}

/** After the first line break, or, where lines are endless, at the first byte that begins a character. */
function firstWhole(bytes: Buffer): number {
  const line = bytes.subarray(0, 64 * 1024).indexOf(10);
  if (line >= 0) return line + 1;
  let at = 0;
  while (at < 4 && (bytes[at]! & 0xc0) === 0x80) at++;
  return at;
}
