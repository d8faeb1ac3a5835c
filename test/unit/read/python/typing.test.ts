// Whatever is typed in Python: what is read incrementally is what is read anew, and nothing that can be typed makes the reader throw.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { codeActions } from "../../../../src/features/actions";
import { type Analysis, analyse } from "../../../../src/features/analysis";
import { convertDocument } from "../../../../src/features/convert";
import { diagnostics } from "../../../../src/features/diagnostics";
import type { KnownPython } from "../../../../src/features/keras";
import { trainingLenses } from "../../../../src/features/lenses";
import { notebookText } from "../../../../src/features/notebook";
import { parse, reparse, type Source } from "../../../../src/read/source";
import { testGrammars } from "../script";

const KERAS = `"""A script: model.fit(x, y)"""
import os

os.environ["KERAS_BACKEND"] = "jax"
import numpy as np
import tensorflow as tf
from tensorflow import keras
from keras.models import *


class Net(keras.Model):
    def __init__(self, units: int = 3, *args, **kwargs):
        super().__init__()
        self.inner = self.build_inner(units)

    @staticmethod
    def build_inner(units):
        return keras.Sequential([keras.layers.Dense(units) for _ in range(2)])

    def go(self, x):
        self.inner.fit(x, epochs=2)


def build(size) -> "keras.Model":
    inputs = keras.Input((size,))
    x = keras.layers.Dense(4, activation="relu")(inputs)
    return keras.Model(inputs, x), lambda m: m


model, same = build(3)
model.compile(optimizer="adam", loss="mse", metrics=["mae"])
x = np.random.rand(32, 3)
if (n := len(x)) > 3 and not None:
    history = model.fit(x, x[:, :1], batch_size=8, epochs=3, verbose=0)
else:
    for each in [model, Net()]:
        each.train_on_batch(x, **{"y": f"{x!r:>{n}}"})
`;

const ESTIMATOR = `import tensorflow.compat.v1 as tf

def input_fn(): return tf.data.Dataset.from_tensors(({"a": [1.]}, [1.])).repeat()

def main(argv):
    global est
    est = tf.estimator.LinearRegressor(feature_columns=[tf.feature_column.numeric_column("a")])
    est.train(input_fn=input_fn, steps=3)
    try:
        tf.estimator.train_and_evaluate(est, tf.estimator.TrainSpec(input_fn), tf.estimator.EvalSpec(input_fn))
    except (ValueError, TypeError) as error:
        print(error, file=sys.stderr)

with open("a") as f, g: pass
match argv:
    case [a, *rest]: main(rest)
`;

const CELLS = [
  `%pip install keras\n${KERAS.slice(0, 180)}`,
  `%%time\n${KERAS.slice(180)}`,
  `!ls\n${ESTIMATOR}`,
  "%%html\n<b>'",
];

const PIECES = [
  "",
  "(",
  ")",
  "[",
  "}",
  "'",
  '"',
  '"""',
  "\\",
  "#",
  "\n",
  "\r\n",
  "    ",
  "\t",
  "é😀",
  "\u0000",
  "\ud800",
  ":",
  ",",
].concat(
  [
    "model.fit(x, y)",
    "def f(",
    "class A(keras.Model):",
    "lambda ",
    "import ",
    "from . import ",
    "*",
    "**",
    "=",
    ":=",
    "@",
    "async ",
    "%",
    "!",
    "?",
  ],
  ["global model", "f'{", "match x:", "model = model", "\n%%time\n", "del model", "yield ", "return "],
);

const NEW: KnownPython = { packages: { tensorflow: "2.21.0", keras: "3.1" }, backends: { default: "jax" } };

/** Numbers that look random and are the same in each run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

function shown(analysis: Analysis): unknown {
  const whole = { start: { line: 0, character: 0 }, end: { line: 999, character: 0 } };
  const lines = trainingLenses(analysis, NEW).map(({ range }) => range.start.line);
  return [
    trainingLenses(analysis, NEW),
    diagnostics(analysis, NEW),
    codeActions(analysis, whole, undefined, NEW),
    [...new Set(lines)].map((line) => convertDocument(analysis, null, { line }, NEW)),
    convertDocument(analysis, null, {}, NEW),
  ];
}

const everything = (source: Source): unknown => shown(analyse("file:///a.py", source));

describe("typing in Python", () => {
  test("random edits: what is read is what is read anew", async () => {
    const grammars = await testGrammars();
    for (const [seed, text] of [KERAS, ESTIMATOR].entries()) {
      const below = generator(seed + 11);
      let source = parse(text, "python", grammars);
      for (let round = 0; round < 150; round++) {
        const start = below(source.text.length + 1);
        const end = Math.min(source.text.length, start + below(12));
        const next = reparse(source, { start, end, text: PIECES[below(PIECES.length)]! }, grammars);
        source.dispose();
        source = next;
        const read = everything(source);
        if (round % 10 === 0) {
          const whole = parse(source.text, "python", grammars);
          assert.deepEqual(read, everything(whole), `seed ${seed}, round ${round}`);
          whole.dispose();
        }
        // Every so often from the beginning, so that not all is broken for good.
        if (round % 25 === 24) {
          source.dispose();
          source = parse(text, "python", grammars);
        }
      }
      source.dispose();
    }
  });

  test("letters put in and taken out again leave what was", async () => {
    const grammars = await testGrammars();
    const before = parse(KERAS, "python", grammars);
    const expected = everything(before);
    for (let start = 0; start < KERAS.length; start += 41) {
      const typed = reparse(before, { start, end: start, text: "(" }, grammars);
      const back = reparse(typed, { start, end: start + 1, text: "" }, grammars);
      assert.deepEqual(everything(back), expected);
      typed.dispose();
      back.dispose();
    }
  });

  test("a text that is cut off anywhere is read", async () => {
    const grammars = await testGrammars();
    for (const text of [KERAS, ESTIMATOR]) {
      for (let end = 0; end < text.length; end += 7) {
        const source = parse(text.slice(0, end), "python", grammars);
        everything(source);
        source.dispose();
      }
    }
  });

  test("a text whose beginning is missing is read", async () => {
    const grammars = await testGrammars();
    for (let start = 0; start < KERAS.length; start += 13) {
      const source = parse(KERAS.slice(start), "python", grammars);
      everything(source);
      source.dispose();
    }
  });

  test("deep nesting is read", async () => {
    const grammars = await testGrammars();
    const head = "from tensorflow import keras\n";
    for (const text of [
      `${"(".repeat(2000)}m.fit(x, y)`,
      `${"a(".repeat(500)}m.fit(x, y)${")".repeat(500)}`,
      `m = ${"f(".repeat(300)}keras.Sequential(`,
      `m = f${"()".repeat(3000)}\nf${"()".repeat(3000)}.fit(x, epochs=2)`,
      `def f():\n    a = ${"1 + ".repeat(9000)}1\n    return keras.Sequential()\nf().fit(x)`,
      `m = ${"a.".repeat(3000)}b\nm.fit(x, epochs=2)`,
      Array.from({ length: 90 }, (_, depth) => `${" ".repeat(depth)}if a:`).join("\n"),
      `m = keras.Sequential()\n${"m = f(m)\n".repeat(400)}m.fit(x, epochs=2)`,
    ]) {
      const source = parse(head + text, "python", grammars);
      everything(source);
      source.dispose();
    }
  });

  test("names and classes that go round in circles are unknown", async () => {
    const text = `import keras
a = b
b = c
c = a
def f(): return g()
def g(): return f()
class A(B): pass
class B(A): pass
class C:
    def __init__(self): self.m = self.m
    def go(self): self.m.fit(x, epochs=2)
keras.x = keras
k = k.layers
a.fit(x, epochs=2); f().fit(x, epochs=2); A().fit(x, epochs=2); k.fit(x, epochs=2)`;
    const { script } = analyse("file:///a.py", parse(text, "python", await testGrammars()));
    assert.equal(script.calls.length, 5);
  });

  test("notebooks that are edited anywhere are read", async () => {
    const grammars = await testGrammars();
    const below = generator(5);
    for (let round = 0; round < 60; round++) {
      const cells = CELLS.map((text, at) => {
        const start = below(text.length + 1);
        return {
          uri: `cell:${at}`,
          text: text.slice(0, start) + PIECES[below(PIECES.length)] + text.slice(start + below(9)),
        };
      });
      const { text, parts } = notebookText(cells);
      const source = parse(text, "python", grammars);
      const all = analyse("file:///a.ipynb", source, parts);
      for (const { uri } of [...cells, { uri: all.uri }]) shown({ ...all, uri });
      source.dispose();
    }
  });
});

describe("10,000 lines of Python", () => {
  test("are read and edited", async () => {
    const grammars = await testGrammars();
    const filler = Array.from(
      { length: 9_950 },
      (_, line) => `value_${line} = compute(${line}, "text", [1, 2, 3])`,
    ).join("\n");
    let source = parse(`${KERAS}\n${filler}\n`, "python", grammars);
    const end = source.text.length;
    source = reparse(source, { start: end, end, text: "# end" }, grammars);
    assert.equal(analyse("file:///a.py", source).script.calls.length, 3);
  });
});
