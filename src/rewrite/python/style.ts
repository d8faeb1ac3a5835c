// How a Python file is written: quotes, indentation, line ends. Knows no models.

import type { PythonScript } from "../../read/python/training";

const WIDTH = 88;

export interface PythonStyle {
  quote: '"' | "'";
  eol: "\n" | "\r\n";
  /** One level of indentation: that of the first block. */
  unit: string;
}

export function styleOf({ source: { text } }: PythonScript): PythonStyle {
  const count = (pattern: RegExp) => text.match(pattern)?.length ?? 0;
  return {
    quote: count(/(?<!['\w])'(?!'')/g) > count(/(?<!["\w])"(?!"")/g) ? "'" : '"',
    eol: text.includes("\r\n") ? "\r\n" : "\n",
    unit: /:[ \t]*(?:#.*)?\r?\n([ \t]+)\S/.exec(text)?.[1] ?? "    ",
  };
}

export function quoted({ quote }: PythonStyle, text: string): string {
  return quote + text.replaceAll("\\", "\\\\").replaceAll(quote, `\\${quote}`) + quote;
}

/** `before(a, b=c)`, on one line where it fits, else an argument a line. */
export function callText(style: PythonStyle, indent: string, before: string, args: readonly string[]): string {
  const flat = `${before}(${args.join(", ")})`;
  if (indent.length + flat.length <= WIDTH && !flat.includes("\n")) return flat;
  return [`${before}(`, ...args.map((arg) => `${indent}${style.unit}${arg},`), `${indent})`].join(style.eol);
}
