// The native engine for real: compiled against the TensorFlow of a Python, then training; and what is said where it cannot be had.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { BINDING_FILE, installedPackage } from "../../../src/train/engine/binding";
import { findNativeEngine, installNativeEngine } from "../../../src/train/nativeEngine";
import { DIST, MLP, node24, points, workspace } from "./trainer";

const sources = path.join(DIST, "engine", "native");
let root = "";
let native = "";

function python(): string {
  const program = process.env["FITLENS_TEST_PYTHON"];
  assert.ok(program, "FITLENS_TEST_PYTHON should name a Python with TensorFlow; npm test sets it up");
  return program;
}

before(async () => {
  root = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-native-"));
  native = path.join(root, "storage", "native-engine");
  const told: string[] = [];
  const result = await installNativeEngine({
    folder: native,
    pythonCandidates: [python()],
    onProgress: (message) => told.push(message),
    sources,
    skipNpm: true,
  });
  assert.ok(result.ok, result.ok ? "" : result.message);
  assert.match(result.description, /^TensorFlow \d/);
  assert.ok(told.length >= 2, "progress is told");
});

after(() => fs.rmSync(root, { recursive: true, force: true }));

test("the binding is there, and nothing beside it is left", async () => {
  assert.equal(path.basename((await findNativeEngine(native))!), BINDING_FILE);
  assert.deepEqual(fs.readdirSync(path.dirname(native)), ["native-engine"]);
});

const FIT = `import * as tf from "@tensorflow/tfjs-node";
import { build, xs, ys } from "./model";
const losses: number[] = [];
await build().fit(xs, ys, { epochs: 3, verbose: 0, callbacks: { onBatchEnd: async (_batch, logs) => void losses.push(logs!["loss"]!) } });
console.log(JSON.stringify({ losses, backend: tf.getBackend(), png: tf.node.decodePng.name }));
`;

for (const version of ["this Node", "Node 24"] as const) {
  test(`it trains on ${version}, and every point is the callback's`, async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const nodePath = version === "Node 24" ? node24() : process.execPath;
    const { folder, status, output } = await place.run(FIT, { engine: "auto", nativeFolder: native, nodePath });
    assert.equal(status.engine?.name, "tfjs-node", JSON.stringify(status));
    assert.match(status.engine!.version, /4\.22\.0, TensorFlow \d/);
    const seen = JSON.parse(output.trim().split("\n").at(-1)!) as { losses: number[]; backend: string };
    assert.equal(seen.backend, "tensorflow");
    assert.deepEqual(
      points(folder, "train", "batch_loss"),
      seen.losses.map((loss, i) => [i + 1, loss]),
    );
  });
}

describe("where the native engine does not work, the next one trains and the run says why", () => {
  test("a binding whose library is gone", async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const broken = path.join(place.folder, "broken");
    const file = path.join(installedPackage(broken), "lib", "napi-v8", BINDING_FILE);
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, "no library");
    const { status, output } = await place.run(FIT.replace(", png: tf.node.decodePng.name", ""), {
      engine: "tfjs-node",
      nativeFolder: broken,
    });
    assert.equal(status.state, "finished", output);
    assert.equal(status.engine?.name, "wasm");
    assert.match(status.engine?.note ?? "", /tfjs-node: .*tfjs_binding\.node/);
    assert.match(output, /\[fitlens\] wasm trains instead of tfjs-node/);
  });

  test("tf.node.* says what to do", async (t) => {
    const place = workspace(t);
    const { status } = await place.run(
      `import * as tf from "@tensorflow/tfjs-node";\n\ntf.node.decodePng(new Uint8Array(4));\n`,
      { engine: "auto" },
    );
    assert.match(
      status.error?.message ?? "",
      /tf\.node\.decodePng needs the native binding.*Fitlens: Install Native Engine/,
    );
    assert.equal(status.error?.at?.line, 3);
  });

  test("model.save to a file works without it", async (t) => {
    const place = workspace(t);
    place.write("model.ts", MLP);
    const { status } = await place.run(`import * as tf from "@tensorflow/tfjs-node";
import { build } from "./model";
await build().save("file://" + process.cwd() + "/saved");
const model = await tf.loadLayersModel("file://" + process.cwd() + "/saved/model.json");
if (model.countParams() !== 67) throw new Error("lost");
`);
    assert.equal(status.state, "finished", JSON.stringify(status.error));
  });
});

describe("installing where something is missing", () => {
  const install = (options: object) =>
    installNativeEngine({ folder: path.join(root, "other"), sources, skipNpm: true, ...options });

  test("a Python without TensorFlow", async (t) => {
    // -I shuts out what the environment of the test names; a bare interpreter of the system has none.
    const bare = ["/usr/bin/python3", "/usr/local/bin/python3"].find((file) => fs.existsSync(file));
    if (!bare) return t.skip("there is no other Python");
    const before = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    t.after(() => {
      process.env["PATH"] = before;
    });
    const result = await install({ pythonCandidates: [bare] });
    assert.ok(!result.ok);
    assert.match(result.message, /has no TensorFlow.*pip install tensorflow/);
  });

  test("no Python at all, and no compiler", async (t) => {
    const before = process.env["PATH"];
    process.env["PATH"] = "/nowhere";
    t.after(() => {
      process.env["PATH"] = before;
    });
    const without = await install({ pythonCandidates: ["/no/such/python"] });
    assert.ok(!without.ok);
    assert.match(without.message, /\/no\/such\/python does not exist/);
    const compilerless = await install({ pythonCandidates: [python()] });
    assert.ok(!compilerless.ok);
    assert.match(compilerless.message, /there is no C\+\+ compiler/);
    assert.ok(!fs.existsSync(path.join(root, "other")));
  });

  test("cancelled while it compiles: nothing is left, and what was there stays", async () => {
    const abort = new AbortController();
    const onProgress = (message: string) => {
      if (message.startsWith("compiling")) setTimeout(() => abort.abort(), 100);
    };
    const result = await installNativeEngine({
      folder: native,
      pythonCandidates: [python()],
      sources,
      skipNpm: true,
      onProgress,
      signal: abort.signal,
    });
    assert.deepEqual(result, { ok: false, message: "Cancelled; nothing was changed." });
    assert.ok(await findNativeEngine(native));
    assert.deepEqual(
      fs.readdirSync(path.dirname(native)),
      ["native-engine", "compile-cache"].filter((name) => fs.existsSync(path.join(path.dirname(native), name))).sort(),
    );
  });

  test("nothing of the folder that one is in is run by looking for TensorFlow", async (t) => {
    const place = workspace(t);
    for (const name of ["tensorflow.py", "json.py", "sitecustomize.py"]) {
      place.write(name, `open(${JSON.stringify(path.join(place.folder, "pwned"))}, "w")\n`);
    }
    const cwd = process.cwd();
    process.chdir(place.folder);
    t.after(() => process.chdir(cwd));
    const abort = new AbortController();
    await install({
      pythonCandidates: [python()],
      onProgress: (message: string) => message.startsWith("compiling") && abort.abort(),
      signal: abort.signal,
    });
    assert.ok(!fs.existsSync(path.join(place.folder, "pwned")));
  });
});
