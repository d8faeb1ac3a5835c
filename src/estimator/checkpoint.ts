// Checkpoints in a folder: written whole or not at all, the newest few kept, damaged ones passed over. Knows no model and no optimizer.
import fs from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { readTensors, type TensorData, type TensorFile, writeTensors } from "./safetensors";

export type { TensorData } from "./safetensors";

/** The whole state of a training at one step. */
export interface Checkpoint extends TensorFile {
  /** Number of finished training steps. */
  step: number;
  /** Variables and optimizer slots by name. */
  tensors: Map<string, TensorData>;
  /** Anything else that resuming needs, as strings. The names `step` and `sha256` are taken. */
  metadata: Record<string, string>;
}

export interface KeepOptions {
  /** How many of the newest checkpoints stay; 0 or null keeps all. Default 5. */
  keep?: number | null;
  /** One checkpoint per so many hours stays for good. Default 10000: none in practice. */
  keepEveryNHours?: number;
}

/** A checkpoint file in a folder; not read yet, so it may prove damaged. */
export interface CheckpointFile {
  path: string;
  step: number;
  /** When it was written, in milliseconds since 1970. */
  time: number;
}

/** A checkpoint that cannot be written or read. `path` is the file, or the folder when no file came to be. */
export class CheckpointError extends Error {
  override readonly name = "CheckpointError";
  readonly path: string;
  constructor(message: string, path: string, options?: ErrorOptions) {
    super(message, options);
    this.path = path;
  }
}

const NAME = /^model\.ckpt-(\d+)\.safetensors$/;
const TEMPORARY = /^(?:model\.ckpt-\d+\.safetensors|checkpoint)\.([0-9a-z]+)-(\d+)\.tmp$/;
const STATE_FILE = "checkpoint";
const HOUR = 3_600_000;
/** No writer needs this long for one file, so an older temporary file has no living writer whatever its process id says. */
const STALE_AFTER = HOUR;

/**
 * Writes `model.ckpt-<step>.safetensors` into a folder (made if it is missing) and names it in the text file `checkpoint`, as
 * TensorFlow does. Data reaches the disk before the name appears, so a kill or a full disk at any moment leaves the checkpoints
 * before it intact. Then removes what is beyond `keep`, and temporary files of writers that died. Resolves to the file's path.
 *
 * @throws CheckpointError when it cannot be written, with the system's reason; the previous checkpoints are untouched.
 */
export async function saveCheckpoint(
  folder: string,
  checkpoint: Checkpoint,
  options: KeepOptions = {},
): Promise<string> {
  const { step, tensors, metadata } = checkpoint;
  const name = `model.ckpt-${step}.safetensors`;
  const target = path.join(folder, name);
  try {
    await fs.mkdir(folder, { recursive: true });
    await removeStaleTemporaries(folder);
    await replaceFile(target, (file) => writeTensors(file, { tensors, metadata: { ...metadata, step: String(step) } }));
    const state = await readState(folder);
    const listed = state.listed.filter((item) => item.name !== name);
    const next = keepNewest([...listed, { name, time: Date.now() }], state.preserved ?? Date.now(), options);
    await replaceFile(path.join(folder, STATE_FILE), (file) => file.writeFile(stateText(next.kept, next.preserved)));
    for (const item of next.removed) await fs.rm(path.join(folder, item.name), { force: true });
    return target;
  } catch (error) {
    const previous = (await checkpoints(folder).catch(() => [])).filter((file) => file.path !== target).at(-1);
    const intact = previous ? ` The checkpoint before it, ${previous.path}, is intact.` : "";
    const advice = reasons[(error as NodeJS.ErrnoException).code ?? ""] ?? "";
    const message = `Checkpoint for step ${step} could not be written to ${folder}: ${(error as Error).message}.${intact}${advice}`;
    throw new CheckpointError(message, folder, { cause: error });
  }
}

const reasons: Record<string, string> = {
  ENOSPC: " Free space on that disk, or keep fewer checkpoints (keepCheckpointMax).",
  EDQUOT: " Free space on that disk, or keep fewer checkpoints (keepCheckpointMax).",
  EACCES: " Choose a modelDir that you may write to.",
  EPERM: " Choose a modelDir that you may write to.",
  EROFS: " Choose a modelDir that you may write to.",
};

/**
 * Reads one checkpoint and verifies all of it: header, sizes and digest.
 *
 * @param file A path as {@link saveCheckpoint} gives it; `.safetensors` may be left out, as TensorFlow's prefixes do.
 * @throws CheckpointError that says what is wrong with the file.
 */
export async function readCheckpoint(file: string): Promise<Checkpoint> {
  const full = file.endsWith(".safetensors") ? file : `${file}.safetensors`;
  try {
    const { tensors, metadata } = await readTensors(full);
    const { step: text, ...rest } = metadata;
    const step = Number(text);
    if (!Number.isSafeInteger(step) || step < 0) throw new Error(`its step is "${text}"`);
    return { step, tensors, metadata: rest };
  } catch (error) {
    const message = `Checkpoint ${full} cannot be read: ${(error as Error).message}.`;
    throw new CheckpointError(message, full, { cause: error });
  }
}

/**
 * The newest readable checkpoint and its path, or null. Damaged ones are passed over; `onDamaged` is told of each.
 */
export async function readLatestCheckpoint(
  folder: string,
  onDamaged: (error: CheckpointError) => void = () => {},
): Promise<{ path: string; checkpoint: Checkpoint } | null> {
  for (const file of await candidates(folder)) {
    try {
      return { path: file.path, checkpoint: await readCheckpoint(file.path) };
    } catch (error) {
      if (!(error instanceof CheckpointError)) throw error;
      onDamaged(error);
    }
  }
  return null;
}

/** Path of the newest readable checkpoint in a folder, or null when there is none (or no folder). */
export async function latestCheckpoint(folder: string): Promise<string | null> {
  return (await readLatestCheckpoint(folder))?.path ?? null;
}

/** All checkpoint files in a folder by step, lowest first, without reading them. */
export async function checkpoints(folder: string): Promise<CheckpointFile[]> {
  const files: CheckpointFile[] = [];
  for (const name of await namesIn(folder)) {
    const step = NAME.exec(name)?.[1];
    if (step === undefined) continue;
    const file = path.join(folder, name);
    const stat = await fs.stat(file).catch(() => null);
    if (stat?.isFile()) files.push({ path: file, step: Number(step), time: stat.mtimeMs });
  }
  return files.sort((a, b) => a.step - b.step);
}

/** Removes temporary files of writers that are no longer alive. A writer that is alive keeps its own. */
export async function removeStaleTemporaries(folder: string): Promise<void> {
  for (const name of await namesIn(folder)) {
    const [, host, pid] = TEMPORARY.exec(name) ?? [];
    if (!host || !pid) continue;
    const file = path.join(folder, name);
    const stat = await fs.stat(file).catch(() => null);
    const old = stat !== null && Date.now() - stat.mtimeMs > STALE_AFTER;
    if (old || (host === thisHost() && !isWriting(Number(pid), file))) await fs.rm(file, { force: true });
  }
}

/** Best first: what the state file names, unless something newer was finished after it was last written. */
async function candidates(folder: string): Promise<CheckpointFile[]> {
  const files = (await checkpoints(folder)).reverse();
  const state = await readState(folder);
  const listed = new Set(state.listed.map((item) => item.name));
  const newest = files.find((file) => path.basename(file.path) === state.newest);
  const rank = (file: CheckpointFile) => {
    if (file === newest) return 1;
    const unlisted = !listed.has(path.basename(file.path));
    // A kill between the two renames leaves a good file that the state file does not name yet.
    if (unlisted && newest && file.step > newest.step && file.time >= state.time) return 0;
    return unlisted ? 3 : 2;
  };
  return files.sort((a, b) => rank(a) - rank(b));
}

interface Listed {
  name: string;
  time: number;
}

interface State {
  newest: string | null;
  listed: Listed[];
  /** When the last checkpoint was set aside for good (keepEveryNHours), in milliseconds. */
  preserved: number | null;
  /** When the state file was written. */
  time: number;
}

/** Reads TensorFlow's text form of CheckpointState. A missing or damaged file is an empty state: the files themselves count. */
async function readState(folder: string): Promise<State> {
  const file = path.join(folder, STATE_FILE);
  const text = await fs.readFile(file, "utf8").catch(() => "");
  const time = (await fs.stat(file).catch(() => null))?.mtimeMs ?? 0;
  const values = (key: string) =>
    [...text.matchAll(new RegExp(`^${key}: *"?([^"\\n]*)"?$`, "gm"))].map((match) => match[1]!);
  const names = values("all_model_checkpoint_paths").map(fileName);
  const times = values("all_model_checkpoint_timestamps").map(Number);
  const preserved = Number(values("last_preserved_timestamp")[0] ?? Number.NaN) * 1000;
  return {
    newest: values("model_checkpoint_path").map(fileName)[0] ?? null,
    listed: names.map((name, i) => ({ name, time: (times[i] ?? 0) * 1000 })),
    preserved: Number.isFinite(preserved) ? preserved : null,
    time,
  };
}

/** Only the name counts, so that a model_dir can be moved and a state file never leads out of it. */
function fileName(name: string): string {
  const base = path.basename(name);
  return base.endsWith(".safetensors") ? base : `${base}.safetensors`;
}

function stateText(listed: readonly Listed[], preserved: number): string {
  const newest = listed.at(-1)!;
  return [
    `model_checkpoint_path: ${JSON.stringify(newest.name)}`,
    ...listed.map(({ name }) => `all_model_checkpoint_paths: ${JSON.stringify(name)}`),
    ...listed.map(({ time }) => `all_model_checkpoint_timestamps: ${time / 1000}`),
    `last_preserved_timestamp: ${preserved / 1000}`,
    "",
  ].join("\n");
}

/** Splits the list (oldest first) into what stays listed and what goes. What is set aside for good is in neither. */
function keepNewest(listed: Listed[], lastPreserved: number, { keep = 5, keepEveryNHours = 10_000 }: KeepOptions) {
  let preserved = lastPreserved;
  const removed: Listed[] = [];
  const kept = [...listed];
  while (keep && kept.length > keep) {
    const oldest = kept.shift()!;
    if (oldest.time - preserved >= keepEveryNHours * HOUR) preserved = oldest.time;
    else removed.push(oldest);
  }
  return { kept, removed, preserved };
}

const writing = new Set<string>();

/** Writes a file beside its place, syncs it, and moves it there. */
async function replaceFile(target: string, write: (file: fs.FileHandle) => Promise<void>): Promise<void> {
  const temporary = `${target}.${thisHost()}-${process.pid}.tmp`;
  writing.add(temporary);
  try {
    const file = await fs.open(temporary, "w");
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
    await syncFolder(path.dirname(target));
  } catch (error) {
    await fs.rm(temporary, { force: true }).catch(() => {});
    throw error;
  } finally {
    writing.delete(temporary);
  }
}

/** On Windows a virus scanner or a reader may hold the old file for a moment. */
async function rename(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await fs.rename(from, to);
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code ?? "";
      if (process.platform !== "win32" || attempt === 9 || !["EPERM", "EACCES", "EBUSY"].includes(code)) throw error;
      await new Promise((done) => setTimeout(done, 20 * (attempt + 1)));
    }
  }
}

/** Makes the new name itself durable. Windows has no such call, and does it by itself. */
async function syncFolder(folder: string): Promise<void> {
  if (process.platform === "win32") return;
  const handle = await fs.open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return [];
    throw error;
  }
}

function isWriting(pid: number, file: string): boolean {
  if (pid === process.pid) return writing.has(file);
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== "ESRCH";
  }
}

/** A process id means something on its own machine only; folders may be shared over a network. */
function thisHost(): string {
  return (
    os
      .hostname()
      .toLowerCase()
      .replace(/[^0-9a-z]/g, "") || "host"
  );
}
