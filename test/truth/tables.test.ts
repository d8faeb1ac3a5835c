// Shapes of tables and of what is made of them are those that pandas, NumPy and scikit-learn give. FITLENS_TEST_PYTHON_TABLES must have pandas.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { pythonLibraries } from "../../src/read/evaluate/keras/library";
import { listItems } from "../../src/read/evaluate/lists";
import { evaluateProgram } from "../../src/read/evaluate/program";
import { PYTHON } from "../../src/read/evaluate/python/language";
import { makeRun } from "../../src/read/evaluate/run";
import { asTensor } from "../../src/read/evaluate/tensors/given";
import type { Value } from "../../src/read/evaluate/value";
import { parse } from "../../src/read/source";
import { splitUnits } from "../../src/read/units";
import { testGrammars } from "../unit/read/script";
import { FILES, TABLE_PROGRAMS } from "./tablePrograms";

const python = process.env["FITLENS_TEST_PYTHON_TABLES"];
const hasPandas = Boolean(python) && spawnSync(python!, ["-c", "import pandas, sklearn"]).status === 0;

async function shapesOf(program: string): Promise<unknown[]> {
  const source = parse(program, "python", await testGrammars());
  const libraries = pythonLibraries("keras3");
  const workspace = {
    path: "/project/train.py",
    units: () => undefined,
    read: (file: string) => FILES[file.replace("/project/", "")],
  };
  const { scope } = evaluateProgram(splitUnits(source), PYTHON, libraries, workspace);
  source.dispose();
  const told = scope.slots.get("told") as Value;
  assert.equal(told.kind, "list");
  const run = makeRun(PYTHON, libraries);
  return (told.kind === "list" ? (listItems(told) ?? []) : []).map((one) => asTensor(run, one)?.type.shape ?? "?");
}

describe("tables", { skip: hasPandas ? false : "no Python with pandas and scikit-learn" }, () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-tables-"));
  let answers: readonly unknown[];
  before(() => {
    for (const [name, text] of Object.entries(FILES)) {
      fs.mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
      fs.writeFileSync(path.join(folder, name), text);
    }
    const { stdout, stderr } = spawnSync(python!, [path.resolve("test/truth/tables.py")], {
      input: JSON.stringify({ folder, programs: TABLE_PROGRAMS.map(({ program }) => program) }),
      encoding: "utf8",
    });
    const line = stdout.split("\n").find((one) => one.startsWith("RESULT"));
    assert.ok(line, stderr);
    answers = JSON.parse(line.slice("RESULT".length)) as unknown[];
  });
  after(() => fs.rmSync(folder, { recursive: true }));

  for (const [at, { name, program }] of TABLE_PROGRAMS.entries())
    test(name, async () => assert.deepEqual(await shapesOf(program), answers[at]));
});
