// How runs are told in words, wherever they are told.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { RunStatus } from "../../../src/protocol/run";
import type { RunInfo } from "../../../src/runs/read";
import { endedSentence, progressText } from "../../../src/runs/words";

const run = (status: Partial<RunStatus>, script = "/w/train.py"): RunInfo => ({
  folder: "/w/.fitlens/runs/20261123-215301-brave-otter",
  id: "20261123-215301-brave-otter",
  name: "brave-otter",
  record: {
    ...{ format: 1, id: "20261123-215301-brave-otter", name: "brave-otter", script, args: [], cwd: "/w" },
    ...{ language: "python", interpreter: { path: "/p" }, createdAt: 0, sourceHash: "", fitlensVersion: "1" },
  },
  status: { format: 1, state: "running", ...status },
});

for (const [status, said] of [
  [{ state: "starting" }, "starting"],
  [
    { epoch: 7, epochs: 20, step: 99, latest: { loss: 0.2312 }, secondsLeft: 120 },
    "epoch 8 of 20 · loss 0.231 · 2 min left",
  ],
  [{ epoch: 20, epochs: 20 }, "epoch 20 of 20"],
  [{ step: 12_345, steps: 20_000, secondsLeft: 5 }, "step 12,345 of 20,000 · 5 s left"],
  [{ step: 12_345, latest: { loss: Number.NaN } }, "step 12,345 · loss NaN"],
  [{ state: "paused", epoch: 1, epochs: 2, secondsLeft: 5 }, "epoch 2 of 2 · paused"],
  [{}, "running"],
] as const satisfies readonly (readonly [Partial<RunStatus>, string])[]) {
  test(`progress: ${said}`, () => assert.equal(progressText(run(status)), said));
}

test("a failure names the place: in a script its line, in a notebook the cell and its line", () => {
  const failed = (at: { file: string; line: number; cell?: number }, script: string) =>
    endedSentence(run({ state: "failed", error: { message: "KeyError: 'loss'", at } }, script));
  assert.equal(
    failed({ file: "/w/train.py", line: 12 }, "/w/train.py"),
    "Training train.py failed: KeyError: 'loss' (train.py:12)",
  );
  assert.equal(
    failed({ file: "/w/book.ipynb", line: 1, cell: 2 }, "/w/book.ipynb"),
    "Training book.ipynb failed: KeyError: 'loss' (book.ipynb, cell 3, line 1)",
  );
});

test("a run whose process is gone can be resumed where it has a checkpoint", () => {
  const lost = endedSentence(run({ state: "lost", checkpoint: { step: 40, epoch: 4, at: 0 } }));
  assert.match(
    lost,
    /^The process that trained train\.py is gone; it was killed, .* It can be resumed from epoch 4\.$/,
  );
  const inSteps = endedSentence(run({ state: "lost", checkpoint: { step: 40, epoch: 0, at: 0 } }));
  assert.match(inSteps, /It can be resumed from step 40\.$/);
  assert.doesNotMatch(endedSentence(run({ state: "lost" })), /resumed/);
});
