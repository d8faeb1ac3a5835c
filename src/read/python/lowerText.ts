// The values of Python's literals: strings with their prefixes and escapes, numbers. Knows texts only.

export interface StringParts {
  /** Of the prefix, in small letters: "", "r", "f", "rb"… */
  readonly prefix: string;
  /** Where the content begins and ends in the literal. */
  readonly start: number;
  readonly end: number;
}

/** A literal's prefix and content; null where it has no end. */
export function stringParts(literal: string): StringParts | null {
  const found = /^([A-Za-z]*)('''|"""|'|")/.exec(literal);
  if (!found) return null;
  const quote = found[2]!;
  const start = found[0].length;
  const end = literal.length - quote.length;
  return end >= start && literal.endsWith(quote) ? { prefix: found[1]!.toLowerCase(), start, end } : null;
}

/** The value of a string without placeholders; null for bytes, and for what Python refuses or we cannot know (`\N{…}`). */
export function stringValue(literal: string): string | null {
  const parts = stringParts(literal);
  if (!parts || /[bft]/.test(parts.prefix)) return null;
  return unescaped(literal.slice(parts.start, parts.end), parts.prefix.includes("r"));
}

const SIMPLE: Readonly<Record<string, string>> = {
  "\n": "",
  "\\": "\\",
  "'": "'",
  '"': '"',
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

const ESCAPE = /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]))/g;

/** What a text between quotes stands for. */
export function unescaped(content: string, isRaw: boolean): string | null {
  // Python reads every line end as \n.
  const text = content.includes("\r") ? content.replace(/\r\n?/g, "\n") : content;
  if (isRaw || !text.includes("\\")) return text;
  let isWrong = false;
  const value = text.replace(ESCAPE, (all, octal?: string, x?: string, u?: string, long?: string, other?: string) => {
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    const hex = x ?? u ?? long;
    if (hex !== undefined) {
      const code = Number.parseInt(hex, 16);
      if (code <= 0x10ffff) return String.fromCodePoint(code);
      isWrong = true;
      return "";
    }
    // An escape that does not exist stays as it is written; these do exist and are cut short, or name a character.
    if (/[xuUN]/.test(other!)) isWrong = true;
    return SIMPLE[other!] ?? all;
  });
  return isWrong ? null : value;
}

/** A whole number; null for one that a float cannot hold exactly, and for Python 2's forms. */
export function integerValue(literal: string): number | null {
  const text = literal.replace(/_/g, "");
  if (!/^(?:0[xX][0-9a-fA-F]+|0[oO][0-7]+|0[bB][01]+|0+|[1-9]\d*)$/.test(text)) return null;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  return Number.isFinite(value) && text.length < 400 && BigInt(text) === BigInt(value) ? value : null;
}

/** A float; null for an imaginary number. */
export function floatValue(literal: string): number | null {
  const text = literal.replace(/_/g, "");
  return /^(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
}
