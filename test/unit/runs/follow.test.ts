// Following a run's folder: everything from the first byte on, once, in order, whatever happens to the files meanwhile.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { EventWriter } from "../../../src/events/writer";
import type { SeriesPoints } from "../../../src/protocol/panel";
import type { ModelSummary, RunStatus } from "../../../src/protocol/run";
import { writeJsonAtomic } from "../../../src/runs/files";
import { follow } from "../../../src/runs/follow";
import { identify } from "../../../src/runs/process";
import { runsFolderOf, writeStatus } from "../../../src/runs/store";
import { deadline, eventBytes, program, start, temporaryFolder, Until, words } from "../events/helpers";
import { newRun } from "./helpers";

type Ending = { after(fn: () => void | Promise<void>): void };

/** What a follower has been told so far. */
class Told {
  points: SeriesPoints[] = [];
  resets = 0;
  statuses: RunStatus[] = [];
  models: ModelSummary[] = [];
  output = "";
  problems: string[] = [];
  caughtUp = false;
  readonly until = new Until();
  readonly done: Promise<void>;
  readonly #abort = new AbortController();

  constructor(t: Ending, folder: string) {
    this.done = follow(folder, {
      signal: this.#abort.signal,
      onPoints: (series, reset) => {
        if (reset) {
          this.points = [];
          this.resets++;
        }
        this.points.push(...series);
        this.until.changed();
      },
      onStatus: (status) => {
        this.statuses.push(status);
        this.until.changed();
      },
      onModel: (model) => {
        this.models.push(model);
        this.until.changed();
      },
      onOutput: (text, reset) => {
        this.output = reset ? text : this.output + text;
        this.until.changed();
      },
      onProblem: (message) => {
        this.problems.push(message);
        this.until.changed();
      },
      onCaughtUp: () => {
        this.caughtUp = true;
        this.until.changed();
      },
    });
    t.after(() => this.stop());
  }

  stop(): Promise<void> {
    this.#abort.abort();
    return this.done;
  }

  /** `train/loss@1=0.5`, all series, in the order told. */
  words(): string[] {
    return this.points.flatMap((one) => words([one]).map((word) => `${one.source}/${word}`));
  }

  /** Waits until exactly these points have come. */
  async has(expected: string[]): Promise<void> {
    const sorted = [...expected].sort();
    const there = (): boolean => JSON.stringify(this.words().sort()) === JSON.stringify(sorted);
    await this.until.is(there, `the points ${expected}; there were ${this.words()}`);
  }
}

function writerIn(t: Ending, folder: string, source = "train"): EventWriter {
  const writer = new EventWriter(path.join(folder, source));
  t.after(() => writer.close());
  return writer;
}

function emptyRun(t: Ending): string {
  return newRun(runsFolderOf(temporaryFolder(t)));
}

test("what was there, then what comes, from all sources", async (t) => {
  const folder = emptyRun(t);
  const train = writerIn(t, folder);
  train.scalar("loss", 1, 1);
  train.flush();
  const told = new Told(t, folder);
  await told.has(["train/loss@1=1"]);
  assert.equal(told.resets, 1);
  train.scalar("loss", 2, 2);
  train.flush();
  const validation = writerIn(t, folder, "validation");
  validation.scalar("loss", 3, 2);
  validation.flush();
  await told.has(["train/loss@1=1", "train/loss@2=2", "validation/loss@2=3"]);
  assert.equal(told.resets, 1);
  assert.deepEqual(told.problems, []);
});

test("a folder that is empty yet, and catching up", async (t) => {
  const folder = emptyRun(t);
  const told = new Told(t, folder);
  await told.until.is(() => told.caughtUp, "having caught up");
  assert.deepEqual(told.points, []);
  const writer = writerIn(t, folder, "eval");
  writer.scalar("acc", 0.5, 1);
  writer.flush();
  await told.has(["eval/acc@1=0.5"]);
});

test("random pieces of a file, cut anywhere, give each point once", async (t) => {
  const folder = emptyRun(t);
  const bytes = eventBytes(t, (writer) => {
    for (let step = 0; step < 200; step++) writer.scalar("loss", step, step);
  });
  fs.mkdirSync(path.join(folder, "train"));
  const file = path.join(folder, "train", "events.out.tfevents.1.host");
  const told = new Told(t, folder);
  let seed = 7;
  for (let at = 0; at < bytes.length; ) {
    seed = (seed * 48_271) % 2_147_483_647;
    const size = 1 + (seed % 700);
    fs.appendFileSync(file, bytes.subarray(at, at + size));
    at += size;
    await new Promise((resolve) => setTimeout(resolve, seed % 4));
  }
  await told.has(Array.from({ length: 200 }, (_, step) => `train/loss@${step}=${step}`));
  assert.deepEqual([told.resets, told.problems], [1, []]);
});

test("row 15: two writers in one folder lose nothing", async (t) => {
  const folder = emptyRun(t);
  const told = new Told(t, folder);
  const [a, b] = [writerIn(t, folder), writerIn(t, folder)];
  const expected: string[] = [];
  for (let step = 0; step < 20; step++) {
    const writer = step % 2 ? a : b;
    writer.scalar("loss", step, step, 1000 * step);
    writer.flush();
    expected.push(`train/loss@${step}=${step}`);
  }
  await told.has(expected);
  const later = new Told(t, folder);
  await later.has(expected);
  // Read afterwards, the two files are merged by time.
  assert.deepEqual(
    later.words().map((word) => Number(word.split("=")[1])),
    Array.from({ length: 20 }, (_, step) => step),
  );
});

test("row 25: a resumed run keeps what it trained twice, the newer later", async (t) => {
  const folder = emptyRun(t);
  for (const steps of [
    [0, 1, 2, 3, 4],
    [2, 3, 4, 5],
  ]) {
    const writer = writerIn(t, folder);
    for (const step of steps) writer.scalar("loss", step + steps[0]! * 10, step, steps[0]! * 1000 + step);
    writer.close();
  }
  const told = new Told(t, folder);
  await told.until.is(() => told.caughtUp, "having caught up");
  assert.deepEqual(
    told.words(),
    [0, 1, 2, 3, 4].map((s) => `train/loss@${s}=${s}`).concat([2, 3, 4, 5].map((s) => `train/loss@${s}=${s + 20}`)),
  );
});

for (const [name, change] of [
  ["cut", (file: string, bytes: Buffer) => fs.writeFileSync(file, bytes)],
  [
    "replaced",
    (file: string, bytes: Buffer) => {
      fs.writeFileSync(`${file}.new`, bytes);
      fs.renameSync(`${file}.new`, file);
    },
  ],
  [
    "written anew and longer",
    (file: string, bytes: Buffer) => fs.writeFileSync(file, Buffer.concat([bytes, bytes, bytes, bytes, bytes, bytes])),
  ],
] as const) {
  test(`a file that is ${name} is read from its beginning`, async (t) => {
    const folder = emptyRun(t);
    const writer = writerIn(t, folder);
    writer.scalar("loss", 1, 1);
    writer.scalar("loss", 2, 2);
    writer.close();
    const [event] = fs.readdirSync(path.join(folder, "train"));
    const told = new Told(t, folder);
    await told.has(["train/loss@1=1", "train/loss@2=2"]);
    const other = eventBytes(t, (anew) => anew.scalar("x", 9, 9));
    change(path.join(folder, "train", event!), other);
    await told.until.is(() => told.words()[0] === "train/x@9=9", "the new content alone");
    assert.equal(told.resets, 2);
  });
}

test("a file that was deleted takes its points with it", async (t) => {
  const folder = emptyRun(t);
  const writer = writerIn(t, folder);
  writer.scalar("loss", 1, 1);
  writer.flush();
  const told = new Told(t, folder);
  await told.has(["train/loss@1=1"]);
  fs.rmSync(path.join(folder, "train"), { recursive: true });
  await told.has([]);
});

test("damage is told with the file's name, the rest is shown", async (t) => {
  const folder = emptyRun(t);
  const bytes = eventBytes(t, (writer) => {
    for (let step = 0; step < 3; step++) writer.scalar("loss", step, step);
  });
  bytes[bytes.length - 10]! ^= 1;
  fs.mkdirSync(path.join(folder, "train"));
  fs.writeFileSync(path.join(folder, "train", "events.out.tfevents.1.host"), bytes);
  const told = new Told(t, folder);
  await told.has(["train/loss@0=0", "train/loss@1=1"]);
  assert.match(told.problems[0]!, /train.events\.out\.tfevents\.1\.host: 1 damaged record is left out/);
});

test("status comes after what was written before it", async (t) => {
  const folder = emptyRun(t);
  const told = new Told(t, folder);
  await told.until.is(() => told.statuses.length > 0, "the first status");
  const writer = writerIn(t, folder);
  for (let round = 0; round < 5; round++) {
    writer.scalar("loss", round, round);
    writer.flush();
    fs.appendFileSync(path.join(folder, "output.log"), `round ${round}\n`);
    writeStatus(folder, { state: "running", ...identify(), step: round });
    await told.until.is(() => told.statuses.at(-1)?.step === round, `the status of round ${round}`);
    assert.equal(told.words().length, round + 1);
    assert.ok(told.output.endsWith(`round ${round}\n`));
  }
});

test("a trainer that is killed is lost", async (t) => {
  const folder = emptyRun(t);
  const file = program(temporaryFolder(t), "sleep", "setInterval(() => {}, 1000)");
  const child = start(t, file);
  writeStatus(folder, { state: "running", ...identify(child.pid!) });
  const told = new Told(t, folder);
  await told.until.is(() => told.statuses.at(-1)?.state === "running", "the running status");
  child.kill("SIGKILL");
  await told.until.is(() => told.statuses.at(-1)?.state === "lost", "the lost status");
});

test("the model, and again when it is replaced", async (t) => {
  const folder = emptyRun(t);
  const model = { format: 1, name: "mlp", layers: [], parameters: 3, trainableParameters: 3 };
  writeJsonAtomic(path.join(folder, "model.json"), model);
  const told = new Told(t, folder);
  await told.until.is(() => told.models.length === 1, "the model");
  writeJsonAtomic(path.join(folder, "model.json"), { ...model, name: "cnn" });
  await told.until.is(() => told.models.length === 2, "the second model");
  assert.deepEqual(
    told.models.map(({ name }) => name),
    ["mlp", "cnn"],
  );
});

test("output in any pieces keeps its characters whole", async (t) => {
  const folder = emptyRun(t);
  const file = path.join(folder, "output.log");
  const told = new Told(t, folder);
  const text = "Größe 損失 🦦\r\x1b[31mred\x1b[0m\n";
  for (const byte of Buffer.from(text)) {
    fs.appendFileSync(file, Buffer.from([byte]));
    if (byte % 3 === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  await told.until.is(() => told.output === text, "the whole text");
});

test("of a long output the last megabyte, from a whole line on", async (t) => {
  const folder = emptyRun(t);
  const file = path.join(folder, "output.log");
  const line = "損失 = 0.5\n";
  fs.writeFileSync(file, line.repeat(200_000));
  const told = new Told(t, folder);
  await told.until.is(() => told.output.length > 0, "the output");
  assert.ok(Buffer.byteLength(told.output) <= 1024 * 1024 && Buffer.byteLength(told.output) > 1000 * 1024);
  assert.ok(told.output.startsWith(line) && told.output.endsWith(line));
  fs.writeFileSync(file, "rotated\n");
  await told.until.is(() => told.output === "rotated\n", "the rotated output");
});

test("it stops at once, also from within a handler, and says nothing more", async (t) => {
  const folder = emptyRun(t);
  const abort = new AbortController();
  let calls = 0;
  await deadline(
    follow(folder, {
      signal: abort.signal,
      onPoints: () => {
        calls++;
        abort.abort();
      },
      onStatus: () => void calls++,
      onCaughtUp: () => void calls++,
    }),
    "the end of following",
  );
  assert.equal(calls, 1);
  await follow(folder, { signal: abort.signal, onStatus: () => assert.fail("told after the end") });
});

test("row 33: a folder that is deleted ends it with a sentence", async (t) => {
  const folder = emptyRun(t);
  const told = new Told(t, folder);
  await told.until.is(() => told.caughtUp, "having caught up");
  fs.rmSync(folder, { recursive: true });
  await deadline(told.done, "the end of following");
  assert.match(told.problems.at(-1)!, /no longer exists: the run was deleted or moved/);
});

test("no watchers, handles or files stay open", { skip: process.platform !== "linux" }, async (t) => {
  const handles = (): number => fs.readdirSync("/proc/self/fd").length;
  const folder = emptyRun(t);
  const writer = new EventWriter(path.join(folder, "train"));
  writer.scalar("loss", 1, 1);
  writer.close();
  const first = new Told(t, folder);
  await first.has(["train/loss@1=1"]);
  await first.stop();
  const before = handles();
  for (let round = 0; round < 10; round++) {
    const told = new Told(t, folder);
    await told.has(["train/loss@1=1"]);
    await told.stop();
  }
  assert.ok(handles() <= before + 1, `${handles()} handles, before ${before}`);
});
