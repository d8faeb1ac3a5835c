// The command line as a person or a script uses it: the built dist/cli.js in a process of its own.
import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";

const CLI = path.resolve("dist/cli.js");
const SCRIPT = `import * as tf from "@tensorflow/tfjs";
const model = tf.sequential({ layers: [tf.layers.dense({ inputShape: [2], units: 1 })] });
model.compile({ optimizer: "sgd", loss: "meanSquaredError" });
await model.fit(tf.ones([8, 2]), tf.ones([8, 1]), { epochs: Number(process.argv[2] ?? 2), batchSize: 4, verbose: 0 });
console.log("arguments", process.argv.slice(2).join(" "));
`;

let folder: string;

before(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-cli-"));
  fs.writeFileSync(path.join(folder, "package.json"), '{ "type": "module" }');
  fs.writeFileSync(path.join(folder, "train.ts"), SCRIPT);
  fs.writeFileSync(path.join(folder, "broken.ts"), "const a = 1;\n\nmissing(a);\n");
});
after(() => fs.rmSync(folder, { recursive: true, force: true }));

function fitlens(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [CLI, ...args], {
    cwd: folder,
    encoding: "utf8",
    timeout: 120_000,
  });
  return { status, stdout, stderr };
}

test("a reader that has seen enough ends a command without a word", async () => {
  const layer = "model.add(keras.layers.Dense(3))\n";
  fs.writeFileSync(path.join(folder, "long.py"), `import keras\nmodel = keras.Sequential()\n${layer.repeat(5000)}`);
  const child = spawn(process.execPath, [CLI, "inspect", "long.py", "--json"], { cwd: folder });
  child.stdout.once("data", () => child.stdout.destroy());
  let errors = "";
  child.stderr.on("data", (data) => (errors += data));
  const [code] = (await once(child, "close")) as [number | null];
  assert.deepEqual([code, errors], [0, ""]);
});

describe("inspect", () => {
  test("--json: one entry a layer; what is not known is said", () => {
    fs.writeFileSync(
      path.join(folder, "net.py"),
      "import keras\nn = keras.Input((4,))\nx = keras.layers.Dense(3)(n)\nkeras.layers.Dense(unknown)(x)\n",
    );
    const { status, stdout, stderr } = fitlens("inspect", "net.py", "train.ts", "--json");
    assert.equal(status, 0, stderr);
    const read = JSON.parse(stdout) as Record<string, object[]>;
    assert.deepEqual(read["net.py"], [
      { line: 2, col: 4, layer: "Input", params: 0, shape: [null, 4] },
      { line: 3, col: 4, layer: "Dense", params: 15, shape: [null, 3] },
      { line: 4, col: 0, layer: "Dense", params: null, shape: null, unknown: true },
    ]);
    assert.equal(read["train.ts"]?.length, 2);
  });

  test("as lines with their places", () => {
    const { stdout } = fitlens("inspect", "train.ts");
    assert.match(stdout, /^train\.ts:2:15\s+sequential\s+1 · 3$/m);
  });

  test("a file that is no script: exit status 2 and what was expected", () => {
    const { status, stderr } = fitlens("inspect", "package.json");
    assert.equal(status, 2);
    assert.match(stderr, /package\.json: expected a script in Python, TypeScript or JavaScript, or a notebook/);
  });
});

describe("check", () => {
  const script = (loss: string) =>
    `import keras\nimport numpy as np\n\nmodel = keras.Sequential([keras.Input((4,)), keras.layers.Dense(1, activation="${loss}")])\n` +
    'model.compile("sgd", "binary_crossentropy")\nmodel.fit(np.zeros((8, 4)), np.zeros((8, 1)))\n';

  test("says place, severity, message and code; a warning is no failure", () => {
    fs.writeFileSync(path.join(folder, "one.py"), script("softmax"));
    const { status, stdout, stderr } = fitlens("check", "one.py");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /^one\.py:4:\d+ warning: .*Softmax.* \[softmax-one-unit\]$/m);
    assert.equal(stderr, "1 warning\n");
    fs.writeFileSync(path.join(folder, "two.py"), script("sigmoid"));
    assert.deepEqual(fitlens("check", "two.py", "train.ts"), { status: 0, stdout: "", stderr: "" });
  });

  test("ends with status 1 where there are errors, also in a notebook", () => {
    const cell = (source: string) => ({ cell_type: "code", source: [source], metadata: {}, outputs: [] });
    const cells = [
      { cell_type: "markdown", source: ["# Net"], metadata: {} },
      cell("import keras\n"),
      cell("x = keras.Input((4, 4, 1))\ny = keras.layers.Conv2D(8, 9)(x)\n"),
    ];
    fs.writeFileSync(
      path.join(folder, "net.ipynb"),
      JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 }),
    );
    const { status, stdout, stderr } = fitlens("check", "net.ipynb", "--json");
    assert.equal(status, 1);
    assert.match(stderr, /^1 error$/m);
    const [problem] = (JSON.parse(stdout) as Record<string, { place: string; code: string }[]>)["net.ipynb"]!;
    assert.equal(problem!.code, "negative-size");
    assert.match(problem!.place, /^net\.ipynb\[2\]:2:/);
  });

  test("files that cannot be read stop none of the others, and are all named: exit status 2", () => {
    fs.writeFileSync(path.join(folder, "cut.ipynb"), '{"cells": [');
    fs.writeFileSync(path.join(folder, "one.py"), script("softmax"));
    const { status, stdout, stderr } = fitlens("check", "cut.ipynb", "none.py", "one.py");
    assert.equal(status, 2);
    assert.match(stdout, /^one\.py:4:\d+ warning: /);
    assert.match(
      stderr,
      /cut\.ipynb is not a notebook: expected a JSON document with cells\.\nnone\.py cannot be read: /,
    );
    const { stdout: layers, status: inspected } = fitlens("inspect", "none.py", "one.py");
    assert.equal(inspected, 2);
    assert.match(layers, /^one\.py:4:.*Sequential/m);
  });
});

describe("train", () => {
  test("follows the run to its end, prints what the script prints, and says how it ended", () => {
    const { status, stdout, stderr } = fitlens("train", "train.ts", "--", "3", "--flag");
    assert.equal(status, 0, stderr);
    assert.match(stdout, /arguments 3 --flag/);
    assert.match(stderr, /finished after .*: loss /);
  });

  test("a script that fails: exit status 1, and file:line:column of the user's source", () => {
    const { status, stderr } = fitlens("train", "broken.ts");
    assert.equal(status, 1);
    assert.match(stderr, /broken\.ts:3:1: ReferenceError: missing is not defined/);
  });

  test("--json prints one document", () => {
    const { status, stdout } = fitlens("train", "train.ts", "--json");
    const document = JSON.parse(stdout) as { status: { state: string; epoch: number } };
    assert.equal(status, 0);
    assert.equal(document.status.state, "finished");
    assert.equal(document.status.epoch, 2);
  });

  test("--detach returns the run's id at once, and stop ends it", () => {
    const { stdout } = fitlens("train", "train.ts", "--detach", "--", "1000000");
    const id = stdout.trim();
    assert.match(id, /^\d{8}-\d{6}-\w+-\w+$/);
    const stopped = fitlens("runs", "stop", id);
    assert.equal(stopped.status, 0, stopped.stderr);
    assert.match(stopped.stdout, /stopped/);
  });

  test("a file that is not there: bad usage", () => {
    const { status, stderr } = fitlens("train", "nothing.ts");
    assert.equal(status, 2);
    assert.match(stderr, /nothing\.ts: expected a script, found no such file/);
  });
});

describe("runs", () => {
  test("list names them, newest first", () => {
    const { stdout } = fitlens("runs", "list", "--json");
    const { runs } = JSON.parse(stdout) as { runs: { id: string; record: { script: string } }[] };
    assert.ok(runs.length >= 3);
    assert.deepEqual(
      runs.map(({ id }) => id.slice(0, 15)),
      runs
        .map(({ id }) => id.slice(0, 15))
        .sort()
        .reverse(),
    );
    assert.match(fitlens("runs").stdout, /broken\.ts\s+failed/);
  });

  test("show, compare and export give the metrics of runs", () => {
    const { runs } = JSON.parse(fitlens("runs", "list", "--json").stdout) as {
      runs: { id: string; status: { state: string } }[];
    };
    const finished = runs.filter(({ status }) => status.state === "finished").map(({ id }) => id);
    assert.equal(finished.length, 2);
    assert.match(fitlens("runs", "show", finished[0]!).stdout, /train\s+epoch_loss/);
    assert.match(fitlens("runs", "compare", ...finished).stdout, /train epoch_loss\s+\S+ \(best/);
    const csv = fitlens("runs", "export", finished[0]!).stdout.split("\n");
    assert.equal(csv[0], "source,tag,step,wall_time,value");
    assert.ok(
      csv.some((line) => line.startsWith("train,batch_loss,1,")),
      csv.slice(0, 5).join("\n"),
    );
  });

  test("an unknown run: bad usage, and what to do", () => {
    const { status, stderr } = fitlens("runs", "show", "nobody");
    assert.equal(status, 2);
    assert.match(stderr, /no such run .*fitlens runs list/);
  });
});

describe("events", () => {
  test("names files, tags, counts, first and last values", () => {
    const { status, stdout } = fitlens("events", ".fitlens/runs");
    assert.equal(status, 0);
    assert.match(stdout, /batch_loss\s+\d+/);
  });

  test("a folder without event files says so", () => {
    fs.mkdirSync(path.join(folder, "empty"));
    const { status, stderr } = fitlens("events", "empty");
    assert.equal(status, 1);
    assert.match(stderr, /expected event files/);
  });
});

describe("convert and new", () => {
  test("convert prints the converted script and edits only with --write", () => {
    const { status, stdout } = fitlens("convert", "train.ts", "--to", "estimator");
    assert.equal(status, 0);
    assert.match(stdout, /modelToEstimator\(/);
    assert.equal(fs.readFileSync(path.join(folder, "train.ts"), "utf8"), SCRIPT);
    fs.writeFileSync(path.join(folder, "copy.ts"), SCRIPT);
    assert.equal(fitlens("convert", "copy.ts", "--to", "estimator", "--write").status, 0);
    assert.equal(
      fs.readFileSync(path.join(folder, "copy.ts"), "utf8"),
      stdout.replaceAll("model_dir/train", "model_dir/copy"),
    );
  });

  test("a script without a model is refused with its place", () => {
    const { status, stderr } = fitlens("convert", "broken.ts", "--to", "estimator");
    assert.equal(status, 1);
    assert.match(stderr, /^broken\.ts:\d+:1: /);
  });

  test("new writes a file once and never over another", () => {
    const args = ["new", "--kind", "sequential", "--task", "regression", "-o", "made.ts"];
    assert.equal(fitlens(...args).status, 0);
    assert.match(fs.readFileSync(path.join(folder, "made.ts"), "utf8"), /tf\.sequential/);
    const again = fitlens(...args);
    assert.equal(again.status, 1);
    assert.match(again.stderr, /made\.ts was not written/);
  });

  test("an unknown choice names the ones there are", () => {
    const { status, stderr } = fitlens("new", "--kind", "perceptron", "--task", "regression");
    assert.equal(status, 2);
    assert.match(stderr, /expected sequential, functional, estimator/);
  });

  test("new for Python by the file's name, from a table that lies elsewhere", () => {
    fs.mkdirSync(path.join(folder, "tables"), { recursive: true });
    fs.mkdirSync(path.join(folder, "scripts"), { recursive: true });
    fs.writeFileSync(path.join(folder, "tables/t.csv"), "size,kind,weight\n1,a,2\n2,b,3\n3,a,4\n");
    const table = ["--task", "multiclass", "--data", "tables/t.csv", "--label", "kind"];
    assert.equal(fitlens("new", "--kind", "dnn", ...table, "-o", "scripts/mine.py").status, 0);
    const made = fs.readFileSync(path.join(folder, "scripts/mine.py"), "utf8");
    assert.match(made, /Path\(__file__\)\.parent \/ "\.\.\/tables\/t\.csv"/);
    assert.match(made, /NUMBERS = \["size", "weight"\]\nLABEL = "kind"\nCLASSES = \["a", "b"\]/);
    assert.match(made, /model_dir="model_dir\/mine"/);
  });

  test("new refuses what does not fit together, and a table that is not there", () => {
    const elsewhere = fitlens("new", "--kind", "dnn", "--task", "binary", "--language", "javascript");
    assert.equal(elsewhere.status, 2);
    assert.match(elsewhere.stderr, /^JavaScript has no dnn: only tf\.estimator in Python has it\./);
    const missing = fitlens("new", "--kind", "sequential", "--task", "binary", "--data", "none.csv");
    assert.equal(missing.status, 1);
    assert.match(missing.stderr, /^--data none\.csv cannot be read: /);
  });
});

test("bad usage has exit status 2, help and version have 0", () => {
  assert.equal(fitlens("fly").status, 2);
  assert.equal(fitlens("--help").status, 0);
  assert.equal(fitlens("--version").status, 0);
});
