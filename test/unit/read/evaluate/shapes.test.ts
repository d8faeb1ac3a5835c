// What operations on arrays and tensors give, as it is read from a program. test/truth/shapes.test.ts asks the libraries the same.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { readModels } from "../../../../src/features/reading";
import { recordedOf } from "../../../../src/read/evaluate/program";
import { parse } from "../../../../src/read/source";
import { type ShapeCases, shapeCases, shapeWords } from "../../../cases/shapes";
import { testGrammars } from "../script";

const BEGINNINGS = {
  python: ["import keras", "import numpy as np", "import tensorflow as tf", "from keras import backend as K, ops"],
  javascript: ['import * as tf from "@tensorflow/tfjs";'],
};

/** One statement for each expression: what its name was worth there. */
async function readShapes({ language, cases }: ShapeCases): Promise<string[]> {
  const beginning = BEGINNINGS[language];
  const statements = cases.map(({ expression }, at) =>
    language === "python" ? `x${at} = ${expression}` : `const x${at} = ${expression};`,
  );
  const source = parse([...beginning, ...statements].join("\n"), language, await testGrammars());
  const found = cases.map(() => "?");
  for (const { place, value } of recordedOf(readModels(source).program, "named")) {
    const line = source.positionAt(place.unit.start + place.start).line - beginning.length;
    if (value.kind === "tensor" && value.type.shape !== "?") found[line] = shapeWords(value.type.shape);
  }
  return found;
}

describe("shapes of operations", () => {
  for (const one of shapeCases()) {
    test(one.name, async () => {
      const shapes = await readShapes(one);
      const read = one.cases.map(({ expression }, at) => ({ expression, shape: shapes[at]! }));
      assert.deepEqual(read, one.cases);
    });
  }
});
