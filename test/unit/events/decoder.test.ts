// The event file reader on whole, cut, damaged and hostile files: an exact prefix or a record less, never a wrong number.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { Writer } from "protobufjs/minimal";
import { maskedCrc } from "../../../src/events/crc32c";
import { EventDecoder } from "../../../src/events/decoder";
import { frame } from "../../../src/events/framing";
import { readEventFile } from "../../../src/events/read";
import { decode, eventBytes, program, temporaryFolder, words } from "./helpers";

/** An event made field by field: forms that our own writer does not write. */
function event(step: number, ...values: Uint8Array[]): Uint8Array {
  const writer = Writer.create().uint32(9).double(1_700_000_000.5).uint32(16).int64(step);
  writer.uint32(42).fork();
  for (const value of values) writer.uint32(10).bytes(value);
  return frame(writer.ldelim().finish());
}

function simple(tag: string, value: number): Uint8Array {
  return Writer.create().uint32(10).string(tag).uint32(21).float(value).finish();
}

function tensor(tag: string, fill: (writer: Writer) => void, plugin?: string): Uint8Array {
  const writer = Writer.create().uint32(10).string(tag).uint32(66).fork();
  fill(writer);
  writer.ldelim();
  if (plugin) writer.uint32(74).fork().uint32(10).fork().uint32(10).string(plugin).ldelim().ldelim();
  return writer.finish();
}

function content(kind: number, bytes: Uint8Array): (writer: Writer) => void {
  return (writer) => writer.uint32(8).uint32(kind).uint32(18).uint32(0).uint32(34).bytes(bytes);
}

function someFile(t: { after(fn: () => void): void }): Buffer {
  return eventBytes(t, (writer) => {
    for (let step = 0; step < 12; step++) {
      writer.scalar("loss", Math.fround(1 / (step + 1)), step);
      writer.scalar("lr", 0.1 ** step, step);
    }
    writer.text("note", "text", 3);
  });
}

test("every form of a scalar is read", () => {
  const view = (bytes: number, set: (view: DataView) => void): Uint8Array => {
    const made = new Uint8Array(bytes);
    set(new DataView(made.buffer));
    return made;
  };
  const cases: [Uint8Array, number][] = [
    [simple("t", 0.5), 0.5],
    [
      tensor(
        "t",
        content(
          1,
          view(4, (v) => v.setFloat32(0, 0.25, true)),
        ),
      ),
      0.25,
    ],
    [
      tensor(
        "t",
        content(
          2,
          view(8, (v) => v.setFloat64(0, 0.1, true)),
        ),
      ),
      0.1,
    ],
    [
      tensor(
        "t",
        content(
          3,
          view(4, (v) => v.setInt32(0, -7, true)),
        ),
      ),
      -7,
    ],
    [
      tensor(
        "t",
        content(
          9,
          view(8, (v) => v.setBigInt64(0, -7n, true)),
        ),
      ),
      -7,
    ],
    [
      tensor(
        "t",
        content(
          19,
          view(2, (v) => v.setUint16(0, 0x3555, true)),
        ),
      ),
      0.333251953125,
    ],
    [
      tensor(
        "t",
        content(
          14,
          view(2, (v) => v.setUint16(0, 0x3fc0, true)),
        ),
      ),
      1.5,
    ],
    [tensor("t", (w) => w.uint32(8).uint32(1).uint32(42).uint32(4).float(2)), 2],
    [tensor("t", (w) => w.uint32(8).uint32(1).uint32(45).float(2)), 2],
    [tensor("t", (w) => w.uint32(8).uint32(2).uint32(49).double(0.2)), 0.2],
    [tensor("t", (w) => w.uint32(8).uint32(19).uint32(104).int32(0x3c00)), 1],
    [tensor("t", (w) => w.uint32(8).uint32(1)), 0],
  ];
  for (const [value, expected] of cases) {
    assert.deepEqual(words(decode(event(3, value)).points), [`t@3=${expected}`]);
    // Once more as a known tag, so that the short cut sees it too.
    assert.deepEqual(words(decode(event(3, value), event(4, value)).points), [`t@3=${expected}`, `t@4=${expected}`]);
  }
});

test("several values in one event", () => {
  const { points } = decode(event(1, simple("a", 1), simple("b", 2)), event(2, simple("a", 3), simple("b", 4)));
  assert.deepEqual(words(points), ["a@1=1", "a@2=3", "b@1=2", "b@2=4"]);
});

test("what is no scalar is passed over", () => {
  const scalarOfOtherPlugin = tensor("hparam", (w) => w.uint32(8).uint32(1).uint32(42).uint32(4).float(2), "hparams");
  const withShape = tensor("matrix", (w) =>
    w
      .uint32(8)
      .uint32(1)
      .uint32(18)
      .bytes(new Uint8Array([18, 2, 8, 1])),
  );
  const { points, decoder } = decode(event(1, scalarOfOtherPlugin, withShape, simple("a", 1)));
  assert.deepEqual(words(points), ["a@1=1"]);
  assert.deepEqual(decoder.problems(), []);
});

test("row 10: cut at every byte, an exact prefix and no complaint", (t) => {
  const bytes = someFile(t);
  const all = decode(bytes);
  const ends = recordEnds(bytes);
  for (let length = 0; length <= bytes.length; length++) {
    const { points, decoder } = decode(bytes.subarray(0, length));
    assert.deepEqual(decoder.problems(), []);
    assert.equal(decoder.offset, ends.findLast((end) => end <= length) ?? 0);
    for (const { tag, steps } of points) {
      const whole = all.points.find((one) => one.tag === tag)!;
      assert.deepEqual([...steps], [...whole.steps.subarray(0, steps.length)]);
    }
  }
});

test("row 10: any chunks give the same points", (t) => {
  const bytes = someFile(t);
  const expected = words(decode(bytes).points);
  for (const size of [1, 2, 3, 7, 11, 13, 64, 1000]) {
    const pieces: Uint8Array[] = [];
    for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
    assert.deepEqual(words(decode(...pieces).points), expected);
  }
});

test("row 11: one bit flipped at every place, never a wrong number", (t) => {
  const bytes = someFile(t);
  const truth = new Set(words(decode(bytes).points));
  const ends = recordEnds(bytes);
  for (let at = 0; at < bytes.length; at++) {
    for (let bit = 0; bit < 8; bit++) {
      const damaged = Buffer.from(bytes);
      damaged[at]! ^= 1 << bit;
      const { points, decoder } = decode(damaged);
      const read = words(points);
      for (const word of read) assert.ok(truth.has(word), `byte ${at}, bit ${bit}: read ${word}`);
      const record = ends.findIndex((end) => at < end);
      const inHeader = at - (ends[record - 1] ?? 0) < 12;
      assert.equal(decoder.problems().length, 1, `byte ${at}, bit ${bit} was not noticed`);
      if (inHeader) assert.notEqual(decoder.stoppedAt, undefined);
      else
        assert.ok(
          decoder.skipped === 1 && read.length >= truth.size - 1,
          `byte ${at}, bit ${bit}: lost more than a record`,
        );
    }
  }
});

/** A header that says `size` bytes follow, with the right checksum. */
function header(size: bigint): Uint8Array {
  const bytes = new Uint8Array(12);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, size, true);
  view.setInt32(8, maskedCrc(bytes, 0, 8), true);
  return bytes;
}

for (const [name, size] of [
  ["3 GB", 3n * 1024n ** 3n],
  ["1 TB", 1024n ** 4n],
  ["2^63", 2n ** 63n],
  ["2^64-1", 2n ** 64n - 1n],
] as const) {
  test(`row 12: a length of ${name} keeps what is before it and allocates nothing`, () => {
    const before = process.memoryUsage().arrayBuffers;
    const { points, decoder } = decode(event(1, simple("a", 1)), header(size), new Uint8Array(100));
    assert.deepEqual(words(points), ["a@1=1"]);
    assert.match(decoder.problems()[0]!, /more than 64 MiB/);
    assert.ok(process.memoryUsage().arrayBuffers - before < 1024 * 1024);
  });
}

test("row 12: a record that is really too large is passed over, and reading goes on behind it", () => {
  const decoder = new EventDecoder();
  const size = 65 * 1024 * 1024;
  decoder.push(header(BigInt(size)));
  const piece = new Uint8Array(1024 * 1024);
  for (let done = 0; done < size; done += piece.length) decoder.push(piece);
  decoder.push(new Uint8Array(4));
  decoder.push(event(2, simple("a", 2)));
  assert.deepEqual(words(decoder.take()), ["a@2=2"]);
  assert.equal(decoder.tooLarge, 1);
});

test("row 12: lying lengths under a memory limit", (t) => {
  const folder = temporaryFolder(t);
  const files = [3n * 1024n ** 3n, 1024n ** 4n, 2n ** 63n].map((size, at) => {
    const file = path.join(folder, `events.out.tfevents.${at}`);
    fs.writeFileSync(file, Buffer.concat([event(1, simple("a", 1)), header(size), new Uint8Array(100)]));
    return file;
  });
  for (const file of files) assert.deepEqual(words(readEventFile(file).series), ["a@1=1"]);
  const child = program(
    folder,
    "limited",
    `import { readEventFile } from "./src/events/read";
     for (const file of process.argv.slice(2)) readEventFile(file);
     console.log(process.resourceUsage().maxRSS);`,
  );
  const kilobytes = Number(
    execFileSync(process.execPath, ["--max-old-space-size=32", child, ...files], { encoding: "utf8" }),
  );
  assert.ok(kilobytes < 150 * 1024, `${kilobytes} KiB`);
});

test("right checksums around garbage cost that record only", () => {
  const garbage = [new Uint8Array([255, 255, 255, 255]), new Uint8Array([42, 127, 1]), Buffer.from("hello, world")];
  for (const bytes of garbage) {
    const { points, decoder } = decode(event(1, simple("a", 1)), frame(bytes), event(2, simple("a", 2)));
    assert.deepEqual(words(points), ["a@1=1", "a@2=2"]);
    assert.equal(decoder.skipped, 1);
  }
});

test("every cut inside an event is garbage that takes nothing with it", () => {
  const whole = event(5, simple("a", 1.5)).subarray(12, -4);
  for (let length = 0; length < whole.length; length++) {
    const { points } = decode(event(1, simple("a", 1)), frame(whole.subarray(0, length)), event(2, simple("a", 2)));
    assert.deepEqual(
      words(points).filter((word) => word !== "a@5=0" && word !== "a@5=1.5"),
      ["a@1=1", "a@2=2"],
    );
  }
});

test("a thousand empty records", () => {
  const empty = frame(new Uint8Array(0));
  const { points, decoder } = decode(...Array<Uint8Array>(1000).fill(empty), event(1, simple("a", 1)));
  assert.deepEqual(words(points), ["a@1=1"]);
  assert.deepEqual(decoder.problems(), []);
});

test("row 23: hostile names are names", () => {
  const names = [
    "__proto__",
    "constructor",
    "toString",
    `<img src=x onerror=alert(1)>"'&`,
    "a\nb",
    "\u202Etxt",
    "",
    "損失",
  ];
  const { points } = decode(...names.map((name, at) => event(at, simple(name, at))));
  assert.deepEqual(
    points.map(({ tag }) => tag),
    names,
  );
  assert.equal(({} as Record<string, unknown>)["0"], undefined);
});

test("row 23: a name of 50 MB is cut, and two of them stay two", () => {
  const name = "n".repeat(50 * 1024 * 1024 - 1);
  const { points, decoder } = decode(
    event(1, simple(`${name}1`, 1)),
    event(1, simple(`${name}2`, 2)),
    event(2, simple(`${name}1`, 3)),
  );
  assert.deepEqual(
    points.map(({ values }) => [...values]),
    [[1, 3], [2]],
  );
  assert.ok(points.every(({ tag }) => tag.length < 300));
  assert.match(decoder.problems()[0]!, /long name/);
});

test("row 23: of 200,000 tags the first 10,000 are kept, with a notice", () => {
  const decoder = new EventDecoder();
  for (let tag = 0; tag < 200_000; tag++) decoder.push(event(1, simple(`tag${tag}`, tag)));
  assert.equal(decoder.take().length, 10_000);
  assert.match(decoder.problems()[0]!, /more than 10000 tags/);
});

test("row 24: a clock that is NaN or runs backwards takes nothing away", () => {
  const at = (time: number, step: number): Uint8Array =>
    frame(
      Writer.create()
        .uint32(9)
        .double(time)
        .uint32(16)
        .int64(step)
        .uint32(42)
        .fork()
        .uint32(10)
        .bytes(simple("a", step))
        .ldelim()
        .finish(),
    );
  const { points } = decode(at(Number.NaN, 1), at(100, 2), at(50, 3));
  assert.deepEqual(words(points), ["a@1=1", "a@2=2", "a@3=3"]);
  assert.deepEqual([...points[0]!.times], [Number.NaN, 100_000, 50_000]);
});

test("row 25: steps that come again are all there, in file order", () => {
  const steps = [0, 1, 2, 3, 4, 2, 3, 4, 5];
  const { points } = decode(...steps.map((step) => event(step, simple("a", step))));
  assert.deepEqual([...points[0]!.steps], steps);
});

function recordEnds(bytes: Buffer): number[] {
  const ends: number[] = [];
  for (let at = 0; at < bytes.length; ) {
    at += 16 + Number(bytes.readBigUInt64LE(at));
    ends.push(at);
  }
  return ends;
}

test("tags stay apart when the reader reads each piece into the same memory", () => {
  const memory = Buffer.alloc(4096);
  const decoder = new EventDecoder();
  const written = ["batch_loss", "epoch_loss", "batch_loss", "batch_loss", "epoch_loss", "epoch_loss", "batch_loss"];
  const found = written.flatMap((tag, step) => {
    const piece = event(step, simple(tag, step));
    memory.set(piece);
    decoder.push(memory.subarray(0, piece.length));
    return decoder.take().map((points) => points.tag);
  });
  assert.deepEqual(found, written);
});
