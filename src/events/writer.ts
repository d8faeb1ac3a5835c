// Writes one TensorBoard event file after another into a folder. It never throws into a training and never leaves half a
// record between whole ones; what it could not write it keeps, tries again, and says so in `failure`.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { frame } from "./framing";
import { encodeFileVersion, encodeGraphEvent, encodeScalar, encodeText } from "./wire";

export interface EventWriterOptions {
  /** End of the file's name: `.v2`, say. */
  suffix?: string;
  /** A point is on disk at most this long after it was given, and the first one after a pause at once. */
  flushMillis?: number;
}

export interface EventFailure {
  /** The system's code (`ENOSPC`), or `unknown`. */
  code: string;
  message: string;
}

/** Points that wait for a disk that takes no more. */
const MOST_WAITING_BYTES = 8 * 1024 * 1024;
/** Between two tries to write to a disk that refused. */
const RETRY_MILLIS = 1_000;
/** Readers cut longer ones too. */
const MOST_TAG_CHARACTERS = 1_000;
const MOST_TEXT_CHARACTERS = 1024 * 1024;

let filesOpened = 0;

export class EventWriter {
  readonly #folder: string;
  readonly #suffix: string;
  readonly #flushMillis: number;
  #file: { fd: number; path: string; size: number } | undefined;
  #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  /** Tags that have had their metadata in this file. */
  #described = new Set<string>();
  #lastFlush = Number.NEGATIVE_INFINITY;
  #retryAt = Number.NEGATIVE_INFINITY;
  #scheduled = false;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;
  #failure: EventFailure | undefined;
  #dropped = 0;

  constructor(folder: string, options: EventWriterOptions = {}) {
    this.#folder = folder;
    this.#suffix = options.suffix ?? "";
    this.#flushMillis = options.flushMillis ?? 100;
  }

  /** Why points wait or were lost; nothing while all is well. */
  get failure(): EventFailure | undefined {
    return this.#failure;
  }

  /** Records given up, because too many waited for the disk. */
  get dropped(): number {
    return this.#dropped;
  }

  /** The file written to; nothing before the first flush. */
  get file(): string | undefined {
    return this.#file?.path;
  }

  scalar(name: string, value: number, step: number, wallTimeMs: number = Date.now()): void {
    const tag = cut(name, MOST_TAG_CHARACTERS);
    const first = !this.#described.has(tag);
    if (first) this.#described.add(tag);
    this.#append(() => encodeScalar(tag, value, step, wallTimeMs, first));
  }

  /** Markdown, shown by TensorBoard's text tab. */
  text(name: string, text: string, step: number, wallTimeMs: number = Date.now()): void {
    const tag = cut(name, MOST_TAG_CHARACTERS);
    this.#append(() => encodeText(tag, cut(text, MOST_TEXT_CHARACTERS), step, wallTimeMs));
  }

  /** A serialized GraphDef (see `encodeGraph`). */
  graph(bytes: Uint8Array, wallTimeMs: number = Date.now()): void {
    this.#append(() => encodeGraphEvent(bytes, wallTimeMs));
  }

  #append(encode: () => Uint8Array): void {
    if (this.#closed) return;
    const record = frame(encode());
    this.#waiting.push(record);
    this.#waitingBytes += record.length;
    while (this.#waitingBytes > MOST_WAITING_BYTES && this.#failure) this.#dropOldest();
    this.#schedule();
  }

  #dropOldest(): void {
    const oldest = this.#waiting.shift();
    if (!oldest) return;
    this.#waitingBytes -= oldest.length;
    this.#dropped++;
    // Its tag's metadata may have been in it; saying it twice does no harm.
    this.#described.clear();
  }

  /**
   * After a pause: as soon as the code that gives the points is through, so that a step's points go together and are on
   * disk before the next step blocks the process. Otherwise when the time is up, by the timer or by the next point.
   */
  #schedule(): void {
    const now = performance.now();
    const due = Math.max(this.#lastFlush + this.#flushMillis, this.#retryAt);
    const full = this.#waitingBytes > MOST_WAITING_BYTES && now >= this.#retryAt;
    if (full || (this.#timer && now >= due)) {
      this.flush();
      return;
    }
    if (this.#scheduled) return;
    this.#scheduled = true;
    if (now >= due) {
      queueMicrotask(() => this.#scheduled && !this.#timer && this.flush());
    } else {
      this.#timer = setTimeout(() => this.flush(), due - now);
      this.#timer.unref();
    }
  }

  /** Everything given so far is in the file when this returns, or `failure` says why not. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#scheduled = false;
    if (this.#waiting.length === 0) return;
    this.#lastFlush = performance.now();
    try {
      this.#leaveDeletedFile();
      this.#write(this.#open(), Buffer.concat(this.#waiting));
      this.#waiting = [];
      this.#waitingBytes = 0;
      this.#retryAt = Number.NEGATIVE_INFINITY;
      if (this.#dropped === 0) this.#failure = undefined;
    } catch (error) {
      this.#retryAt = performance.now() + RETRY_MILLIS;
      this.#failure = this.#explain(error);
      if (!this.#closed) this.#schedule();
    }
  }

  /** Flushes and lets the file go. What is given afterwards is ignored. */
  close(): void {
    this.#closed = true;
    this.flush();
    this.#leave();
  }

  #open(): { fd: number; path: string; size: number } {
    if (this.#file) return this.#file;
    fs.mkdirSync(this.#folder, { recursive: true });
    const seconds = String(Math.floor(Date.now() / 1000)).padStart(10, "0");
    const host = os.hostname().replace(/[^\w.-]/g, "_") || "localhost";
    const name = `events.out.tfevents.${seconds}.${host}.${process.pid}.${filesOpened++}${this.#suffix}`;
    const file = path.join(this.#folder, name);
    // Made anew and nothing else: no other writer's file, and no link's target, is ever appended to.
    this.#file = { fd: fs.openSync(file, "ax"), path: file, size: 0 };
    this.#write(this.#file, frame(encodeFileVersion(Date.now())));
    return this.#file;
  }

  /** All or nothing: of what a full disk cut off, nothing stays. */
  #write(file: { fd: number; size: number }, bytes: Uint8Array): void {
    try {
      for (let done = 0; done < bytes.length; ) done += fs.writeSync(file.fd, bytes, done);
      file.size += bytes.length;
    } catch (error) {
      try {
        fs.ftruncateSync(file.fd, file.size);
      } catch {
        // The torn end stays the end: readers wait there, and the records go into a new file.
        this.#leave();
      }
      if (file.size === 0) this.#remove();
      throw error;
    }
  }

  /** A user may delete a file that is open; what is written into it then is lost without an error. */
  #leaveDeletedFile(): void {
    if (this.#file && fs.fstatSync(this.#file.fd).nlink === 0) this.#leave();
  }

  #remove(): void {
    const file = this.#file;
    this.#leave();
    if (file) fs.rmSync(file.path, { force: true });
  }

  #leave(): void {
    if (this.#file) {
      try {
        fs.closeSync(this.#file.fd);
      } catch {
        // Nothing more can be done with it.
      }
    }
    this.#file = undefined;
    this.#described.clear();
  }

  #explain(error: unknown): EventFailure {
    const code = error instanceof Error && "code" in error ? String(error.code) : "unknown";
    const reason =
      code === "ENOSPC" || code === "EDQUOT"
        ? "the disk is full"
        : error instanceof Error
          ? error.message
          : String(error);
    const lost = this.#dropped > 0 ? ` ${this.#dropped} points are lost.` : "";
    return { code, message: `Metrics cannot be written to ${this.#folder}: ${reason}. Training goes on.${lost}` };
  }
}

/** Names come from the user's program, which may not be typed. */
function cut(text: string, most: number): string {
  const given = String(text);
  return given.length > most ? `${given.slice(0, most - 1)}…` : given;
}
