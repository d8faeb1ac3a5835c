// Real runs for tests: a workspace in a temporary folder, scripts in it, and waiting with a deadline that says what was awaited.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TestContext } from "node:test";
import type { RunStatus } from "../../../src/protocol/run";
import { isAlive } from "../../../src/runs/process";
import { readRun, runsFolderOf } from "../../../src/runs/store";
import { newestPerStep, readPoints } from "../../../src/runs/summary";
import { type LaunchedRun, type LaunchOptions, launchRun, resumeRun } from "../../../src/train/launch";
import { stopRun } from "../../../src/train/stop";

export const DIST = path.resolve("dist");
const DEADLINE_MILLIS = 60_000;

export interface Workspace {
  folder: string;
  /** Writes a file and gives its path. */
  write(name: string, text: string): string;
  start(script: string, options?: Partial<LaunchOptions>): Promise<LaunchedRun>;
  /** Starts a script given as text, and waits for its end. */
  run(text: string, options?: Partial<LaunchOptions> & { name?: string }): Promise<Ended>;
  resume(folder: string, options?: Partial<LaunchOptions>): Promise<Ended>;
}

export interface Ended {
  folder: string;
  status: RunStatus;
  output: string;
}

export function workspace(t: TestContext, name = "work space"): Workspace {
  assert.ok(fs.existsSync(path.join(DIST, "worker.mjs")), "dist/worker.mjs is missing: run node esbuild.js first");
  const root = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-train-")));
  const folder = path.join(root, name);
  fs.mkdirSync(folder);
  const started: string[] = [];
  t.after(async () => {
    for (const run of started) await stopRun(run, { graceMs: 0, signalMs: 50 }).catch(() => {});
    fs.rmSync(root, { recursive: true, force: true });
  });
  const common = { cwd: folder, runsFolder: runsFolderOf(folder), distFolder: DIST, engine: "cpu" };
  const self: Workspace = {
    folder,
    write(file, text) {
      const full = path.join(folder, file);
      fs.mkdirSync(path.dirname(full), { recursive: true });
      fs.writeFileSync(full, text);
      return full;
    },
    async start(script, options = {}) {
      const run = await launchRun({ ...common, script, ...options });
      started.push(run.folder);
      return run;
    },
    async run(text, { name: file = "train.ts", ...options } = {}) {
      const { folder: run } = await self.start(self.write(file, text), options);
      return ended(run);
    },
    async resume(run, options = {}) {
      await resumeRun(run, { ...common, ...options });
      return ended(run);
    },
  };
  return self;
}

/** Waits for the end on record; where nobody can write it down any more, for what readers make of it. */
export async function ended(folder: string): Promise<Ended> {
  let lostAt: number | undefined;
  const status = await statusWhere(folder, "the run's end", ({ endedAt, state }) => {
    if (state === "lost") lostAt ??= performance.now();
    return endedAt !== undefined || (lostAt !== undefined && performance.now() - lostAt > 2_000);
  });
  return { folder, status, output: outputOf(folder) };
}

export function outputOf(folder: string): string {
  return fs.readFileSync(path.join(folder, "output.log"), "utf8");
}

/** Waits until the status is as wanted. */
export async function statusWhere(
  folder: string,
  what: string,
  fits: (status: RunStatus) => boolean,
): Promise<RunStatus> {
  let last: RunStatus | undefined;
  await until(
    () => {
      last = readRun(folder)?.status;
      return last !== undefined && fits(last);
    },
    () => `${what}; the status was ${JSON.stringify(last)} and the output ${outputOf(folder).slice(-2000)}`,
  );
  return last!;
}

export async function until(fits: () => boolean, what: () => string, millis = DEADLINE_MILLIS): Promise<void> {
  const deadline = performance.now() + millis;
  while (!fits()) {
    assert.ok(performance.now() < deadline, `waited ${millis / 1000} s for ${what()}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Steps and values of a series, the newest of each step. */
export function points(folder: string, source: string, tag: string): [step: number, value: number][] {
  const one = readPoints(folder).series.find((series) => series.source === source && series.tag === tag);
  if (!one) return [];
  const newest = newestPerStep(one);
  return Array.from(newest.steps, (step, i) => [step, newest.values[i]!]);
}

export function isRunning(pid: number): boolean {
  return isAlive({ pid });
}

/** A Node.js 24 beside the one that runs the tests. */
export function node24(): string {
  const program = process.env["FITLENS_TEST_NODE24"];
  assert.ok(program, "FITLENS_TEST_NODE24 should name a Node.js 24 program; npm test sets it up");
  return program;
}

/** An MLP on a table like Iris; the same numbers every time. */
export const MLP = `
import * as tf from "@tensorflow/tfjs";
const rows: number[][] = Array.from({ length: 120 }, (_, i) => [Math.sin(i), Math.cos(i * 2), (i % 3) / 2, Math.sin(i * 3)]);
export const xs = tf.tensor2d(rows);
export const ys = tf.oneHot(tf.tensor1d(rows.map((_, i) => i % 3), "int32"), 3);
const seeded = (seed: number) => tf.initializers.glorotUniform({ seed });
export function build(): tf.Sequential {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units: 8, activation: "relu", inputShape: [4], kernelInitializer: seeded(1) }));
  model.add(tf.layers.dense({ units: 3, activation: "softmax", kernelInitializer: seeded(2) }));
  model.compile({ optimizer: tf.train.adam(0.01), loss: "categoricalCrossentropy", metrics: ["accuracy"] });
  return model;
}
`;

/** Slows a training down, so that there is time to act: each batch takes some milliseconds. */
export const SLOW = `{ onBatchEnd: () => new Promise<void>((resolve) => setTimeout(resolve, 10)) }`;
