// What JavaScript's front end sees of its grammars, and the small parts that all its files use. Knows node names.
import type { Expression, Span } from "../code";
import { type Sight, type Syntax, TOO_DEEP } from "../syntax";

export const SIGHT: Sight = {
  marks: new Set([
    ...["+", "-", "*", "/", "%", "**", "&", "|", "^", "~", "<<", ">>", ">>>", "!"],
    ...["<", "<=", "==", "!=", "===", "!==", ">=", ">", "&&", "||", "??", "in", "instanceof"],
    ...["+=", "-=", "*=", "/=", "%=", "**=", "&=", "|=", "^=", "<<=", ">>=", ">>>=", "&&=", "||=", "??=", "++", "--"],
    ...["typeof", "void", "delete", "of", "var", "let", "const", "using", "?."],
    ...["async", "static", "static get", "get", "set", "default", "type", "declare", "readonly"],
  ]),
  skipped: new Set([
    "comment",
    "html_comment",
    "hash_bang_line",
    "string_fragment",
    "escape_sequence",
    "type_arguments",
    "type_parameters",
    "implements_clause",
    "override_modifier",
    "asserts_annotation",
    "type_predicate_annotation",
    "jsx_text",
    "jsx_closing_element",
  ]),
  leaves: new Set([
    "identifier",
    "property_identifier",
    "private_property_identifier",
    "shorthand_property_identifier",
    "shorthand_property_identifier_pattern",
    "statement_identifier",
    "type_identifier",
    "number",
    "string",
    "regex",
    "true",
    "false",
    "null",
    "undefined",
    "this",
    "super",
    "import",
    "meta_property",
    "optional_chain",
    "type_annotation",
    "accessibility_modifier",
    "import_specifier",
    "export_specifier",
    "namespace_export",
    "nested_identifier",
    "empty_statement",
    "debugger_statement",
    // Types alone.
    "interface_declaration",
    "type_alias_declaration",
    "function_signature",
    "method_signature",
    "abstract_method_signature",
    "index_signature",
    "ambient_declaration",
  ]),
  withFields: new Set([
    "abstract_class_declaration",
    "arrow_function",
    "assignment_expression",
    "assignment_pattern",
    "augmented_assignment_expression",
    "binary_expression",
    "break_statement",
    "call_expression",
    "catch_clause",
    "class",
    "class_body",
    "class_declaration",
    "class_static_block",
    "continue_statement",
    "do_statement",
    "enum_assignment",
    "enum_declaration",
    "export_statement",
    "extends_clause",
    "field_definition",
    "finally_clause",
    "for_in_statement",
    "for_statement",
    "function_declaration",
    "function_expression",
    "generator_function",
    "generator_function_declaration",
    "if_statement",
    "import_require_clause",
    "import_statement",
    "internal_module",
    "jsx_element",
    "labeled_statement",
    "member_expression",
    "method_definition",
    "module",
    "new_expression",
    "object_assignment_pattern",
    "optional_parameter",
    "pair",
    "pair_pattern",
    "public_field_definition",
    "required_parameter",
    "subscript_expression",
    "switch_case",
    "switch_default",
    "switch_statement",
    "ternary_expression",
    "try_statement",
    "unary_expression",
    "update_expression",
    "variable_declarator",
    "while_statement",
    "with_statement",
  ]),
};

/** What the offsets count in. */
export interface Source {
  readonly text: string;
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
export const gap = ({ text }: Source, start: number, end: number): string =>
  text.slice(start, end).replace(/\/\*[\s\S]*?\*\/|\/\/[^\r\n]*/g, "");
