// The graphs that are read are those that real Keras makes: the same edges with the same shapes, model by model.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { describe, test } from "node:test";
import { analyse } from "../../src/features/analysis";
import { graphOf } from "../../src/features/graph";
import { readModels } from "../../src/features/reading";
import type { ModelGraph } from "../../src/protocol/graph";
import { finished } from "../../src/read/evaluate/program";
import { parse } from "../../src/read/source";
import { grammarsBeside } from "../../src/server/grammars";
import { seenOf } from "../../webviews/graph/fold";

const PYTHON = process.env["FITLENS_TEST_PYTHON"];
const BEGIN = "import keras\nfrom keras import layers, ops\n";

/** Variables are named like the models, so that the two are found together. */
const PROGRAMS: Readonly<Record<string, string>> = {
  "a sequence": `seq = keras.Sequential([keras.Input((28, 28, 1)), layers.Conv2D(8, 3), layers.MaxPooling2D(), layers.Flatten(), layers.Dense(10)], name="seq")`,
  "layers added in a loop": `seq = keras.Sequential(name="seq")
seq.add(keras.Input((32, 32, 3)))
for filters in [8, 16]:
    seq.add(layers.Conv2D(filters, 3, activation="relu"))
    seq.add(layers.MaxPooling2D())
seq.add(layers.GlobalAveragePooling2D())`,
  "branches and residuals": `def block(x, filters):
    y = layers.Conv2D(filters, 3, padding="same")(x)
    y = layers.BatchNormalization()(y)
    y = layers.ReLU()(y)
    return layers.Add()([layers.Conv2D(filters, 1)(x), y])
image = keras.Input((16, 16, 3))
x = image
for filters in [4, 8]:
    x = block(x, filters)
net = keras.Model(image, layers.Dense(2)(layers.Flatten()(x)), name="net")`,
  "several inputs and outputs, a shared layer": `a, b = keras.Input((None,)), keras.Input((None,))
shared = layers.Embedding(100, 8)
left, right = layers.LSTM(16)(shared(a)), layers.LSTM(16)(shared(b))
both = layers.Concatenate()([left, right])
net = keras.Model([a, b], [layers.Dense(1)(both), layers.Dense(5)(both), left], name="net")`,
  "states of a recurrent layer": `x = keras.Input((None, 4))
sequence, h, c = layers.LSTM(6, return_sequences=True, return_state=True)(x)
decoded = layers.LSTM(6, return_sequences=True)(sequence, initial_state=[h, c])
net = keras.Model(x, layers.TimeDistributed(layers.Dense(3))(decoded), name="net")`,
  attention: `x = keras.Input((20, 12))
y = layers.MultiHeadAttention(num_heads=2, key_dim=6)(x, x)
y = layers.LayerNormalization()(x + y)
y = layers.GlobalAveragePooling1D()(y * 2.0)
net = keras.Model(x, ops.reshape(layers.Dense(6)(y), (-1, 2, 3)), name="net")`,
  "models in models, called twice": `inner = keras.Sequential([keras.Input((6,)), layers.Dense(4), layers.Dense(6)], name="inner")
p = keras.Input((6,))
middle = keras.Model(p, layers.ReLU()(inner(inner(p))), name="middle")
x = keras.Input((3,))
outer = keras.Model(x, middle(layers.Dense(6)(x)), name="outer")
stack = keras.Sequential([keras.Input((6,)), middle, layers.Dense(2)], name="stack")`,
  "a model between tensors in the middle of another": `x = keras.Input((8,))
hidden = layers.Dense(4, name="hidden")(x)
full = keras.Model(x, layers.Dense(2)(hidden), name="full")
first = keras.Model(full.input, full.get_layer("hidden").output, name="first")
rest = keras.Model(hidden, full.output, name="rest")`,
  "a layer of one's own": `class Scaled(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units)
    def call(self, x):
        return ops.relu(self.dense(x)) * 2
x = keras.Input((5,))
net = keras.Model(x, Scaled(3)(Scaled(4)(x)), name="net")`,
};

const grammars = grammarsBeside(path.resolve("dist"));

async function modelsOf(code: string): Promise<ModelGraph[]> {
  const source = parse(BEGIN + code, "python", await grammars);
  const { models } = graphOf(analyse("file:///model.py", source), finished(readModels(source).program));
  source.dispose();
  return models;
}

/** As Keras sees it: models and layers of one's own are one node each. */
function edgesOf(model: ModelGraph): string[] {
  const kinds = new Map(model.groups.map(({ id, kind }) => [id, kind]));
  const { cards, shownAs } = seenOf(model, (id) => kinds.get(id) !== "model");
  const labels = new Map(
    cards.map(({ id, item }): [string, string] => {
      if (item.kind === "output") return [id, "Output"];
      if (item.kind === "operation") return [id, "operation"];
      return [id, /^(Sequential|Model|Functional)$/.test(item.label) ? "model" : item.label];
    }),
  );
  return model.edges
    .map(({ from, to, shape }) => ({ from: shownAs.get(from)!, to: shownAs.get(to)!, shape }))
    .filter(({ from, to }) => from !== to)
    .map(({ from, to, shape }) => `${labels.get(from)} → ${labels.get(to)}: ${shape}`)
    .sort();
}

describe("graphs, in Keras 3", { skip: PYTHON ? false : "no Keras is set up" }, () => {
  let found: Record<string, [string[], number]>[] | undefined;
  let asked = false;
  const answers = () => {
    if (asked) return found ?? [];
    asked = true;
    const { stdout, stderr } = spawnSync(PYTHON!, [path.resolve("test/truth/graphs.py")], {
      input: JSON.stringify(Object.values(PROGRAMS).map((code) => BEGIN + code)),
      encoding: "utf8",
    });
    const line = stdout.split("\n").find((one) => one.startsWith("RESULT"));
    assert.ok(line, stderr);
    found = JSON.parse(line.slice("RESULT".length)) as Record<string, [string[], number]>[];
    return found;
  };
  for (const [at, [title, code]] of Object.entries(PROGRAMS).entries()) {
    test(title, async () => {
      const models = await modelsOf(code);
      const read = Object.fromEntries(models.map((model) => [model.title, [edgesOf(model), model.parameters]]));
      assert.deepEqual(read, answers()[at]);
    });
  }
});
