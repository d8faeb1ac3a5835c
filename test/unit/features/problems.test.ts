// The cases of test/cases/problems: what is found wrong in a program, where, in which words, and what each fix leaves of it. That errors
// really raise, and that what is silent does not, is asked of the real libraries by test/truth/problems.test.ts.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { analyse } from "../../../src/features/analysis";
import type { FoundProblem } from "../../../src/features/found";
import type { KnownPython } from "../../../src/features/keras";
import { mendable, problemsOf } from "../../../src/features/problems";
import { ModelReader } from "../../../src/features/reading";
import { LAYER_CODES, PROBLEMS, type Problem } from "../../../src/model/problem";
import { applyEdits } from "../../../src/model/span";
import type { Workspace } from "../../../src/read/evaluate/run";
import { parse } from "../../../src/read/source";
import { splitUnits } from "../../../src/read/units";
import { expectedIn, type ProblemCase, problemCasesIn } from "../../cases/problems/problems";
import { testGrammars } from "../read/script";

const folder = path.resolve("test/cases/problems");
const PYTHONS: Record<string, KnownPython> = {
  keras2: { packages: { tensorflow: "2.15.1", keras: "2.15.0" }, backends: { default: "tensorflow" } },
  keras3: { packages: { tensorflow: "2.21.0", keras: "3.15.0" }, backends: { default: "tensorflow" } },
};

async function problemsIn({ language, keras }: ProblemCase, code: string) {
  const source = parse(code, language, await testGrammars());
  const problems: Problem[] = problemsOf(analyse("file:///case", source), keras ? PYTHONS[keras]! : null);
  return { source, problems };
}

/** The lines that an edit leaves of those that it changed. */
function leftOf(before: string, after: string): string {
  const [a, b] = [before.split("\n"), after.split("\n")];
  let from = 0;
  while (from < a.length && a[from] === b[from]) from++;
  let end = 0;
  while (end < a.length - from && end < b.length - from && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const left = b.slice(from, b.length - end).map((line) => line.trim());
  return left.length === 0 ? "-" : left.join(" ⏎ ");
}

const seenCodes = new Set<string>();

for (const file of fs.readdirSync(folder).filter((name) => name.endsWith(".md"))) {
  describe(file, () => {
    for (const one of problemCasesIn(fs.readFileSync(path.join(folder, file), "utf8"))) {
      test(one.title, async () => {
        const { source, problems } = await problemsIn(one, one.code);
        const expected = expectedIn(one.code);
        const place = (offset: number) => source.positionAt(offset);
        const found = problems
          .map((problem, at) => {
            const [start, end] = [place(problem.span.start), place(problem.span.end)];
            const line = one.code.split("\n")[start.line]!;
            const wanted = expected.find((want) => want.line === start.line && want.code === problem.code);
            return {
              at,
              line: start.line,
              from: start.character,
              to: end.line === start.line ? end.character : line.length,
              severity: problem.severity,
              code: problem.code,
              message: wanted && wanted.message === null ? null : problem.message,
              fixes:
                wanted && wanted.fixes.length === 0 ? [] : mendable([problem]).flatMap((each) => fixed(one.code, each)),
            };
          })
          .sort((a, b) => a.line - b.line || a.from - b.from)
          .map(({ at: _, ...rest }) => rest);
        assert.deepEqual(found, expected);
        for (const problem of mendable(problems)) {
          seenCodes.add(problem.code);
          for (const { title, edits } of problem.mendings()) {
            const after = await problemsIn(one, applyEdits(one.code, edits));
            assert.equal(
              after.problems.filter(({ code }) => code === problem.code).length,
              problems.filter(({ code }) => code === problem.code).length - 1,
              `${title} mends it`,
            );
          }
        }
        for (const { code } of problems) seenCodes.add(code);
      });
    }
  });
}

const fixed = (code: string, problem: FoundProblem) =>
  problem.mendings().map(({ title, edits }) => `${title}: ${leftOf(code, applyEdits(code, edits))}`);

test("a program that is cut off anywhere is no fault", async () => {
  for (const file of fs.readdirSync(folder).filter((name) => name.endsWith(".md"))) {
    for (const one of problemCasesIn(fs.readFileSync(path.join(folder, file), "utf8"))) {
      for (let length = one.code.length - 1; length > 0; length -= 23) {
        const { problems } = await problemsIn(one, one.code.slice(0, length));
        for (const problem of mendable(problems)) problem.mendings();
      }
    }
  }
});

test("what fails in a function of another file has no place in this one", async () => {
  const grammars = await testGrammars();
  const parts =
    "import keras\n\n\ndef block(x):\n    return keras.layers.Conv2D(8, 9)(x)\n\n\nx = keras.layers.Dropout(7)\n";
  const main =
    "import keras\nfrom parts import block\nblock(keras.Input((4, 4, 1)))\nkeras.layers.Dropout(0.5)(keras.Input((4,)))\n";
  const workspace: Workspace = {
    path: "/w/main.py",
    units: (file) =>
      file === "/w/parts.py"
        ? splitUnits(parse(parts, "python", grammars)).map((unit) => ({ ...unit, file }))
        : undefined,
    read: () => undefined,
  };
  const found = (text: string, own: Workspace | null) =>
    problemsOf(
      analyse("file:///w/main.py", parse(text, "python", grammars), undefined, new ModelReader(() => own)),
      null,
    ).map(({ code }) => code);
  assert.deepEqual(found(main, workspace), []);
  assert.deepEqual(found(parts + main.replace("from parts import block\n", ""), null), [
    "rate-out-of-range",
    "negative-size",
  ]);
});

describe("the pages of problems", () => {
  const codes = [...Object.keys(PROBLEMS), ...LAYER_CODES].sort();
  test("each problem has one, and each page a problem", () => {
    const pages = fs.readdirSync("resources/problems").map((name) => name.replace(/\.md$/, ""));
    assert.deepEqual(pages.sort(), codes);
  });
  test("each begins with its code and shows what fails and what does not", () => {
    for (const code of codes) {
      const page = fs.readFileSync(path.join("resources/problems", `${code}.md`), "utf8");
      assert.match(page, new RegExp(`^# ${code}\n\n\\S`), code);
      assert.ok(page.split("\n").length < 60, code);
    }
  });
});
