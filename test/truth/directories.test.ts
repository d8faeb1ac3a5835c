// The elements of data sets that Keras makes of folders and arrays have the shapes that Keras 3 gives them; what hangs on the files is "?".
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { describe, test } from "node:test";
import { pythonLibraries } from "../../src/read/evaluate/keras/library";
import { listItems } from "../../src/read/evaluate/lists";
import { evaluateProgram } from "../../src/read/evaluate/program";
import { PYTHON } from "../../src/read/evaluate/python/language";
import type { Value } from "../../src/read/evaluate/value";
import { parse } from "../../src/read/source";
import { splitUnits } from "../../src/read/units";
import { testGrammars } from "../unit/read/script";

const python = process.env["FITLENS_TEST_PYTHON"];

const EXPRESSIONS = {
  images: 'keras.utils.image_dataset_from_directory("images")',
  "images of a size, grey":
    'keras.utils.image_dataset_from_directory("images", image_size=(8, 6), color_mode="grayscale")',
  "images, channels first":
    'keras.utils.image_dataset_from_directory("images", image_size=(8, 6), data_format="channels_first")',
  "images, one-hot": 'keras.utils.image_dataset_from_directory("images", label_mode="categorical", batch_size=4)',
  "images without labels": 'keras.utils.image_dataset_from_directory("images", labels=None)',
  "images one by one": 'keras.utils.image_dataset_from_directory("images", batch_size=None, color_mode="rgba")',
  "images in two halves":
    'keras.utils.image_dataset_from_directory("images", validation_split=0.5, subset="both", seed=1)',
  "images by their old name": 'keras.preprocessing.image_dataset_from_directory("images", label_mode="int")',
  texts: 'keras.utils.text_dataset_from_directory("texts")',
  "texts of two classes":
    'keras.utils.text_dataset_from_directory("texts", label_mode="binary", class_names=["a", "b"])',
  "texts one by one, without labels":
    'keras.utils.text_dataset_from_directory("texts", label_mode=None, batch_size=None)',
  sounds: 'keras.utils.audio_dataset_from_directory("sounds", output_sequence_length=40)',
  "sounds of any length": 'keras.utils.audio_dataset_from_directory("sounds", label_mode="categorical")',
  "windows of a series":
    "keras.utils.timeseries_dataset_from_array(np.zeros((30, 5)), np.zeros((30,)), sequence_length=7)",
  "windows alone":
    "keras.utils.timeseries_dataset_from_array(np.zeros((30, 5)), None, sequence_length=7, batch_size=None)",
};

type Shapes = readonly (Shapes | number | null | "?")[] | "?";

async function ours(): Promise<Record<string, Shapes[]>> {
  const lines = Object.values(EXPRESSIONS).map((expression, at) => `made${at} = ${expression}\n`);
  const source = parse(`import keras\nimport numpy as np\n${lines.join("")}`, "python", await testGrammars());
  const { scope } = evaluateProgram(splitUnits(source), PYTHON, pythonLibraries("keras3"));
  source.dispose();
  const told = Object.keys(EXPRESSIONS).map((name, at) => {
    const made = scope.slots.get(`made${at}`) as Value;
    const sets = made.kind === "list" ? listItems(made)! : [made];
    return [name, sets.map((one) => (one.kind === "dataset" ? shapesOf(one.element) : "?"))] as const;
  });
  return Object.fromEntries(told);
}

function shapesOf(value: Value): Shapes {
  if (value.kind === "tensor") return value.type.shape;
  return value.kind === "list" ? (listItems(value)?.map(shapesOf) ?? "?") : "?";
}

interface Real {
  readonly declared: Shapes;
  readonly first: Shapes;
}

/** "?" may be anything; None is what Keras declares to be None; a number is declared, or what the elements have. */
function fits(own: Shapes | number | null, declared: Shapes | number | null, first: Shapes | number | null): boolean {
  if (own === "?") return true;
  if (!Array.isArray(own)) return own === declared || (declared === null && own !== null && own === first);
  if (!Array.isArray(declared) || !Array.isArray(first) || own.length !== declared.length) return false;
  return own.every((one, at) => fits(one, declared[at], first[at]));
}

describe("data sets of folders and arrays", { skip: python ? false : "no FITLENS_TEST_PYTHON" }, async () => {
  const { stdout, stderr } = spawnSync(python ?? "", ["test/truth/directories.py"], {
    input: JSON.stringify(EXPRESSIONS),
    encoding: "utf8",
  });
  const line = stdout?.split("\n").find((one) => one.startsWith("RESULT"));
  const answers = line ? (JSON.parse(line.slice("RESULT".length)) as Record<string, Real[]>) : {};
  const told = await ours();
  for (const name of Object.keys(EXPRESSIONS))
    test(name, () => {
      const [own, real] = [told[name]!, answers[name]];
      assert.ok(real, stderr);
      assert.equal(own.length, real.length);
      for (const [at, { declared, first }] of real.entries()) {
        assert.ok(
          fits(own[at]!, declared, first),
          `${JSON.stringify(own[at])}, and Keras: ${JSON.stringify(real[at])}`,
        );
        assert.notEqual(own[at], "?");
      }
    });
});
