// What the estimator's tests share: folders that clean up, silence, seeded chance, and small data.
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import * as tf from "@tensorflow/tfjs";
import { setLogger } from "../../../src/estimator/index";

/** A folder that goes when the test ends. */
export function folder(t: TestContext): string {
  const made = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-estimator-"));
  t.after(() => fs.rmSync(made, { recursive: true, force: true }));
  return made;
}

/** Collects the log instead of printing it. */
export function captureLog(): string[] {
  const lines: string[] = [];
  setLogger((level, message) => lines.push(`${level}: ${message}`));
  return lines;
}

/** Numbers in [0, 1) from a seed (mulberry32). */
export function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** Runs something with Math.random seeded, so that shuffling repeats itself. */
export async function seeded<T>(seed: number, run: () => Promise<T>): Promise<T> {
  const original = Math.random;
  Math.random = random(seed);
  try {
    return await run();
  } finally {
    Math.random = original;
  }
}

/** A tensor of numbers in [-1, 1) from a seed. */
export function data(seed: number, shape: number[]): tf.Tensor {
  const next = random(seed);
  return tf.tensor(
    Array.from({ length: tf.util.sizeFromShape(shape) }, () => next() * 2 - 1),
    shape,
  );
}

/** One-hot labels of `classes` classes that depend on the features, so that there is something to learn. */
export function labelsFor(x: tf.Tensor, classes: number): tf.Tensor {
  return tf.tidy(() => {
    const sums = x.reshape([x.shape[0]!, -1]).sum(1).dataSync();
    const ids = Array.from(sums, (sum) => Math.abs(Math.floor(sum * 2)) % classes);
    return tf.oneHot(tf.tensor1d(ids, "int32"), classes).toFloat();
  });
}

/** The largest difference between two lists of tensors. */
export function difference(a: readonly tf.Tensor[], b: readonly tf.Tensor[]): number {
  return Math.max(...a.map((tensor, i) => tf.tidy(() => tensor.sub(b[i]!).abs().max().dataSync()[0]!)));
}
