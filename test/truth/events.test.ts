// Event files against the real thing: TensorBoard's own reader reads ours, our reader reads TensorFlow's, and a TensorBoard
// server shows a run's folder as it is. FITLENS_TEST_PYTHON names a Python with tensorflow and tensorboard.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { readEventFile } from "../../src/events/read";
import { encodeGraph } from "../../src/events/wire";
import { EventWriter } from "../../src/events/writer";
import { runsFolderOf } from "../../src/runs/store";
import { readPoints } from "../../src/runs/summary";
import { deadline, temporaryFolder } from "../unit/events/helpers";
import { newRun } from "../unit/runs/helpers";

function python(): string {
  const interpreter = process.env["FITLENS_TEST_PYTHON"];
  assert.ok(
    interpreter,
    "Set FITLENS_TEST_PYTHON to a Python that has tensorflow and tensorboard: this test compares with them.",
  );
  return interpreter;
}

/** Runs Python that is apart from the workspace and the user's settings; returns what it printed as JSON. */
function ask(code: string, ...args: string[]): unknown {
  const printed = execFileSync(python(), ["-I", "-c", code, ...args], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3", CUDA_VISIBLE_DEVICES: "-1", TF_ENABLE_ONEDNN_OPTS: "0" },
  });
  return JSON.parse(printed.trimEnd().split("\n").at(-1)!);
}

const VALUES = [0.5, 0.1, 1 / 3, -0, 1e-300, 123_456_789.125, Number.NaN, Infinity, -Infinity];

const READ = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.util import tensor_util
reader = EventAccumulator(sys.argv[1], size_guidance={"tensors": 0, "scalars": 0}); reader.Reload()
value = lambda event: tensor_util.make_ndarray(event.tensor_proto).item()
tags = {tag: [[e.step, e.wall_time, repr(value(e)) if reader.SummaryMetadata(tag).plugin_data.plugin_name == "scalars" else value(e).decode()]
  for e in reader.Tensors(tag)] for tag in reader.Tags()["tensors"]}
plugins = {tag: reader.SummaryMetadata(tag).plugin_data.plugin_name for tag in tags}
graph = [[node.name, node.op, list(node.input), [d.size for d in node.attr["_output_shapes"].list.shape[0].dim]] for node in reader.Graph().node]
print(json.dumps({"version": reader.file_version, "tags": tags, "plugins": plugins, "graph": graph}))
`;

test("TensorBoard's EventAccumulator reads what we wrote, with equal values", (t) => {
  const folder = temporaryFolder(t);
  const writer = new EventWriter(folder);
  VALUES.forEach((value, at) => {
    writer.scalar("loss", value, at * 2 ** 33, 1_700_000_000_250 + at);
  });
  writer.scalar("<img src=x> 損失", 1, -3);
  writer.text("note", "hello *you* 🦦", 1);
  writer.graph(
    encodeGraph([
      { name: "input", op: "InputLayer", inputs: [], shape: [null, 4] },
      { name: "dense/kernel", op: "Dense", inputs: ["input"], shape: [null, 3] },
    ]),
  );
  writer.flush();
  assert.deepEqual([...readEventFile(writer.file!).series[0]!.values], VALUES);
  writer.close();
  const read = ask(READ, folder) as {
    version: number;
    tags: Record<string, [number, number, string][]>;
    plugins: Record<string, string>;
    graph: unknown;
  };
  assert.equal(read.version, 2);
  const inPython = new Map([
    ["nan", Number.NaN],
    ["inf", Infinity],
    ["-inf", -Infinity],
  ]);
  const loss = read.tags["loss"]!;
  assert.deepEqual(
    loss.map(([, , value]) => inPython.get(value) ?? Number(value)),
    VALUES.map(Math.fround),
  );
  assert.deepEqual(
    loss.map(([step]) => step),
    VALUES.map((_, at) => at * 2 ** 33),
  );
  assert.deepEqual(
    loss.map(([, time]) => time),
    VALUES.map((_, at) => (1_700_000_000_250 + at) / 1000),
  );
  assert.equal(read.tags["<img src=x> 損失"]![0]![0], -3);
  assert.equal(read.tags["note"]![0]![2], "hello *you* 🦦");
  assert.deepEqual(read.plugins, { loss: "scalars", "<img src=x> 損失": "scalars", note: "text" });
  assert.deepEqual(read.graph, [
    ["input", "InputLayer", [], [-1, 4]],
    ["dense/kernel", "Dense", ["input"], [-1, 3]],
  ]);
});

const WRITE = `
import json, sys
import tensorflow as tf
folder = sys.argv[1]
v2 = tf.summary.create_file_writer(folder + "/v2")
with v2.as_default():
  for step in range(50):
    tf.summary.scalar("loss", 1.0 / (step + 1), step=step)
    tf.summary.scalar("epoch/acc", step / 7.0, step=step)
  tf.summary.text("note", "no scalar", step=0)
  tf.summary.histogram("weights", [1.0, 2.0], step=0)
  tf.summary.scalar("nan", float("nan"), step=1)
v2.close()
with tf.Graph().as_default():
  v1 = tf.compat.v1.summary.FileWriter(folder + "/v1")
  for step in range(50):
    v1.add_summary(tf.compat.v1.Summary(value=[
      tf.compat.v1.Summary.Value(tag="loss", simple_value=1.0 / (step + 1)),
      tf.compat.v1.Summary.Value(tag="acc", simple_value=step / 7.0)]), step)
  v1.close()
with tf.io.TFRecordWriter(folder + "/kinds.tfevents") as kinds:
  for at, kind in enumerate(["float32", "float64", "float16", "bfloat16", "int32", "int64"]):
    event = tf.compat.v1.Event(wall_time=at, step=at)
    value = event.summary.value.add(tag=kind)
    value.metadata.plugin_data.plugin_name = "scalars"
    value.tensor.CopyFrom(tf.make_tensor_proto(3, dtype=kind))
    kinds.write(event.SerializeToString())
print(json.dumps(tf.__version__))
`;

test("our reader reads what TensorFlow wrote: tf.summary 2, simple_value, and every type of number", (t) => {
  const folder = temporaryFolder(t);
  ask(WRITE, folder);
  const read = (under: string): Map<string, number[]> => {
    const [name] = fs.readdirSync(path.join(folder, under));
    const { series, problems, incomplete } = readEventFile(path.join(folder, under, name!));
    assert.deepEqual([problems, incomplete], [[], 0]);
    for (const { tag, steps } of series) if (tag !== "nan") assert.deepEqual([...steps], [...steps.keys()]);
    return new Map(series.map(({ tag, values }) => [tag, [...values]]));
  };
  const losses = Array.from({ length: 50 }, (_, step) => Math.fround(1 / (step + 1)));
  const accuracies = Array.from({ length: 50 }, (_, step) => Math.fround(step / 7));
  assert.deepEqual(
    read("v2"),
    new Map([
      ["loss", losses],
      ["epoch/acc", accuracies],
      ["nan", [Number.NaN]],
    ]),
  );
  assert.deepEqual(
    read("v1"),
    new Map([
      ["loss", losses],
      ["acc", accuracies],
    ]),
  );
  const kinds = readEventFile(path.join(folder, "kinds.tfevents"));
  assert.deepEqual(
    kinds.series.map(({ tag, steps, values }) => [tag, steps[0], values[0]]),
    [
      ["float32", 0, 3],
      ["float64", 1, 3],
      ["float16", 2, 3],
      ["bfloat16", 3, 3],
      ["int32", 4, 3],
      ["int64", 5, 3],
    ],
  );
});

test("a TensorBoard server shows a run's folder as it is", async (t) => {
  const folder = newRun(runsFolderOf(temporaryFolder(t)));
  for (const [source, factor] of [
    ["train", 1],
    ["validation", 2],
  ] as const) {
    const writer = new EventWriter(path.join(folder, source));
    for (let step = 0; step < 20; step++) writer.scalar("loss", (factor * step) / 10, step);
    writer.close();
  }
  const server = spawn(
    python(),
    [
      "-I",
      "-m",
      "tensorboard.main",
      "--logdir",
      folder,
      "--port",
      "0",
      "--host",
      "127.0.0.1",
      "--reload_interval",
      "1",
    ],
    { stdio: ["ignore", "pipe", "pipe"], cwd: folder, env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3" } },
  );
  const ended = new Promise<void>((resolve) => server.once("close", () => resolve()));
  t.after(async () => {
    server.kill("SIGTERM");
    await deadline(ended, "TensorBoard's end");
  });
  const address = await deadline(
    new Promise<string>((resolve, reject) => {
      let said = "";
      const listen = (data: Buffer): void => {
        said += data;
        const found = /http:\/\/127\.0\.0\.1:\d+/.exec(said);
        if (found) resolve(found[0]);
      };
      server.stdout.on("data", listen);
      server.stderr.on("data", listen);
      server.once("close", () => reject(new Error(`TensorBoard ended: ${said}`)));
    }),
    "TensorBoard's address",
    60_000,
  );
  const get = async (what: string): Promise<unknown> => (await fetch(`${address}/data/plugin/scalars/${what}`)).json();
  const shown = await deadline(poll(get), "both sources in TensorBoard", 60_000);
  assert.deepEqual(Object.keys(shown).sort(), ["train", "validation"]);
  for (const series of readPoints(folder).series) {
    const points = (await get(`scalars?run=${series.source}&tag=loss`)) as [number, number, number][];
    assert.deepEqual(
      points.map(([, step]) => step),
      [...series.steps],
    );
    // TensorBoard's server keeps scalars as 32-bit floats.
    assert.deepEqual(
      points.map(([, , value]) => Math.fround(value)),
      Array.from(series.values, Math.fround),
    );
  }
});

/** TensorBoard loads in the background: asks until it has. */
async function poll(get: (what: string) => Promise<unknown>): Promise<Record<string, unknown>> {
  for (;;) {
    const tags = (await get("tags")) as Record<string, unknown>;
    if (Object.keys(tags).length === 2) return tags;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
