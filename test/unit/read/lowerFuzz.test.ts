// Whatever is typed, the front ends give code: they never throw, never overflow the stack, and their spans lie in their text.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Unit } from "../../../src/read/code";
import type { Dialect } from "../../../src/read/grammars";
import { parse } from "../../../src/read/source";
import { splitUnits } from "../../../src/read/units";
import { generator, JAVASCRIPT, PYTHON, TYPESCRIPT } from "./lower/texts";
import { testGrammars } from "./script";

async function units(text: string, dialect: Dialect): Promise<readonly Unit[]> {
  const source = parse(text, dialect, await testGrammars());
  const found = splitUnits(source);
  source.dispose();
  return found;
}

/** How deep code nests; every span in it lies in the unit. Without recursion, so that it cannot be what overflows. */
function depthOf(unit: Unit): number {
  const length = unit.end - unit.start;
  let deepest = 0;
  const waiting: [value: unknown, depth: number][] = [[unit.code, 0]];
  for (let next = waiting.pop(); next; next = waiting.pop()) {
    const [value, depth] = next;
    if (value === null || typeof value !== "object") continue;
    if ("start" in value && "end" in value) {
      const { start, end } = value as { start: number; end: number };
      assert.ok(0 <= start && start <= end && end <= length, `a span from ${start} to ${end} in ${length}`);
      deepest = Math.max(deepest, depth);
    }
    for (const inner of Object.values(value)) waiting.push([inner, depth + 1]);
  }
  return deepest;
}

const TEXTS = [
  ["python", PYTHON],
  ["javascript", JAVASCRIPT],
  ["typescript", TYPESCRIPT],
] as const;

describe("cut off anywhere", () => {
  for (const [dialect, text] of TEXTS) {
    test(dialect, async () => {
      for (let end = 0; end < text.length; end += 5)
        for (const unit of await units(text.slice(0, end), dialect)) depthOf(unit);
    });
  }
});

describe("begun anywhere", () => {
  for (const [dialect, text] of TEXTS) {
    test(dialect, async () => {
      for (let start = 1; start < text.length; start += 11)
        for (const unit of await units(text.slice(start), dialect)) depthOf(unit);
    });
  }
});

describe("shuffled", () => {
  for (const [dialect, text] of TEXTS) {
    test(dialect, async () => {
      const pieces = text.split(/(?<=[\s()[\]{}.,;:])/);
      for (let seed = 1; seed <= 60; seed++) {
        const below = generator(seed);
        const shuffled = Array.from({ length: 40 }, () => pieces[below(pieces.length)]).join("");
        for (const unit of await units(shuffled, dialect)) depthOf(unit);
      }
    });
  }
});

describe("deep and long", () => {
  const N = 2_000;
  const deep: [name: string, dialect: Dialect, text: string][] = [
    ["brackets", "python", `x = ${"(".repeat(N)}1${")".repeat(N)}\ny = 2`],
    ["open brackets", "python", "x = [{(".repeat(N)],
    ["calls", "python", `x = ${"f(a, b=".repeat(N)}1${")".repeat(N)}\ny = 2`],
    ["a sum", "python", `x = 1${" + a".repeat(N * 3)}\ny = 2`],
    ["comparisons", "python", `x = 1${" < a".repeat(N * 3)}`],
    ["members", "python", `x = a${".b(1)[2]".repeat(N)}`],
    ["signs", "python", `x = ${"-".repeat(N)}1; y = ${"not ".repeat(N)}z`],
    ["lambdas", "python", `x = ${"lambda a: ".repeat(N)}1`],
    ["conditions", "python", `x = ${"a if b else ".repeat(N)}c`],
    ["assignments", "python", `${"x = ".repeat(N)}1`],
    ["elif", "python", `if a:\n  b = 1\n${"elif a:\n  b = 2\n".repeat(N)}else:\n  b = 3\n`],
    ["case", "python", `match a:\n${"  case 1:\n    b = 2\n".repeat(N)}`],
    ["blocks", "python", Array.from({ length: 500 }, (_, at) => `${" ".repeat(at)}if a:\n`).join("")],
    ["strings", "python", `x = ${"'a' ".repeat(N * 5)}`],
    ["placeholders", "python", `x = f"${"{a}".repeat(N)}"; y = f"${"{a:".repeat(N)}"`],
    ["brackets", "javascript", `x = ${"(".repeat(N)}1${")".repeat(N)};\ny = 2`],
    ["braces", "javascript", "{".repeat(N)],
    ["objects", "javascript", `x = ${"{a: [".repeat(N)}`],
    ["calls", "javascript", `x = ${"f({a: ".repeat(N)}1${"})".repeat(N)}`],
    ["chains", "javascript", `x = a${".b().c?.[0]".repeat(N)}`],
    ["arrows", "javascript", `x = ${"a => ".repeat(N)}1`],
    ["functions", "javascript", `${"function f() { ".repeat(N)}${"}".repeat(N)}`],
    ["else if", "javascript", `if (a) b = 1;${" else if (a) b = 2;".repeat(N)}`],
    ["patterns", "javascript", `const ${"[".repeat(N)}a${"]".repeat(N)} = b`],
    ["templates", "javascript", `x = ${"`${".repeat(N)}a${"}`".repeat(N)}`],
    ["commas", "javascript", `x = [${",".repeat(N * 10)}]; y = (a${", b".repeat(N)})`],
    [
      "types",
      "typescript",
      `const a: ${"A<".repeat(N)}B${">".repeat(N)} = 1; const b = ${"(".repeat(N)}c as D${")".repeat(N)}`,
    ],
    ["elements", "tsx", `const a = ${"<a b={c}>".repeat(N)}`],
  ];
  for (const [name, dialect, text] of deep) {
    test(`${name}, ${dialect}`, async () => {
      for (const unit of await units(text, dialect)) assert.ok(depthOf(unit) < 3_000);
    });
  }
  test("a line of 200,000 characters", async () => {
    const [unit] = await units(`x = [${"1, ".repeat(70_000)}]`, "python");
    depthOf(unit!);
  });
});
