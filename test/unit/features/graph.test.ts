// Models as graphs, from source text: what is a node, what lies between, what belongs together, and what is left unknown.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import * as v from "valibot";
import { analyse } from "../../../src/features/analysis";
import { graphOf } from "../../../src/features/graph";
import { layerSites, offsetOf, siteText } from "../../../src/features/layerSites";
import { readModels } from "../../../src/features/reading";
import { ModelGraph } from "../../../src/protocol/graph";
import { finished } from "../../../src/read/evaluate/program";
import type { Workspace } from "../../../src/read/evaluate/run";
import type { Dialect } from "../../../src/read/grammars";
import { parse } from "../../../src/read/source";
import { splitUnits } from "../../../src/read/units";
import { grammarsBeside } from "../../../src/server/grammars";
import { casesIn } from "../../cases/cases";

const grammars = grammarsBeside(path.resolve("dist"));

async function modelsOf(
  code: string,
  dialect: Dialect = "python",
  workspace: Workspace | null = null,
): Promise<ModelGraph[]> {
  const source = parse(code, dialect, await grammars);
  const { program } = readModels(source, "keras3", { workspace });
  const { models } = graphOf(analyse("file:///model", source), finished(program));
  source.dispose();
  for (const model of models) {
    assert.ok(v.is(ModelGraph, model));
    const ids = [...model.nodes, ...model.groups].map(({ id }) => id);
    assert.equal(new Set(ids).size, ids.length, "every id is there once");
    for (const { from, to } of model.edges) assert.ok(ids.includes(from) && ids.includes(to), `${from} → ${to}`);
  }
  return models;
}

const KERAS = "import keras\nfrom keras import layers\n";
const python = async (code: string) => modelsOf(KERAS + code);
const TFJS = 'import * as tf from "@tensorflow/tfjs";\n';
const typescript = async (code: string) => modelsOf(TFJS + code, "typescript");

/** Edges by the labels of their ends. */
function edges({ nodes, edges: all }: ModelGraph): string[] {
  const said = new Map(nodes.map(({ id, label, name }) => [id, name ?? label]));
  return all.map(({ from, to, shape }) => `${said.get(from)} → ${said.get(to)}: ${shape}`);
}

/** Groups with what is directly in them. */
function groups({ nodes, groups: all }: ModelGraph): string[] {
  return all.map(({ id, kind, label, name }) => {
    const inside = [...all, ...nodes].filter(({ group }) => group === id).map((one) => one.name ?? one.label);
    return `${kind} ${name ?? label}: ${inside.join(", ")}`;
  });
}

const only = (models: readonly ModelGraph[]): ModelGraph => {
  assert.equal(models.length, 1);
  return models[0]!;
};

describe("Keras", () => {
  test("a sequence begins with its input and ends with its output", async () => {
    const model = only(
      await python(`model = keras.Sequential([
  keras.Input((28, 28, 1)),
  layers.Conv2D(32, 3, activation="relu", name="first"),
  layers.Flatten(),
  layers.Dense(10),
])`),
    );
    assert.deepEqual(edges(model), [
      "Input → first: 28 × 28 × 1",
      "first → Flatten: 26 × 26 × 32",
      "Flatten → Dense: 21632",
      "Dense → Output: 10",
    ]);
    const first = model.nodes.find(({ name }) => name === "first")!;
    assert.deepEqual(
      [first.detail, first.parameters, first.shape, first.place!.start],
      ["32 · 3 × 3 · relu", 320, "26 × 26 × 32", { line: 4, character: 2 }],
    );
    assert.deepEqual([model.title, model.className, model.parameters], ["model", "Sequential", 216650]);
  });

  test("branches meet again", async () => {
    const model = only(
      await python(`x = keras.Input((8, 8, 3), name="image")
a = layers.Conv2D(4, 1, name="a")(x)
b = layers.Conv2D(4, 1, name="b")(x)
model = keras.Model(x, layers.Add(name="sum")([a, b]) * 2)`),
    );
    assert.deepEqual(edges(model), [
      "image → a: 8 × 8 × 3",
      "image → b: 8 × 8 × 3",
      "a → sum: 8 × 8 × 4",
      "b → sum: 8 × 8 × 4",
      "sum → *: 8 × 8 × 4",
      "* → Output: 8 × 8 × 4",
    ]);
  });

  test("a layer that is called twice is two nodes with the same weights", async () => {
    const model = only(
      await python(`shared = layers.Dense(4)
a, b = keras.Input((3,), name="a"), keras.Input((3,), name="b")
model = keras.Model([a, b], layers.Concatenate()([shared(a), shared(b)]))`),
    );
    const dense = model.nodes.filter(({ label }) => label === "Dense");
    assert.deepEqual(
      dense.map(({ parameters, isShared }) => [parameters, isShared]),
      [
        [16, false],
        [16, true],
      ],
    );
    assert.equal(model.parameters, 16);
  });

  test("several inputs and outputs, each by itself", async () => {
    const model = only(
      await python(`a, b = keras.Input((3,), name="a"), keras.Input((5,), name="b")
x = layers.Concatenate()([a, b])
model = keras.Model([a, b], [layers.Dense(1, name="one")(x), layers.Dense(2, name="two")(x)])`),
    );
    assert.deepEqual(
      model.nodes.filter(({ kind }) => kind === "output").map(({ label }) => label),
      ["Output 1", "Output 2"],
    );
    assert.deepEqual(edges(model).slice(-2), ["one → Output 1: 1", "two → Output 2: 2"]);
  });

  test("a model in a model is a group, joined at its own layers", async () => {
    const [inner, outer] =
      await python(`inner = keras.Sequential([keras.Input((4,)), layers.Dense(3), layers.Dense(2)], name="inner")
x = keras.Input((4,))
outer = keras.Model(x, layers.Softmax()(inner(x)))`);
    assert.deepEqual(groups(outer!), ["model inner: Dense, Dense"]);
    assert.deepEqual(edges(outer!), [
      "Input → Dense: 4",
      "Dense → Dense: 3",
      "Dense → Softmax: 2",
      "Softmax → Output: 2",
    ]);
    assert.deepEqual([inner!.isPart, outer!.isPart], [true, false]);
    assert.equal(outer!.groups[0]!.parameters, 23);
  });

  test("a model that is called with other sizes than its own shows none of its own", async () => {
    const models = await python(`a = keras.Input((None, None, 3))
inner = keras.Model(a, layers.Conv2D(8, 3)(a))
b = keras.Input((5, 7))
odd = keras.Model(b, layers.Dense(2)(b))
c = keras.Input((6, 7))
x = keras.Input((32, 32, 3))
outer = keras.Model([x, c], [inner(x), odd(c)])`);
    const outer = models.at(-1)!;
    assert.deepEqual(edges(outer), [
      "Input → Conv2D: 32 × 32 × 3",
      "Input → Dense: 6 × 7",
      "Conv2D → Output 1: 30 × 30 × 8",
      "Dense → Output 2: 6 × 2",
    ]);
  });

  test("what one call of a function makes is a group; what holds everything or one node is none", async () => {
    const model = only(
      await python(`def conv(x, filters):
    return layers.Conv2D(filters, 3, padding="same")(x)
def block(x, filters):
    y = layers.BatchNormalization()(conv(x, filters))
    return layers.ReLU()(y)
def build():
    x = keras.Input((8, 8, 3))
    y = block(block(x, 4), 8)
    return keras.Model(x, layers.Flatten()(y))
build()`),
    );
    assert.deepEqual(groups(model), [
      "call block: Conv2D, BatchNormalization, ReLU",
      "call block: Conv2D, BatchNormalization, ReLU",
    ]);
    assert.equal(model.title, "build()");
    assert.equal(model.groups[0]!.place!.start.line, 9);
  });

  test("the turns of a loop are groups", async () => {
    const model = only(
      await python(`model = keras.Sequential([keras.Input((32, 32, 3))])
for filters in [8, 16, 32]:
    model.add(layers.Conv2D(filters, 3))
    model.add(layers.MaxPooling2D())
model.add(layers.Flatten())`),
    );
    assert.deepEqual(groups(model), [
      "turn turn 1 of 3: Conv2D, MaxPooling2D",
      "turn turn 2 of 3: Conv2D, MaxPooling2D",
      "turn turn 3 of 3: Conv2D, MaxPooling2D",
    ]);
  });

  test("a model of keras.applications is one node", async () => {
    const model = (
      await python(`base = keras.applications.MobileNetV2(include_top=False, input_shape=(96, 96, 3), weights=None)
base.trainable = False
x = keras.Input((96, 96, 3))
model = keras.Model(x, layers.GlobalAveragePooling2D()(base(x)))`)
    ).at(-1)!;
    assert.deepEqual(edges(model)[0], "Input → MobileNetV2: 96 × 96 × 3");
    const base = model.nodes.find(({ label }) => label === "MobileNetV2")!;
    assert.deepEqual([base.isFrozen, base.parameters], [true, 2257984]);
  });

  test("a model of one's own shows what its call makes of the data, and nothing of the run is changed by looking", async () => {
    const code = `${KERAS}class Block(layers.Layer):
    def __init__(self, units):
        super().__init__()
        self.dense = layers.Dense(units, activation="relu")
    def call(self, x):
        return x + self.dense(x)
class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.block = Block(16)
        self.head = layers.Dense(1)
    def call(self, x, training=False):
        return self.head(self.block(x))
model = Net()
model.build((64, 16))
`;
    const model = only(await modelsOf(code));
    assert.deepEqual(groups(model), ["model Block: Dense, +"]);
    assert.deepEqual(edges(model), [
      "Input → Dense: 16",
      "Input → +: 16",
      "Dense → +: 16",
      "+ → Dense: 16",
      "Dense → Output: 1",
    ]);
    const source = parse(code, "python", await grammars);
    const reading = readModels(source);
    const run = finished(reading.program);
    const shown = () => layerSites(reading).map((site) => [offsetOf(site), siteText(site)]);
    const before = [shown(), run.steps, run.seen.length, run.layers.length, run.nextId, run.called.size];
    graphOf(analyse("file:///model", source), run);
    assert.deepEqual([shown(), run.steps, run.seen.length, run.layers.length, run.nextId, run.called.size], before);
    source.dispose();
  });

  test("a model of one's own that nothing calls has its layers and no sizes", async () => {
    const model = only(
      await python(`class Net(keras.Model):
    def __init__(self):
        super().__init__()
        self.one = layers.Dense(8)
        self.two = layers.Dense(1)
    def call(self, x):
        return self.two(self.one(x))
model = Net()`),
    );
    assert.deepEqual(model.nodes.map(({ kind, label, parameters }) => [kind, label, parameters]).slice(1, 3), [
      ["layer", "Dense", null],
      ["layer", "Dense", null],
    ]);
    assert.equal(model.parameters, null);
    assert.equal(model.nodes[0]!.shape, "");
  });

  test("what is not known is said, and is no number", async () => {
    const model = only(
      await python(`import other
x = keras.Input((other.size, 3))
y = other.strange(layers.Dense(4)(x))
model = keras.Model(x, layers.Dense(2, name="end")(y))`),
    );
    assert.deepEqual(edges(model), ["not known → end: ", "end → Output: "]);
    assert.equal(model.parameters, null);
    assert.deepEqual(
      model.nodes.filter(({ kind }) => kind === "input").map(({ shape }) => shape),
      ["? × 3"],
    );
  });

  test("a model that a function of another file makes is at the call of it", async () => {
    const other = parse(
      `${KERAS}def build(size):
    x = keras.Input((size,))
    return keras.Model(x, layers.Dense(2)(layers.Dense(4)(x)))
unseen = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
`,
      "python",
      await grammars,
    );
    const units = splitUnits(other);
    const model = only(
      await modelsOf("from models import build\n\nnet = build(3)\n", "python", {
        path: "/space/train.py",
        units: (file) => (file.endsWith("models.py") ? units.map((unit) => ({ ...unit, file })) : undefined),
        read: () => undefined,
      }),
    );
    other.dispose();
    assert.deepEqual(edges(model), ["Input → Dense: 3", "Dense → Dense: 4", "Dense → Output: 2"]);
    assert.deepEqual([model.title, model.parameters, model.place.start], ["net", 26, { line: 2, character: 6 }]);
    assert.ok(model.nodes.every(({ place, made }) => place === null && made === null));
  });

  test("ids stay when something is put in elsewhere", async () => {
    const code = (more: string) => `x = keras.Input((8,), name="x")
a = layers.Dense(4, name="a")(x)
${more}b = layers.Dense(4)(a)
model = keras.Model(x, b)`;
    const [before, after] = [only(await python(code(""))), only(await python(code("a = layers.ReLU()(a)\n")))];
    const ids = after.nodes.map(({ id }) => id);
    for (const { id } of before.nodes) assert.ok(ids.includes(id), id);
    assert.equal(before.id, after.id);
  });

  test("a thousand layers are all drawn, in a group for each call", async () => {
    const model = only(
      await python(`x = inputs = keras.Input((8, 8, 16))
def block(x):
    y = layers.ReLU()(layers.BatchNormalization()(layers.Conv2D(16, 3, padding="same")(x)))
    return layers.Add()([x, y])
for _ in range(300):
    x = block(x)
model = keras.Model(inputs, x)`),
    );
    assert.equal(model.nodes.length, 1202);
    assert.equal(model.groups.length, 300);
  });
});

describe("TensorFlow.js", () => {
  test("a graph with a function, a loop and two inputs", async () => {
    const model = only(
      await typescript(`function block(x: tf.SymbolicTensor, filters: number) {
  const y = tf.layers.conv2d({ filters, kernelSize: 3, padding: "same" }).apply(x) as tf.SymbolicTensor;
  return tf.layers.maxPooling2d({ poolSize: 2 }).apply(y) as tf.SymbolicTensor;
}
const image = tf.input({ shape: [28, 28, 1], name: "image" });
const extra = tf.input({ shape: [3], name: "extra" });
let x = image;
for (let i = 0; i < 2; i++) x = block(x, 8 << i);
const flat = tf.layers.flatten().apply(x) as tf.SymbolicTensor;
const all = tf.layers.concatenate().apply([flat, extra]) as tf.SymbolicTensor;
const model = tf.model({ inputs: [image, extra], outputs: tf.layers.dense({ units: 10 }).apply(all) as tf.SymbolicTensor });`),
    );
    assert.deepEqual(groups(model), ["call block: Conv2D, MaxPooling2D", "call block: Conv2D, MaxPooling2D"]);
    assert.deepEqual(edges(model), [
      "image → Conv2D: 28 × 28 × 1",
      "Conv2D → MaxPooling2D: 28 × 28 × 8",
      "MaxPooling2D → Conv2D: 14 × 14 × 8",
      "Conv2D → MaxPooling2D: 14 × 14 × 16",
      "MaxPooling2D → Flatten: 7 × 7 × 16",
      "Flatten → Concatenate: 784",
      "extra → Concatenate: 3",
      "Concatenate → Dense: 787",
      "Dense → Output: 10",
    ]);
    assert.deepEqual([model.title, model.parameters], ["model", 9128]);
  });

  test("layers that are added one by one, and a model among them", async () => {
    const [, model] =
      await typescript(`const inner = tf.sequential({ layers: [tf.layers.dense({ units: 4, inputShape: [3] })] });
const model = tf.sequential();
model.add(inner);
model.add(tf.layers.dense({ units: 1, activation: "sigmoid" }));`);
    assert.deepEqual(groups(model!), ["model Sequential: Dense"]);
    assert.deepEqual(edges(model!), ["Input → Dense: 3", "Dense → Dense: 4", "Dense → Output: 1"]);
  });
});

test("every case of the reader, cut off anywhere, is read without a throw", async () => {
  const cases = fs
    .readdirSync("test/cases")
    .filter((name) => name.endsWith(".md"))
    .flatMap((name) => casesIn(fs.readFileSync(path.join("test/cases", name), "utf8")));
  for (const { code, language } of cases) {
    await modelsOf(code, language);
    for (let length = 40; length < code.length; length += 97) await modelsOf(code.slice(0, length), language);
  }
});

test("a model in itself, and layers without end", async () => {
  await python("m = keras.Sequential()\nm.add(m)\nm.build((None, 2))");
  await python(`class A(keras.Model):
    def __init__(self):
        super().__init__()
        self.inner = self
    def call(self, x):
        return self.inner(x)
A()(keras.Input((2,)))`);
  const doubled = Array.from({ length: 12 }, (_, at) => `m${at + 1} = keras.Sequential([m${at}, m${at}])`).join("\n");
  for (const model of await python(`m0 = keras.Sequential([keras.Input((2,)), layers.Dense(2)])\n${doubled}`))
    assert.ok(model.nodes.length < 10_000);
});
