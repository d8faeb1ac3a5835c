// What IPython adds to Python is masked: the text keeps its length and its lines, and reads as Python.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { isWhole, maskMagics } from "../../../../src/read/python/notebook";
import { parse } from "../../../../src/read/source";
import { testGrammars } from "../script";

const CASES: Record<string, [cell: string, masked: string]> = {
  "a magic": ["%pip install keras\nx = 1", "0#ip install keras\nx = 1"],
  "a command": ["!ls -la\nx = 1\n", "0#s -la\nx = 1\n"],
  "an indented command": ["if a:\n    !ls\nx = 1", "if a:\n    0#s\nx = 1"],
  "a command over lines": ["!pip install \\\n  keras \\\n  jax\nx = 1", "0#ip install \\\n# keras \\\n# jax\nx = 1"],
  "a command with quotes and brackets": ["!echo \"it's (\nx = 1", "0#cho \"it's (\nx = 1"],
  "an assigned command": ["files = !ls\nx = files", "files = 0#s\nx = files"],
  "an assigned magic": ["out = %sql select 1", "out = 0#ql select 1"],
  help: ["model.fit?\nx = 1", "0#del.fit?\nx = 1"],
  "help in front": ["?model\nx = 1", "0#odel\nx = 1"],
  "a timed cell": ["%%time\nmodel.fit(x)", "#%time\nmodel.fit(x)"],
  "a timed cell with a command": ["%%capture out\n!ls\nx = 1", "#%capture out\n0#s\nx = 1"],
  "a cell of another language": ["%%bash\nls (\n\necho 'a", "#%bash\n#s (\n\n#cho 'a"],
  "a file that is written": ["%%writefile a.py\nmodel.fit(x)", "#%writefile a.py\n#odel.fit(x)"],
  "a timed line": ["%time h = m.fit(x)", "_   = h = m.fit(x)"],
  "a timed line with options": ["%timeit -n 3 m.fit(x)", "0#imeit -n 3 m.fit(x)"],
  "a blank line first": ["\n%%time\nx = 1", "\n#%time\nx = 1"],
  "Windows line ends": ["!ls\r\nx = 1\r\n", "0#s\r\nx = 1\r\n"],
  "a cell of another language, after a comment": ["# Now this\n%%bash\nls (", "# Now this\n#%bash\n#s ("],
  "a cell as Datalab has it": ["%bash\nls (\n", "#bash\n#s (\n"],
  "an assigned command with a space": ["out = ! ls (\nx = out", "out = 0#ls (\nx = out"],
  "a command without a sign": [
    "pip install keras==3\nls -la ./data\nx = 1",
    "0#p install keras==3\n0# -la ./data\nx = 1",
  ],
  "names that are commands too": [
    "cat = 1\nls - cat\ncat(1)\ncp.x\ncat if cat else ls",
    "cat = 1\nls - cat\ncat(1)\ncp.x\ncat if cat else ls",
  ],
  "a single sign": ["!\nx = 1", "0\nx = 1"],
  "a remainder over lines": ["x = (a\n% b)\ny = a \\\n% b", "x = (a\n% b)\ny = a \\\n% b"],
  "a remainder in a line": ["x = a % b\nx %= 2", "x = a % b\nx %= 2"],
  "in a string": ['s = """\n%time\n!ls\n"""', 's = """\n%time\n!ls\n"""'],
  "in a string over lines, in a call": ['f("""\n!ls""", """\n%x""")\n!ls', 'f("""\n!ls""", """\n%x""")\n0#s'],
  "a comment with a bracket": ["x = 1  # (\n!ls", "x = 1  # (\n0#s"],
  "not equal": ["assert a != b\nx = a != b", "assert a != b\nx = a != b"],
  "an annotation in question": ["x: int = 1", "x: int = 1"],
  nothing: ["", ""],
};

describe("magics are masked", () => {
  for (const [name, [cell, masked]] of Object.entries(CASES)) {
    test(name, async () => {
      assert.equal(maskMagics(cell), masked);
      assert.equal(masked.length, cell.length);
      const source = parse(masked, "python", await testGrammars());
      assert.equal(source.tree.rootNode.hasError, false);
    });
  }

  test("every cut of every cell keeps its length and its line ends", () => {
    const all = Object.values(CASES)
      .map(([cell]) => cell)
      .join("\n");
    for (let start = 0; start < all.length; start += 7) {
      for (let end = start; end < all.length; end += 13) {
        const cell = all.slice(start, end);
        const masked = maskMagics(cell);
        assert.equal(masked.length, cell.length);
        assert.deepEqual(
          [...masked.matchAll(/[\r\n]/g)].map(({ index }) => index),
          [...cell.matchAll(/[\r\n]/g)].map(({ index }) => index),
        );
      }
    }
  });
});

describe("a cell is whole", () => {
  for (const text of [
    "",
    "x = 1",
    '"""a"""',
    "'it'",
    '"""a\n"b" """',
    '# it\'s """',
    '"\\""',
    'f("a", """b""")',
    "x = 'a",
  ])
    test(JSON.stringify(text), () => assert.equal(isWhole(text), true));
  for (const text of ['"""', '"""a', "'''a\nb", 'x = """a"" ', '"""a\\"""'])
    test(`not ${JSON.stringify(text)}`, () => assert.equal(isWhole(text), false));
});
