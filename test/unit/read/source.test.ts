// Incremental parsing gives what parsing anew gives, whatever is typed; and nothing that can be typed makes the reader throw.
import assert from "node:assert/strict";
import fs from "node:fs";
import { describe, test } from "node:test";
import { analyse } from "../../../src/features/analysis";
import { convertDocument } from "../../../src/features/convert";
import { diagnostics } from "../../../src/features/diagnostics";
import { trainingLenses } from "../../../src/features/lenses";
import { applyEdits } from "../../../src/model/span";
import { difference, parse, reparse, type Source } from "../../../src/read/source";
import { testGrammars } from "./script";

const SAMPLES = ["resources/sample/iris.ts", "resources/sample/digits.ts", "resources/sample/petals.js"].map((file) =>
  fs.readFileSync(file, "utf8"),
);

/** Numbers that look random and are the same in each run. */
function generator(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 4294967296) * below);
  };
}

const PIECES = [
  "",
  "(",
  ")",
  "{",
  "}",
  "'",
  '"',
  "`",
  "${",
  "/*",
  "*/",
  "//",
  "\n",
  "\r\n",
  "é😀",
  "\u0000",
  "\ud800",
  "model.fit(x, y)",
  "await ",
  "const m = ",
  "...",
  "=>",
  "<T>",
  "a?.b!",
  ";",
  "import ",
  "class A {",
  "@",
];

function everything(uri: string, source: Source): unknown {
  const analysis = analyse(uri, source);
  const conversions = analysis.script.calls.map((_, line) => convertDocument(analysis, null, { line }));
  return [trainingLenses(analysis), diagnostics(analysis), convertDocument(analysis, null, {}), conversions];
}

describe("typing", () => {
  test("random edits: the tree stays that of the whole text, and what is read with it", async () => {
    const grammars = await testGrammars();
    for (const [seed, text] of SAMPLES.entries()) {
      const below = generator(seed + 1);
      let source = parse(text, "typescript", grammars);
      for (let round = 0; round < 120; round++) {
        const start = below(source.text.length + 1);
        const edit = {
          start,
          end: Math.min(source.text.length, start + below(12)),
          text: PIECES[below(PIECES.length)]!,
        };
        const next = reparse(source, edit, grammars);
        source.dispose();
        source = next;
        const whole = parse(source.text, "typescript", grammars);
        if (round % 10 === 0) {
          assert.equal(source.tree.rootNode.toString(), whole.tree.rootNode.toString(), `seed ${seed}, round ${round}`);
          assert.deepEqual(everything("file:///a.ts", source), everything("file:///a.ts", whole));
        }
        whole.dispose();
      }
      source.dispose();
    }
  });

  test("a text that is cut off anywhere is read", async () => {
    const grammars = await testGrammars();
    for (const text of SAMPLES) {
      for (let end = 0; end < text.length; end += 17) {
        const source = parse(text.slice(0, end), "typescript", grammars);
        everything("file:///a.ts", source);
        source.dispose();
      }
    }
  });

  test("deep nesting is read", async () => {
    const grammars = await testGrammars();
    const head = 'import * as tf from "@tensorflow/tfjs";\n';
    const deep = [
      `${"(".repeat(2000)}m.fit(x, y)`,
      `${"a(".repeat(500)}m.fit(x, y)${")".repeat(500)}`,
      `${"{".repeat(1000)}m.fit(x, y)`,
      `const m = ${"f(".repeat(300)}tf.sequential(`,
    ];
    for (const text of deep) {
      const source = parse(head + text, "javascript", grammars);
      everything("file:///a.js", source);
      source.dispose();
    }
  });

  test("names that go round in circles are unknown", async () => {
    const source = parse(
      'import * as tf from "@tensorflow/tfjs";\nlet a = b, b = c, c = a;\nfunction f() { return g(); } function g() { return f(); }\nconst o = { p: o.p };\na.fit(x, y); f().fit(x, y); o.p.fit(x, y);',
      "javascript",
      await testGrammars(),
    );
    assert.equal(analyse("file:///a.js", source).script.calls.length, 3);
  });
});

describe("10,000 lines", () => {
  test("are read, edited and converted", async () => {
    const grammars = await testGrammars();
    const filler = Array.from(
      { length: 9_990 },
      (_, line) => `const value${line} = compute(${line}, "text", { a: [1, 2, 3] });`,
    ).join("\n");
    const text = `${SAMPLES[0]!}\n${filler}\n`;
    let source = parse(text, "typescript", grammars);
    source = reparse(source, { start: text.length, end: text.length, text: "// end" }, grammars);
    const analysis = analyse("file:///a.ts", source);
    assert.equal(analysis.script.calls.length, 1);
    assert.equal(convertDocument(analysis, 1, {}).ok, true);
  });
});

describe("difference", () => {
  for (const [before, after] of [
    ["", "a"],
    ["abc", "abc"],
    ["aaa", "aa"],
    ["abcd", "axcd"],
    ["ab", ""],
    ["aXa", "aXXa"],
  ] as const) {
    test(`${JSON.stringify(before)} to ${JSON.stringify(after)}`, () => {
      const edit = difference(before, after);
      assert.equal(edit ? applyEdits(before, [edit]) : before, after);
    });
  }
});

describe("places", () => {
  test("lines and offsets, with every line end and character", async () => {
    const text = "a\r\nb😀c\n\nd\re";
    const source = parse(text, "javascript", await testGrammars());
    for (let offset = 0; offset <= text.length; offset++) {
      if (offset === 2) continue; // between \r and \n
      assert.equal(source.offsetAt(source.positionAt(offset)), offset);
    }
    assert.deepEqual(source.positionAt(6), { line: 1, character: 3 });
    assert.equal(source.offsetAt({ line: 99, character: 0 }), text.length);
    assert.equal(source.offsetAt({ line: 1, character: 99 }), 7);
  });
});
