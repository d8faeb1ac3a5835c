// The evaluator copes with any text: broken at any place, endless, too deep, hostile. It never throws and stays in its budget.
import assert from "node:assert/strict";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { layerSites } from "../../../../src/features/layerSites";
import { readModels } from "../../../../src/features/reading";
import { parse } from "../../../../src/read/source";
import { grammarsBeside } from "../../../../src/server/grammars";
import { casesIn } from "../../../cases/cases";

const grammars = grammarsBeside(path.resolve("dist"));

type Dialect = "python" | "typescript" | "javascript";

async function sites(text: string, dialect: Dialect) {
  const source = parse(text, dialect, await grammars);
  try {
    return layerSites(readModels(source));
  } finally {
    source.dispose();
  }
}

const cases = fs
  .readdirSync("test/cases")
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) => casesIn(fs.readFileSync(path.join("test/cases", name), "utf8")));

test("cut off at any place", async () => {
  for (const { code, language } of cases) {
    for (let length = 1; length < code.length; length += 11) await sites(code.slice(0, length), language);
  }
});

test("with any stretch left out", async () => {
  for (const { code, language } of cases) {
    for (let at = 0; at < code.length; at += 17) await sites(code.slice(0, at) + code.slice(at + 9), language);
  }
});

const HOSTILE: readonly (readonly [string, Dialect, string])[] = [
  ["a loop without an end", "python", "x = 0\nwhile True:\n    x += 1\n"],
  ["a loop of many turns", "python", "x = []\nfor i in range(10**9):\n    x.append(i)\n"],
  [
    "loops in loops",
    "python",
    "n = 0\nfor i in range(3000):\n  for j in range(3000):\n    for k in range(3000):\n      n += 1\n",
  ],
  ["a function that calls itself", "python", "def f(n):\n    return f(n + 1) + f(n + 2)\nf(0)\n"],
  ["functions that call one another", "python", "def f(n):\n    return g(n)\ndef g(n):\n    return f(n)\n"],
  ["a list in itself", "python", "import keras\nx = []\nx.append(x)\nkeras.Sequential(x)\nprint(str(x))\n"],
  [
    "one of two layers",
    "python",
    "import keras, sys\nm = keras.Sequential()\nif sys.argv[1:]:\n  m.add(keras.layers.Dense(4))\nelse:\n  m.add(keras.layers.Dense(2))\nm.get_layer('a')\nm.add(keras.layers.Dense(3))\nm.build((None, 2))\n",
  ],
  ["a class of itself", "python", "class A(A):\n    pass\nA()\n"],
  ["a model of itself", "python", "import keras\nm = keras.Sequential()\nm.add(m)\nm.build((None, 2))\n"],
  [
    "large numbers",
    "python",
    "import keras\nkeras.layers.Dense(10**400)(keras.Input((2**70,)))\n'a' * 10**9\n[0] * 10**9\n1 << 10**9\n",
  ],
  ["odd numbers", "python", "import keras\nkeras.layers.Conv2D(-1, 0, strides=0)(keras.Input((0, -3, None)))\n"],
  [
    "names of objects",
    "python",
    "import keras\nkeras.layers.constructor()\nkeras.layers.__proto__(3)\nkeras.toString\n{}.get('__proto__')\n",
  ],
  [
    "an object that goes over itself",
    "python",
    "class A:\n    def __iter__(self):\n        return self\nfor x in A():\n    print(x)\nlist(A())\n",
  ],
  [
    "a loop that each turn may leave",
    "python",
    "from b import c\ndef f(n):\n    for i in range(1, n + 1):\n        if c(i):\n            return i\n        if c(-i):\n            return -i\nf(2000)\n",
  ],
  [
    "a function that calls itself for each part",
    "python",
    "def text(x):\n    if x:\n        return [text(y) for y in x] + [text(y) for y in x]\n    return text(x)\n",
  ],
  [
    "branches after branches that nobody knows",
    "python",
    `import keras\ndef build(a):\n    x = keras.Input((4,))\n${Array.from({ length: 60 }, (_, i) => `    if a[${i}]:\n        x = keras.layers.Dense(${i + 1})(x)\n`).join("")}    return keras.Model(keras.Input((4,)), x)\n`,
  ],
  [
    "pictures gone over pixel by pixel",
    "javascript",
    "let sum = 0;\nfor (let i = 0; i < 500; i++) for (let j = 0; j < 500; j++) for (const k of [1, 2, 3]) sum += i * j * k;\n",
  ],
  ["a getter that calls itself", "javascript", "class A { get x() { return this.x; } }\nnew A().x;\n"],
  [
    "models in models, each one twice",
    "python",
    `import keras\nm = keras.Sequential([keras.Input((2,)), keras.layers.Dense(2)])\n${"m = keras.Sequential([m, m])\n".repeat(50)}`,
  ],
  ["a loop without an end", "javascript", "for (;;) { let x = 1; }\n"],
  [
    "names of objects",
    "javascript",
    "import * as tf from '@tensorflow/tfjs';\ntf.layers.constructor({});\ntf.__proto__;\n({}).__proto__.x;\n",
  ],
];

describe("hostile", () => {
  for (const [name, dialect, text] of HOSTILE) {
    test(`${dialect}: ${name}`, async () => {
      assert.ok(Array.isArray(await sites(text, dialect)));
    });
  }
});
