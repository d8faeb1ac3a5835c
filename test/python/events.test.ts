// The event files that the hook writes: TensorBoard is the judge, beside our own reader.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { PACKAGE, python, runHooked, runPlain, temporary } from "./help";

const JUDGE = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
events = EventAccumulator(sys.argv[1], size_guidance={"tensors": 0})
events.Reload()
tensors = {tag: [[e.step, float(e.tensor_proto.float_val[0])] for e in events.Tensors(tag)] for tag in events.Tags()["tensors"]
    if events.SummaryMetadata(tag).plugin_data.plugin_name == "scalars"}
print(json.dumps({"tensors": tensors, "graph": events.Tags()["graph"]}))
`;

test("TensorBoard and our own reader find the same points", async (t) => {
  const end = await runHooked(t, {
    script: `
from fitlens import run
recorder = run.current().recorder
recorder.begin()
for step in range(300):
    recorder.batch({"loss": step / 8, "größe": step * 0.5, "a" * 300: 0.1})
recorder.batch({"loss": 1e300, "größe": -1.0})
`,
  });
  const train = path.join(end.folder, "train");
  const judged = await runPlain(["-c", JUDGE, train], { cwd: end.cwd, python: python() });
  assert.equal(judged.exitCode, 0, judged.stderr);
  const { tensors } = JSON.parse(judged.stdout.replaceAll("Infinity", "1e999")) as {
    tensors: Record<string, [number, number][]>;
  };
  assert.deepEqual(Object.keys(tensors).sort(), end.tags().sort());
  assert.equal(fs.readdirSync(train).length, 1);
  for (const tag of end.tags()) {
    const ours = end.points(tag).map(({ step, value }) => [step, Math.fround(value)]);
    assert.deepEqual(tensors[tag], ours, tag);
  }
  // What a float does not hold is exact all the same.
  assert.equal(end.points("batch_loss").at(-1)?.value, 1e300);
  assert.equal(end.points(`batch_${"a".repeat(300)}`)[7]?.value, 0.1);
});

test("steps that are written together stand in the file as if they were written one by one", async (t) => {
  const printed = await runPlain(
    [
      "-c",
      `
import os, sys
sys.path.insert(0, ${JSON.stringify(path.dirname(PACKAGE))})
import numpy
from fitlens import events
kept = []
for way in ("alone", "together"):
    writer = events.EventWriter(way)
    for tags, first in ((("batch_loss",), 120), (("batch_loss", "batch_größe"), 16300), (("a" * 1200, "b"), 5)):
        rows = numpy.random.RandomState(3).normal(size=(200, len(tags))).astype("float32")
        steps, walls = list(range(first, first + 200)), [1.7e9 + i / 7 for i in range(200)]
        if way == "together":
            writer.block(tags, rows, steps, walls)
        else:
            for row, step, wall in zip(rows.tolist(), steps, walls):
                writer.scalars(tags, row, step, wall)
    kept.append(b"".join(writer._waiting))
    writer.close()
print(len(kept[0]) > 30000, kept[0] == kept[1])
`,
    ],
    { cwd: temporary(t), python: python() },
  );
  assert.equal(printed.stdout, "True True\n", printed.stderr);
});
