// What Python names mean: `⟨` marks every place that gives the name behind `→` its value.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { pathAt } from "../../../../src/read/tree";
import { pythonOf } from "../script";

/** Where the marks stand in the text without them. */
function unmarked(marked: string): { text: string; definitions: number[]; use: number } {
  const definitions: number[] = [];
  let use = -1;
  let text = "";
  for (const char of marked) {
    if (char === "⟨") definitions.push(text.length);
    else if (char === "→") use = text.length;
    else text += char;
  }
  return { text, definitions, use };
}

async function check(marked: string, only: "all" | "reaching"): Promise<void> {
  const { text, definitions, use } = unmarked(marked);
  const { names, source } = await pythonOf(text);
  const name = /^\w+/.exec(text.slice(use))![0];
  const path = pathAt(source, use);
  const binding = names.resolveIn(name, path);
  const found = binding ? (only === "all" ? binding.definitions : names.reaching(binding, path)) : [];
  assert.deepEqual(
    found.map(({ node }) => node.startIndex),
    definitions,
  );
}

const MEANS: Record<string, string> = {
  "an assignment": "⟨a = 1\n→a",
  "two assignments": "⟨a = 1\n⟨a = 2\n→a",
  "one written below, in a function": "def f():\n    →a\n⟨a = 1",
  "a function's own": "a = 1\ndef f():\n    ⟨a = 2\n    →a",
  "the outer, beside a function's own": "⟨a = 1\ndef f():\n    a = 2\n→a",
  "a global": "⟨a = 1\ndef f():\n    global a\n    ⟨a = 2\n→a",
  "a nonlocal": "def f():\n    ⟨a = 1\n    def g():\n        nonlocal a\n        ⟨a = 2\n    →a",
  "a parameter": "a = 1\ndef f(⟨a):\n    →a",
  "a parameter with default": "a = 1\ndef f(⟨a=2):\n    →a",
  "a parameter with type": "def f(⟨a: int):\n    →a",
  "a parameter with both": "def f(⟨a: int = 1):\n    →a",
  "a default is read outside": "⟨a = 1\ndef f(b=→a):\n    a = 2",
  "the rest": "def f(*⟨a):\n    →a",
  "the keywords": "def f(**⟨a):\n    →a",
  "a lambda's parameter": "a = 1\nf = lambda ⟨a: →a",
  "a class": "class ⟨a: pass\n→a()",
  "not what a class body binds, in a method": "⟨a = 1\nclass C:\n    a = 2\n    def f(self):\n        →a",
  "what a class body binds, in the body": "a = 1\nclass C:\n    ⟨a = 2\n    →a",
  "an import": "import ⟨a\n→a",
  "an import's first part": "import ⟨a.b\n→a.b",
  "an import under another name": "import b as ⟨a\n→a",
  "a name imported": "from b import ⟨a\n→a",
  "a name imported under another name": "from b import c as ⟨a\n→a",
  "a loop": "for ⟨a in b:\n    →a",
  "a loop over pairs": "for i, ⟨a in b:\n    →a",
  "after a loop": "for ⟨a in b: pass\n→a",
  "a with": "with b as ⟨a:\n    →a",
  "an exception": "try: pass\nexcept E as ⟨a:\n    →a",
  "a walrus": "if (⟨a := 1):\n    →a",
  "a walrus in a comprehension": "[(⟨a := i) for i in b]\n→a",
  unpacked: "⟨a, b = c\n→a",
  "unpacked deeper": "(b, (⟨a, c)) = d\n→a",
  "a comprehension's own": "a = 1\n[→a for ⟨a in b]",
  "not outside of it": "[a for a in b]\n→a",
  "the first iterable is read outside": "⟨a = 1\n[a for a in →a]",
  "not an attribute": "b.a = 1\n→a",
  "not a keyword": "f(a=1)\n→a",
  "an assignment to several": "⟨a = b = 1\n→a",
  "the second of several": "b = ⟨a = 1\n→a",
  "a builtin": "→print",
};

const REACHES: Record<string, string> = {
  "only the last of two": "a = 1\n⟨a = 2\n→a",
  "not a later one": "⟨a = 1\n→a\na = 2",
  "both, where one may not run": "⟨a = 1\nif b:\n    ⟨a = 2\n→a",
  "of two branches both": "if b:\n    ⟨a = 1\nelse:\n    ⟨a = 2\n→a",
  "in a branch its own": "if b:\n    ⟨a = 1\n    →a\nelse:\n    a = 2",
  "in the other branch not": "⟨a = 0\nif b:\n    a = 1\nelse:\n    →a",
  "all, from a function": "⟨a = 1\n⟨a = 2\ndef f():\n    →a",
  "in a function only the last": "def f():\n    a = 1\n    ⟨a = 2\n    →a",
};

describe("names in Python", () => {
  for (const [name, text] of Object.entries(MEANS)) test(name, () => check(text, "all"));
});
describe("what can have reached a place", () => {
  for (const [name, text] of Object.entries(REACHES)) test(name, () => check(text, "reaching"));
});

describe("uses", () => {
  test("leave out strings, comments, attributes, keywords and other names", async () => {
    const { names } = await pythonOf('a = 1  # a\n"a"; o.a; aa; f(a=2)\ndef g():\n    a = 3\n    a\na; f(a)\n');
    assert.equal(names.uses(names.resolve("a", 0)!).length, 2);
  });
});
