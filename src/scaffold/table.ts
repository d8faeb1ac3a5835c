// A data set in a CSV file: what its columns are, and which of them a task takes. Knows text only, not where it came from, and no language.
import type { Task } from "./choices";

export interface Column {
  name: string;
  /** Every value that is there is a number. */
  numeric: boolean;
  /** The different values, sorted, where they are few enough to be classes. */
  values?: readonly string[];
}

export interface Table {
  /** The file, relative to the new one, with `/`. */
  path: string;
  columns: readonly Column[];
  /** The column to predict; absent: the last. */
  label?: string;
  separator?: "," | ";" | "\t";
  /** Some cells are in quotes. */
  quoted?: boolean;
  /** How many rows it has below the names. */
  rows?: number;
}

/** What a task takes of a table. */
export interface Columns {
  label: Column;
  /** Names of the columns of numbers, without the label. */
  numbers: readonly string[];
  /** Columns of text, without the label. */
  texts: readonly Column[];
  /** The values of the label to tell apart; none for a regression. */
  classes: readonly string[];
  /** The width of the images that the columns of numbers make up. */
  size?: number | undefined;
}

const MOST_CLASSES = 100;

/** Reads what a CSV file's columns are. Its first line names them. */
export function readTable(path: string, text: string): Table {
  const lines = text.trim().split(/\r?\n/);
  const separator = ([",", ";", "\t"] as const).reduce((best, one) =>
    (lines[0] ?? "").split(one).length > (lines[0] ?? "").split(best).length ? one : best,
  );
  const rows = lines.map((line) => splitLine(line, separator));
  const columns = (rows[0] ?? []).map((name, index) => {
    const cells = rows.slice(1).flatMap((row) => row[index] || []);
    const numeric = cells.length > 0 && cells.every((cell) => Number.isFinite(Number(cell)));
    const values = [...new Set(cells)].sort((a, b) => (numeric ? Number(a) - Number(b) : a < b ? -1 : 1));
    return { name, numeric, ...(values.length <= MOST_CLASSES ? { values } : {}) };
  });
  return { path, columns, separator, quoted: text.includes('"'), rows: lines.length - 1 };
}

function splitLine(line: string, separator: string): string[] {
  const pattern = new RegExp(`(?:^|${separator})(?:"((?:[^"]|"")*)"|([^${separator}]*))`, "g");
  return [...line.matchAll(pattern)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

/** The width of square images whose pixels are the columns; undefined where they make no square. */
export function imageSize(columns: number): number | undefined {
  const size = Math.round(Math.sqrt(columns));
  return size * size === columns && size > 2 ? size : undefined;
}

/**
 * What the task takes of the table. `texts`: columns of text can be features too.
 * @throws Error when the table's columns do not fit the task; its message names what was found.
 */
export function columnsFor(table: Table, task: Task, options: { texts?: boolean } = {}): Columns {
  const { label, others } = divide(table);
  const numbers = others.filter(({ numeric }) => numeric).map(({ name }) => name);
  const texts = others.filter(({ numeric }) => !numeric);
  if (numbers.length === 0 && !(options.texts && texts.some(({ values }) => values))) {
    throw new Error(`${table.path} has no column of numbers beside ${label.name}.`);
  }
  const classes = task === "regression" ? [] : classesOf(label, task);
  if (task === "regression" && !label.numeric) {
    throw new Error(`Regression predicts a number, but column ${label.name} holds text. Choose a numeric column.`);
  }
  const size = task === "images" ? imageSize(numbers.length) : undefined;
  if (task === "images" && !size) {
    throw new Error(
      `Images need a column for each pixel of a square, 9 or more; ${table.path} has ${numbers.length} numeric columns beside ${label.name}.`,
    );
  }
  return { label, numbers, texts, classes, size };
}

function divide(table: Table) {
  const label = table.label ? table.columns.find(({ name }) => name === table.label) : table.columns.at(-1);
  if (!label) {
    const known = table.columns.map(({ name }) => name).join(", ");
    throw new Error(`${table.path} has no column ${table.label ?? "to predict"}. It has: ${known || "no columns"}.`);
  }
  return { label, others: table.columns.filter((column) => column !== label) };
}

function classesOf(label: Column, task: Task): readonly string[] {
  const values = label.values ?? [];
  const found = label.values ? `${values.length} different values` : `more than ${MOST_CLASSES} different values`;
  if (task === "binary" && values.length !== 2) {
    throw new Error(`Yes or no needs two values in column ${label.name}, which has ${found}.`);
  }
  if (values.length < 2)
    throw new Error(`Classes need 2 to ${MOST_CLASSES} values in column ${label.name}, which has ${found}.`);
  return values;
}

/** How names are counted through: by row and column, `pixel_0_7`, or one after another, `pixel7`. */
export type NameRule = { prefix: string; first: number } & ({ by: "grid"; size: number } | { by: "count" });

/** 64 names would hide the file: the rule by which they are counted through, where there is one. */
export function nameRule(names: readonly string[]): NameRule | undefined {
  const size = imageSize(names.length);
  const grid = /^(.*?)(\d+)_\d+$/.exec(names[0] ?? "");
  const count = /^(.*?)(\d+)$/.exec(names[0] ?? "");
  const candidates: NameRule[] = [];
  if (size && grid) candidates.push({ by: "grid", size, prefix: grid[1]!, first: Number(grid[2]) });
  if (count) candidates.push({ by: "count", prefix: count[1]!, first: Number(count[2]) });
  return candidates.find(
    // A prefix stands in a template: what has a meaning there is left to a list of names.
    (rule) => !/[`$\\{}"]/.test(rule.prefix) && names.every((name, index) => name === nameBy(rule, index)),
  );
}

function nameBy(rule: NameRule, index: number): string {
  const { prefix, first } = rule;
  if (rule.by === "count") return `${prefix}${first + index}`;
  return `${prefix}${Math.floor(index / rule.size) + first}_${(index % rule.size) + first}`;
}
