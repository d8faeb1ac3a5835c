// Runs Python scripts under the hook, or plainly, and reads what the run's folder then says. The launcher is not in it.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import type { RunControl, RunStatus, Source } from "../../src/protocol/run";
import { RunEvents } from "../../src/runs/events";
import { readRun } from "../../src/runs/read";
import { createRun, writeControl } from "../../src/runs/store";

export const PACKAGE = path.resolve("src/train/python/fitlens");
export const TERMINAL = path.resolve("src/train/python/terminal");
/** Cases that take long and say little that others do not: `npm test -- slow` has them, `npm test` does without. */
export const more = <T>(...cases: T[]): T[] => (process.env["FITLENS_TEST_MORE"] ? cases : []);

/** A single one of them. */
export const testMore = (name: string, run: (t: TestContext) => Promise<void>): void => {
  for (const one of more(name)) void test(one, run);
};

const DEADLINE_MILLIS = 300_000;

/** The Python of the newest frameworks. */
export function python(): string {
  const found = process.env["FITLENS_TEST_PYTHON"];
  assert.ok(found, "FITLENS_TEST_PYTHON names a Python");
  return found;
}

/** The Python that has tf.estimator. */
export function pythonEstimator(): string {
  const found = process.env["FITLENS_TEST_PYTHON_ESTIMATOR"];
  assert.ok(found, "FITLENS_TEST_PYTHON_ESTIMATOR names a Python");
  return found;
}

export interface Point {
  step: number;
  value: number;
}

export interface HookedOptions {
  /** The script as text; written as `name` into `cwd`. Or `file`, which is there. */
  script?: string;
  file?: string;
  name?: string;
  args?: readonly string[];
  python?: string;
  env?: Readonly<Record<string, string>>;
  /** Default: a folder of the test's own. */
  cwd?: string;
  /** A run's folder from before: it is resumed. */
  folder?: string;
  /** Python's own options: `-X`, `-W`. */
  pythonArgs?: readonly string[];
}

export interface HookedRun {
  folder: string;
  cwd: string;
  script: string;
  child: ChildProcess;
  /** Resolves when the process has ended and its streams are read. */
  ended: Promise<HookedEnd>;
  output(): { stdout: string; stderr: string };
  status(): RunStatus;
  points(tag: string, source?: Source): Point[];
  tags(source?: Source): string[];
  ask(request: RunControl["request"]): void;
}

export interface HookedEnd extends Pick<HookedRun, "folder" | "cwd" | "script" | "points" | "tags"> {
  exitCode: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
  status: RunStatus;
}

/** A folder that goes with the test. */
export function temporary(t: TestContext): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-python-")));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

/** The environment of a test's Python: the user's, without what this process was told. */
export function environment(extra: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const inherited = Object.entries(process.env).filter(([name]) => !/^(FITLENS_|PYTHON)/.test(name));
  return { ...Object.fromEntries(inherited), TF_CPP_MIN_LOG_LEVEL: "3", CUDA_VISIBLE_DEVICES: "", ...extra };
}

/** Starts a script under the hook, in a run's folder. */
export function startHooked(t: TestContext, options: HookedOptions): HookedRun {
  const cwd = options.cwd ?? temporary(t);
  const script = options.file ?? path.join(cwd, options.name ?? "train.py");
  if (options.script !== undefined) fs.writeFileSync(script, options.script);
  const program = options.python ?? python();
  const folder = options.folder ?? newRun(cwd, script, program, options.args ?? []);
  fs.rmSync(path.join(folder, "control.json"), { force: true });
  const args = [...(options.pythonArgs ?? []), PACKAGE, script, ...(options.args ?? [])];
  const env = environment({ FITLENS_RUN: folder, FITLENS_PART_OF: folder, ...options.env });
  const child = spawn(program, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  t.after(() => child.kill("SIGKILL"));
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (piece: string) => {
      text[name] += piece;
    });
  }
  // A folder that is gone tells nothing of its process.
  const status = (): RunStatus => readRun(folder)?.status ?? { format: 1, state: "lost" };
  const common = {
    folder,
    cwd,
    script,
    points: (tag: string, source: Source = "train") => pointsOf(folder, tag, source),
    tags: (source: Source = "train") => tagsOf(folder, source),
  };
  const ended = new Promise<HookedEnd>((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => resolve({ ...common, exitCode, signal, ...text, status: status() }));
  });
  return { ...common, child, ended, output: () => text, status, ask: (request) => void writeControl(folder, request) };
}

/** Runs a script under the hook to its end. */
export function runHooked(t: TestContext, options: HookedOptions): Promise<HookedEnd> {
  return startHooked(t, options).ended;
}

/** Runs Python to its end, without the hook. */
export async function runPlain(
  args: readonly string[],
  options: { cwd: string; python?: string; env?: Readonly<Record<string, string>>; input?: string },
): Promise<{ exitCode: number | null; signal: NodeJS.Signals | null; stdout: string; stderr: string }> {
  const child = spawn(options.python ?? python(), args, { cwd: options.cwd, env: environment(options.env) });
  child.stdin.on("error", () => {}).end(options.input ?? "");
  const text = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name].setEncoding("utf8").on("data", (piece: string) => {
      text[name] += piece;
    });
  }
  return await new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => resolve({ exitCode, signal, ...text }));
  });
}

/** Makes a run's folder as the launcher does. */
export function newRun(cwd: string, script: string, program: string, args: readonly string[] = []): string {
  return createRun(path.join(cwd, ".fitlens", "runs"), {
    script,
    args: [...args],
    cwd,
    language: "python",
    interpreter: { path: program },
    sourceHash: "0".repeat(64),
    fitlensVersion: "test",
  }).folder;
}

/** The points of one tag, in the order in which they stand in the files. */
export function pointsOf(folder: string, tag: string, source: Source = "train"): Point[] {
  const series = seriesOf(folder).find((one) => one.source === source && one.tag === tag);
  return series ? [...series.steps].map((step, at) => ({ step, value: series.values[at]! })) : [];
}

export function tagsOf(folder: string, source: Source = "train"): string[] {
  return seriesOf(folder)
    .filter((one) => one.source === source)
    .map(({ tag }) => tag);
}

function seriesOf(folder: string) {
  const events = new RunEvents(folder);
  const { series } = events.read();
  assert.deepEqual(events.problems(), []);
  return series;
}

/** Waits until something is there; says what was awaited when it does not come. */
export async function until<T>(what: string, look: () => T | undefined | false): Promise<T> {
  const deadline = performance.now() + DEADLINE_MILLIS;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    assert.ok(performance.now() < deadline, `waited for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
