// Every file that New Model… makes, and every script of the sample, really trains: unmodified, as a run of Fitlens, with nothing installed.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, type TestContext, test } from "node:test";
import { promisify } from "node:util";
import type { Task } from "../../src/scaffold/choices";
import { ended, type Workspace, workspace } from "../unit/train/trainer";
import { CASES, linkPackages, runnable, writeCase } from "./scaffoldFiles";

/** What a model that learns reaches, with room for chance, and one that does not learn misses by far. */
const REACHED: Record<Task, (metric: number) => boolean> = {
  regression: (error) => error < 0.3,
  binary: (accuracy) => accuracy > 0.88,
  multiclass: (accuracy) => accuracy > 0.88,
  images: (accuracy) => accuracy > 0.9,
};

const lastLine = (output: string) => output.trim().split("\n").at(-1) ?? "";
const numbersOf = (line: string) => [...line.matchAll(/-?\d+\.\d+/g)].map(([number]) => Number(number));

/** Trains a script as the lens does; gives the last line that it printed. */
async function train(work: Workspace, script: string): Promise<string> {
  const { folder } = await work.start(script, { engine: "auto" });
  const { status, output } = await ended(folder);
  assert.equal(status.state, "finished", output);
  return lastLine(output);
}

describe("new files train", { concurrency: 2 }, () => {
  for (const one of CASES) {
    test(one.name, async (t) => {
      const { task } = one.answers;
      const work = workspace(t);
      const line = await train(work, writeCase(one, work.folder));
      const metric = task === "regression" ? "mean absolute error" : "accuracy";
      assert.match(line, new RegExp(`^Test loss \\d+\\.\\d+, ${metric} \\d\\.\\d+\\.$`));
      const [loss = Number.NaN, reached = Number.NaN] = numbersOf(line);
      assert.ok(Number.isFinite(loss), line);
      assert.ok(REACHED[task](reached), line);
    });
  }

  test("an Estimator goes on from its checkpoint", async (t) => {
    const work = workspace(t);
    const one = CASES.find(({ answers }) => answers.kind === "estimator" && answers.task === "binary")!;
    const script = writeCase(one, work.folder);
    await train(work, script);
    const once = newestStep(work.folder);
    await train(work, script);
    assert.equal(newestStep(work.folder), once * 2);
  });
});

/** The step of the newest checkpoint. */
function newestStep(folder: string): number {
  const names = fs.readdirSync(path.join(folder, "model_dir", "binaryClassifier"));
  return Math.max(...names.map((name) => Number(/^model\.ckpt-(\d+)/.exec(name)?.[1] ?? 0)));
}

const SAMPLE: readonly { script: string; good(values: number[]): boolean }[] = [
  { script: "iris.ts", good: ([, accuracy]) => accuracy! >= 0.9 },
  { script: "irisEstimator.ts", good: ([, accuracy]) => accuracy! >= 0.9 },
  { script: "digits.ts", good: ([, accuracy]) => accuracy! >= 0.95 },
  { script: "petals.js", good: ([, error]) => error! < 0.25 },
];

describe("the sample trains", { concurrency: 2 }, () => {
  for (const { script, good } of SAMPLE) {
    test(script, async (t) => {
      const work = workspace(t);
      fs.cpSync("resources/sample", work.folder, { recursive: true });
      const line = await train(work, path.join(work.folder, script));
      assert.match(line, /^Validation loss /);
      assert.ok(good(numbersOf(line)), line);
    });
  }

  // The convolutions of digits.ts take a minute on the engine that plain Node has, and say nothing new.
  for (const { script, good } of SAMPLE.filter(({ script }) => script !== "digits.ts")) {
    test(`${script}, by plain Node`, async (t) => {
      const line = await byNode(t, script);
      assert.ok(good(numbersOf(line)), line);
    });
  }

  test("is as long as a tutorial shows", () => {
    for (const { script } of SAMPLE) {
      const lines = fs.readFileSync(`resources/sample/${script}`, "utf8").trim().split("\n").length;
      assert.ok(lines >= 35 && lines <= 80, `${script} has ${lines} lines`);
    }
  });
});

async function byNode(t: TestContext, script: string): Promise<string> {
  const { folder } = workspace(t);
  fs.cpSync("resources/sample", folder, { recursive: true });
  linkPackages(folder);
  const copy = await runnable(path.join(folder, script));
  const { stdout } = await promisify(execFile)(process.execPath, [copy], { cwd: folder, timeout: 120_000 });
  return lastLine(stdout);
}
