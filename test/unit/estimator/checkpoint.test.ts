// Checkpoints in a folder: what is kept, what is passed over, and that no damage and no full disk harms the one before.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import fsPromises from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import {
  type Checkpoint,
  CheckpointError,
  checkpoints,
  latestCheckpoint,
  readCheckpoint,
  readLatestCheckpoint,
  saveCheckpoint,
} from "../../../src/estimator/checkpoint";
import { folder } from "./help";

function state(step: number): Checkpoint {
  return {
    step,
    tensors: new Map([
      ["mask", { dtype: "bool", shape: [3], data: Uint8Array.of(1, 0, 1) }],
      ["kernel", { dtype: "float32", shape: [2, 2], data: Float32Array.of(step, 0.5, -1, Number.NaN) }],
      ["ids", { dtype: "int32", shape: [1, 2], data: Int32Array.of(7, -8) }],
      ["empty", { dtype: "float32", shape: [0, 4], data: new Float32Array(0) }],
      ["scalar é", { dtype: "float32", shape: [], data: Float32Array.of(3) }],
    ]),
    metadata: { note: 'ein Wörtchen "sha256"' },
  };
}

async function save(into: string, ...steps: number[]): Promise<void> {
  for (const step of steps) await saveCheckpoint(into, state(step), { keep: 3 });
}

const names = async (from: string) => (await checkpoints(from)).map(({ step }) => step);

test("what is saved comes back", async (t) => {
  const md = folder(t);
  const file = await saveCheckpoint(md, state(300));
  assert.equal(file, path.join(md, "model.ckpt-300.safetensors"));
  const { step, tensors, metadata } = await readCheckpoint(file);
  assert.equal(step, 300);
  assert.deepEqual(metadata, state(300).metadata);
  assert.deepEqual(new Map([...tensors].sort()), new Map([...state(300).tensors].sort()));
});

test("the state file reads as TensorFlow's", async (t) => {
  const md = folder(t);
  await save(md, 0, 100);
  const lines = fs.readFileSync(path.join(md, "checkpoint"), "utf8").split("\n").slice(0, 3);
  assert.deepEqual(lines, [
    'model_checkpoint_path: "model.ckpt-100.safetensors"',
    'all_model_checkpoint_paths: "model.ckpt-0.safetensors"',
    'all_model_checkpoint_paths: "model.ckpt-100.safetensors"',
  ]);
});

test("the newest stay, and nothing else lies about", async (t) => {
  const md = folder(t);
  await save(md, 0, 1, 2, 3, 4);
  assert.deepEqual(await names(md), [2, 3, 4]);
  assert.equal(fs.readdirSync(md).length, 4);
});

test("keep 0 keeps all", async (t) => {
  const md = folder(t);
  for (const step of [1, 2, 3, 4, 5, 6, 7]) await saveCheckpoint(md, state(step), { keep: 0 });
  assert.equal((await names(md)).length, 7);
});

test("one per so many hours stays for good", async (t) => {
  const md = folder(t);
  for (const step of [1, 2, 3, 4, 5]) {
    await saveCheckpoint(md, state(step), { keep: 1, keepEveryNHours: 1 });
    // 40 minutes pass: only the state file knows the times.
    const file = path.join(md, "checkpoint");
    const text = fs.readFileSync(file, "utf8");
    fs.writeFileSync(
      file,
      text.replace(/(timestamps?: )([\d.]+)/g, (_, key, time) => `${key}${time - 2400}`),
    );
  }
  assert.deepEqual(await names(md), [3, 5]);
});

test("no folder and an empty one have no checkpoint", async (t) => {
  assert.equal(await latestCheckpoint(folder(t)), null);
  assert.equal(await latestCheckpoint(path.join(folder(t), "none")), null);
});

test("the newest is found when the folder moved, and when the state file is gone, empty or nonsense", async (t) => {
  const md = folder(t);
  await save(md, 1, 2);
  const moved = path.join(folder(t), "moved here");
  fs.cpSync(md, moved, { recursive: true });
  assert.equal(await latestCheckpoint(moved), path.join(moved, "model.ckpt-2.safetensors"));
  for (const text of ["", 'model_checkpoint_path: "../../etc/passwd"\n', "\u0000\u0001"]) {
    fs.writeFileSync(path.join(moved, "checkpoint"), text);
    assert.equal(await latestCheckpoint(moved), path.join(moved, "model.ckpt-2.safetensors"));
  }
  fs.rmSync(path.join(moved, "checkpoint"));
  assert.equal(await latestCheckpoint(moved), path.join(moved, "model.ckpt-2.safetensors"));
});

test("a state file that was set back by hand is obeyed", async (t) => {
  const md = folder(t);
  await save(md, 1, 2, 3);
  const file = path.join(md, "checkpoint");
  fs.writeFileSync(
    file,
    fs.readFileSync(file, "utf8").replace(/model_checkpoint_path: .*/, 'model_checkpoint_path: "model.ckpt-2"'),
  );
  assert.equal(path.basename((await latestCheckpoint(md))!), "model.ckpt-2.safetensors");
});

test("a checkpoint that was finished after the state file is the newest", async (t) => {
  const md = folder(t);
  await save(md, 1, 2);
  const before = fs.readFileSync(path.join(md, "checkpoint"));
  await save(md, 3);
  const { atime, mtime } = fs.statSync(path.join(md, "model.ckpt-2.safetensors"));
  fs.writeFileSync(path.join(md, "checkpoint"), before);
  fs.utimesSync(path.join(md, "checkpoint"), atime, mtime);
  assert.equal(path.basename((await latestCheckpoint(md))!), "model.ckpt-3.safetensors");
});

test("a checkpoint cut off at any byte, or with any byte changed, is never read as good", async (t) => {
  const md = folder(t);
  const file = await saveCheckpoint(md, state(1));
  const good = fs.readFileSync(file);
  for (let length = 0; length < good.length; length += 3) {
    fs.writeFileSync(file, good.subarray(0, length));
    await assert.rejects(readCheckpoint(file), CheckpointError, `cut off at ${length}`);
  }
  for (let i = 0; i < good.length; i++) {
    const bad = Buffer.from(good);
    bad[i]! ^= 1 << (i % 8);
    fs.writeFileSync(file, bad);
    await assert.rejects(readCheckpoint(file), CheckpointError, `byte ${i} changed`);
  }
  fs.writeFileSync(file, Buffer.concat([good, Buffer.from([0])]));
  await assert.rejects(readCheckpoint(file), /it should be \d+ bytes long/);
});

test("a header that claims to be huge costs nothing", async (t) => {
  const file = path.join(folder(t), "model.ckpt-1.safetensors");
  for (const length of [1n << 40n, (1n << 64n) - 1n]) {
    const bytes = Buffer.alloc(64);
    bytes.writeBigUInt64LE(length);
    fs.writeFileSync(file, bytes);
    await assert.rejects(readCheckpoint(file), new RegExp(`announces a header of ${length} bytes in a file of 64`));
  }
});

test("a damaged checkpoint is passed over and told of", async (t) => {
  const md = folder(t);
  await save(md, 1, 2);
  fs.truncateSync(path.join(md, "model.ckpt-2.safetensors"), 100);
  const told: string[] = [];
  const latest = await readLatestCheckpoint(md, ({ message }) => told.push(message));
  assert.equal(latest?.checkpoint.step, 1);
  assert.match(told.join(), /model\.ckpt-2\.safetensors cannot be read/);
});

test("a wrong shape and a name used twice are refused before anything is written", async (t) => {
  const md = folder(t);
  const tensors = new Map([["a", { dtype: "float32" as const, shape: [3], data: new Float32Array(2) }]]);
  await assert.rejects(
    saveCheckpoint(md, { step: 1, tensors, metadata: {} }),
    /shape \[3\] of float32 needs 12 bytes, but 8/,
  );
  assert.deepEqual(fs.readdirSync(md), []);
});

test("temporary files of dead writers go, those of living ones and of other machines stay for an hour", async (t) => {
  const md = folder(t);
  const host =
    os
      .hostname()
      .toLowerCase()
      .replace(/[^0-9a-z]/g, "") || "host";
  const dead = Number(execFileSync(process.execPath, ["-p", "process.pid"], { encoding: "utf8" }));
  const make = (name: string) => fs.writeFileSync(path.join(md, name), "half");
  const mine = `model.ckpt-9.safetensors.${host}-${process.pid}.tmp`;
  const old = `model.ckpt-7.safetensors.${host}-${process.ppid}.tmp`;
  const living = `model.ckpt-8.safetensors.${host}-${process.ppid}.tmp`;
  const elsewhere = `checkpoint.elsewhere-${dead}.tmp`;
  for (const name of [mine, living, elsewhere, old, `model.ckpt-6.safetensors.${host}-${dead}.tmp`, "mine.tmp"])
    make(name);
  const longAgo = new Date(Date.now() - 2 * 3_600_000);
  fs.utimesSync(path.join(md, old), longAgo, longAgo);
  await save(md, 1);
  assert.deepEqual(
    fs
      .readdirSync(md)
      .filter((name) => name.endsWith(".tmp"))
      .sort(),
    [elsewhere, "mine.tmp", living].sort(),
  );
});

test("a full disk leaves the checkpoint before intact, says what to do, and leaves no half file", async (t) => {
  const md = folder(t);
  await save(md, 1);
  const probe = await fsPromises.open(path.join(md, "checkpoint"));
  const handle = Object.getPrototypeOf(probe) as { sync: () => Promise<void> };
  await probe.close();
  const sync = handle.sync;
  handle.sync = async () => {
    throw Object.assign(new Error("ENOSPC: no space left on device, fsync"), { code: "ENOSPC" });
  };
  try {
    await assert.rejects(
      save(md, 2),
      /step 2 could not be written.*ENOSPC.*model\.ckpt-1\.safetensors, is intact\. Free space/,
    );
  } finally {
    handle.sync = sync;
  }
  assert.deepEqual(fs.readdirSync(md).sort(), ["checkpoint", "model.ckpt-1.safetensors"]);
  assert.equal((await readLatestCheckpoint(md))?.checkpoint.step, 1);
  await save(md, 2);
  assert.equal((await readLatestCheckpoint(md))?.checkpoint.step, 2);
});
