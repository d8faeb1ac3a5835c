// A notebook's cells as one Python text: what IPython adds to Python (`%magic`, `!command`, `name?`) is masked, character for character.

/** One cell's code, with the same length and the same line ends, so that offsets stay. */
export function maskMagics(cell: string): string {
  // Comments may stand before the magic of a whole cell.
  const first = /^(?:[ \t]*(?:#.*)?\r?\n)*[ \t]*/.exec(cell)![0].length;
  if (CELL_MAGIC.test(cell.slice(first, first + 40))) return maskCell(cell, first);
  let result = "";
  let at = 0;
  while (at < cell.length) {
    const end = statementEnd(cell, at);
    result += maskStatement(cell.slice(at, end));
    at = end;
  }
  return result;
}

/** Also with one sign where there is no such magic of a line: `%bash`, as Datalab has it. */
const CELL_MAGIC = /^(?:%%|%(?:bash|sh|bq|javascript|html|writefile)\b)/;

/** Magics of whole cells whose content stays Python. */
const PYTHON_CELLS = /^%%(?:time|timeit|capture|prun|notify|memit|mprun|lprun|heat|debug|scalene|wandb|skip)\b/;

function maskCell(cell: string, first: number): string {
  const lineEnd = cell.indexOf("\n", first);
  const rest = lineEnd < 0 ? cell.length : lineEnd + 1;
  const head = cell.slice(0, first) + asComment(cell.slice(first, rest));
  if (PYTHON_CELLS.test(cell.slice(first))) return head + maskMagics(cell.slice(rest));
  return head + cell.slice(rest).replace(/^[^\r\n]/gm, "#");
}

/** `0` and a comment: a statement, so that a block that has no other stays one. */
const asStatement = (line: string): string => line.replace(/^[^\r\n]{1,2}/, (start) => "0#".slice(0, start.length));
const asComment = (line: string): string => line.replace(/^./, "#");

/** A statement from the beginning of a line to its end. Only one that begins with a magic, or assigns one, is no Python. */
function maskStatement(statement: string): string {
  const [indent] = /^[ \t]*/.exec(statement)!;
  const code = statement.slice(indent.length);
  // What is timed runs as it stands: `%time history = model.fit(x)`.
  const timed = /^%(?:time|timeit)[ \t]+(?=[^\s-])/.exec(code)?.[0];
  if (timed) return `${indent}_${"= ".padStart(timed.length - 1)}${code.slice(timed.length)}`;
  if (/^[%!?]/.test(code)) return indent + maskLines(code);
  const assigned = ASSIGNED.exec(code);
  if (assigned) return indent + assigned[0] + maskLines(code.slice(assigned[0].length));
  if (AUTOMAGIC.test(code)) return indent + maskLines(code);
  // `name?`, `name??`
  return /^[\w.*]+\?{1,2}[ \t]*(?:\r?\n|$)/.test(code) ? indent + maskLines(code) : statement;
}

/** `files = !ls` */
const ASSIGNED = /^(?:[A-Za-z_][\w.]*(?:\s*,\s*[A-Za-z_]\w*)*\s*=\s*)(?=!(?!=)|%[A-Za-z])/;

/** Commands that IPython knows without a sign, where what follows is no Python. */
const AUTOMAGIC =
  /^(?:pip|conda|mamba|ls|cd|cat|cp|mv|mkdir|rm|load_ext|matplotlib)[ \t]+(?!(?:and|as|for|if|in|is|not|or)\b)(?:[\w./~$"'*]|-{1,2}[a-z])/;

/** A command may go on over lines that end in a backslash. */
function maskLines(code: string): string {
  const [first, ...rest] = code.split(/(?<=\n)/);
  return [asStatement(first!), ...rest.map((line) => line.replace(/^[^\r\n]/, "#"))].join("");
}

/** Where the statement that begins here ends: past its last line, which strings, brackets and backslashes may put far below. */
function statementEnd(text: string, start: number): number {
  const line = text.slice(start, start + 200).replace(/^[ \t]+/, "");
  const isMagic = /^[%!?]/.test(line) || AUTOMAGIC.test(line) || ASSIGNED.test(line);
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const char = text[at]!;
    if (char === "\n" && depth === 0) return at + 1;
    if (char === "\\") at += text.startsWith("\r\n", at + 1) ? 2 : 1;
    else if (isMagic) continue;
    else if (char === "#") at = lineEndAt(text, at) - 1;
    else if (char === '"' || char === "'") at = stringAt(text, at).end - 1;
    else if ("([{".includes(char)) depth++;
    else if (")]}".includes(char)) depth = Math.max(0, depth - 1);
  }
  return text.length;
}

function lineEndAt(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  return end < 0 ? text.length : end;
}

/** Where the string that begins here ends, past its closing quote. One that is not closed ends with its line, or with the text. */
function stringAt(text: string, start: number): { end: number; isTriple: boolean; isClosed: boolean } {
  const quote = text[start]!;
  const isTriple = text.startsWith(quote.repeat(3), start);
  const closing = isTriple ? quote.repeat(3) : quote;
  for (let at = start + closing.length; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text.startsWith(closing, at)) return { end: at + closing.length, isTriple, isClosed: true };
    else if (text[at] === "\n" && !isTriple) return { end: at, isTriple, isClosed: false };
  }
  return { end: text.length, isTriple, isClosed: false };
}

/** Does every string end that may go over lines and begins in this cell? */
export function isWhole(cell: string): boolean {
  for (let at = 0; at < cell.length; at++) {
    const char = cell[at]!;
    if (char === "#") at = lineEndAt(cell, at);
    if (char !== '"' && char !== "'") continue;
    const { end, isTriple, isClosed } = stringAt(cell, at);
    if (isTriple && !isClosed) return false;
    at = end - 1;
  }
  return true;
}
