// What is gathered while a Python text is lowered: the names that a function assigns, and whether it yields. Knows no syntax.
import type { Expression, Span } from "../code";
import { type Sight, type Syntax, TOO_DEEP } from "../syntax";

/** What Python's front end sees of the grammar. */
export const SIGHT: Sight = {
  marks: new Set([
    ...["+", "-", "*", "/", "//", "%", "**", "@", "&", "|", "^", "~", "<<", ">>"],
    ...["<", "<=", "==", "!=", ">=", ">", "<>", "and", "or", "in", "is", "is not", "not in"],
    ...["+=", "-=", "*=", "/=", "//=", "%=", "**=", "@=", "&=", "|=", "^=", "<<=", ">>="],
    ...["async", "from"],
  ]),
  skipped: new Set(["comment", "line_continuation", "type_parameter", "string_start", "string_content", "string_end"]),
  leaves: new Set([
    "identifier",
    "integer",
    "float",
    "true",
    "false",
    "none",
    "ellipsis",
    "type",
    "type_conversion",
    "dotted_name",
    "aliased_import",
    "relative_import",
    "wildcard_import",
    "keyword_separator",
    "positional_separator",
    "pass_statement",
    "break_statement",
    "continue_statement",
  ]),
  withFields: new Set([
    "aliased_import",
    "as_pattern",
    "assignment",
    "augmented_assignment",
    "attribute",
    "binary_operator",
    "boolean_operator",
    "call",
    "case_clause",
    "class_definition",
    "decorated_definition",
    "default_parameter",
    "dict_pattern",
    "dictionary_comprehension",
    "elif_clause",
    "else_clause",
    "except_clause",
    "for_in_clause",
    "for_statement",
    "format_expression",
    "function_definition",
    "future_import_statement",
    "generator_expression",
    "if_statement",
    "import_from_statement",
    "import_statement",
    "interpolation",
    "keyword_argument",
    "lambda",
    "list_comprehension",
    "match_statement",
    "named_expression",
    "not_operator",
    "pair",
    "raise_statement",
    "set_comprehension",
    "subscript",
    "try_statement",
    "type_alias_statement",
    "typed_default_parameter",
    "typed_parameter",
    "unary_operator",
    "while_statement",
    "with_item",
    "with_statement",
  ]),
  // A string without placeholders is its text.
  isLeafAt: { type: "string", test: (text, start) => !/^[a-zA-Z]*[ftFT]/.test(text.slice(start, start + 3)) },
};

/** A function, class body, comprehension or the module while it is lowered. */
export interface Scope {
  /** What the offsets count in. */
  readonly text: string;
  /** Names that are assigned in it. */
  readonly names: Set<string>;
  /** Names that `global` and `nonlocal` give to others. */
  readonly foreign: Set<string>;
  /** Of a comprehension: the scope around, to which `:=` belongs. */
  readonly around: Scope | null;
  yields: boolean;
}

export const newScope = (text: string, around: Scope | null = null): Scope => ({
  text,
  names: new Set(),
  foreign: new Set(),
  around,
  yields: false,
});

export function localsOf(scope: Scope): string[] {
  return [...scope.names].filter((name) => !scope.foreign.has(name));
}

/** The scope that `:=` and `yield` belong to. */
export function functionScope(scope: Scope): Scope {
  let at = scope;
  while (at.around) at = at.around;
  return at;
}

export type Unreadable = Extract<Expression, { kind: "unreadable" }>;

export const unreadable = (node: Span, parts: readonly Expression[] = []): Unreadable => ({
  kind: "unreadable",
  start: node.start,
  end: node.end,
  parts,
});

export const isUnread = (node: Syntax): boolean =>
  node.type === "ERROR" || node.type === "MISSING" || node.type === TOO_DEEP;

/** The text between two places, without comments. */
export const gap = (scope: { readonly text: string }, start: number, end: number): string =>
  scope.text.slice(start, end).replace(/#[^\r\n]*/g, "");

const TOKEN =
  /'''(?:\\[\s\S]|[^\\])*?'''|"""(?:\\[\s\S]|[^\\])*?"""|'(?:\\[\s\S]|[^'\\\r\n])*'|"(?:\\[\s\S]|[^"\\\r\n])*"|#[^\r\n]*|\\\r?\n|[([{]|[)\]}]|\n/g;

/** Does a line end in it outside brackets? The grammar reads `model.` and the next line as one, where Python does not. */
export function isTorn(node: Span, scope: Scope): boolean {
  const text = scope.text.slice(node.start, node.end);
  if (!text.includes("\n")) return false;
  let depth = 0;
  for (const [token] of text.matchAll(TOKEN)) {
    if (token === "\n" && depth <= 0) return true;
    if (token === "(" || token === "[" || token === "{") depth++;
    else if (token === ")" || token === "]" || token === "}") depth--;
  }
  return false;
}
