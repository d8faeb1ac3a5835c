// A Node typed in a watched terminal: a run from its first training to its end, and nothing at all in any other Node.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { RunEvents } from "../../../src/runs/events";
import { readRun, runNames, writeControl } from "../../../src/runs/store";
import { nodeOptions } from "../../../src/train/terminals";

const DIST = path.resolve("dist");
const MODEL = `
const x = tf.linspace(0, 1, 64).reshape([64, 1]);
const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [1], units: 1 })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
`;
const NODES = [process.execPath, process.env["FITLENS_TEST_NODE24"]].filter((program) => program !== undefined);

function folderWith(t: TestContext, files: Record<string, string>): string {
  const odd = process.platform === "win32" ? "fitlens watched " : 'fitlens "watched" ';
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), odd)));
  t.after(() => fs.rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  // As installed, in a folder that has to be quoted.
  fs.mkdirSync(path.join(folder, "storage"));
  fs.copyFileSync(path.join(DIST, "preload.js"), path.join(folder, "storage", "preload.js"));
  fs.symlinkSync(path.resolve("node_modules"), path.join(folder, "node_modules"), "junction");
  for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
  return folder;
}

interface Typed {
  stdout: string;
  stderr: string;
  exitCode: number | null;
}

function type(
  folder: string,
  args: readonly string[],
  { node = process.execPath, dist = DIST, watched = true } = {},
): Promise<Typed> {
  const env = {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(FITLENS_|NODE_)/.test(name))),
    ...(watched && {
      NODE_OPTIONS: nodeOptions(path.join(folder, "storage", "preload.js")),
      FITLENS_WATCH: path.join(folder, ".fitlens", "runs"),
      FITLENS_WATCH_DIST: dist,
    }),
  };
  const child = spawn(node, args, { cwd: folder, env, stdio: ["ignore", "pipe", "pipe"] });
  const text = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (piece: string) => {
    text.stdout += piece;
  });
  child.stderr.setEncoding("utf8").on("data", (piece: string) => {
    text.stderr += piece;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode) => resolve({ ...text, exitCode }));
  });
}

const runsOf = (folder: string) =>
  runNames(path.join(folder, ".fitlens", "runs")).map((name) => path.join(folder, ".fitlens", "runs", name));

for (const node of NODES) {
  const version = node === process.execPath ? process.versions.node : "24";
  test(`fit in an ES module is a run with script, arguments, metrics and end (Node ${version})`, async (t) => {
    const script = `import * as tf from "@tensorflow/tfjs";${MODEL}
await model.fit(x, x.mul(2), { epochs: 3, batchSize: 16, verbose: 0 });
console.log("done", process.argv.slice(2).join());`;
    const folder = folderWith(t, { "train.mjs": script });
    const plain = await type(folder, ["train.mjs", "a", "b c"], { node, watched: false });
    const typed = await type(folder, ["train.mjs", "a", "b c"], { node });
    assert.deepEqual(typed, plain);
    assert.match(typed.stdout, /done a,b c\n$/);
    const [run] = runsOf(folder);
    assert.equal(runsOf(folder).length, 1, typed.stderr);
    const { record, status } = readRun(run!)!;
    assert.equal(record?.origin, "terminal");
    assert.equal(record?.script, path.join(folder, "train.mjs"));
    assert.deepEqual([record?.args, record?.cwd, record?.language], [["a", "b c"], folder, "javascript"]);
    assert.deepEqual([status.state, status.step, status.epoch, status.epochs], ["finished", 12, 3, 3]);
    assert.deepEqual([status.call?.file, status.call?.line], [path.join(folder, "train.mjs"), 6]);
    assert.equal(status.engine?.name, "cpu");
    const { series } = new RunEvents(run!).read();
    const losses = series.find(({ tag }) => tag === "batch_loss");
    assert.equal(losses?.steps.length, 12);
  });

  test(`a loop of the user's own in CommonJS is a run too (Node ${version})`, async (t) => {
    const script = `const tf = require("@tensorflow/tfjs");
process.chdir("/");
const weight = tf.variable(tf.scalar(0));
const optimizer = tf.train.sgd(0.1);
for (let step = 0; step < 5; step++) optimizer.minimize(() => weight.sub(3).square(), true);
process.exit(3);`;
    const folder = folderWith(t, { "train.cjs": script });
    const typed = await type(folder, ["train.cjs"], { node });
    assert.equal(typed.exitCode, 3);
    const { record, status } = readRun(runsOf(folder)[0]!)!;
    assert.deepEqual([status.state, status.step, status.exitCode], ["failed", 5, 3]);
    assert.equal(record?.cwd, folder);
  });
}

test("a stop from the panel ends fit, and the script goes on", async (t) => {
  const script = `import * as tf from "@tensorflow/tfjs";${MODEL}
const slow = { onBatchEnd: () => new Promise((resolve) => setTimeout(resolve, 10)) };
await model.fit(x, x, { epochs: 100000, batchSize: 16, verbose: 0, callbacks: slow });
console.log("after fit");`;
  const folder = folderWith(t, { "train.mjs": script });
  const typed = type(folder, ["train.mjs"]);
  const deadline = Date.now() + 60_000;
  const steps = () => readRun(runsOf(folder)[0] ?? folder)?.status.step ?? 0;
  while (steps() < 8) {
    assert.ok(Date.now() < deadline, "waited for steps");
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  writeControl(runsOf(folder)[0]!, "stop");
  const { stdout, exitCode } = await typed;
  assert.deepEqual([stdout.trim().split("\n").at(-1), exitCode], ["after fit", 0]);
  assert.equal(readRun(runsOf(folder)[0]!)?.status.state, "stopped");
});

test("a script that only predicts is none, and neither is what a run starts or a tool in node_modules", async (t) => {
  const tfjs = `import * as tf from "@tensorflow/tfjs";${MODEL}`;
  const folder = folderWith(t, {
    "predict.mjs": `${tfjs}console.log(model.predict(x).shape.join());`,
    "outer.mjs": `import { execFileSync } from "node:child_process";
${tfjs}await model.fit(x, x, { epochs: 1, verbose: 0 });
console.log(execFileSync(process.execPath, ["inner.mjs"], { encoding: "utf8" }).includes("inner"));`,
    "inner.mjs": `${tfjs}await model.fit(x, x, { epochs: 1, verbose: 0 }); console.log("inner");`,
  });
  const predicts = await type(folder, ["predict.mjs"]);
  assert.match(predicts.stdout, /64,1\n$/);
  assert.deepEqual(runsOf(folder), []);
  const outer = await type(folder, ["outer.mjs"]);
  assert.match(outer.stdout, /true\n$/);
  assert.deepEqual(
    runsOf(folder).map((run) => path.basename(readRun(run)?.record?.script ?? "")),
    ["outer.mjs"],
  );
  const tool = path.join(folder, "tools", "node_modules", "tool", "cli.mjs");
  fs.mkdirSync(path.dirname(tool), { recursive: true });
  fs.writeFileSync(tool, fs.readFileSync(path.join(folder, "inner.mjs")));
  assert.match((await type(folder, [tool])).stdout, /inner\n$/);
  assert.equal(runsOf(folder).length, 1);
});

test("errors are printed as they are without us", async (t) => {
  const folder = folderWith(t, {
    "missing.cjs": `require("./nowhere");`,
    "throws.cjs": `require("@tensorflow/tfjs-core"); throw new Error("mine");`,
    "module.cjs": "console.log(module, Object.keys(module));",
  });
  for (const name of ["missing.cjs", "throws.cjs", "module.cjs"]) {
    const plain = await type(folder, [name], { watched: false });
    assert.deepEqual(await type(folder, [name]), plain, name);
  }
});

test("where the extension is gone, Node runs as ever", async (t) => {
  const script = `const tf = require("@tensorflow/tfjs");${MODEL}
model.fit(x, x, { epochs: 1, verbose: 0 }).then(() => console.log("done"));`;
  const folder = folderWith(t, { "train.cjs": script });
  const plain = await type(folder, ["train.cjs"], { watched: false });
  assert.deepEqual(await type(folder, ["train.cjs"], { dist: path.join(folder, "gone") }), plain);
  assert.deepEqual(runsOf(folder), []);
});

test("the preload is small and knows nothing that old Nodes do not", () => {
  const text = fs.readFileSync(path.join(DIST, "preload.js"), "utf8");
  assert.ok(text.length < 6_000, `${text.length} bytes`);
  assert.doesNotMatch(text, /require\("node:|\?\.|\?\?|static \{|#\w+ in /);
});
