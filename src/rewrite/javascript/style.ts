// How a file is written: quotes, semicolons, indentation, line ends; and code printed in the same way. Knows no models.
import type { Script } from "../../read/javascript/training";

const WIDTH = 100;

export interface Style {
  quote: '"' | "'";
  semicolon: ";" | "";
  eol: "\n" | "\r\n";
  /** One level of indentation. */
  unit: string;
  /** A blank inside the braces of an object: `{ a }`, not `{a}`. */
  padded: boolean;
  typescript: boolean;
}

export function styleOf({ source, imports }: Pick<Script, "source" | "imports">): Style {
  const { text } = source;
  const statements = source.tree.rootNode.namedChildren.filter((node) =>
    /^(import|lexical|expression|variable)/.test(node.type),
  );
  const ended = statements.filter((node) => text[node.endIndex - 1] === ";").length;
  const quoted = imports[0]?.source.text[0];
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return {
    quote: quoted === "'" || quoted === '"' ? quoted : count(/'/g) > count(/"/g) ? "'" : '"',
    semicolon: ended * 2 >= statements.length ? ";" : "",
    eol: text.includes("\r\n") ? "\r\n" : "\n",
    unit: indentUnit(text),
    padded: count(/\{ \w/g) >= count(/\{\w/g),
    typescript: source.dialect !== "javascript",
  };
}

/** The smallest indentation that occurs, of lines that are not parts of comments. */
function indentUnit(text: string): string {
  let smallest: string | null = null;
  for (const [, indent] of text.matchAll(/^([ \t]+)(?![\s*])/gm)) {
    if (indent!.startsWith("\t")) return "\t";
    if (indent!.length > 1 && (smallest === null || indent!.length < smallest.length)) smallest = indent!;
  }
  return smallest ?? "  ";
}

export const quote = (style: Style, text: string): string => {
  const escaped = text.replace(/\\/g, "\\\\").replaceAll(style.quote, `\\${style.quote}`);
  return style.quote + escaped + style.quote;
};

/** A member of an object literal: name and value as source text. */
export type MemberText = readonly [name: string, value: string];

/** `{ x, y: labels }` on one line. */
export function objectText(style: Style, members: readonly MemberText[]): string {
  const blank = style.padded ? " " : "";
  return `{${blank}${members.map(memberText).join(", ")}${blank}}`;
}

const memberText = ([name, value]: MemberText) => (name === value ? name : `${name}: ${value}`);

/** `before({ … })`, on one line where it fits, else a member a line. */
export function withObject(style: Style, indent: string, before: string, members: readonly MemberText[]): string {
  const flat = `${before}(${objectText(style, members)})`;
  if (fits(indent, flat)) return flat;
  const lines = members.map((member) => `${indent}${style.unit}${memberText(member)},`);
  return [`${before}({`, ...lines, `${indent}})`].join(style.eol);
}

/** `before(a, b)`, on one line where it fits, else an argument a line. */
export function withArguments(style: Style, indent: string, before: string, args: readonly string[]): string {
  const flat = `${before}(${args.join(", ")})`;
  if (fits(indent, flat)) return flat;
  return [`${before}(`, ...args.map((arg) => `${indent}${style.unit}${arg},`), `${indent})`].join(style.eol);
}

// Room for the semicolon.
const fits = (indent: string, code: string) => indent.length + code.length < WIDTH && !code.includes("\n");
