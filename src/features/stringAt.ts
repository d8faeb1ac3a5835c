// The string that a cursor stands in, and what it is an argument of, read from the text before it: half-written code has no tree to ask.
// Knows no library.

/** What a string is for: an argument, by its name or its place; a key; an index. */
export type StringUse =
  | { readonly kind: "argument"; readonly callee: string; readonly name: string | null; readonly at: number }
  | { readonly kind: "key"; readonly of: StringUse | null; readonly assignedTo: string | null }
  | { readonly kind: "index"; readonly object: string };

export interface StringAt {
  /** Where its content begins and ends. */
  readonly start: number;
  readonly end: number;
  readonly use: StringUse;
}

interface Frame {
  readonly open: string;
  readonly at: number;
  /** Items before the one that is being written. */
  items: number;
  /** `name=` of an argument, `name:` of an entry. */
  name: string | null;
  /** An entry's key has been written. */
  isValue: boolean;
  /** What stands before it is assigned to. */
  readonly assignedTo: string | null;
}

interface Scanned {
  readonly frames: readonly Frame[];
  /** Where the string that is open at the end begins, its quote aside; null: none is. */
  readonly string: { readonly start: number; readonly quote: string } | null;
  /** The last character before it that counts. */
  readonly before: string;
}

const CLOSES: Readonly<Record<string, string>> = { "(": ")", "[": "]", "{": "}" };
/** Where a statement begins, nothing before it is open any more: something there is only half written. */
const STATEMENT = {
  python: /(?:def|class|import|from|return|with|while|try|except|raise|@)\b|[A-Za-z_]\w*\s*=(?!=)/y,
  script: /(?:const|let|var|import|export)\b/y,
} as const;

export function stringAt(text: string, offset: number, language: "python" | "script"): StringAt | null {
  const { frames, string, before } = scan(text, offset, language);
  if (!string) return null;
  const use = useOf(text, frames, before, language);
  return use && { start: string.start, end: endOf(text, offset, string.quote), use };
}

/** The rest of a string that is closed on its line is replaced as well; of one that is not, the word. */
function endOf(text: string, offset: number, quote: string): number {
  const line = /[^\n]*/y;
  line.lastIndex = offset;
  const rest = line.exec(text)?.[0] ?? "";
  const closes = rest.indexOf(quote);
  if (closes >= 0 && /^[\w.\- ]*$/.test(rest.slice(0, closes))) return offset + closes;
  return offset + (/^[\w.-]*/.exec(rest)?.[0].length ?? 0);
}

function scan(text: string, end: number, language: "python" | "script"): Scanned {
  let frames: Frame[] = [];
  let before = "";
  let word = "";
  let assigned: string | null = null;
  let at = 0;
  while (at < end) {
    const char = text[at]!;
    if (char === "\n") {
      if (frames.length > 0) frames = afterLine(text, at + 1, frames, language);
      if (frames.length === 0) [before, assigned] = ["", null];
      at++;
      continue;
    }
    if (/\s/.test(char)) {
      at++;
      continue;
    }
    const comment = language === "python" ? char === "#" : char === "/" && text[at + 1] === "/";
    if (comment) {
      const line = text.indexOf("\n", at);
      if (line < 0 || line >= end) return { frames, string: null, before };
      at = line;
      continue;
    }
    if (language === "script" && char === "/" && text[at + 1] === "*") {
      const close = text.indexOf("*/", at + 2);
      if (close < 0 || close + 2 > end) return { frames, string: null, before };
      at = close + 2;
      continue;
    }
    if (char === '"' || char === "'" || (language === "script" && char === "`")) {
      const triple = language === "python" && text.startsWith(char.repeat(3), at) ? char.repeat(3) : char;
      const start = at + triple.length;
      const close = closeOf(text, start, triple, end);
      if (close === null) return { frames, string: triple.length === 1 ? { start, quote: char } : null, before };
      word = text.slice(start, close);
      // A line break ends a string that nobody has closed.
      at = text[close] === "\n" ? close : close + triple.length;
      before = char;
      continue;
    }
    const name = /[A-Za-z_$][\w$]*/y;
    name.lastIndex = at;
    const found = name.exec(text)?.[0];
    if (found) {
      // `r"…"`, `f"…"`: part of the string.
      if (!(language === "python" && /^[rbfuRBFU]{1,2}$/.test(found) && /["']/.test(text[at + found.length] ?? ""))) {
        word = found;
        before = "w";
      }
      at += found.length;
      continue;
    }
    const top = frames.at(-1);
    if (char in CLOSES) {
      const assignedTo: string | null = frames.length === 0 && before === "=" ? assigned : null;
      frames.push({ open: char, at, items: 0, name: null, isValue: false, assignedTo });
    } else if (char === ")" || char === "]" || char === "}") {
      const index = frames.findLastIndex(({ open }) => CLOSES[open] === char);
      if (index >= 0) frames.length = index;
    } else if (char === ",") {
      if (top) [top.items, top.name, top.isValue] = [top.items + 1, null, false];
    } else if (char === "=" && !/[=!<>]/.test(text[at + 1] ?? "") && !/[=!<>]/.test(before)) {
      if (top?.open === "(" && before === "w") top.name = word;
      else if (frames.length === 0) assigned = word;
    } else if (char === ":" && top?.open === "{") [top.name, top.isValue] = [word, true];
    else if (char === ";" && language === "script") [before, assigned] = ["", null];
    before = char;
    at++;
  }
  return { frames, string: null, before };
}

/** Where the string ends; null: not before `end`. */
function closeOf(text: string, start: number, quote: string, end: number): number | null {
  for (let at = start; at < end; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(quote, at)) return at;
    else if (text[at] === "\n" && quote.length === 1 && quote !== "`") return at;
  }
  return null;
}

/** What is left open at the beginning of a line. */
function afterLine(text: string, at: number, frames: Frame[], language: "python" | "script"): Frame[] {
  const pattern = STATEMENT[language];
  pattern.lastIndex = at;
  if (language === "python") return pattern.test(text) ? [] : frames;
  const indented = /[ \t]*/y;
  indented.lastIndex = at;
  indented.exec(text);
  pattern.lastIndex = indented.lastIndex;
  if (!pattern.test(text)) return frames;
  // Blocks of JavaScript stay open.
  const block = frames.findLastIndex(({ open }) => open === "{");
  return frames.slice(0, block + 1);
}

function useOf(text: string, frames: readonly Frame[], before: string, language: string): StringUse | null {
  const top = frames.at(-1);
  if (!top) return null;
  const begins = /[(,[{=:]/.test(before);
  if (!begins) return null;
  const outer = frames.slice(0, -1);
  const leading = text.slice(Math.max(0, top.at - 200), top.at);
  switch (top.open) {
    case "(": {
      const callee = /([\w$.]+)\s*$/.exec(leading)?.[1];
      // A tuple: what it is part of counts.
      if (!callee || /^(in|return|and|or|not|if|else|lambda)$/.test(callee)) return aroundOf(text, outer, language);
      return { kind: "argument", callee, name: top.name, at: top.items };
    }
    case "[": {
      const object = /([\w$]+|[)\]])\s*$/.exec(leading)?.[1];
      if (object && !/^(in|return|and|or|not|if|else|lambda)$/.test(object)) return { kind: "index", object };
      return aroundOf(text, outer, language);
    }
    default: {
      if (top.isValue) {
        const call = language === "script" ? callAround(text, outer) : null;
        // The options of a function: `dense({ activation: "relu" })`.
        if (call) return { kind: "argument", callee: call, name: top.name, at: 0 };
        return language === "script" ? null : aroundOf(text, outer, language);
      }
      return { kind: "key", of: aroundOf(text, outer, language), assignedTo: top.assignedTo };
    }
  }
}

/** What a list, a tuple or a dictionary is itself. */
function aroundOf(text: string, frames: readonly Frame[], language: string): StringUse | null {
  const top = frames.at(-1);
  if (!top) return null;
  return useOf(text, frames, top.name !== null || top.isValue ? "=" : "(", language);
}

function callAround(text: string, frames: readonly Frame[]): string | null {
  const top = frames.at(-1);
  if (top?.open !== "(") return null;
  return /([\w$.]+)\s*$/.exec(text.slice(Math.max(0, top.at - 200), top.at))?.[1] ?? null;
}
