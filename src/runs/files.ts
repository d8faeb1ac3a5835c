// Small JSON files that a reader never sees half written: replaced whole by a rename, checked by a schema when read.
import fs from "node:fs";
import path from "node:path";
import * as v from "valibot";

/** The world is not as needed (a full disk, a link that leads out, a run that is live): what was found and what to do next. */
export class StoreError extends Error {
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "StoreError";
    this.code = code;
  }
}

/** What reading a file gave: its value, or why there is none. */
export type JsonRead<T> =
  | { ok: true; value: T }
  | { ok: false; reason: "missing" | "unreadable" | "damaged"; message: string };

/** No file of ours comes near this; a larger one is not ours and is not read into memory. */
const MOST_BYTES = 32 * 1024 * 1024;

/**
 * Replaces a file whole. JSON has no NaN and no infinities: they are written as the strings "NaN", "Infinity" and
 * "-Infinity", as Python writes them, and the schemas of numbers that may be so read them back.
 */
export function writeJsonAtomic(file: string, value: unknown): void {
  const text = `${JSON.stringify(value, (_key, item) => (isOddNumber(item) ? String(item) : item), 2)}\n`;
  writeAtomic(file, text);
}

let written = 0;

/** Writes beside the file and renames: a kill or a full disk leaves the old content. A link is replaced, not followed. */
export function writeAtomic(file: string, text: string): void {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${process.pid}.${written++}.tmp`);
  try {
    fs.writeFileSync(temporary, text, { flag: "wx" });
    renamePatiently(temporary, file);
  } catch (error) {
    fs.rmSync(temporary, { force: true });
    throw error;
  }
}

/** On Windows a rename fails for a moment while another process has the file open. */
function renamePatiently(from: string, to: string): void {
  for (let attempt = 0; ; attempt++) {
    try {
      fs.renameSync(from, to);
      return;
    } catch (error) {
      const busy = ["EPERM", "EACCES", "EBUSY"].includes(errorCode(error) ?? "");
      if (process.platform !== "win32" || !busy || attempt === 20) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
}

/** Reads a file and checks it. Fields that the schema does not know are left out, so newer files can be read. */
export function readJson<const S extends v.GenericSchema>(file: string, schema: S): JsonRead<v.InferOutput<S>> {
  const text = readText(file);
  if (!text.ok) return text;
  return parseJson(file, text.value, schema);
}

function readText(file: string): JsonRead<string> {
  try {
    const text = fs.readFileSync(file);
    if (text.length > MOST_BYTES) {
      return {
        ok: false,
        reason: "damaged",
        message: `${file}: expected at most ${MOST_BYTES} bytes, found ${text.length}.`,
      };
    }
    return { ok: true, value: text.toString("utf8") };
  } catch (error) {
    if (errorCode(error) === "ENOENT" || errorCode(error) === "ENOTDIR") {
      return { ok: false, reason: "missing", message: `${file} is missing.` };
    }
    return { ok: false, reason: "unreadable", message: `${file} cannot be read: ${errorMessage(error)}` };
  }
}

export function parseJson<const S extends v.GenericSchema>(
  file: string,
  text: string,
  schema: S,
): JsonRead<v.InferOutput<S>> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return { ok: false, reason: "damaged", message: `${file} is not JSON: ${errorMessage(error)}` };
  }
  const checked = v.safeParse(schema, json, { abortEarly: true });
  if (checked.success) return { ok: true, value: checked.output };
  const [issue] = checked.issues;
  const place = v.getDotPath(issue) ?? "the whole";
  return { ok: false, reason: "damaged", message: `${file}: ${place}: ${issue.message}` };
}

export function errorCode(error: unknown): string | undefined {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : undefined;
}

export function errorMessage(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function isOddNumber(item: unknown): boolean {
  return typeof item === "number" && !Number.isFinite(item);
}
