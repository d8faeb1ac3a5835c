// What JavaScript's and TypeScript's texts become. Left the text, right its code in short (lower/print.ts).
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { numberValue, stringValue } from "../../../src/read/javascript/lowerText";
import { table } from "./lower/check";

describe("literals", () => {
  for (const [literal, value] of [
    ["'a'", "a"],
    ["'it\\'s'", "it's"],
    ['"\\n\\t\\\\ \\x41 \\u00e9 \\u{1F600} \\0 \\d"', "\n\t\\ A é 😀 \0 d"],
    ["'\\101'", "A"],
    ["'a\\\nb\\\r\nc'", "abc"],
    ["'\\u{110000}'", null],
    ["'\\x4'", null],
    ["'a", null],
  ] as const) {
    test(literal, () => assert.equal(stringValue(literal), value));
  }
  for (const [literal, value] of [
    ["1_000", 1000],
    ["0x1F", 31],
    ["0b11", 3],
    ["0o17", 15],
    ["017", 15],
    ["089", 89],
    ["1e3", 1000],
    [".5", 0.5],
    ["5.", 5],
    ["10n", null],
  ] as const) {
    test(literal, () => assert.equal(numberValue(literal), value));
  }
  table("javascript", [
    ["true; false; null; undefined; /a/g; 1n", "true; false; null; undefined; ?; ?;"],
    ["[1, ...a, 2]; [,a,,b,]; [,]; [a /* , */, b]", "[1, *a, 2]; [undefined, a, undefined, b]; [undefined]; [a, b];"],
    // biome-ignore-start lint/suspicious/noTemplateCurlyInString: templates of the texts that are read.
    ["`a`; `a${b}\\n${`c`}`; `\\u{41}`", '"a"; f`a{b}\\n{"c"}`; "A";'],
    ["tag`a${b}`", "tag(*?(b));"],
    // biome-ignore-end lint/suspicious/noTemplateCurlyInString: as above.
    [
      "({a, b: 1, 'c': 2, 4: 3, [d]: 4, ...e, f() {}, async *g() {}, get h() { return 1 }})",
      '{"a": a, "b": 1, "c": 2, "4": 3, d: 4, **e, "f": def f() {}, "g": async def* g() {}, "h": ?(def h() { return 1; })};',
    ],
  ]);
});

describe("expressions", () => {
  table("javascript", [
    ["a + b * c ** d", "(a + (b * (c ** d)));"],
    [
      "a && b || !c; a ?? b; a === b; a instanceof B; 'a' in b",
      '((a and b) or (! c)); (a ?? b); (a === b); (a instanceof B); ("a" in b);',
    ],
    ["a ? b : c; (a, b); typeof a; void 0; delete a.b", "(a ? b : c); (a; b); (typeof a); (void 0); (delete a.b);"],
    ["a?.b?.[c]?.(d)", "a?.b?.[c]?.(d);"],
    ["f(a, ...b); new A; new A.B(1)", "f(a, *b); new A(); new A.B(1);"],
    [
      "a = b = 1; a += 1; a ??= 1; a ||= 1; a **= 2; a >>>= 1",
      "(a := (b := 1)); (a += 1); (a ??= 1); (a or= 1); (a **= 2); (a >>>= 1);",
    ],
    ["i++; --j.k", "(i++); (--j.k);"],
    ["this.#x; super.f(); super(1); #x in a", "this.#x; super.f(); super(1); (? in a);"],
    ["require('a'); import('b'); import.meta; await a", 'require("a"); import("b"); ?; (await a);'],
    [
      "x => x; async (a, {b}, [c], ...d) => { d }; () => ({a})",
      'arrow(x) { return x; }; async arrow(a, {"b": b}, [c], *d) { d; }; arrow() { return {"a": a}; };',
    ],
    [
      "(function f(a = 1) {}); (class extends A {}); (async function* () { yield* a; yield })",
      "def f(a = 1) {}; class(A) {}; async def*() { (yield-from a); (yield); };",
    ],
  ]);
});

describe("declarations and patterns", () => {
  table("javascript", [
    ["const a = 1, b = 2; let c; var d = 3", "let a = 1; let b = 2; let c; var d = 3;"],
    ["const {a, b: {c = 1}, d = 2, [e]: f, ...g} = h", 'let {"a": a, "b": {"c": c = 1}, "d": d = 2, e: f, *g} = h;'],
    ["const [a, , b = 1, ...[c]] = d", "let [a, , b = 1, *[c]] = d;"],
    ["[a, b] = [b, a]; ({a, b: c.d} = e)", '([a, b] := [b, a]); ({"a": a, "b": c.d} := e);'],
    [
      "function f(a, {b} = {}, ...c) {} function* g() {} async function h() {}",
      'def f(a, {"b": b} = {}, *c) {} def* g() {} async def h() {}',
    ],
    ["using a = b", "let a = b;"],
  ]);
});

describe("statements", () => {
  table("javascript", [
    ["if (a) b; else if (c) { d } else e", "if a { b; } else { if c { d; } else { e; } }"],
    ["for (let i = 0; i < 3; i++) f(i)", "while let i = 0; (i < 3) after (i++) { f(i); }"],
    ["for (;;) ; for (i = 0; ;) {}", "while always {} while (i := 0); always {}"],
    [
      "for (const [k, v] of a) b; for (x in a); for (var y of a);",
      "for let [k, v] in a { b; } for x keys a {} for var y in a {}",
    ],
    ["for await (const x of y) {}", "for let x in y {}"],
    ["while (a) b; do { c } while (d)", "while a { b; } do while d { c; }"],
    ["switch (a) { case 1: b; break; case 2: default: c }", "switch a { 1: { b; break; } 2: {} default: { c; } }"],
    ["a: for (;;) { continue a; break a }", "a: { while always { continue a; break a; } }"],
    [
      "try { a } catch ({b}) { c } finally { d }; try { a } catch {}",
      'try { a; } except as {"b": b} { c; } finally { d; } try { a; } except {}',
    ],
    ["throw new Error('a'); debugger; ; { a }", 'raise new Error("a"); { a; }'],
    ["with (a) b", "?(a, b);"],
  ]);
});

describe("classes", () => {
  table("javascript", [
    [
      "class A extends B { static x = 1; #p; 'q' = 2; [k] = 3; get y() { return 1 } static async z() {} }",
      "class A(B) { static x = 1; #p = nothing; q = 2; [k] = 3; get y def y() { return 1; }; static z async def z() {}; }",
    ],
    [
      "class A { constructor(a) { this.a = a } static { f() } }",
      "class A() { constructor def constructor(a) { (this.a := a); }; static  = arrow() { f(); }(); }",
    ],
  ]);
  table("typescript", [
    [
      "abstract class A<T> extends B<T> implements C { private x: number = 3; y?: string; declare z: T; abstract f(): void; g(): void; g() {} }",
      "class A(B) { x = 3; y = nothing; g def g() {}; }",
    ],
    [
      "class A { constructor(private a: number, readonly b = 2) { super(); f(); } }",
      "class A() { constructor def constructor(a: number, b = 2) { super(); (this.a := a); (this.b := b); f(); }; }",
    ],
    ["@d(1) class A { @e x = 1; @g m() {} }", "@d(1) class A() { x = ?(e, 1); m @g def m() {}; }"],
  ]);
});

describe("modules", () => {
  table("javascript", [
    [
      "import a, {b as c, default as d} from 'm'; import * as e from 'n'; import 'o'",
      'import "m" default as a, b as c, default as d; import "n" all as e; import "o" ;',
    ],
    [
      "export const a = 1, {b} = c; export function f() {} export class D {}",
      'let a = 1; let {"b": b} = c; export a as a, b as b; export def f() {} export class D() {}',
    ],
    ["export default function f() {}", "def f() {} export f as default;"],
    ["export default class {}", "let default = class() {}; export default as default;"],
    ["export default () => 1", "let default = arrow() { return 1; }; export default as default;"],
    [
      "export {a as b, c}; export {d as default} from 'e'; export * from 'f'; export * as g from 'h'",
      'export a as b, c as c; export d as default from "e"; export * as * from "f"; export * as g from "h";',
    ],
  ]);
  table("typescript", [
    [
      "import type {A} from 'm'; import {type B, C} from 'n'; import d = require('e')",
      'import "n" C as C; import "e" all as d;',
    ],
    ["export type {A}; export interface B {} export declare const c: number; import d = E.F", "let d = ?;"],
  ]);
});

describe("types", () => {
  table("typescript", [
    ["const a = <T>b; c as T; d!; e satisfies T; f<T>(g); const h = f<T>", "let a = b; c; d; e; f(g); let h = f;"],
    [
      "let a: number = 1; function f<T>(this: A, b?: string, c: T = d): void {}",
      "let a: number = 1; def f(b: string, c: T = d) {}",
    ],
    ["(a as any).b = 1; c! += 2", "(a.b := 1); (c += 2);"],
    ["type A = B; interface C {} declare const d: E; function f(a: B): void; abstract class G {}", "class G() {}"],
    [
      "enum A { B, C = 3, D, E = 'x', F, G = f(), H }",
      'let A = {"B": 0, "C": 3, "D": 4, "E": "x", "F": ?, "G": f(), "H": ?};',
    ],
    ["namespace N { export const a = 1 }", "let N = ?;"],
  ]);
  table("tsx", [
    [
      "const a = <div b={c}>{d.map(e => <p>{e}</p>)} f</div>",
      "let a = ?(div, c, d.map(arrow(e) { return ?(p, e); }));",
    ],
  ]);
});

describe("broken texts", () => {
  table("javascript", [
    ["const x = ;\nconst y = 2;", "let x = ?; ?; let y = 2;"],
    ["f(a, b c)", "f(a, *?(b), *?(c));"],
    ["function f() { const x = foo(; return x; }\nconst z = 3;", "def f() { let x = ?(foo); ?; return x; } let z = 3;"],
    [
      "class A { m() { this. } n() {} }\nconst y = 1;",
      "class A() { m def m() { ?(this); ?; }; n def n() {}; } let y = 1;",
    ],
    ["f({units: }, g({a: 3}))", 'f({**?}, g({"a": 3}));'],
    ["({a b: 1})", '{**?(a), "b": 1};'],
    ["const f = (a, => a;\nconst z = 1;", "let f = ?(a, a); let z = 1;"],
  ]);
});
