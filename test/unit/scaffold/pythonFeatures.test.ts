// New Python files in the editor: one call to train each, and nothing to complain of.
import assert from "node:assert/strict";
import { test } from "node:test";
import { analyse } from "../../../src/features/analysis";
import { diagnostics } from "../../../src/features/diagnostics";
import { trainTargets } from "../../../src/features/targets";
import { parse } from "../../../src/read/source";
import { type Answers, scaffold } from "../../../src/scaffold/scaffold";
import { testGrammars } from "../read/script";
import { nameOf, PYTHON_COMBINATIONS } from "./combinations";

const LAST_WITH_ESTIMATOR = {
  packages: { tensorflow: "2.15.1", keras: "2.15.0", "tensorflow-estimator": "2.15.0" },
  backends: { default: "tensorflow" },
};

function trainedBy({ kind }: Answers): { call: string; receiver: string } {
  if (kind === "sequential" || kind === "functional") return { call: "fit", receiver: "model" };
  return { call: kind === "baseline" ? "train" : "train_and_evaluate", receiver: "estimator" };
}

for (const answers of PYTHON_COMBINATIONS) {
  test(`${nameOf(answers)}: one call that trains, no complaint`, async () => {
    const source = parse(scaffold(answers).text, "python", await testGrammars());
    const analysis = analyse("file:///new.py", source);
    const found = trainTargets(analysis).map(({ call, receiver }) => ({ call, receiver }));
    assert.deepEqual(found, [trainedBy(answers)]);
    assert.deepEqual(
      diagnostics(analysis, LAST_WITH_ESTIMATOR).map(({ message }) => message),
      [],
    );
  });
}
