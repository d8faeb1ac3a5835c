// The cases of test/cases: what is shown at each line of a program. What is expected there is checked against the real libraries
// by test/truth/cases.test.ts.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { layerSites, offsetOf, siteText } from "../../../../src/features/layerSites";
import { readModels } from "../../../../src/features/reading";
import { parse } from "../../../../src/read/source";
import { grammarsBeside } from "../../../../src/server/grammars";
import { casesIn, expectedOf } from "../../../cases/cases";

const folder = path.resolve("test/cases");
const grammars = grammarsBeside(path.resolve("dist"));

for (const file of fs.readdirSync(folder).filter((name) => name.endsWith(".md"))) {
  describe(file, () => {
    for (const { title, language, code } of casesIn(fs.readFileSync(path.join(folder, file), "utf8"))) {
      test(title, async () => {
        const source = parse(code, language, await grammars);
        const shown = new Map<number, string[]>();
        for (const site of layerSites(readModels(source))) {
          const text = siteText(site);
          const { line } = source.positionAt(offsetOf(site));
          if (text !== "") shown.set(line, [...(shown.get(line) ?? []), text]);
        }
        const found = code.split("\n").map((_, line) => (shown.get(line) ?? []).join(" | "));
        assert.deepEqual(found, expectedOf(code));
      });
    }
  });
}
