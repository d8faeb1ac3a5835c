// The table of a model: what it lists, what it leaves out, how it says what is not known.
import assert from "node:assert/strict";
import { test } from "node:test";
import { readModels } from "../../../src/features/reading";
import { sizeText, summaryMarkdown } from "../../../src/features/summary";
import { summariesOf } from "../../../src/read/evaluate/program";
import { parse } from "../../../src/read/source";
import { testGrammars } from "../read/script";

async function tableOf(lines: readonly string[]): Promise<string> {
  const text = ["import keras", "from keras import layers", ...lines].join("\n");
  const source = parse(text, "python", await testGrammars());
  const { program } = readModels(source);
  source.dispose();
  return summaryMarkdown(summariesOf(program).at(-1)!);
}

test("a small model, whole", async () => {
  const table = await tableOf([
    "model = keras.Sequential([",
    "    keras.Input((28, 28, 1)),",
    '    layers.Conv2D(32, 3, name="first_one"),',
    "    layers.Flatten(),",
    "    layers.Dense(10, trainable=False),",
    '], name="small")',
  ]);
  assert.equal(
    table,
    `**Sequential** small

Total parameters: 216,650 (846.29 KB)  
Trainable parameters: 320 (1.25 KB)  
Non-trainable parameters: 216,330 (845.04 KB)  
Activations of one example: 169.04 KB  
Multiply-accumulates of one example: 411,008 (822 kFLOPs)  

| Layer | Output shape | Parameters | Trainable |
| --- | --- | ---: | :---: |
| first\\_one (Conv2D) | (None, 26, 26, 32) | 320 | yes |
| Flatten | (None, 21632) | 0 |  |
| Dense | (None, 10) | 216,330 | no |`,
  );
});

test("bytes are not said where the script sets what numbers are made of", async () => {
  const model = "model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])";
  for (const set of [
    'keras.config.set_floatx("float64")',
    'keras.backend.set_floatx("float16")',
    'keras.mixed_precision.set_global_policy("mixed_float16")',
    "keras.config.set_dtype_policy(policy)",
  ]) {
    const table = await tableOf([set, model]);
    assert.match(table, /Total parameters: 10 *\n/, set);
    assert.doesNotMatch(table, /KB| B\b|Activations/, set);
  }
  assert.match(await tableOf(['keras.backend.set_floatx("float32")', model]), /Total parameters: 10 \(40\.00 B\)/);
});

test("a long one: the first layers and the last", async () => {
  const table = await tableOf([
    "model = keras.Sequential([keras.Input((4,))] + [layers.Dense(4) for _ in range(139)] + [layers.Dense(1)])",
  ]);
  assert.match(table, /\| … 120 more layers \| \| \| \|/);
  assert.equal(table.match(/\| Dense \|/g)?.length, 20);
});

test("what is not known is not said", async () => {
  const table = await tableOf([
    "def make(units):",
    "    return keras.Sequential([keras.Input((4,)), layers.Dense(units)])",
  ]);
  assert.match(table, /\| Dense \| \(None, \?\) \| \? \| yes \|/);
  assert.match(table, /Total parameters: not known/);
  assert.doesNotMatch(table, /Multiply|Activations|Trainable parameters/);
});

test("a length that is free", async () => {
  const table = await tableOf(["model = keras.Sequential([keras.Input((None, 8)), layers.LSTM(4)])"]);
  assert.match(table, /Multiply-accumulates of one example: hangs on a size that is None/);
});

test("layers that somebody unknown freezes", async () => {
  const table = await tableOf([
    "from elsewhere import pick",
    "model = keras.Sequential([keras.Input((4,)), layers.Dense(2)])",
    "for layer in pick(model):",
    "    layer.trainable = False",
  ]);
  assert.match(table, /Total parameters: 10/);
  assert.doesNotMatch(table, /Trainable parameters/);
});

test("sizes as Keras writes them", () => {
  assert.deepEqual(
    [0, 1023, 1024, 1536, 3 * 1024 ** 3].map((bytes) => sizeText(bytes)),
    ["0.00 B", "1023.00 B", "1.00 KB", "1.50 KB", "3.00 GB"],
  );
  assert.equal(sizeText(12, true), "12.00 Byte");
});

test("what a model of keras.applications costs counts wherever it stands", async () => {
  const lines = (after: string) => [
    "base = keras.applications.MobileNetV2(weights=None, include_top=False, input_shape=(96, 96, 3))",
    `model = ${after}`,
  ];
  const costs = /Multiply-accumulates of one example: 55,011,712/;
  const pooled = "layers.GlobalAveragePooling2D()";
  assert.match(await tableOf(lines(`keras.Model(base.input, layers.Dense(2)(${pooled}(base.output)))`)), costs);
  assert.match(await tableOf(lines(`keras.Sequential([base, ${pooled}, layers.Dense(2)])`)), costs);
  // The memory of its many layers is not known: nothing is said.
  assert.doesNotMatch(await tableOf(lines(`keras.Sequential([base, ${pooled}, layers.Dense(2)])`)), /Activations/);
});
