// What is offered within strings, where, and what is replaced by it; `|` is the cursor.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { TextEdit } from "vscode-languageserver-types";
import { analyse } from "../../../src/features/analysis";
import { completion } from "../../../src/features/completion";
import { ModelReader } from "../../../src/features/reading";
import type { Workspace } from "../../../src/read/evaluate/run";
import { parse } from "../../../src/read/source";
import { testGrammars } from "../read/script";

const PYTHON = "import tensorflow as tf\nimport keras\nfrom keras import layers\n";
const SCRIPT = 'import * as tf from "@tensorflow/tfjs";\n';

async function itemsAt(
  marked: string,
  language: "python" | "typescript" = "python",
  keras: "keras3" | "keras2" = "keras3",
  workspace: Workspace | null = null,
) {
  const text = (language === "python" ? PYTHON : SCRIPT) + marked;
  const offset = text.indexOf("|");
  const source = parse(text.slice(0, offset) + text.slice(offset + 1), language, await testGrammars());
  const analysis = analyse(
    `file:///train.${language === "python" ? "py" : "ts"}`,
    source,
    undefined,
    new ModelReader(() => workspace),
  );
  const items = completion(analysis, source.positionAt(offset), keras);
  const replaced = items.map(({ textEdit }) => {
    const { range } = textEdit as TextEdit;
    return source.text.slice(source.offsetAt(range.start), source.offsetAt(range.end));
  });
  source.dispose();
  return { labels: items.map(({ label }) => label), replaced: replaced[0], items };
}

async function offers(marked: string, names: readonly string[], language: "python" | "typescript" = "python") {
  const { labels } = await itemsAt(marked, language);
  for (const name of names) assert.ok(labels.includes(name), `${marked}: ${name} in ${labels.join(", ")}`);
}

async function nothing(marked: string, language: "python" | "typescript" = "python") {
  assert.deepEqual((await itemsAt(marked, language)).labels, [], marked);
}

describe("strings of Python", () => {
  test("arguments by their names and by their places", async () => {
    await offers('layers.Dense(10, activation="|")', ["relu", "softmax", "sparsemax"]);
    await offers('layers.Dense(10, "|")', ["relu"]);
    await offers('layers.Activation("|")', ["relu"]);
    await offers('layers.LSTM(4, recurrent_activation="|")', ["sigmoid"]);
    await offers('layers.Conv2D(3, 3, kernel_initializer="|")', ["he_normal"]);
    await offers('layers.Dense(3, kernel_regularizer="|")', ["l2"]);
    await offers('layers.Conv2D(3, 3, data_format="|")', ["channels_first"]);
    await offers('model.compile("|")', ["adam"]);
    await offers('model.compile(optimizer="adam", loss="|")', ["mse", "sparse_categorical_crossentropy"]);
    await offers('keras.losses.get("|")', ["mse"]);
    await offers('conv_block(x, activation="|")', ["relu"]);
  });

  test("in lists and dictionaries of an argument", async () => {
    await offers('model.compile(metrics=["accuracy", "|"])', ["auc", "accuracy"]);
    await offers('model.compile(loss={"out": "|"})', ["mse"]);
    await offers('model.compile(loss=["mse", "|"])', ["huber"]);
  });

  test("only what the layer and the library take", async () => {
    assert.deepEqual((await itemsAt('layers.Conv2D(3, 3, padding="|")')).labels, ["valid", "same"]);
    assert.deepEqual((await itemsAt('layers.Conv1D(3, 3, padding="|")')).labels, ["valid", "same", "causal"]);
    assert.deepEqual((await itemsAt('keras.utils.pad_sequences(x, padding="|")')).labels, ["pre", "post"]);
    assert.ok(!(await itemsAt('layers.Dense(1, activation="|")', "python", "keras2")).labels.includes("sparsemax"));
  });

  test("nothing elsewhere", async () => {
    for (const marked of [
      'x = "|"',
      'print("|")',
      'layers.Dense(10, name="|")',
      'model.compile(run_eagerly="|")',
      'layers.Flatten(activation="|")',
      "layers.Dense(10, activation=|)",
      '# layers.Dense(10, activation="|")',
      '"""layers.Dense(10, activation="|")"""',
      'layers.Dense(10, activation="relu")|',
      'd = {"activation": "|"}',
    ])
      await nothing(marked);
  });

  test("what is replaced", async () => {
    assert.equal((await itemsAt('layers.Dense(10, activation="re|lu", name="x")')).replaced, "relu");
    assert.equal((await itemsAt("layers.Dense(10, activation='|softmax')")).replaced, "softmax");
    assert.equal((await itemsAt('layers.Dense(10, activation="re|')).replaced, "re");
    assert.equal((await itemsAt('layers.Dense(10, activation="re|)')).replaced, "re");
  });

  test("while the code around is broken", async () => {
    await offers('model.add(layers.Dense(10, activation="|\nmodel.add(layers.Dense(5))\n', ["relu"]);
    await offers('x = layers.Dense(10,\nmodel.compile(loss="|")', ["mse"]);
    await offers('def f(:\n    model = keras.Sequential([layers.Dense(3, activation="|"', ["relu"]);
    await offers("model.fit(x, y, epochs=[(\n\n\nlayers = 3\nmodel.compile(optimizer='|", ["adam"]);
  });

  test("each has a documentation, the usual ones first", async () => {
    const { items } = await itemsAt('layers.Dense(10, activation="|")');
    assert.equal(items[0]!.label, "relu");
    for (const { documentation, label } of items)
      assert.ok(typeof documentation === "object" && documentation.value.length > 10, label);
  });
});

describe("names of the program", () => {
  const MODEL = `
inputs = keras.Input((4,), name="numbers")
x = layers.Dense(8, name="hidden")(inputs)
model = keras.Model(inputs, layers.Dense(1, name="out")(x))
`;
  test("layers", async () => {
    assert.deepEqual((await itemsAt(`${MODEL}model.get_layer("|")`)).labels, ["numbers", "hidden", "out"]);
    assert.deepEqual((await itemsAt(`${MODEL}model.get_layer(name="h|`)).labels, ["numbers", "hidden", "out"]);
  });

  test("layers by the names that Keras gives them, where these are sure", async () => {
    const program = `
import matplotlib.pyplot as plt
plt.figure()
inputs = keras.Input((8, 8, 3))
x = layers.Conv2D(4, 3)(inputs)
x = layers.Conv2D(8, 3)(layers.ReLU()(x))
x = layers.Dense(2, name="out")(layers.Flatten()(x))
model = keras.Model(inputs, x)
other = keras.Sequential([layers.Dense(3), layers.Dense(1)])
`;
    const names = async (after: string, keras: "keras3" | "keras2" = "keras3") =>
      (await itemsAt(`${program}${after}`, "python", keras)).labels;
    const layersOf = ["conv2d", "re_lu", "conv2d_1", "flatten", "out"];
    assert.deepEqual(await names('model.get_layer("|")'), ["input_layer", ...layersOf]);
    assert.deepEqual(await names('model.get_layer("|")', "keras2"), ["input_1", ...layersOf]);
    assert.deepEqual(await names('other.get_layer("|")'), ["dense", "dense_1"]);
    const [, first] = (await itemsAt(`${program}model.get_layer("|")`)).items;
    assert.deepEqual(first!.documentation, { kind: "markdown", value: "Output 6 × 6 × 4  \n112 parameters  \nLine 8" });
    // What is not known may have made layers as well, or begun to count anew.
    const cleared = "def clear():\n    keras.backend.clear_session()\nclear()";
    for (const before of ["builder.make()", cleared, 'keras.models.load_model("m.keras")'])
      assert.deepEqual((await itemsAt(`${before}\n${program}model.get_layer("|")`)).labels, ["out"], before);
    const branch = "if flag():\n    layers.Conv2D(1, 1)\n";
    assert.deepEqual((await itemsAt(`def flag(): return time() > 3\n${branch}${program}model.get_layer("|")`)).labels, [
      "out",
    ]);
  });

  test("outputs of a model", async () => {
    const program = `
i = keras.Input((4,))
model = keras.Model(i, [layers.Dense(1, name="price")(i), layers.Dense(3)(i)])
`;
    for (const call of [
      'compile(loss={"|',
      'compile("adam", {"|',
      'compile(metrics={"|": []})',
      'compile(loss_weights={"|',
      'fit(x, {"|',
    ])
      assert.deepEqual((await itemsAt(`${program}model.${call}`)).labels, ["price", "dense"], call);
    await nothing(`${program}unknown.compile(loss={"|`);
  });

  test("columns of data frames", async () => {
    const program = 'import pandas as pd\ndf = pd.DataFrame({"age": [1, 2], "size": [1.5, 2.5]})\n';
    for (const use of [
      'df["|"]',
      'df.pop("|")',
      'df[["age", "|"]]',
      'df.drop(columns=["|"])',
      'tf.feature_column.numeric_column("|")',
    ])
      assert.deepEqual((await itemsAt(`${program}${use}`)).labels, ["age", "size"], use);
    assert.deepEqual((await itemsAt(`${program}df.pop("age")\ny = df\ndf["|"]`)).labels, ["size"]);
    await nothing(`${program}other["|"]`);
  });

  test("keys of inputs", async () => {
    assert.deepEqual((await itemsAt(`${MODEL}model.fit({"|": x}, y)`)).labels, ["numbers"]);
    assert.deepEqual((await itemsAt(`${MODEL}model.predict(x={"|`)).labels, ["numbers"]);
    await nothing(`${MODEL}options = {"|": 3}`);
  });

  test("keys of features", async () => {
    const program = `
age = tf.feature_column.numeric_column("age")
def input_fn():
    features = {"age": ages, "size": sizes}
    return features, labels
def model_fn(features, labels, mode):
    net = features["|"]
`;
    assert.deepEqual((await itemsAt(program)).labels, ["age", "size"]);
    const column = 'features = {"age": ages, "size": sizes}\ntf.feature_column.numeric_column("|")';
    assert.deepEqual((await itemsAt(column)).labels, ["age", "size"]);
    await nothing(`${program.replace('features["|"]', 'weights["|"]')}`);
  });
});

describe("strings of TypeScript", () => {
  test("options of layers and of compile", async () => {
    const typescript = "typescript";
    await offers('tf.layers.dense({ units: 10, activation: "|" })', ["relu", "hardSigmoid"], typescript);
    await offers("tf.layers.conv2d({ filters: 3, kernelInitializer: '|' })", ["heNormal", "leCunNormal"], typescript);
    await offers('model.compile({ optimizer: "adam", loss: "|" });', ["meanSquaredError"], typescript);
    await offers('model.compile({ loss: "meanSquaredError", metrics: ["|"] });', ["accuracy", "mse"], typescript);
    await offers("tf.layers.conv2d({ dataFormat: `|` })", ["channelsLast"], typescript);
    await nothing('const options = { activation: "|" };', typescript);
    await nothing('console.log("|")', typescript);
  });

  test("layers", async () => {
    const model =
      'const model = tf.sequential({ layers: [tf.layers.dense({ units: 3, inputShape: [2], name: "first" })] });\n';
    assert.deepEqual((await itemsAt(`${model}model.getLayer("|")`, "typescript")).labels, ["first"]);
    const more =
      "const m = tf.sequential();\nm.add(tf.layers.conv2d({ filters: 2, kernelSize: 2, inputShape: [4, 4, 1] }));\nm.add(tf.layers.reLU());\n";
    assert.deepEqual((await itemsAt(`${more}m.getLayer("|")`, "typescript")).labels, ["conv2d_Conv2D1", "re_lu_ReLU1"]);
    assert.deepEqual((await itemsAt(`await load();\n${more}m.getLayer("|")`, "typescript")).labels, []);
  });

  test("columns of a file", async () => {
    const program = 'const rows = tf.data.csv("file://./houses.csv", { columnConfigs: { "|": { isLabel: true } } });';
    const files: Record<string, string> = { "/w/houses.csv": "rooms,price\n3,100\n" };
    const workspace = { path: "/w/train.ts", units: () => undefined, read: (path: string) => files[path] };
    const { labels } = await itemsAt(program, "typescript", "keras3", workspace);
    assert.deepEqual(labels, ["rooms", "price"]);
    await nothing(program, "typescript");
  });

  test("while the code around is broken", async () => {
    await offers('function f() {\n  model.add(tf.layers.dense({ units: 3, activation: "|\n}\n', ["relu"], "typescript");
    await offers(
      'const a = tf.layers.dense({ units:\nconst b = tf.layers.dense({ activation: "|',
      ["relu"],
      "typescript",
    );
  });
});
