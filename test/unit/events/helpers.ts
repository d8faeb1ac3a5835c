// What the tests of event files share: temporary folders, child programs made of our own sources, and reading back.
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import * as esbuild from "esbuild";
import { EventDecoder, type TagPoints } from "../../../src/events/decoder";
import { EventWriter } from "../../../src/events/writer";

export function temporaryFolder(t: { after(fn: () => void): void }): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-")));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Builds a program whose imports are relative to the project's root; returns the file. */
export function program(folder: string, name: string, source: string): string {
  const outfile = path.join(folder, `${name}.cjs`);
  esbuild.buildSync({
    stdin: { contents: source, resolveDir: process.cwd(), loader: "ts", sourcefile: `${name}.ts` },
    bundle: true,
    platform: "node",
    format: "cjs",
    target: "node20",
    outfile,
    logLevel: "warning",
  });
  return outfile;
}

/** Starts a child that does not outlive the test. */
export function start(t: { after(fn: () => void): void }, file: string, args: readonly string[] = []): ChildProcess {
  const child = spawn(process.execPath, [file, ...args], { stdio: ["ignore", "pipe", "inherit"] });
  t.after(() => void child.kill("SIGKILL"));
  return child;
}

/** The bytes of one event file with what `write` gives. */
export function eventBytes(t: { after(fn: () => void): void }, write: (writer: EventWriter) => void): Buffer {
  const writer = new EventWriter(path.join(temporaryFolder(t), "train"));
  write(writer);
  writer.flush();
  const file = writer.file;
  writer.close();
  if (file === undefined) throw new Error(`no event file was written: ${writer.failure?.message}`);
  return fs.readFileSync(file);
}

export function decode(...pieces: readonly Uint8Array[]): { points: TagPoints[]; decoder: EventDecoder } {
  const decoder = new EventDecoder();
  for (const piece of pieces) decoder.push(piece);
  return { points: decoder.take(), decoder };
}

/** `loss@3=0.5` for each point, in order: what a test compares. */
export function words(points: readonly TagPoints[]): string[] {
  return points.flatMap(({ tag, steps, values }) => Array.from(steps, (step, at) => `${tag}@${step}=${values[at]}`));
}

export function deadline<T>(promise: Promise<T>, awaited: string, millis = 10_000): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`waited ${millis} ms in vain for ${awaited}`)), millis);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Resolves when a condition that `check` looks at has come true; looks again each time `changed` is called. */
export class Until {
  #waiting: { check: () => boolean; resolve: () => void }[] = [];

  changed(): void {
    this.#waiting = this.#waiting.filter(({ check, resolve }) => {
      if (!check()) return true;
      resolve();
      return false;
    });
  }

  is(check: () => boolean, awaited: string): Promise<void> {
    if (check()) return Promise.resolve();
    return deadline(new Promise((resolve) => this.#waiting.push({ check, resolve })), awaited);
  }
}
