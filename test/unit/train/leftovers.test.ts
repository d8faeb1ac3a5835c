// What a run's process leaves behind is ended; a run that was resumed meanwhile is not.
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { createRun, writeStatus } from "../../../src/runs/store";
import { endLeftovers } from "../../../src/train/leftovers";

const onLinux = { skip: process.platform !== "linux" };

function run(t: TestContext): string {
  const cwd = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-leftovers-"));
  t.after(() => fs.rmSync(cwd, { recursive: true, force: true }));
  return createRun(path.join(cwd, "runs"), {
    script: path.join(cwd, "train.py"),
    args: [],
    cwd,
    language: "python",
    interpreter: { path: "python" },
    sourceHash: "",
    fitlensVersion: "test",
  }).folder;
}

/** A process with the mark of the run, in a group of its own, as the launcher starts one. */
async function marked(t: TestContext, folder: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000); console.log('up')"], {
    env: { ...process.env, FITLENS_PART_OF: folder },
    detached: true,
    stdio: ["ignore", "pipe", "ignore"],
  });
  t.after(() => child.kill("SIGKILL"));
  await new Promise((resolve) => child.stdout!.once("data", resolve));
  return child;
}

const goneFrom = (child: ChildProcess) => child.exitCode !== null || child.signalCode !== null;

test("what carries the mark of an ended run is ended", onLinux, async (t) => {
  const folder = run(t);
  const worker = await marked(t, folder);
  writeStatus(folder, { state: "stopped", pid: 999_999, endedAt: Date.now() });
  const ended = new Promise((resolve) => worker.once("exit", resolve));
  await endLeftovers(folder, 999_999);
  await ended;
});

test("the process of a run that was resumed meanwhile goes on", onLinux, async (t) => {
  const folder = run(t);
  const resumed = await marked(t, folder);
  writeStatus(folder, { state: "starting", pid: resumed.pid!, attempt: 2 });
  await endLeftovers(folder, 999_999);
  await new Promise((resolve) => setTimeout(resolve, 200));
  assert.equal(goneFrom(resumed), false);
});
