// How values are written in Python: as `ruff format` would have them, so that a new file needs no formatting.
import { nameRule } from "../table";

/** Lines of code as wide as the formatter's own limit. */
const WIDTH = 88;
/** Lines of words as PEP 8 has them. */
export const PROSE = 79;

/** A string, in double quotes unless that needs more escapes. */
export function quote(text: string): string {
  const json = JSON.stringify(text);
  const double = text.split('"').length;
  const single = text.split("'").length;
  return double > single ? `'${json.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'` : json;
}

/** `NAME = ["a", "b"]`: in a line, or an entry a line. */
export function list(name: string, values: readonly string[]): string {
  const line = `${name} = [${values.map(quote).join(", ")}]`;
  return line.length <= WIDTH ? line : `${name} = [\n${values.map((value) => `    ${quote(value)},\n`).join("")}]`;
}

/** As `list`, by the rule that the names follow where there are many. */
export function nameList(name: string, values: readonly string[]): string {
  const rule = nameRule(values);
  const line = list(name, values);
  if (!rule || !line.includes("\n")) return line;
  const range = (length: number) =>
    rule.first === 0 ? `range(${length})` : `range(${rule.first}, ${rule.first + length})`;
  if (rule.by === "count") return `${name} = [f"${rule.prefix}{i}" for i in ${range(values.length)}]`;
  const { prefix, size } = rule;
  return comprehension(name, `f"${prefix}{row}_{column}"`, `for row in ${range(size)} for column in ${range(size)}`);
}

function comprehension(name: string, element: string, loops: string): string {
  const line = `${name} = [${element} ${loops}]`;
  if (line.length <= WIDTH) return line;
  return `${name} = [\n    ${element}\n${loops.replace(/(?:^| )for/g, "\n    for").slice(1)}\n]`;
}

/** A docstring: its first line, and what more is to say, wrapped. */
export function docstring(first: string, more = "", indent = "    "): string {
  const lines = [`${indent}"""${first}`];
  if (more === "") return `${lines[0]}"""`;
  return [...lines, "", ...wrap(more, indent), `${indent}"""`].join("\n");
}

export const comment = (text: string): string => wrap(text, "# ").join("\n");

function wrap(text: string, before: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length > 0 ? `${lines.at(-1)} ${word}` : "";
    if (longer !== "" && longer.length <= PROSE) lines[lines.length - 1] = longer;
    else lines.push(`${before}${word}`);
  }
  return lines;
}

export const indent = (text: string) => text.replace(/^(?=.)/gm, "    ");
