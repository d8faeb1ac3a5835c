// The variables of Estimators, brought ones and the user's own, are those that TensorFlow 2.15 makes.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { layerSites } from "../../src/features/layerSites";
import { readModels } from "../../src/features/reading";
import type { Weight } from "../../src/model/layers/catalog.types";
import { parse } from "../../src/read/source";
import { testGrammars } from "../unit/read/script";
import { ESTIMATOR_FILES, ESTIMATOR_PROGRAMS, TRAINED } from "./estimatorPrograms";

const PYTHON = process.env["FITLENS_TEST_PYTHON_ESTIMATOR"];

type Answer = { readonly variables: Readonly<Record<string, readonly number[]>> } | { readonly error: string };

const WORKSPACE = {
  path: "/w/train.py",
  units: () => undefined,
  read: (name: string) => ESTIMATOR_FILES[path.posix.relative("/w", name)],
};

async function weightsOf(program: string): Promise<readonly Weight[] | "?"> {
  const source = parse(program + TRAINED, "python", await testGrammars());
  const sites = layerSites(readModels(source, "keras2", { workspace: WORKSPACE }));
  source.dispose();
  const [made] = sites.filter(({ layer }) => /(Estimator|Classifier|Regressor)$/.test(layer));
  return made!.variants[0]!.weights;
}

describe("variables of Estimators", { skip: PYTHON ? false : "no FITLENS_TEST_PYTHON_ESTIMATOR" }, () => {
  const names = Object.keys(ESTIMATOR_PROGRAMS);
  let answers: readonly Answer[];
  let folder: string;
  before(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-estimators-"));
    for (const [name, text] of Object.entries(ESTIMATOR_FILES)) fs.writeFileSync(path.join(folder, name), text);
    const { stdout, stderr } = spawnSync(PYTHON!, [path.resolve("test/truth/estimatorModels.py")], {
      input: JSON.stringify(Object.values(ESTIMATOR_PROGRAMS)),
      cwd: folder,
      encoding: "utf8",
      maxBuffer: 50_000_000,
    });
    const line = stdout.split("\n").find((one) => one.startsWith("RESULT"));
    assert.ok(line, stderr);
    answers = JSON.parse(line.slice("RESULT".length)) as Answer[];
  });
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  for (const [at, name] of names.entries()) {
    test(name, async () => {
      const real = answers[at]!;
      assert.ok("variables" in real, "error" in real ? real.error : "");
      const weights = await weightsOf(ESTIMATOR_PROGRAMS[name]!);
      assert.notEqual(weights, "?");
      const ours = (weights as readonly Weight[]).map(({ shape }) => JSON.stringify(shape)).sort();
      assert.deepEqual(
        ours,
        Object.values(real.variables)
          .map((shape) => JSON.stringify(shape))
          .sort(),
      );
    });
  }
});
