// Code as the evaluator reads it, whatever language it was written in: what the two front ends make of a syntax tree. Plain data;
// knows neither grammar nor what a name means. Offsets are relative to the unit (a top-level statement), so that a unit that has
// only moved is the same code.

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** What broken or unsupported text stands for. Evaluates to unknown, after its parts. */
interface Unreadable extends Span {
  readonly kind: "unreadable";
  readonly parts: readonly Expression[];
}

interface Constant extends Span {
  readonly kind: "constant";
  readonly value: number | string | boolean | null | undefined;
  /** Python tells 1.0 from 1; `bytes` and imaginary numbers are unreadable. */
  readonly isFloat?: boolean;
}

interface Name extends Span {
  readonly kind: "name";
  readonly name: string;
}

/** An f-string or a template: texts and expressions in turn. `format` is what follows the colon. */
interface Template extends Span {
  readonly kind: "template";
  readonly parts: readonly (string | { readonly value: Expression; readonly format?: string })[];
}

/** Python's list, tuple and set, JavaScript's array. */
interface Sequence extends Span {
  readonly kind: "list" | "tuple" | "set";
  readonly items: readonly Item[];
}

/** `*xs`, `...xs`. A hole of JavaScript's arrays is `undefined`. */
export type Item = Expression | Spread;

export interface Spread extends Span {
  readonly kind: "spread";
  readonly value: Expression;
}

/** A dictionary or an object literal. Methods of an object are entries whose value is a function. */
interface Dictionary extends Span {
  readonly kind: "dictionary";
  readonly entries: readonly ({ readonly key: Expression; readonly value: Expression } | Spread)[];
}

interface Attribute extends Span {
  readonly kind: "attribute";
  readonly object: Expression;
  readonly name: string;
  readonly nameSpan: Span;
  /** `a?.b` */
  readonly optional?: boolean;
}

interface Index extends Span {
  readonly kind: "index";
  readonly object: Expression;
  /** `a[i, j]` has a tuple. */
  readonly index: Expression;
  readonly optional?: boolean;
}

/** `1:3:2` in brackets. */
interface Slice extends Span {
  readonly kind: "slice";
  readonly from: Expression | null;
  readonly to: Expression | null;
  readonly step: Expression | null;
}

export interface Call extends Span {
  readonly kind: "call";
  readonly callee: Expression;
  readonly arguments: readonly CallArgument[];
  /** `new C()` */
  readonly isNew?: boolean;
  readonly optional?: boolean;
}

export interface CallArgument extends Span {
  readonly value: Expression;
  /** `name=value` of Python. */
  readonly name?: string;
  /** `*value`, `...value` or `**value`. */
  readonly spread?: "items" | "entries";
}

/** `not`, `!`, `-`, `+`, `~`, `typeof`, `void`. */
interface Unary extends Span {
  readonly kind: "unary";
  readonly operator: string;
  readonly value: Expression;
}

/** Arithmetic, `@`, bits, and comparisons (`<`, `==`, `===`, `in`, `not in`, `is`, `is not`, `instanceof`). */
export interface Binary extends Span {
  readonly kind: "binary";
  readonly operator: string;
  readonly left: Expression;
  readonly right: Expression;
}

/** `a < b < c` of Python: two comparisons with `and`, b evaluated once. */
interface Comparison extends Span {
  readonly kind: "comparison";
  readonly first: Expression;
  readonly rest: readonly { readonly operator: string; readonly value: Expression }[];
}

/** `and`/`&&`, `or`/`||`, `??`. */
interface Logical extends Span {
  readonly kind: "logical";
  readonly operator: "and" | "or" | "??";
  readonly left: Expression;
  readonly right: Expression;
}

interface Conditional extends Span {
  readonly kind: "conditional";
  readonly test: Expression;
  readonly then: Expression;
  readonly otherwise: Expression;
}

/** A comprehension or generator expression: `key` where it makes a dictionary. */
export interface Comprehension extends Span {
  readonly kind: "comprehension";
  readonly makes: "list" | "set" | "dictionary" | "generator";
  readonly key?: Expression;
  readonly value: Expression;
  readonly clauses: readonly (
    | { readonly kind: "for"; readonly target: Target; readonly iterable: Expression; readonly isAsync?: boolean }
    | { readonly kind: "if"; readonly test: Expression }
  )[];
}

/** `x := value`, `a = b` of JavaScript, `a += b`: gives the value as well. */
interface Assignment extends Span {
  readonly kind: "assignment";
  readonly target: Target;
  /** `+` of `+=`; absent in a plain assignment. */
  readonly operator?: string;
  readonly value: Expression;
}

/** `i++`, `--i` */
interface Update extends Span {
  readonly kind: "update";
  readonly operator: "+" | "-";
  readonly target: Target;
  /** Gives the value before the change. */
  readonly isPostfix: boolean;
}

/** `await x`, `yield x`, `yield from xs`. */
interface Await extends Span {
  readonly kind: "await" | "yield" | "yield-from";
  readonly value: Expression | null;
}

/** JavaScript's `this`, and `super` of both. */
interface This extends Span {
  readonly kind: "this" | "super";
}

/** `a, b` of JavaScript: the last one's value. */
interface Several extends Span {
  readonly kind: "several";
  readonly values: readonly Expression[];
}

export interface FunctionCode extends Span {
  readonly kind: "function";
  /** "" where it has none. */
  readonly name: string;
  readonly nameSpan: Span;
  readonly parameters: readonly Parameter[];
  /** Of an arrow or lambda with an expression: one `return`. */
  readonly body: readonly Statement[];
  readonly isAsync: boolean;
  readonly isGenerator: boolean;
  /** Arrows have the `this` of what is around them. */
  readonly isArrow: boolean;
  readonly decorators: readonly Expression[];
  /** Python: the names that are assigned in it and so are its own, less `global` and `nonlocal` ones. */
  readonly locals: readonly string[];
}

export interface Parameter extends Span {
  readonly target: Target;
  readonly default: Expression | null;
  /** `*args` or `...rest`; `**kwargs`. A bare `*` is no parameter: those after it are keywordOnly. */
  readonly rest?: "items" | "entries";
  readonly keywordOnly?: boolean;
  readonly positionalOnly?: boolean;
  readonly annotation?: string;
}

export interface ClassCode extends Span {
  readonly kind: "class";
  readonly name: string;
  readonly nameSpan: Span;
  readonly bases: readonly CallArgument[];
  /** Python: the class's statements. JavaScript: none. */
  readonly body: readonly Statement[];
  /** JavaScript: methods (`constructor` among them), getters and fields. */
  readonly members: readonly {
    readonly name: string;
    readonly isStatic: boolean;
    readonly accessor?: "get" | "set";
    /** A function for a method; a field's value, evaluated for each instance; null for a field without. */
    readonly value: Expression | null;
    readonly isField: boolean;
  }[];
  readonly decorators: readonly Expression[];
}

export type Expression =
  | Unreadable
  | Constant
  | Name
  | Template
  | Sequence
  | Dictionary
  | Attribute
  | Index
  | Slice
  | Call
  | Unary
  | Binary
  | Comparison
  | Logical
  | Conditional
  | Comprehension
  | Assignment
  | Update
  | Await
  | This
  | Several
  | FunctionCode
  | ClassCode;

/** What can stand left of `=`: a name, `a.b`, `a[i]`, a list of targets with at most one rest, an object pattern. */
export type Target =
  | Name
  | Attribute
  | Index
  | (Span & { readonly kind: "target-list"; readonly items: readonly (Target | RestTarget | null)[] })
  | (Span & {
      readonly kind: "target-object";
      readonly entries: readonly {
        readonly key: Expression;
        readonly target: Target;
        readonly default: Expression | null;
      }[];
      readonly rest: Target | null;
    })
  | (Span & { readonly kind: "target-default"; readonly target: Target; readonly default: Expression })
  /** What cannot be assigned to, in broken text. */
  | Unreadable;

/** The names that a target binds. */
export function namesIn(target: Target): string[] {
  switch (target.kind) {
    case "name":
      return [target.name];
    case "target-list":
      return target.items.flatMap((one) => (one ? namesIn(one.kind === "rest" ? one.target : one) : []));
    case "target-object":
      return [...target.entries.map((one) => one.target), ...(target.rest ? [target.rest] : [])].flatMap(namesIn);
    case "target-default":
      return namesIn(target.target);
    default:
      return [];
  }
}

export interface RestTarget extends Span {
  readonly kind: "rest";
  readonly target: Target;
}

/** `const`, `let` and functions of a block are its own; `var` and Python's names are the function's. */
export type Scope = "block" | "function";

export type Statement =
  | (Span & { readonly kind: "expression"; readonly value: Expression })
  /** `a = b = value`; a declaration of JavaScript has `declares`. `annotation` without a value declares only. */
  | (Span & {
      readonly kind: "assign";
      readonly targets: readonly Target[];
      readonly value: Expression | null;
      readonly declares?: Scope;
      readonly annotation?: string;
    })
  | (Span & {
      readonly kind: "function-definition";
      readonly function: FunctionCode;
      readonly declares: Scope;
      readonly isExported?: boolean;
    })
  | (Span & { readonly kind: "class-definition"; readonly class: ClassCode; readonly isExported?: boolean })
  | (Span & {
      readonly kind: "if";
      readonly test: Expression;
      readonly then: readonly Statement[];
      readonly otherwise: readonly Statement[];
    })
  | (Span & {
      readonly kind: "switch";
      readonly value: Expression;
      readonly cases: readonly { readonly test: Expression | null; readonly body: readonly Statement[] }[];
    })
  /** `for … in` of Python, `for … of` of JavaScript; `keys`: `for … in` of JavaScript. */
  | (Span & {
      readonly kind: "for";
      readonly target: Target;
      readonly iterable: Expression;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
      readonly declares?: Scope;
      readonly keys?: boolean;
    })
  /** `while`, and `for (;;)` with `first` and `after`; `do`: the body runs before the test. */
  | (Span & {
      readonly kind: "while";
      readonly first: readonly Statement[];
      readonly test: Expression | null;
      readonly after: Expression | null;
      readonly body: readonly Statement[];
      readonly otherwise: readonly Statement[];
      readonly isDo?: boolean;
    })
  | (Span & { readonly kind: "return"; readonly value: Expression | null })
  | (Span & { readonly kind: "break" | "continue"; readonly label?: string })
  | (Span & { readonly kind: "block"; readonly body: readonly Statement[]; readonly label?: string })
  | (Span & {
      readonly kind: "with";
      readonly items: readonly { readonly value: Expression; readonly target: Target | null }[];
      readonly body: readonly Statement[];
    })
  | (Span & {
      readonly kind: "try";
      readonly body: readonly Statement[];
      readonly handlers: readonly {
        readonly type: Expression | null;
        readonly target: Target | null;
        readonly body: readonly Statement[];
      }[];
      readonly otherwise: readonly Statement[];
      readonly finally: readonly Statement[];
    })
  | (Span & { readonly kind: "raise"; readonly value: Expression | null })
  | (Span & { readonly kind: "assert"; readonly test: Expression })
  | (Span & { readonly kind: "delete"; readonly targets: readonly Target[] })
  | (Span & { readonly kind: "global" | "nonlocal"; readonly names: readonly string[] })
  | Import
  | (Span & {
      readonly kind: "export";
      readonly names: readonly { readonly name: string; readonly as: string }[];
      readonly from: string | null;
    })
  | (Span & { readonly kind: "pass" });

/** `import a.b as c` is [{ name: null, path: "a.b", as: "c" }]; without `as` it binds `a`. `from . import x` has the path ".". */
export interface Import extends Span {
  readonly kind: "import";
  /** `a.b`, `..pkg.mod`, `@tensorflow/tfjs`, `./model.js`. */
  readonly path: string;
  /** Names taken out of it: null is the whole module, "*" all names, "default" JavaScript's default. */
  readonly names: readonly { readonly name: string | null; readonly as: string; readonly span: Span }[];
}

/** A top-level statement. Two units with the same text have the same code. */
export interface Unit {
  readonly start: number;
  readonly end: number;
  /** Where it is of another file than the program: which. */
  readonly file?: string;
  readonly code: readonly Statement[];
}
