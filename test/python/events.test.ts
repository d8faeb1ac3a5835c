// The event files that the hook writes: TensorBoard is the judge, beside our own reader.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { python, runHooked, runPlain } from "./help";

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
