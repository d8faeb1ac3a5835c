// Inlay hints and hovers, as they stand in the text.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { MarkupContent } from "vscode-languageserver-types";
import { type Analysis, analyse, type Part } from "../../../src/features/analysis";
import { type HintSettings, inlayHints } from "../../../src/features/hints";
import { hover } from "../../../src/features/hover";
import { dialectOf } from "../../../src/read/grammars";
import { parse } from "../../../src/read/source";
import { testGrammars } from "../read/script";

const ALL: HintSettings = { enabled: true, shapes: true, parameters: true, models: true };

async function read(text: string, file = "a.py", parts?: Part[]): Promise<Analysis> {
  return analyse(`file:///${file}`, parse(text, dialectOf(file)!, await testGrammars()), parts);
}

/** The text with its hints in it, line by line, as an editor shows them. */
async function shown(text: string, file = "a.py", settings: Partial<HintSettings> = {}): Promise<string[]> {
  const lines = text.split("\n");
  const range = { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } };
  for (const { position, label } of inlayHints(
    await read(text, file),
    range,
    { ...ALL, ...settings },
    "keras3",
  ).reverse()) {
    const line = lines[position.line]!;
    lines[position.line] = `${line.slice(0, position.character)} [${label}]${line.slice(position.character)}`;
  }
  return lines.filter((line) => line.includes(" ["));
}

const CNN = `import keras
from keras import layers
inputs = keras.Input((28, 28, 1))
x = layers.Conv2D(32, 3)(inputs)
x = layers.Flatten()(x)
model = keras.Model(inputs, layers.Dense(10)(x))
`;

describe("hints", () => {
  test("stand behind the call of a layer, a model's total behind the model", async () => {
    assert.deepEqual(await shown(CNN), [
      "inputs = keras.Input((28, 28, 1)) [→ 28 × 28 × 1]",
      "x = layers.Conv2D(32, 3)(inputs) [→ 26 × 26 × 32 · 320]",
      "x = layers.Flatten()(x) [→ 21632]",
      "model = keras.Model(inputs, layers.Dense(10)(x) [→ 10 · 216,330]) [→ 10 · 216,650 parameters]",
    ]);
  });

  test("behind add, in Python and TypeScript", async () => {
    const python =
      "import keras\nm = keras.Sequential()\nm.add(keras.Input((4,)))\nm.add(\n    keras.layers.Dense(\n        3,\n    )\n)\n";
    assert.deepEqual(await shown(python), [
      "m = keras.Sequential() [→ 3 · 15 parameters]",
      "m.add(keras.Input((4,))) [→ 4]",
      ") [→ 3 · 15]",
    ]);
    const typescript = `import * as tf from "@tensorflow/tfjs";
const model = tf.sequential();
model.add(tf.layers.dense({ units: 3, inputShape: [4] }));
const y = tf.layers.dense({ units: 2 }).apply(tf.input({ shape: [5] }));
`;
    assert.deepEqual(await shown(typescript, "a.ts"), [
      "const model = tf.sequential() [→ 3 · 15 parameters];",
      "model.add(tf.layers.dense({ units: 3, inputShape: [4] })) [→ 3 · 15];",
      "const y = tf.layers.dense({ units: 2 }).apply(tf.input({ shape: [5] }) [→ 5]) [→ 2 · 12];",
    ]);
  });

  test("several shapes at one place are told with their number", async () => {
    const text =
      "import keras\nx = keras.Input((8, 8, 1))\nfor n in (4, 8, 16):\n    x = keras.layers.Conv2D(n, 3)(x)\n";
    assert.deepEqual((await shown(text))[1], "    x = keras.layers.Conv2D(n, 3)(x) [→ 6 × 6 × 4 … 2 × 2 × 16 (3×)]");
  });

  test("a layer derived from one of Keras is a layer, with its own count", async () => {
    const text = `import keras
class Wide(keras.layers.Dense):
    pass
class Net(keras.Model):
    pass
y = Wide(3)(keras.Input((2,)))
`;
    assert.deepEqual(await shown(text), ["y = Wide(3)(keras.Input((2,)) [→ 2]) [→ 3 · 9]"]);
  });

  test("what is not known shows nothing", async () => {
    assert.deepEqual(await shown("import keras\ndef f(x, n):\n    return keras.layers.Dense(n)(x)\n"), []);
  });

  test("settings turn parts off", async () => {
    const conv = async (settings: Partial<HintSettings>) => (await shown(CNN, "a.py", settings))[1];
    assert.equal(await conv({ parameters: false }), "x = layers.Conv2D(32, 3)(inputs) [→ 26 × 26 × 32]");
    assert.equal(
      await conv({ shapes: false }),
      "model = keras.Model(inputs, layers.Dense(10)(x) [→ 216,330]) [→ 216,650 parameters]",
    );
    assert.equal((await shown(CNN, "a.py", { models: false })).length, 4);
    assert.deepEqual(await shown(CNN, "a.py", { enabled: false }), []);
  });

  test("only what the editor shows is answered", async () => {
    const range = { start: { line: 3, character: 0 }, end: { line: 4, character: 0 } };
    assert.deepEqual(
      inlayHints(await read(CNN), range, ALL, "keras3").map(({ position }) => position.line),
      [3],
    );
  });

  test("a cell of a notebook has its own", async () => {
    const [first, second] = ["import keras\nx = keras.Input((4,))\n", "y = keras.layers.Dense(3)(x)\n"];
    const parts = [
      { uri: "cell:1", text: first!, start: 0 },
      { uri: "cell:2", text: second!, start: first!.length },
    ];
    const analysis = { ...(await read(first! + second!, "a.py", parts)), uri: "cell:2" };
    const range = { start: { line: 0, character: 0 }, end: { line: 9, character: 0 } };
    assert.deepEqual(
      inlayHints(analysis, range, ALL, "keras3").map(({ position, label }) => [position, label]),
      [[{ line: 0, character: 28 }, "→ 3 · 15"]],
    );
  });

  test("follow edits of a broken text", async () => {
    assert.deepEqual((await shown(`${CNN}y = layers.Dense(3)(x\n`)).slice(0, 2), (await shown(CNN)).slice(0, 2));
  });
});

describe("tooltips and hovers", () => {
  test("a tooltip tells how it comes about", async () => {
    const range = { start: { line: 3, character: 0 }, end: { line: 4, character: 0 } };
    const [hint] = inlayHints(await read(CNN), range, ALL, "keras3");
    assert.equal(
      (hint!.tooltip as MarkupContent).value,
      "**Conv2D**\n\nInput `(None, 28, 28, 1)`  \nOutput `(None, 26, 26, 32)` float32  \n" +
        "`(28 − 3)/1 + 1 = 26`  \n320 parameters: kernel 3·3·1·32 + bias 32",
    );
  });

  /** `|` is where the mouse is. */
  async function hoverAt(marked: string, file = "a.py"): Promise<string | null> {
    const at = marked.indexOf("|");
    const analysis = await read(marked.replace("|", ""), file);
    const found = hover(analysis, analysis.source.positionAt(at), "keras3");
    return found && (found.contents as MarkupContent).value;
  }

  test("a layer's name tells of the layer, its arguments do not", async () => {
    assert.match((await hoverAt(CNN.replace("Conv2D(32", "Con|v2D(32")))!, /^\*\*Conv2D\*\*[\s\S]*320 parameters/);
    assert.equal(await hoverAt(CNN.replace("Conv2D(32", "Conv2D(3|2")), null);
  });

  test("a name tells what it is worth there", async () => {
    assert.equal(await hoverAt(CNN.replace("Flatten()(x)", "Flatten()(|x)")), "**x**\n\n`(None, 26, 26, 32)` float32");
    assert.equal(await hoverAt(CNN.replace("Dense(10)(x)", "Dense(10)(x|)")), "**x**\n\n`(None, 21632)` float32");
    assert.match(
      (await hoverAt(CNN.replace("model =", "mod|el =")))!,
      /^\*\*model\*\*\n\n\*\*Functional\*\*[\s\S]*Total parameters: 216,650[\s\S]*\| Conv2D \|/,
    );
  });

  test("an array says its type only where that is sure: 32 and 64 bits are not told apart everywhere", async () => {
    const of = (value: string) => hoverAt(`import numpy as np\nimport keras\nx = ${value}\nprint(|x)\n`);
    assert.equal(await of("np.zeros((8, 4))"), "**x**\n\n`(8, 4)`");
    assert.equal(await of("np.array([1, 2])"), "**x**\n\n`(2,)`");
    assert.equal(await of('np.zeros((8, 4), dtype="uint8")'), "**x**\n\n`(8, 4)` uint8");
  });

  test("a data frame tells its columns as they are there, a data set one element", async () => {
    const frame =
      'import keras\nimport pandas as pd\ndf = pd.DataFrame({"a": [1, 2, 3], "b": [0.5, 1.5, 2.5]})\ny = df.pop("b")\nprint(df)\n';
    const table = (rows: string) => `| Column | Type |\n| --- | --- |\n${rows}`;
    assert.equal(
      await hoverAt(frame.replace("df.pop", "d|f.pop")),
      `**df**\n\nData frame of 3 rows and 2 columns\n\n${table("| a | int64 |\n| b | float64 |")}`,
    );
    assert.equal(
      await hoverAt(frame.replace("print(df", "print(d|f")),
      `**df**\n\nData frame of 3 rows and 1 column\n\n${table("| a | int64 |")}`,
    );
    const set =
      'import numpy as np\nimport tensorflow as tf\nds = tf.data.Dataset.from_tensor_slices(({"x": np.zeros((9, 4))}, np.zeros((9,))))\nds = ds.batch(3)\n';
    assert.equal(
      await hoverAt(set.replace("ds = ds.batch", "d|s = ds.batch")),
      "**ds**\n\nData set, each element `({x: (None, 4)}, (None,))`",
    );
  });

  test("elsewhere nothing is said", async () => {
    assert.equal(await hoverAt(CNN.replace("import keras\n", "imp|ort keras\n")), null);
    assert.equal(await hoverAt("x = |3\n"), null);
  });
});
