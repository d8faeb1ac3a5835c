// How the parts of a new file are written once and printed twice: as a file, with values, and as a snippet, with tab stops.
// A part is plain text with holes and with types; holes are marked by characters that no source uses.
import type { Language } from "./choices";

const OPEN = "\uE000";
const MIDDLE = "\uE001";
const CLOSE = "\uE002";
const HOLE = /\uE000([^\uE001]*)\uE001([^\uE002]*)\uE002/g;

/** A place that a snippet lets one change; the same name twice is the same tab stop. */
export function hole(name: string, value: string | number): string {
  return `${OPEN}${name}${MIDDLE}${value}${CLOSE}`;
}

/** A hole that offers a list; the first is what a file gets. */
export function pick(name: string, values: readonly [string, ...string[]]): string {
  return `${OPEN}${name}${MIDDLE}${values.join("|")}${CLOSE}`;
}

/** Text that only TypeScript has. */
export function typesOf(language: Language): (text: string) => string {
  return language === "typescript" ? (text) => text : () => "";
}

export function toFile(text: string): string {
  return text.replace(HOLE, (_, _name: string, value: string) => value.split("|")[0]!);
}

/** The text in VS Code's snippet syntax: tab stops numbered in order of appearance, the caret at the end. */
export function toSnippet(text: string): string[] {
  const numbers = new Map<string, number>();
  let body = "";
  let from = 0;
  for (const match of text.matchAll(HOLE)) {
    const [whole, name = "", value = ""] = match;
    body += escapeText(text.slice(from, match.index), /[\\$]/g);
    from = match.index + whole.length;
    const known = numbers.get(name);
    const number = known ?? numbers.size + 1;
    numbers.set(name, number);
    body += known ? `\${${number}}` : tabStop(number, value);
  }
  body += `${escapeText(text.slice(from), /[\\$]/g).trimEnd()}\n$0`;
  return body.split("\n");
}

function tabStop(number: number, value: string): string {
  const values = value.split("|");
  if (values.length === 1) return `\${${number}:${escapeText(value, /[\\$}]/g)}}`;
  return `\${${number}|${values.map((one) => escapeText(one, /[\\$},|]/g)).join(",")}|}`;
}

function escapeText(text: string, special: RegExp): string {
  return text.replace(special, (found) => `\\${found}`);
}
