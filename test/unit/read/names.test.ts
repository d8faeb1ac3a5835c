// What names mean: `⟨` marks the declaration that the name behind `→` is bound to.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { scriptOf } from "./script";

async function check(marked: string): Promise<void> {
  const text = marked.replace(/[⟨→]/g, "");
  const before = (mark: string) => marked.slice(0, marked.indexOf(mark)).replace(/[⟨→]/g, "").length;
  const { names } = await scriptOf(text);
  const use = before("→");
  const name = /^\w+/.exec(text.slice(use))![0];
  const binding = names.resolve(name, use);
  assert.equal(binding?.node.startIndex, marked.includes("⟨") ? before("⟨") : undefined);
}

const CASES: Record<string, string> = {
  "a constant": "const ⟨a = 1; →a;",
  "the inner of two": "const a = 1; { const ⟨a = 2; →a; }",
  "the outer, beside an inner": "const ⟨a = 1; { const a = 2; } →a;",
  "var goes to the function": "function f() { if (x) { var ⟨a = 1; } →a; } const a = 2;",
  "a parameter": "const a = 1; function f(⟨a) { →a; }",
  "a parameter with default": "function f(⟨a = 1) { →a; }",
  "an arrow's only parameter": "const f = ⟨a => →a;",
  "a destructured parameter": "function f({ b: ⟨a }) { →a; }",
  "a shorthand pattern": "const { ⟨a } = o; →a;",
  "a pattern with default": "const { ⟨a = 1 } = o; →a;",
  "an array pattern": "const [, ⟨a] = o; →a;",
  "a rest pattern": "const [...⟨a] = o; →a;",
  "a key is no binding": "const { a: b } = o; →a;",
  "a default's value is no binding": "const { b = a } = o; →a;",
  "a function, used before": "→a(); function ⟨a() {}",
  "a class": "class ⟨a {} new →a();",
  "a function's own name": "const f = function ⟨a() { →a; };",
  "not outside of it": "const f = function a() {}; →a;",
  "a loop's variable": "for (const ⟨a of b) { →a; }",
  "not after the loop": "for (const a of b) {} →a;",
  "for with let": "for (let ⟨a = 0; →a < 1; ) {}",
  "an error": "try {} catch (⟨a) { →a; }",
  "an import": 'import { ⟨a } from "m"; →a;',
  "an import under another name": 'import { b as ⟨a } from "m"; →a;',
  "a namespace": 'import * as ⟨a from "m"; →a;',
  "a default import": 'import ⟨a from "m"; →a;',
  "an enum": "enum ⟨a { b } →a.b;",
  "a global": "→a;",
  "in a shorthand of an object": "const ⟨a = 1; const o = { →a };",
  "an exported constant": "export const ⟨a = 1; →a;",
};

describe("names", () => {
  for (const [name, text] of Object.entries(CASES)) test(name, () => check(text));

  test("uses leave out strings, comments, members and other names", async () => {
    const { names } = await scriptOf(
      'const a = 1; // a\n"a"; o.a; aa; $a; ({ a: 2 }); { const a = 3; a; } a; ({ a });',
    );
    const binding = names.resolve("a", 6)!;
    assert.equal(names.uses(binding).length, 2);
  });
});
