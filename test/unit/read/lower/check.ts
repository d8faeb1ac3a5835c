// One test for each case of a table: a text, and its code in short.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Dialect } from "../../../../src/read/grammars";
import { parse } from "../../../../src/read/source";
import { splitUnits } from "../../../../src/read/units";
import { testGrammars } from "../script";
import { print } from "./print";

export async function lowered(text: string, dialect: Dialect): Promise<string> {
  const source = parse(text, dialect, await testGrammars());
  const units = splitUnits(source);
  source.dispose();
  return units
    .map(({ code }) => print(code))
    .filter((one) => one !== "")
    .join(" ");
}

export function table(dialect: Dialect, cases: readonly (readonly [text: string, code: string])[]): void {
  for (const [text, code] of cases) {
    test(JSON.stringify(text), async () => assert.equal(await lowered(text, dialect), code));
  }
}
