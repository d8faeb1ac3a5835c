// What the cases of test/cases expect is what real Keras says: each program is run, and its layers are asked.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { casesIn, expectedOf } from "../cases/cases";

const PYTHON = process.env["FITLENS_TEST_PYTHON"];
const folder = path.resolve("test/cases");
const cases = fs
  .readdirSync(folder)
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) => casesIn(fs.readFileSync(path.join(folder, name), "utf8")).map((one) => ({ ...one, file: name })))
  .filter(({ language }) => language === "python");

describe("what cases expect, in Keras 3", { skip: PYTHON ? false : "no Keras is set up" }, () => {
  let found: Record<number, string>[] | undefined;
  const answers = () => {
    if (found) return found;
    const { stdout, stderr } = spawnSync(PYTHON!, [path.resolve("test/truth/cases.py")], {
      input: JSON.stringify(cases.map(({ code }) => code)),
      encoding: "utf8",
      maxBuffer: 50_000_000,
    });
    const line = stdout.split("\n").find((one) => one.startsWith("RESULT"));
    assert.ok(line, stderr);
    found = JSON.parse(line.slice("RESULT".length)) as Record<number, string>[];
    return found;
  };
  for (const [at, { file, title, code }] of cases.entries()) {
    test(`${file}: ${title}`, () => {
      // A line that did not run this time says nothing.
      const said = expectedOf(code).map((text, line) => (text === "" ? "" : (answers()[at]![line] ?? text)));
      assert.deepEqual(expectedOf(code), said);
    });
  }
});
