// What Python's texts become. Left the text, right its code in short (lower/print.ts).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { integerValue, stringValue } from "../../../src/read/python/lowerText";
import { lowered, table } from "./lower/check";

describe("literals", () => {
  table("python", [
    ["1; 1_000; 0x1F; 0o17; 0b101; 00", "1; 1000; 31; 15; 5; 0;"],
    ["1.; .5; 1e3; 1_0.2_5", "1.0; 0.5; 1000.0; 10.25;"],
    ["10**18; 1000000000000000000; 1000000000000000001", "(10 ** 18); 1000000000000000000; ?;"],
    ["1j; 017; b'x'", "?; ?; ?;"],
    ["True, False, None, ...", "(true, false, null, Ellipsis);"],
    ["[1, *a, 2]; (1,); (); {1, 2}; {}", "[1, *a, 2]; (1,); (); {1, 2}; {};"],
    ["{'a': 1, **b, c: d}", '{"a": 1, **b, c: d};'],
    ["[*range(4), *a.b]; x = *f(1), 2", "[*range(4), *a.b]; x = (*f(1), 2);"],
  ]);
});

describe("strings", () => {
  for (const [literal, value] of [
    ["'a'", "a"],
    ["'it\\'s'", "it's"],
    ['"\\n\\t\\\\ \\x41 \\u00e9 \\101 \\0"', "\n\t\\ A é A \0"],
    ["'\\U0001F600'", "😀"],
    ["'\\d \\%'", "\\d \\%"],
    ["r'\\n\\'", "\\n\\"],
    ["'a\\\nb'", "ab"],
    ["'''a\r\nb'''", "a\nb"],
    ["u'x'", "x"],
    ["b'x'", null],
    ["'\\N{BULLET}'", null],
    ["'\\x4'", null],
    ["'\\U00110000'", null],
  ] as const) {
    test(literal, () => assert.equal(stringValue(literal), value));
  }
  table("python", [
    ["'a' \"b\" r'\\n'", '"ab\\\\n";'],
    ["'a' b'b'", '?("a", ?);'],
    ["f'{x}'", "f`{x}`;"],
    ["f'a{x!r:>10}b' 'c'", "f`a{x:!r:>10}bc`;"],
    ["f'{x:.2f}'", "f`{x:.2f}`;"],
    ["f'{x:{w}}'", "f`{?(x, w)}`;"],
    ["f'{x=}'; f'{x = :.1f}'", "f`x={x:!r}`; f`x = {x:.1f}`;"],
    ["f'{{{a[\"b\"]}}}'; f'{{}}'", 'f`{{a["b"]}}`; "{}";'],
    ["f'{x}\\n' rf'{x}\\n'", "f`{x}\\n{x}\\\\n`;"],
    ["t'{x}'", "?(x);"],
  ]);
  test("whole numbers that a float cannot hold are unknown", () => {
    assert.equal(integerValue("9007199254740993"), null);
    assert.equal(integerValue("9007199254740992"), 9007199254740992);
    assert.equal(integerValue(`0x1${"0".repeat(600)}`), null);
  });
});

describe("operators", () => {
  table("python", [
    ["a + b * c ** d", "(a + (b * (c ** d)));"],
    ["-a ** 2 @ ~b // +c", "(((- (a ** 2)) @ (~ b)) // (+ c));"],
    ["a and b or not c", "((a and b) or (not c));"],
    [
      "a < b; a < b <= c; a is not b; a not in b; not a in b",
      "(a < b); (a < b <= c); (a is not b); (a not in b); (not (a in b));",
    ],
    ["a if b else c", "(b ? a : c);"],
    ["(a := 1)", "(a := 1);"],
    // The grammar's precedence is not Python's.
    ["a & b ^ c", "?(a, (b ^ c));"],
    ["await a ** 2", "?((a ** 2));"],
  ]);
});

describe("members, calls, slices", () => {
  table("python", [
    ["a.b.c", "a.b.c;"],
    ["f(a, *b, c=1, **d)", "f(a, *b, c=1, **d);"],
    ["f(x for x in y)", "f((x for x in y));"],
    ["super().__init__()", "super().__init__();"],
    [
      "a[1]; a[1:2]; a[::3]; a[:, -1]; a[i,]; a[..., None]",
      "a[1]; a[1:2:_]; a[_:_:3]; a[(_:_:_, (- 1))]; a[(i,)]; a[(Ellipsis, null)];",
    ],
    ["a[*b]", "a[(*b,)];"],
    ["f(a, # one, two\n  b)", "f(a, b);"],
    ["a[1 # :\n  :2]", "a[1:2:_];"],
  ]);
});

describe("comprehensions and lambdas", () => {
  table("python", [
    ["[x for x in y if x if z for w in x]", "[x for x in y if x if z for w in x];"],
    ["{k: v for k, v in x}; {x for x in y}", "{k: v for [k, v] in x}; {x for x in y};"],
    ["[x async for x in a, b]", "[x async for x in (a, b)];"],
    ["lambda: 0; lambda a, *b, c=1, **d: a", "def() { return 0; }; def(a, *b, !c = 1, **d) { return a; };"],
    ["lambda: (yield)", "def*() { return (yield); };"],
    ["def f():\n  return [y := x for x in z]", "def f() own y { return [(y := x) for x in z]; }"],
  ]);
});

describe("assignments", () => {
  table("python", [
    ["a = b = 1", "a = b = 1;"],
    ["a, (b, *c) = d", "[a, [b, *c]] = d;"],
    ["[a, b.c, d[0]] = e", "[a, b.c, d[0]] = e;"],
    ["a = 1, 2; a, = b", "a = (1, 2); [a] = b;"],
    ["a: int = 3; b: list[int]", "a: int = 3; b: list[int];"],
    ["a += 1; a.b //= 2; a[0] @= b", "(a += 1); (a.b //= 2); (a[0] @= b);"],
    ["del a, b[0]; del (c, d)", "del a, b[0]; del c, d;"],
    ["type X[T] = int", "X = ?;"],
  ]);
});

describe("statements", () => {
  table("python", [
    ["if a:\n  b\nelif c:\n  d\nelse:\n  e", "if a { b; } else { if c { d; } else { e; } }"],
    ['if __name__ == "__main__": main()', 'if (__name__ == "__main__") { main(); }'],
    ["for a, b in c:\n  break\nelse:\n  continue", "for [a, b] in c { break; } else { continue; }"],
    ["for a in b, c: pass", "for a in (b, c) { pass; }"],
    ["while a:\n  b\nelse:\n  c", "while a { b; } else { c; }"],
    ["with a as b, c as (d, e), f: pass", "with a as b, c as [d, e], f { pass; }"],
    ["with (a as b, c): pass", "with a as b, c { pass; }"],
    [
      "try:\n  a\nexcept B:\n  c\nexcept (D, E) as f:\n  g\nexcept:\n  h\nelse:\n  i\nfinally:\n  j",
      "try { a; } except B { c; } except (D, E) as f { g; } except { h; } else { i; } finally { j; }",
    ],
    ["try:\n  a\nexcept* B as c: pass", "try { a; } except B as c { pass; }"],
    ["try:\n  a\nexcept B, C: pass", "try { a; } except (B, C) { pass; }"],
    ["raise A('b') from c; raise", 'raise A("b"); raise;'],
    ["assert a, b; assert (a, b)", "assert a; assert (a, b);"],
    ["return; return a, b; return *a, b", "return; return (a, b); return (*a, b);"],
    ["a; b # c", "a; b;"],
    ["print >>f, x", "?(f, x);"],
  ]);
});

describe("imports", () => {
  table("python", [
    ["import a, b.c, d.e as f", 'import "a" all as a; import "b.c" all as b; import "d.e" all as f;'],
    ["import a.b as a", 'import "a" b as a;'],
    ["from a.b import (c, d as e,)", 'import "a.b" c as c, d as e;'],
    ["from . import a; from ..b import *", 'import "." a as a; import "..b" * as *;'],
    ["from __future__ import annotations", 'import "__future__" annotations as annotations;'],
  ]);
});

describe("functions and classes", () => {
  table("python", [
    ["def f(a, /, b: int = 1, *c, d, e=2, **g) -> int: pass", "def f(/a, b: int = 1, *c, !d, !e = 2, **g) { pass; }"],
    ["def f(*, a): pass", "def f(!a) { pass; }"],
    ["@a\n@b(1)\nasync def f():\n  await x", "@a @b(1) async def f() { (await x); }"],
    ["def f():\n  x = yield\n  yield from y", "def* f() own x { x = (yield); (yield-from y); }"],
    [
      "async def f():\n  async with a as b:\n    async for c in b: pass",
      "async def f() own b c { with a as b { for c in b { pass; } } }",
    ],
    [
      "@d\nclass A(B, metaclass=M):\n  x: int = 3\n  def f(self): pass",
      "@d class A(B, metaclass=M) { x: int = 3; def f(self) { pass; } }",
    ],
    ["class A[T]: pass", "class A() { pass; }"],
    // A function's own names.
    [
      "def f(p):\n  global a\n  a = b = 1\n  def g(): nonlocal b; b = 2",
      "def f(p) own b g { global a; a = b = 1; def g() { nonlocal b; b = 2; } }",
    ],
    [
      "def f():\n  import a.b, c as d\n  for e in x: e.g = 1\n  [h for h in e]",
      'def f() own a d e { import "a.b" all as a; import "c" all as d; for e in x { e.g = 1; } [h for h in e]; }',
    ],
  ]);
});

describe("match", () => {
  table("python", [
    ["match a:\n  case 1 | -2: b\n  case _: c", "(match) = a; if ?((match)) { b; } else { if true { c; } }"],
    ["match a:\n  case 1 | 2: b", "(match) = a; if (((match) == 1) or ((match) == 2)) { b; }"],
    ["match a:\n  case -1 if c: b", "(match) = a; if (((match) == (- 1)) and c) { b; }"],
    ["match a, b:\n  case x if x: b", "(match) = (a, b); if ((x := (match)); x) { b; }"],
    [
      "match a:\n  case None: b\n  case A.B: c\n  case 's': d",
      '(match) = a; if ((match) is null) { b; } else { if ((match) == A.B) { c; } else { if ((match) == "s") { d; } } }',
    ],
    ["match a:\n  case [x, *y]: b", "(match) = a; if (?((match)) and ((x := ?); (y := ?); true)) { b; }"],
    [
      "match a:\n  case C(x, y=z) as w: b",
      "(match) = a; if (?((match)) and ((x := ?); (z := ?); (w := (match)); true)) { b; }",
    ],
    ["match = 1; match(a)", "match = 1; match(a);"],
  ]);
});

describe("broken texts", () => {
  table("python", [
    ["x = \ny = 2", "x = ?; y = 2;"],
    ["model.\nx = 1", "?(model); x = 1;"],
    ["x = 1 +\ny = 2", "x = ?((1 + y), 2);"],
    ["import \ny = 1", "y = ?; 1;"],
    ['x = "unclosed\ny = 3', "x = ?(unclosed); y = 3;"],
    ["x = Dense(10,\ny = 2\nz = 3", "x = ?; ?(Dense, 10); y = ?(2); z = ?; ?(3);"],
    ["f(a=, b=2)", "f(a=?, b=2);"],
    ["f(a, b c)", "f(a, *?(b), *?(c));"],
    ["x = [A(1), B(\n]\nz = 2", "x = [A(1), *?(B), *?]; z = 2;"],
    ["{'a': 1, 'b': }", '{"a": 1, **?("b")};'],
    ["def f():\n  x = foo(\n  return x\n\nz = 3", "def f() own x { x = ?; ?(foo); return x; } z = 3;"],
    [
      "class A:\n  def f(self):\n    x = self.\n    return x\n  def g(self): pass",
      "class A() { def f(self) own x { x = ?(?(self, x)); } def g(self) { pass; } }",
    ],
    ["@\ndef f(): pass", "?; def f() { pass; }"],
    ["x = f'{a'\ny = 1", "x = ?; ?(a); y = ?; ?(1);"],
  ]);
  test("a text within a bracket that never closes is read in parts", async () => {
    assert.match(await lowered("a = 1\nx = f(\nb = 2\n", "python"), /^a = 1; /);
  });
});
