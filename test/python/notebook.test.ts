// A notebook as a program.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { type HookedOptions, runHooked, temporary } from "./help";

const cell = (source: string, type = "code") => ({ cell_type: type, source: source.split(/(?<=\n)/) });

function run(t: TestContext, cells: readonly object[], options: HookedOptions = {}) {
  const cwd = temporary(t);
  const file = path.join(cwd, "book.ipynb");
  fs.writeFileSync(file, JSON.stringify({ nbformat: 4, cells }));
  return runHooked(t, { file, cwd, ...options });
}

test("code cells run in order, up to the one that is asked for", async (t) => {
  const cells = [cell("# Title", "markdown"), cell("x = 1"), cell("print(x, __name__)"), cell("print('not this one')")];
  const end = await run(t, cells, { env: { FITLENS_CELL: "2" } });
  assert.deepEqual([end.stdout, end.stderr, end.exitCode], ["1 __main__\n", "", 0]);
});

test("a traceback and the run's error name the cell and its line", async (t) => {
  const end = await run(t, [cell("# a", "markdown"), cell("def f():\n    return 1 / 0\n"), cell("\nf()")]);
  assert.equal(end.exitCode, 1);
  assert.match(end.stderr, /book\.ipynb, cell 3", line 2, in <module>\n {4}f\(\)/);
  assert.match(end.stderr, /book\.ipynb, cell 2", line 2, in f\n {4}return 1 \/ 0/);
  const { file, line, cell: index } = end.status.error?.at ?? {};
  assert.deepEqual([path.basename(file ?? ""), line, index], ["book.ipynb", 2, 1]);
});

test("magics go to IPython; cells that are no Python are left out with a word", async (t) => {
  const end = await run(t, [
    cell("%%writefile a.txt\nhello"),
    cell("!echo shell\n%time y = 2\nprint(y)"),
    cell("%%time\nprint('timed')"),
  ]);
  assert.match(end.stderr, /^\[fitlens\] Cell 1 begins with %%writefile/);
  assert.match(end.stdout, /shell[\s\S]*\n2\ntimed\n$/);
  assert.equal(end.exitCode, 0);
});

test("what is no notebook is said", async (t) => {
  const cwd = temporary(t);
  const file = path.join(cwd, "book.ipynb");
  fs.writeFileSync(file, "[]");
  const end = await runHooked(t, { file, cwd });
  assert.match(end.status.error?.message ?? "", /book\.ipynb is not a notebook: expected JSON with cells/);
});
