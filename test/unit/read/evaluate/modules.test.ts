// Programs of several files: what a script imports from its workspace is read, and nothing is shown of it here.
import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { layerSites, offsetOf, siteText } from "../../../../src/features/layerSites";
import { readModels } from "../../../../src/features/reading";
import { dialectOf } from "../../../../src/read/grammars";
import { parse } from "../../../../src/read/source";
import { workspaceOf } from "../../../../src/read/workspace";
import { grammarsBeside } from "../../../../src/server/grammars";

const grammars = grammarsBeside(path.resolve("dist"));

/** What is shown in the first of the files, line by line. */
async function shown(files: Record<string, string>): Promise<string[]> {
  const [[file, text]] = Object.entries(files) as [[string, string]];
  const loaded = await grammars;
  const source = parse(text, dialectOf(file)!, loaded);
  const workspace = workspaceOf(`/work/${file}`, (asked) => files[asked.replace("/work/", "")], loaded, new Map());
  const lines = text.split("\n").map(() => "");
  for (const site of layerSites(readModels(source, "keras3", { workspace })))
    lines[source.positionAt(offsetOf(site)).line] = siteText(site);
  return lines.filter((line) => line !== "");
}

test("constants and functions of a module beside the script", async () => {
  const files = {
    "train.py": `
import keras
from config import UNITS, options
import blocks as b

inputs = keras.Input((options["size"],))
outputs = b.head(inputs, UNITS)
model = keras.Model(inputs, outputs)
`,
    "config.py": `UNITS = 3\noptions = dict(size=7)\n`,
    "blocks.py": `from keras import layers\n\ndef head(x, units):\n    return layers.Dense(units)(layers.Dense(5)(x))\n`,
  };
  assert.deepEqual(await shown(files), ["7 · 0", "3 · 58"]);
});

test("packages, relative imports, and modules by their whole path", async () => {
  const files = {
    "app/train.py": `
import keras
import nets.sizes
from nets import build
from nets.deep import *

inputs = keras.Input((nets.sizes.WIDTH,))
outputs = keras.layers.Dense(DEPTH)(build(inputs))
`,
    "app/nets/__init__.py": `from .deep import build\n`,
    "app/nets/deep.py": `from keras import layers\nfrom . import sizes\nfrom ..shared.names import NAME\n\nDEPTH = 2\n\ndef build(x):\n    return layers.Dense(sizes.WIDTH * 2, name=NAME)(x)\n`,
    "app/nets/sizes.py": `WIDTH = 6\n`,
    "app/shared/names.py": `NAME = "wide"\n`,
  };
  assert.deepEqual(await shown(files), ["6 · 0", "2 · 26"]);
});

test("modules that import each other, and one that is not there", async () => {
  const files = {
    "a.py": `import keras\nfrom b import SIZE\nfrom gone import OTHER\nx = keras.Input((SIZE,))\ny = keras.layers.Dense(OTHER)(x)\n`,
    "b.py": `import c\nSIZE = 4\n`,
    "c.py": `import b\nLATE = b.SIZE\n`,
  };
  assert.deepEqual(await shown(files), ["4 · 0"]);
});

test("modules of JavaScript: named, default, passed on, and by require", async () => {
  const files = {
    "index.ts": `
import * as tf from "@tensorflow/tfjs";
import head, { UNITS } from "./head.js";
import { size } from "./lib";
import settings from "./settings.json";

const model = tf.sequential();
model.add(tf.layers.dense({ units: UNITS, inputShape: [size()] }));
model.add(tf.layers.dense({ units: settings.classes }));
head(model);
`,
    "head.ts": `import * as tf from "@tensorflow/tfjs";\nexport const UNITS = 8;\nexport default (model: tf.Sequential) => model.add(tf.layers.dense({ units: 1 }));\n`,
    "lib/index.js": `export * from "./sizes";\n`,
    "lib/sizes.js": `export function size() { return 5; }\n`,
    "settings.json": `{ "classes": 3 }`,
  };
  assert.deepEqual(await shown(files), ["1 · 79", "8 · 48", "3 · 27"]);
  const common = {
    "train.js": `
const tf = require("@tensorflow/tfjs-node");
const build = require("./model");
const { SHAPE } = require("./data");
build(SHAPE);
const input = tf.input({ shape: SHAPE });
const last = tf.layers.dense({ units: 2 }).apply(input);
`,
    "model.js": `const tf = require("@tensorflow/tfjs-node");\nfunction build(shape) { return tf.sequential(); }\nmodule.exports = build;\n`,
    "data.js": `exports.SHAPE = [9];\n`,
  };
  assert.deepEqual(await shown(common), ["9 · 0", "2 · 20"]);
});

test("modules that are imported while it runs", async () => {
  const files = {
    "train.js": `
import * as tf from "@tensorflow/tfjs";
const { SIZE } = await import("./data.js");
const input = tf.input({ shape: [SIZE] });
import("./data.js").then((data) => {
  const { UNITS } = data;
  tf.layers.dense({ units: UNITS }).apply(input);
});
import("./data.js").then(({ UNITS, MISSING }) => tf.layers.dense({ units: UNITS + 1 }).apply(input));
import("./nowhere.js").then(({ UNITS }) => tf.layers.dense({ units: UNITS }).apply(input));
`,
    "data.js": `export const SIZE = 9;\nexport const UNITS = 2;\n`,
  };
  assert.deepEqual(await shown(files), ["9 · 0", "2 · 20", "3 · 30"]);
});

test("what a module makes stays where it is tried, and its layers are not shown", async () => {
  const files = {
    "main.py": `
import keras

def load(flag):
    if flag:
        from made import model
    else:
        from made import model
    return keras.layers.Dense(2)(model.output)
`,
    "made.py": `import keras\nx = keras.Input((3,))\nmodel = keras.Model(x, keras.layers.Dense(4)(x))\nkeras.layers.Dense("many")\n`,
  };
  assert.deepEqual(await shown(files), ["2 · 10"]);
});
