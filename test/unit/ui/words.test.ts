// How runs, numbers and times are told in words.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunStatus } from "../../../src/protocol/run";
import { formatAgo, formatDuration, formatNumber } from "../../../src/protocol/words";
import type { RunInfo } from "../../../src/runs/store";
import { endedSentence, failedForArguments, isResumable, lastText, progressText } from "../../../src/ui/words";

for (const [value, said] of [
  [0.2312, "0.231"],
  [0.8149, "0.815"],
  [0.00084, "8.4e-4"],
  [12.345, "12.3"],
  [1204.2, "1,204"],
  [0, "0"],
  [Number.NaN, "NaN"],
  [Number.NEGATIVE_INFINITY, "-Infinity"],
  [1, "1.00"],
  [-0.5, "-0.500"],
] as const) {
  test(`the number ${value} is said ${said}`, () => assert.equal(formatNumber(value), said));
}

for (const [seconds, said] of [
  [0, "0 s"],
  [42.4, "42 s"],
  [133, "2 min 13 s"],
  [120, "2 min"],
  [3900, "1 h 5 min"],
  [273_600, "3 d 4 h"],
  [59.7, "1 min"],
] as const) {
  test(`${seconds} seconds are said ${said}`, () => assert.equal(formatDuration(seconds), said));
}

for (const [seconds, said] of [
  [3, "just now"],
  [180, "3 min ago"],
  [7200, "2 h ago"],
  [500_000, "6 d ago"],
] as const) {
  test(`${seconds} seconds ago is said ${said}`, () => assert.equal(formatAgo(seconds), said));
}

const run = (status: Partial<RunStatus>): RunInfo => ({
  folder: "/w/.fitlens/runs/20261123-140200-brave-otter",
  id: "20261123-140200-brave-otter",
  name: "brave-otter",
  record: {
    format: 1,
    id: "20261123-140200-brave-otter",
    name: "brave-otter",
    script: "/w/digits.ts",
    args: [],
    cwd: "/w",
    language: "typescript",
    interpreter: { path: "node" },
    createdAt: 0,
    sourceHash: "",
    fitlensVersion: "0",
  },
  status: { format: 1, state: "running", ...status },
});

test("a running training tells epoch, loss and time left", () => {
  assert.equal(
    progressText(run({ epoch: 7, epochs: 20, latest: { loss: 0.2312 }, secondsLeft: 120 })),
    "epoch 8 of 20 · loss 0.231 · 2 min left",
  );
});
test("between the last epoch and the end the epoch does not run over", () => {
  assert.equal(progressText(run({ epoch: 20, epochs: 20 })), "epoch 20 of 20");
});
test("a custom loop without epochs tells its step", () => {
  assert.equal(progressText(run({ step: 1842 })), "step 1,842");
});
test("a paused training says so instead of a time that does not run", () => {
  assert.equal(progressText(run({ state: "paused", epoch: 1, epochs: 3, secondsLeft: 9 })), "epoch 2 of 3 · paused");
});
test("after it, validation accuracy is what is remembered", () => {
  const status = { state: "finished", endedAt: 1000, latest: { loss: 0.3, val_accuracy: 0.815 } } as const;
  assert.equal(lastText(run(status), 181_000), "val accuracy 0.815, 3 min ago");
});
test("a failure is told with its reason and place", () => {
  const status = {
    state: "failed",
    startedAt: 0,
    endedAt: 4000,
    error: { message: "ReferenceError: foo is not defined", at: { file: "/w/digits.ts", line: 12 } },
  } as const;
  assert.equal(
    endedSentence(run(status)),
    "Training digits.ts failed after 4 s: ReferenceError: foo is not defined (digits.ts:12)",
  );
});
test("a failure in a notebook is told with its cell", () => {
  const at = { file: "/w/digits.ipynb", line: 12, cell: 2 };
  const failed = run({ state: "failed", error: { message: "ValueError: no", at } });
  assert.match(endedSentence(failed), / \(digits\.ipynb, cell 3, line 12\)$/);
});
test("a lost run says what it can go on from", () => {
  assert.match(
    endedSentence(run({ state: "lost", checkpoint: { step: 10, epoch: 7, at: 0 } })),
    /resumed from epoch 7/,
  );
});

for (const [state, resumable] of [
  ["stopped", true],
  ["failed", true],
  ["lost", true],
  ["finished", false],
  ["running", false],
  ["starting", false],
] as const) {
  test(`a run that is ${state} can ${resumable ? "" : "not "}be resumed`, () =>
    assert.equal(isResumable(run({ state })), resumable));
}

test("a run of a notebook's kernel is not resumed, one of a terminal is", () => {
  const stopped = run({ state: "stopped" });
  const from = (origin: "kernel" | "terminal") => ({ ...stopped, record: { ...stopped.record!, origin } });
  assert.equal(isResumable(from("kernel")), false);
  assert.equal(isResumable(from("terminal")), true);
});

for (const [exitCode, message, about] of [
  [2, "usage: train.py [-h] --data DATA: the following arguments are required: --data. Give the script …", true],
  [2, "usage: train.py [-h]: argument --n: invalid int value: 'x'", true],
  [2, "Missing option '--data'. Give the script its arguments by Fitlens: Train with Arguments…", true],
  [2, "The script does not accept its arguments: unrecognized arguments: --x.", true],
  [1, "error: required option '--data <file>' not specified", true],
  [1, "ValueError: the shapes do not fit", false],
  [2, "No module named 'usage'", false],
] as const) {
  test(`${JSON.stringify(message)} is ${about ? "" : "not "}about arguments`, () =>
    assert.equal(failedForArguments(run({ state: "failed", exitCode, error: { message } })), about));
}
test("only a failure is about arguments", () => {
  assert.equal(failedForArguments(run({ state: "stopped", error: { message: "unrecognized arguments" } })), false);
});
