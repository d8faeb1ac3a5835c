// Writes and reads one safetensors file whole: header, sizes and a digest over every byte. Knows nothing of steps, folders or training.
import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";

/** Values of one variable, row by row. `bool` is one byte a value, 0 or 1. */
export type TensorData =
  | { dtype: "float32"; shape: readonly number[]; data: Float32Array }
  | { dtype: "int32"; shape: readonly number[]; data: Int32Array }
  | { dtype: "bool"; shape: readonly number[]; data: Uint8Array };

export interface TensorFile {
  tensors: Map<string, TensorData>;
  metadata: Record<string, string>;
}

interface Entry {
  dtype: string;
  shape: number[];
  data_offsets: [number, number];
}

const DTYPES = {
  float32: { code: "F32", bytes: 4 },
  int32: { code: "I32", bytes: 4 },
  bool: { code: "BOOL", bytes: 1 },
} as const;

/** The reference implementation's own limit; a damaged length never makes us allocate more. */
const HEADER_CAP = 100_000_000;
/** Stands in the header while the digest is taken, so that the digest covers the header too. */
const NO_DIGEST = "0".repeat(64);

/** Writes all bytes to an open, empty file. The caller syncs and closes it. */
export async function writeTensors(file: FileHandle, { tensors, metadata }: TensorFile): Promise<void> {
  const ordered = [...tensors].sort(([, a], [, b]) => DTYPES[b.dtype].bytes - DTYPES[a.dtype].bytes);
  const header: Record<string, unknown> = { __metadata__: { ...metadata, sha256: NO_DIGEST } };
  let offset = 0;
  for (const [name, { dtype, shape, data }] of ordered) {
    const bytes = elements(shape) * DTYPES[dtype].bytes;
    if (bytes !== data.byteLength) {
      throw new Error(
        `Variable ${name}: shape [${shape}] of ${dtype} needs ${bytes} bytes, but ${data.byteLength} were given.`,
      );
    }
    if (name === "__metadata__" || name in header)
      throw new Error(`Two variables would be saved as "${name}": names must be unique.`);
    header[name] = { dtype: DTYPES[dtype].code, shape, data_offsets: [offset, offset + bytes] };
    offset += bytes;
  }
  // Padded with spaces, so that the numbers behind it are aligned for whoever maps the file into memory.
  let text = JSON.stringify(header);
  text += " ".repeat((8 - (Buffer.byteLength(text) % 8)) % 8);
  const hash = createHash("sha256").update(text);
  for (const [, { data }] of ordered) hash.update(bytesOf(data));
  const head = Buffer.from(text.replace(NO_DIGEST, hash.digest("hex")));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(head.length));
  await writeAll(file, length);
  await writeAll(file, head);
  for (const [, { data }] of ordered) await writeAll(file, bytesOf(data));
}

/** Reads and verifies a file written by {@link writeTensors}. Throws an Error that says what is wrong with it. */
export async function readTensors(path: string): Promise<TensorFile> {
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    const { text, entries, metadata, start } = await readHeader(file, size);
    const digest = metadata["sha256"];
    if (!digest) throw new Error("it carries no sha256, so it was not written by Fitlens");
    const hash = createHash("sha256").update(text.replace(digest, NO_DIGEST));
    const tensors = new Map<string, TensorData>();
    let end = 0;
    for (const [name, entry] of entries) {
      const tensor = allocate(name, entry, end);
      const bytes = bytesOf(tensor.data);
      if (start + end + bytes.length > size) throw new Error(`it ends at byte ${size}, inside variable ${name}`);
      await readAll(file, bytes, start + end);
      hash.update(bytes);
      end += bytes.length;
      tensors.set(name, tensor);
    }
    if (start + end !== size) throw new Error(`it should be ${start + end} bytes long, but has ${size}`);
    if (hash.digest("hex") !== digest) throw new Error("its sha256 does not match its content");
    const { sha256: _, ...rest } = metadata;
    return { tensors, metadata: rest };
  } finally {
    await file.close();
  }
}

async function readHeader(file: FileHandle, size: number) {
  if (size < 8) throw new Error(`it has only ${size} bytes`);
  const lengthBytes = Buffer.alloc(8);
  await readAll(file, lengthBytes, 0);
  const length = lengthBytes.readBigUInt64LE();
  if (length > HEADER_CAP || Number(length) + 8 > size) {
    throw new Error(`it announces a header of ${length} bytes in a file of ${size}`);
  }
  const head = Buffer.alloc(Number(length));
  await readAll(file, head, 8);
  const text = head.toString("utf8");
  const { __metadata__: metadata = {}, ...entries } = JSON.parse(text) as Record<string, Entry> & {
    __metadata__?: Record<string, string>;
  };
  const ordered = Object.entries(entries).sort(
    ([, a], [, b]) => (a.data_offsets?.[0] ?? 0) - (b.data_offsets?.[0] ?? 0),
  );
  return { text, entries: ordered, metadata: metadata as Record<string, string>, start: 8 + head.length };
}

/** Makes room for one entry, after checking that it begins where the one before it ended. */
function allocate(name: string, entry: Entry, expectedStart: number): TensorData {
  const { dtype: code, shape, data_offsets: offsets } = entry;
  const dtype = (Object.keys(DTYPES) as (keyof typeof DTYPES)[]).find((key) => DTYPES[key].code === code);
  if (!dtype) throw new Error(`variable ${name} has the type ${code}; F32, I32 and BOOL are known`);
  if (!Array.isArray(shape) || !shape.every((n) => Number.isSafeInteger(n) && n >= 0) || !Array.isArray(offsets)) {
    throw new Error(`variable ${name} is described wrongly`);
  }
  const count = elements(shape);
  const bytes = count * DTYPES[dtype].bytes;
  if (offsets[0] !== expectedStart || offsets[1] !== expectedStart + bytes) {
    throw new Error(`variable ${name} lies at bytes ${offsets}, expected ${expectedStart},${expectedStart + bytes}`);
  }
  if (dtype === "float32") return { dtype, shape, data: new Float32Array(count) };
  if (dtype === "int32") return { dtype, shape, data: new Int32Array(count) };
  return { dtype, shape, data: new Uint8Array(count) };
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, n) => product * n, 1);
}

function bytesOf(data: Float32Array | Int32Array | Uint8Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(bytes.length - done, 1 << 30));
    done += bytesWritten;
  }
}

async function readAll(file: FileHandle, bytes: Uint8Array, position: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesRead } = await file.read(bytes, done, Math.min(bytes.length - done, 1 << 30), position + done);
    if (bytesRead === 0) throw new Error(`it ends at byte ${position + done}`);
    done += bytesRead;
  }
}
