// A source's units after edits are those of reading it whole, whatever is typed; and what an edit does not touch is not read again.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import type { Dialect } from "../../../src/read/grammars";
import { parse, reparse, type Source, type TextEdit } from "../../../src/read/source";
import { splitUnits } from "../../../src/read/units";
import { print } from "./lower/print";
import { generator, JAVASCRIPT, PYTHON, TYPESCRIPT } from "./lower/texts";
import { testGrammars } from "./script";

const TYPED = [
  ...["", "\n", "\r\n", "    ", "\t", "x", "y = 1\n", "f(", "(", ")", "[", "]", "{", "}", "'", '"', "`", '"""', "'''"],
  ...[":", ";", ",", ".", "=", "\\\n", "#", "//", "/*", "*/", "${", "\\", "@", "*", "**", "é😀", "\u0000", "\ud800"],
  ...[
    "if x:\n    y\n",
    "else:\n",
    "def f(a):\n    return a\n",
    "class A:\n    pass\n",
    "import a\n",
    "return ",
    "lambda: ",
  ],
  ...["const m = ", "=>", "async ", "await ", "export ", "function g() { return 1 }\n", "class B { #x = 1 }\n", "<T>"],
];

/** An insertion, a deletion or both; now and then a cut of all that follows. */
function randomEdit(text: string, below: (limit: number) => number): TextEdit {
  const start = below(text.length + 1);
  const length = below(40) === 0 ? text.length : below(3) === 0 ? below(60) : below(3);
  return { start, end: Math.min(text.length, start + length), text: TYPED[below(TYPED.length)]! };
}

describe("units after edits", () => {
  for (const [dialect, text] of [
    ["python", PYTHON],
    ["javascript", JAVASCRIPT],
    ["typescript", TYPESCRIPT],
  ] as const) {
    test(`${dialect}: are those of the whole`, async () => {
      const grammars = await testGrammars();
      for (let seed = 1; seed <= 12; seed++) {
        const below = generator(seed);
        let source = parse(text, dialect, grammars);
        let units = splitUnits(source);
        for (let round = 0; round < 60; round++) {
          const edit = randomEdit(source.text, below);
          const next = reparse(source, edit, grammars);
          const after = splitUnits(next, { source, units, edit });
          assert.deepEqual(after, splitUnits(next), `seed ${seed}, round ${round}: ${JSON.stringify(edit)}`);
          source.dispose();
          [source, units] = [next, after];
          // A text that is cut to nothing is begun anew.
          if (source.text.length < 200) {
            const whole = { start: 0, end: source.text.length, text };
            const again = reparse(source, whole, grammars);
            units = splitUnits(again, { source, units, edit: whole });
            source.dispose();
            source = again;
          }
        }
        source.dispose();
      }
    });
  }
});

async function edited(text: string, dialect: Dialect, edit: TextEdit) {
  const grammars = await testGrammars();
  const source = parse(text, dialect, grammars);
  const units = splitUnits(source);
  const next = reparse(source, edit, grammars);
  return { before: units, after: splitUnits(next, { source, units, edit }), source: next };
}

describe("what an edit leaves", () => {
  test("keeps its code, the very objects, also where it moves", async () => {
    const text = "a = 1\nb = 2\n# a note\nc = 3\nd = 4\n";
    const at = text.indexOf("2");
    const { before, after } = await edited(text, "python", { start: at, end: at + 1, text: "200" });
    assert.deepEqual(
      after.map((unit, index) => unit.code === before[index]!.code),
      [true, false, true, true],
    );
    assert.deepEqual(
      after.map(({ start, end }) => [start, end]),
      [
        [0, 5],
        [6, 13],
        [23, 28],
        [29, 34],
      ],
    );
  });

  test("a statement that follows is one more unit", async () => {
    const text = "const a = 1;\nconst c = 3;\n";
    const { after, before } = await edited(text, "javascript", { start: 13, end: 13, text: "const b = 2;\n" });
    assert.deepEqual(
      after.map(({ code }) => print(code)),
      ["let a = 1;", "let b = 2;", "let c = 3;"],
    );
    assert.equal(after[2]!.code, before[1]!.code);
  });

  test("an else that is typed joins its if", async () => {
    const text = "if a:\n    x = 1\ny = 2\n";
    const { after } = await edited(text, "python", { start: 16, end: 16, text: "else:\n    x = 2\n" });
    assert.deepEqual(
      after.map(({ code }) => print(code)),
      ["if a { x = 1; } else { x = 2; }", "y = 2;"],
    );
  });

  test("a quote that opens takes what follows into its string", async () => {
    const text = "a = 1\nb = 2\nc = 3\n";
    const { after, source } = await edited(text, "python", { start: 6, end: 6, text: '"""' });
    assert.deepEqual(after, splitUnits(source));
  });
});

test("10,000 lines: a key press costs no more than the units it touches", async () => {
  const grammars = await testGrammars();
  const block = Array.from({ length: 2_500 }, (_, at) => {
    return `def layer_${at}(x, units=${at}):\n    y = Dense(units, activation="relu")(x)\n    return y + ${at}\n\n`;
  });
  const text = block.join("");
  let source = parse(text, "python", grammars);
  let units = splitUnits(source);
  const before = units;
  const start = text.indexOf("units=1200") + "units=".length;
  for (let press = 0; press < 5; press++) {
    const edit = { start, end: start, text: "7" };
    const next: Source = reparse(source, edit, grammars);
    units = splitUnits(next, { source, units, edit });
    source.dispose();
    source = next;
  }
  assert.equal(units.filter((unit, at) => unit.code !== before[at]!.code).length, 1);
  assert.match(print(units[1200]!.code), /units = 777771200/);
});
