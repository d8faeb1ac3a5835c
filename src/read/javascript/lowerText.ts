// The values of JavaScript's literals: strings with their escapes, texts of templates, numbers. Knows texts only.

const SIMPLE: Readonly<Record<string, string>> = { b: "\b", f: "\f", n: "\n", r: "\r", t: "\t", v: "\v" };

const ESCAPE =
  /\\(?:u\{([0-9a-fA-F]+)\}|u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([0-3][0-7]{0,2}|[4-7][0-7]?)|(\r\n|[\s\S]))/g;

/** What a text between quotes or in a template stands for; null where an escape is wrong. */
export function unescaped(content: string): string | null {
  if (!content.includes("\\")) return content;
  let isWrong = false;
  const value = content.replace(
    ESCAPE,
    (_, braced?: string, u?: string, x?: string, octal?: string, other?: string) => {
      const hex = braced ?? u ?? x;
      if (hex !== undefined) {
        const code = Number.parseInt(hex, 16);
        if (code <= 0x10ffff) return braced === undefined ? String.fromCharCode(code) : String.fromCodePoint(code);
        isWrong = true;
        return "";
      }
      if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
      if (/^[ux]$/.test(other!)) isWrong = true;
      return /^[\r\n\u2028\u2029]/.test(other!) ? "" : (SIMPLE[other!] ?? other!);
    },
  );
  return isWrong ? null : value;
}

/** A string's value; null where it has no end. */
export function stringValue(literal: string): string | null {
  const quote = literal[0];
  return literal.length >= 2 && literal.at(-1) === quote ? unescaped(literal.slice(1, -1)) : null;
}

/** A piece of a template. Its line ends are all \n. */
export const templateText = (content: string): string | null => unescaped(content.replace(/\r\n?/g, "\n"));

/** Null for a BigInt. */
export function numberValue(literal: string): number | null {
  const text = literal.replace(/_/g, "");
  if (/^0[0-7]+$/.test(text)) return Number.parseInt(text, 8);
  const value = Number(text);
  return /n$/i.test(text) || Number.isNaN(value) ? null : value;
}
