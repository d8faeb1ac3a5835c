// A file of separated values as text: its header, its columns, how many rows it has. Knows nothing of pandas.

export interface Table {
  /** The first line, whatever it is. */
  readonly first: readonly string[];
  /** The lines after it; of a long file as many as were looked at. */
  readonly rows: readonly (readonly string[])[];
  /** The file has no other lines. */
  readonly isWhole: boolean;
}

/** A longer text is looked at in part: its header and its types show at the beginning. */
const MOST_READ = 4_000_000;

/** `skip`: lines before the first that counts. Blank lines do not count, as pandas has it. */
export function tableOf(text: string, separator: string, skip = 0): Table | null {
  const isWhole = text.length <= MOST_READ;
  const lines = parsed(isWhole ? text : text.slice(0, MOST_READ), separator, skip);
  // The last line of a part may be cut.
  if (!isWhole) lines.pop();
  const [first, ...rows] = lines.filter((cells) => cells.length > 1 || cells[0] !== "");
  return first ? { first, rows, isWhole } : null;
}

function parsed(text: string, separator: string, skip: number): string[][] {
  const lines: string[][] = [];
  let cells: string[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  for (let line = 0; line < skip; line++) {
    const end = text.indexOf("\n", at);
    if (end < 0) return [];
    at = end + 1;
  }
  const endLine = (): void => {
    lines.push(cells);
    cells = [];
  };
  while (at < text.length) {
    let cell = "";
    if (text[at] === '"') {
      const start = ++at;
      for (;;) {
        const quote = text.indexOf('"', at);
        if (quote < 0) {
          cell = text.slice(start);
          at = text.length;
          break;
        }
        if (text[quote + 1] === '"') at = quote + 2;
        else {
          cell = text.slice(start, quote).replaceAll('""', '"');
          at = quote + 1;
          break;
        }
      }
    }
    const from = at;
    while (at < text.length && text[at] !== separator && text[at] !== "\n" && text[at] !== "\r") at++;
    cells.push(cell + text.slice(from, at));
    if (text[at] === separator) {
      at++;
      // A separator at the very end is followed by an empty cell.
      if (at >= text.length) cells.push("");
      continue;
    }
    endLine();
    if (text[at] === "\r") at++;
    if (text[at] === "\n") at++;
  }
  if (cells.length > 0) endLine();
  return lines;
}

const MISSING = /^(|NA|N\/A|NaN|nan|-NaN|-nan|null|NULL|None|n\/a|#N\/A|#NA|<NA>)$/;

/** What pandas takes the cells of a column for; "?": texts and others. */
export function dtypeOfCells(cells: Iterable<string>): "int64" | "float64" | "bool" | "?" {
  let [isWhole, isNumber, isFlag, some] = [true, true, true, false];
  for (const raw of cells) {
    const cell = raw.trim();
    if (MISSING.test(cell)) {
      isWhole = false;
      isFlag = false;
      continue;
    }
    some = true;
    if (!/^[-+]?\d{1,18}$/.test(cell)) isWhole = false;
    if (!/^[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?$/.test(cell) && !/^[-+]?inf(inity)?$/i.test(cell)) isNumber = false;
    if (!/^(True|False|TRUE|FALSE|true|false)$/.test(cell)) isFlag = false;
    if (!isNumber && !isFlag) return "?";
  }
  if (!some) return "float64";
  return isWhole ? "int64" : isNumber ? "float64" : isFlag ? "bool" : "?";
}
