// A program that is read anew only where an edit touched it is read as if it had been read whole.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { layerSites, offsetOf } from "../../../../src/features/layerSites";
import { type Reading, readModels } from "../../../../src/features/reading";
import { recordedOf } from "../../../../src/read/evaluate/program";
import type { Dialect } from "../../../../src/read/grammars";
import { parse, type Source } from "../../../../src/read/source";
import { casesIn } from "../../../cases/cases";
import { generator } from "../lower/texts";
import { testGrammars } from "../script";

async function sourceOf(text: string, dialect: Dialect): Promise<Source> {
  return parse(text, dialect, await testGrammars());
}

/** All that was found, with its places. */
function told(reading: Reading): string[] {
  const found = recordedOf(reading.program, "found");
  return [
    ...layerSites(reading).map((site) => `${offsetOf(site)} ${site.layer} ${JSON.stringify(site.variants)}`),
    ...found.map(({ place, failure }) => `${place.unit.start + place.start} ${failure.fails}`).sort(),
  ];
}

/** A line is left out, doubled, moved, or has a number changed; now and then something is typed anywhere. */
function edited(text: string, below: (limit: number) => number): string {
  const lines = text.split("\n");
  const at = below(lines.length);
  const kind = below(6);
  if (kind === 0) lines.splice(at, 1);
  else if (kind === 1) lines.splice(at, 0, lines[at]!);
  else if (kind === 2) lines.splice(below(lines.length), 0, ...lines.splice(at, 1 + below(6)));
  else if (kind === 3) lines[at] = lines[at]!.replace(/\d+/, String(1 + below(64)));
  else if (kind === 4) lines[at] = lines[at]!.replace(/\b[a-z_]+\b/, ["x", "model", "layer", "inputs"][below(4)]!);
  else
    lines[at] = `${lines[at]!.slice(0, below(20))}${["(", ")", "x", "\n", " ", '"'][below(6)]}${lines[at]!.slice(20)}`;
  return lines.join("\n");
}

async function follow(text: string, dialect: Dialect, seed: number, rounds: number): Promise<void> {
  const below = generator(seed);
  let reading = readModels(await sourceOf(text, dialect));
  let now = text;
  for (let round = 0; round < rounds; round++) {
    const before = now;
    now = below(4) === 0 ? text : edited(now, below);
    const source = await sourceOf(now, dialect);
    reading = readModels(source, "keras3", { before: reading });
    const whole = readModels(source);
    assert.deepEqual(told(reading), told(whole), `seed ${seed}, round ${round}\n${before}\n-----\n${now}`);
    source.dispose();
  }
}

const cases = fs
  .readdirSync("test/cases")
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) => casesIn(fs.readFileSync(path.join("test/cases", name), "utf8")));

describe("edits", () => {
  for (const language of ["python", "javascript", "typescript"] as const) {
    const all = cases.filter((one) => one.language === language);
    if (all.length === 0) continue;
    for (let seed = 1; seed <= 4; seed++) {
      test(`${language}, all cases in a row, ${seed}`, async () => {
        await follow(all.map(({ code }) => code).join("\n"), language, seed, 25);
      });
    }
    test(`${language}, case by case`, async () => {
      for (const [at, { code }] of all.entries()) await follow(code, language, at + 1, 12);
    });
  }
});

describe("what an edit has nothing to do with", () => {
  const MODELS = `import keras
from keras import layers

WIDTH = 8

def block(x, units):
    return layers.Dense(units)(x)

def small():
    inputs = keras.Input((WIDTH,))
    return keras.Model(inputs, block(inputs, 3))

a = small()
b = keras.Sequential([keras.Input((4,)), layers.Dense(5)])
b.add(layers.Dense(6))
c = keras.Sequential([keras.Input((2,)), layers.Dense(1)])
head = c.layers[-1]
head.trainable = False

def unused(x):
    return layers.Dense(2)(x)
`;

  async function again(from: string, to: string): Promise<string[]> {
    const before = readModels(await sourceOf(MODELS, "python"));
    const known = new Set(before.program.tasks);
    const source = await sourceOf(MODELS.replace(from, to), "python");
    const { program } = readModels(source, "keras3", { before });
    return program.tasks.filter((task) => !known.has(task)).map(({ unit }) => source.text.slice(unit.start, unit.end));
  }

  const firstLines = async (from: string, to: string) => (await again(from, to)).map((text) => text.split("\n")[0]);

  test("is not evaluated again", async () => {
    assert.deepEqual(await firstLines("Dense(5)", "Dense(50)"), [
      "b = keras.Sequential([keras.Input((4,)), layers.Dense(50)])",
      "b.add(layers.Dense(6))",
    ]);
    assert.deepEqual(await firstLines("Dense(2)", "Dense(20)"), ["def unused(x):"]);
  });

  test("but what calls a function that changed is", async () => {
    assert.deepEqual(await firstLines("Dense(units)", "Dense(units + 1)"), [
      "def block(x, units):",
      "def small():",
      "a = small()",
    ]);
    assert.deepEqual(await firstLines("WIDTH = 8", "WIDTH = 9"), ["WIDTH = 9", "def small():", "a = small()"]);
  });

  test("and so is what shares an object", async () => {
    assert.deepEqual(await firstLines("trainable = False", "trainable = True"), ["head.trainable = True"]);
    assert.deepEqual(await firstLines("Dense(1)", "Dense(7)"), [
      "c = keras.Sequential([keras.Input((2,)), layers.Dense(7)])",
      "head = c.layers[-1]",
      "head.trainable = False",
    ]);
  });
});

test("a layer that nothing calls any more forgets what it was called with", async () => {
  const text = `import keras
from keras import layers

def block(x, activation=layers.LeakyReLU()):
    return activation(x)

def model(x):
    return block(x)

y = model(keras.Input((8,)))
`;
  const reading = readModels(await sourceOf(text, "python"));
  const source = await sourceOf(text.replace("return block(x)", "return x"), "python");
  const after = told(readModels(source, "keras3", { before: reading }));
  assert.deepEqual(after, told(readModels(source)));
});
