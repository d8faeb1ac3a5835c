// Arguments as a person types them, read with a shell's quotes but without a shell: nothing is expanded, piped or run. Pure.

export type ParsedArguments = { ok: true; args: string[] } | { ok: false; problem: string };

/**
 * Words are parted by blanks; `'…'` and `"…"` keep blanks. A backslash stands before a quote, a blank or a backslash that is
 * meant as it is; on Windows, where it parts the names of a path, only before a double quote.
 */
export function parseArguments(text: string, windows = process.platform === "win32"): ParsedArguments {
  const args: string[] = [];
  const escaped = windows ? /["]/ : /["'\\\s]/;
  let word: string | undefined;
  let quote: { mark: string; at: number } | undefined;
  for (let index = 0; index < text.length; index++) {
    const letter = text[index]!;
    const next = text[index + 1];
    if (letter === "\\" && quote?.mark !== "'" && next !== undefined && escaped.test(next)) {
      word = (word ?? "") + next;
      index++;
    } else if (quote) {
      if (letter === quote.mark) quote = undefined;
      else word += letter;
    } else if (letter === '"' || letter === "'") {
      quote = { mark: letter, at: index };
      word ??= "";
    } else if (/\s/.test(letter)) {
      if (word !== undefined) args.push(word);
      word = undefined;
    } else word = (word ?? "") + letter;
  }
  if (quote) {
    return { ok: false, problem: `The quote ${quote.mark} at character ${quote.at + 1} is not closed.` };
  }
  if (word !== undefined) args.push(word);
  if (args.some((arg) => arg.includes("\0")))
    return { ok: false, problem: "An argument cannot contain a null character." };
  return { ok: true, args };
}

/** Arguments as text that `parseArguments` reads as the same ones. */
export function joinArguments(args: readonly string[], windows = process.platform === "win32"): string {
  return args.map((arg) => (/^[^\s"'\\]+$/.test(arg) ? arg : quoted(arg, windows))).join(" ");
}

function quoted(arg: string, windows: boolean): string {
  if (!windows) return `"${arg.replaceAll(/["\\]/g, "\\$&")}"`;
  if (arg !== "" && !/[\s"']/.test(arg)) return arg;
  // A backslash at the end would take the closing quote with it.
  const [end] = /\\*$/.exec(arg)!;
  return `"${arg.slice(0, arg.length - end.length).replaceAll('"', '\\"')}"${end}`;
}

/** For a lens: the first `most` characters, cut at a blank where there is one. */
export function shortened(text: string, most = 32): string {
  const line = text.trim().replaceAll(/\s+/g, " ");
  if (line.length <= most) return line;
  const cut = line.lastIndexOf(" ", most);
  return `${line.slice(0, cut > most / 2 ? cut : most).trimEnd()} …`;
}
