// Functions and classes that only other files call: what these give is told at their sites, and from where.
import assert from "node:assert/strict";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, test } from "node:test";
import { analyse } from "../../../src/features/analysis";
import { layerSites, offsetOf, siteText } from "../../../src/features/layerSites";
import { ModelReader, readModels } from "../../../src/features/reading";
import { siteMarkdown } from "../../../src/features/siteWords";
import { dialectOf } from "../../../src/read/grammars";
import { importPaths, isTest, mayMean } from "../../../src/read/importPaths";
import { parse } from "../../../src/read/source";
import { workspaceOf } from "../../../src/read/workspace";
import { importersIn, readCallers } from "../../../src/server/callers";
import { grammarsBeside } from "../../../src/server/grammars";

const grammars = grammarsBeside(path.resolve("dist"));
const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-callers-")));
after(() => fs.rmSync(folder, { recursive: true }));

let folders = 0;

/** What is told in the first of the files, line by line: the hint, and the hover's last line where it names a caller. */
async function told(files: Record<string, string>): Promise<string[]> {
  const root = `${folder}/${folders++}`;
  for (const [name, text] of Object.entries(files)) {
    fs.mkdirSync(path.dirname(`${root}/${name}`), { recursive: true });
    fs.writeFileSync(`${root}/${name}`, text);
  }
  const file = `${root}/${Object.keys(files)[0]}`;
  const loaded = await grammars;
  const text = Object.values(files)[0]!;
  const source = parse(text, dialectOf(file)!, loaded);
  const read = (one: string) => (fs.existsSync(one) ? fs.readFileSync(one, "utf8") : undefined);
  const workspace = workspaceOf(file, read, loaded, new Map());
  const own = readModels(source, "keras3", { workspace });
  const called = readCallers(importersIn(root, true)(file), file, own, loaded);
  const reading = called ? { ...own, called } : own;
  return layerSites(reading)
    .filter((site) => siteText(site) !== "")
    .map((site) => {
      const calls = [...siteMarkdown(site).matchAll(/As called from (.*)/g)].map(([, one]) => one);
      const from = calls.length > 0 ? ` < ${calls.join(" and ")}` : "";
      return `${source.positionAt(offsetOf(site)).line + 1}: ${siteText(site)}${from}`;
    });
}

const MODEL = `import keras
from keras import layers

def build_model(input_shape, n_classes):
    inputs = keras.Input(input_shape)
    x = layers.Conv2D(8, 3)(inputs)
    x = layers.Flatten()(x)
    return keras.Model(inputs, layers.Dense(n_classes)(x))
`;

test("a function that another file calls shows what that call gives, and where it is", async () => {
  const train = `from model import build_model

model = build_model((28, 28, 1), 10)
`;
  assert.deepEqual(await told({ "model.py": MODEL, "train.py": train }), [
    "5: 28 × 28 × 1 · 0 < train.py, line 3",
    "6: 26 × 26 × 8 · 80 < train.py, line 3",
    "7: 5408 · 0 < train.py, line 3",
    "8: 10 · 54,170 < train.py, line 3",
    "8: 10 · 54,090 < train.py, line 3",
  ]);
});

test("several callers are several shapes; tests are none, nor is what is called the same elsewhere", async () => {
  const files = {
    "nets/model.py": MODEL,
    "train.py": "import nets.model as m\n\ndef main():\n    m.build_model((28, 28, 1), 10)\n",
    "run/large.py": "from nets.model import build_model\nbuild_model((64, 64, 3), 10)\n",
    "test_model.py": "from nets.model import build_model\nbuild_model((9, 9, 1), 2)\n",
    "other/model.py": "def build_model(*args): pass\n",
    "other/use.py": "from model import build_model\nbuild_model((9, 9, 1), 2)\n",
  };
  const [input, conv] = await told(files);
  assert.equal(input, "5: 28 × 28 × 1 … 64 × 64 × 3 (2×) · 0 < ../train.py, line 4 and ../run/large.py, line 2");
  assert.equal(conv, "6: 26 × 26 × 8 … 62 × 62 × 8 (2×) < ../train.py, line 4 and ../run/large.py, line 2");
});

test("what the file itself tells stays as it is", async () => {
  const own = `${MODEL}\nbuild_model((12, 12, 1), 3)\n`;
  const found = await told({ "model.py": own, "train.py": "from model import *\nbuild_model((28, 28, 1), 10)\n" });
  assert.deepEqual(found.slice(0, 2), ["5: 12 × 12 × 1 · 0", "6: 10 × 10 × 8 · 80"]);
});

test("a caller of which too little is known takes nothing away", async () => {
  const files = {
    "model.py": MODEL,
    "a.py": "import sys\nfrom model import build_model\nbuild_model((28, 28, 1), int(sys.argv[1]))\n",
    "b.py": "from model import build_model\nbuild_model((28, 28, 1), 4)\n",
  };
  assert.equal((await told(files)).at(-2), "8: 4 · 21,716 < b.py, line 2");
});

test("through a package that hands it on, and from a notebook", async () => {
  const notebook = {
    cells: [
      { cell_type: "markdown", source: ["# Training"] },
      { cell_type: "code", source: ["%matplotlib inline\n", "from nets import build_model\n"] },
      { cell_type: "code", source: ["\n", "build_model((20, 20, 1), 5)"] },
    ],
  };
  const files = {
    "nets/model.py": MODEL,
    "nets/__init__.py": "from .model import build_model\n",
    "train.ipynb": JSON.stringify(notebook),
  };
  assert.equal((await told(files))[1], "6: 18 × 18 × 8 · 80 < ../train.ipynb, cell 3, line 2");
});

test("classes, files that import one another, and a model that another file calls", async () => {
  const files = {
    "model.py": `import keras
from keras import layers
import train

class Net(keras.Model):
    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units)

    def call(self, x):
        return self.dense(x)

tail = keras.Sequential([layers.Dense(2)])
`,
    "train.py": `import keras
from model import Net, tail

net = Net(7)
net(keras.Input((3,)))
tail(keras.Input((4,)))
`,
  };
  assert.deepEqual(await told(files), [
    "8: 7 · 28 < train.py",
    "13: 2 · 10 < train.py, line 6",
    "13: 2 · 10 < train.py, line 6",
  ]);
});

test("a call in a module tells whose program that is of", async () => {
  const files = {
    "model.py": MODEL,
    "agent.py": "from model import build_model\ndef make(n):\n    return build_model((n, n, 1), 2)\n",
    "main.py": "import agent\nagent.make(9)\n",
  };
  assert.equal((await told(files))[0], "5: 9 × 9 × 1 · 0 < agent.py, line 3 (run by main.py)");
});

test("the layer within a wrapper, which nothing calls by itself", async () => {
  const files = {
    "model.py":
      "import keras\nfrom keras import layers\ndef head(x, units):\n    return layers.TimeDistributed(layers.Dense(units))(x)\n",
    "train.py": "import keras\nfrom model import head\nhead(keras.Input((6, 4)), 3)\n",
  };
  assert.deepEqual(await told(files), ["4: 6 × 3 · 15 < train.py, line 3"]);
});

test("TypeScript and JavaScript", async () => {
  const model = `import * as tf from "@tensorflow/tfjs";

export function createModel(size: number, units: number) {
  const model = tf.sequential();
  model.add(tf.layers.dense({ units, inputShape: [size] }));
  return model;
}
`;
  const typed = {
    "src/model.ts": model,
    "src/index.ts": `import { createModel } from "./model";\ncreateModel(4, 3);\n`,
  };
  assert.deepEqual(await told(typed), ["4: 3 · 15 < index.ts, line 2", "5: 3 · 15 < index.ts, line 2"]);
  const common = {
    "model.js": `const tf = require("@tensorflow/tfjs");
exports.head = (x, units) => tf.layers.dense({ units }).apply(x);
`,
    "main.js": `const tf = require("@tensorflow/tfjs");
const { head } = require("./model");
head(tf.input({ shape: [5] }), 2);
`,
  };
  assert.deepEqual(await told(common), ["2: 2 · 12 < main.js, line 3"]);
});

test("an answer that comes later is told, and an edited statement is told nothing until it is read again", async () => {
  const loaded = await grammars;
  const source = parse(MODEL, "python", loaded);
  fs.writeFileSync(`${folder}/late.py`, "from model import build_model\nbuild_model((28, 28, 1), 10)\n");
  let isReady = false;
  const models = new ModelReader(
    () => null,
    (reading) => (isReady ? readCallers([`${folder}/late.py`], `${folder}/model.py`, reading, loaded) : undefined),
  );
  const analysis = analyse("file:///model.py", source, undefined, models);
  const shown = () => layerSites(analysis.reading("keras3")).map(siteText);
  assert.equal(shown()[1], "");
  isReady = true;
  assert.equal(shown()[1], "26 × 26 × 8 · 80");
});

test("imports are told by the text alone", () => {
  assert.deepEqual(importPaths("from a.b import (c as d,\n  e)\nimport f.g as h, i\n", "python"), [
    "a.b",
    "a.b.c",
    "a.b.e",
    "f.g",
    "i",
  ]);
  const script = `import x from './a';\nconst y = require("../b.js");\nawait import("./c")\nexport * from "./d";\nimport "tfjs";`;
  assert.deepEqual(importPaths(script, "javascript"), ["./a", "../b.js", "./c", "./d"]);
  assert.ok(mayMean("pkg.model", "/w/train.py", "/w/pkg/model.py"));
  assert.ok(mayMean("..model", "/w/pkg/run/train.py", "/w/pkg/model.py"));
  assert.ok(mayMean(".", "/w/pkg/train.py", "/w/pkg/__init__.py"));
  assert.ok(!mayMean("model", "/w/other/train.py", "/w/pkg/model.py"));
  assert.ok(mayMean("./model.js", "/w/train.ts", "/w/model.ts"));
  assert.ok(mayMean("..", "/w/a/train.js", "/w/index.js"));
  assert.ok(isTest("a/tests/x.py") && isTest("test_x.py") && isTest("x.spec.ts") && !isTest("latest.py"));
});
