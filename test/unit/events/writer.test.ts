// The event file writer: what is in the file, when it is there, and what a disk that refuses does to it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { readEventFile } from "../../../src/events/read";
import { EventWriter } from "../../../src/events/writer";
import { deadline, decode, eventBytes, program, start, temporaryFolder, words } from "./helpers";

test("scalars come back as they were given", (t) => {
  const given = [0.5, 0.1, 1 / 3, -0, 1e-300, 1.7e308, 123456789.125, Number.NaN, Infinity, -Infinity];
  const bytes = eventBytes(t, (writer) => {
    given.forEach((value, step) => {
      writer.scalar("loss", value, step, 1_700_000_000_123);
    });
  });
  const [loss] = decode(bytes).points;
  assert.deepEqual([...loss!.values], given);
  assert.deepEqual(
    [...loss!.steps],
    given.map((_, step) => step),
  );
  assert.ok(loss!.times.every((time) => Math.abs(time - 1_700_000_000_123) < 0.001));
});

test("steps beyond 32 bits and below zero come back", (t) => {
  const steps = [0, 1, 127, 128, 2 ** 31, 2 ** 35, 2 ** 45, Number.MAX_SAFE_INTEGER, -1, -5_000_000_000];
  const bytes = eventBytes(t, (writer) => {
    for (const step of steps) writer.scalar("x", 1, step);
  });
  assert.deepEqual([...decode(bytes).points[0]!.steps], steps);
});

test("texts and graphs are no scalars", (t) => {
  const bytes = eventBytes(t, (writer) => {
    writer.text("note", "hello", 0);
    writer.graph(new Uint8Array([10, 3, 10, 1, 97]));
    writer.scalar("loss", 1, 1);
  });
  assert.deepEqual(words(decode(bytes).points), ["loss@1=1"]);
});

test("no file before the first point, and its name is TensorBoard's", (t) => {
  const folder = path.join(temporaryFolder(t), "train");
  const writer = new EventWriter(folder, { suffix: ".v2" });
  t.after(() => writer.close());
  assert.equal(fs.existsSync(folder), false);
  writer.scalar("loss", 1, 1);
  writer.flush();
  assert.match(path.basename(writer.file!), /^events\.out\.tfevents\.\d{10}\.[\w.-]+\.\d+\.\d+\.v2$/);
});

test("after a pause a step's points are on disk before the program goes on from an await", async (t) => {
  const writer = new EventWriter(temporaryFolder(t), { flushMillis: 60_000 });
  t.after(() => writer.close());
  writer.scalar("loss", 1, 1);
  writer.scalar("acc", 2, 1);
  await Promise.resolve();
  assert.deepEqual(words(readEventFile(writer.file!).series), ["loss@1=1", "acc@1=2"]);
});

test("the next points follow when the time is up", async (t) => {
  const folder = temporaryFolder(t);
  const writer = new EventWriter(folder, { flushMillis: 20 });
  t.after(() => writer.close());
  writer.scalar("loss", 1, 1);
  await Promise.resolve();
  const grown = new Promise<void>((resolve) => {
    const size = fs.statSync(writer.file!).size;
    const timer = setInterval(() => {
      if (fs.statSync(writer.file!).size === size) return;
      clearInterval(timer);
      resolve();
    }, 1);
    t.after(() => clearInterval(timer));
  });
  writer.scalar("loss", 2, 2);
  await deadline(grown, "the second point on disk");
  assert.deepEqual(words(readEventFile(writer.file!).series), ["loss@1=1", "loss@2=2"]);
});

test("two writers of one process get a file each", (t) => {
  const folder = temporaryFolder(t);
  const writers = [new EventWriter(folder), new EventWriter(folder)];
  for (const writer of writers) {
    writer.scalar("loss", 1, 1);
    writer.close();
  }
  assert.equal(fs.readdirSync(folder).length, 2);
});

test("values that are no numbers and steps that are no integers spoil nothing", (t) => {
  const untyped = (value: unknown): never => value as never;
  const bytes = eventBytes(t, (writer) => {
    writer.scalar("a", untyped("text"), 1);
    writer.scalar("b", untyped(undefined), Number.NaN);
    writer.scalar(untyped(undefined), 1, 2.7);
    writer.scalar("x".repeat(100_000), 1, 3);
  });
  const { points, decoder } = decode(bytes);
  assert.deepEqual(words(points).slice(0, 3), ["a@1=NaN", "b@0=NaN", "undefined@2=1"]);
  assert.equal(points[3]!.tag.length < 2_000, true);
  assert.deepEqual(decoder.problems(), []);
});

test("a folder that cannot be made is a failure, not an exception", (t) => {
  const folder = temporaryFolder(t);
  fs.writeFileSync(path.join(folder, "train"), "a file is in the way");
  const writer = new EventWriter(path.join(folder, "train"));
  writer.scalar("loss", 1, 1);
  writer.flush();
  assert.match(writer.failure!.message, /cannot be written to .*train.*Training goes on/);
  fs.rmSync(path.join(folder, "train"));
  writer.scalar("loss", 2, 2);
  writer.close();
  assert.equal(writer.failure, undefined);
  const [name] = fs.readdirSync(path.join(folder, "train"));
  assert.deepEqual(words(readEventFile(path.join(folder, "train", name!)).series), ["loss@1=1", "loss@2=2"]);
});

test("a file deleted under the writer is followed by a new one", (t) => {
  const folder = temporaryFolder(t);
  const writer = new EventWriter(folder);
  writer.scalar("loss", 1, 1);
  writer.flush();
  fs.rmSync(writer.file!);
  writer.scalar("loss", 2, 2);
  writer.close();
  const [name] = fs.readdirSync(folder);
  assert.deepEqual(words(readEventFile(path.join(folder, name!)).series), ["loss@2=2"]);
});

/** A child whose files may not grow beyond a size, as on a full disk: `ulimit -f` counts in KiB. */
const LIMITED = `
  import fs from "node:fs";
  import { EventWriter } from "./src/events/writer";
  process.on("SIGXFSZ", () => {});
  const writer = new EventWriter(process.argv[2]!);
  for (let step = 0; step < 2000; step++) { writer.scalar("loss", step, step); if (step % 7 === 0) writer.flush(); }
  writer.flush();
  fs.writeSync(1, JSON.stringify({ code: writer.failure?.code, file: writer.file }));
`;

test("a full disk leaves whole records and a failure", { skip: process.platform === "win32" }, (t) => {
  const folder = temporaryFolder(t);
  const events = path.join(folder, "train");
  const file = program(folder, "limited", LIMITED);
  const shell = path.join(folder, "limited.sh");
  fs.writeFileSync(shell, `trap '' XFSZ; ulimit -f 16; exec "${process.execPath}" "${file}" "${events}"\n`);
  const said = JSON.parse(execFileSync("bash", [shell], { encoding: "utf8" }));
  assert.equal(said.code, "EFBIG");
  const read = readEventFile(said.file);
  assert.deepEqual(read.problems, []);
  assert.equal(read.incomplete, 0);
  const steps = [...read.series[0]!.steps];
  assert.ok(steps.length > 100 && steps.length < 2000);
  assert.deepEqual(
    steps,
    steps.map((_, at) => at),
  );
});

const KILLED = `
  import fs from "node:fs";
  import { EventWriter } from "./src/events/writer";
  const writer = new EventWriter(process.argv[2]!);
  for (let step = 0; ; step++) {
    writer.scalar("loss", step / 3, step);
    if (step % 5 === 4) { writer.flush(); fs.writeSync(1, step + "\\n"); }
  }
`;

test("kill -9 loses nothing that was flushed", async (t) => {
  const folder = temporaryFolder(t);
  const file = program(folder, "killed", KILLED);
  for (let round = 0; round < 5; round++) {
    const events = path.join(folder, `run-${round}`);
    const child = start(t, file, [events]);
    let said = "";
    const enough = new Promise<void>((resolve) => {
      child.stdout!.on("data", (data) => {
        said += data;
        if (said.length > 500 * (round + 1)) resolve();
      });
    });
    const closed = new Promise((resolve) => child.once("close", resolve));
    await deadline(enough, "the child's first points");
    child.kill("SIGKILL");
    await deadline(closed, "the child's end");
    const acknowledged = Number(said.trimEnd().split("\n").at(-1));
    const [name] = fs.readdirSync(events);
    const { series, problems } = readEventFile(path.join(events, name!));
    assert.deepEqual(problems, []);
    assert.ok(series[0]!.steps.length > acknowledged, `${acknowledged} acknowledged, ${series[0]!.steps.length} read`);
    series[0]!.values.forEach((value, step) => {
      assert.equal(value, step / 3);
    });
  }
});
