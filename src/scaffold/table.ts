// A data set in a CSV file: what its columns are, and the code that loads them. Knows text only, not where it came from.
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
}

/** The code of a table: constants, function and call, in the order in which a file has them. */
export interface TableParts {
  constants: string;
  loadData: string;
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
  return { path, columns, separator, quoted: text.includes('"') };
}

/** The width of square images whose pixels are the columns; undefined where they make no square. */
export function imageSize(columns: number): number | undefined {
  const size = Math.round(Math.sqrt(columns));
  return size * size === columns && size > 2 ? size : undefined;
}

/** @throws Error when the table's columns do not fit the task; its message names what was found. */
export function tableParts(table: Table, task: Task, type: (text: string) => string): TableParts {
  const { label, features, left } = divide(table);
  const classes = task === "regression" ? [] : classesOf(label, task);
  if (task === "regression" && !label.numeric) {
    throw new Error(`Regression predicts a number, but column ${label.name} holds text. Choose a numeric column.`);
  }
  const size = task === "images" ? imageSize(features.length) : undefined;
  if (task === "images" && !size) {
    throw new Error(
      `Images need a column for each pixel of a square, 9 or more; ${table.path} has ${features.length} numeric columns beside ${label.name}.`,
    );
  }
  const names = features.map(({ name }) => name);
  const constants = [
    ...(left.length > 0 ? [`// Not used, because they are not numbers: ${left.join(", ")}.`] : []),
    size
      ? `const PIXELS = ${pixelNames(names)};\nconst SIZE = ${size};`
      : `const FEATURES = [${names.map(quote).join(", ")}];`,
    `const LABEL = ${quote(label.name)};`,
    ...(task === "regression" ? [] : [`const CLASSES = [${classes.map(quote).join(", ")}];`]),
  ].join("\n");
  return { constants, loadData: loader(table, task, size, type) };
}

function divide(table: Table) {
  const label = table.label ? table.columns.find(({ name }) => name === table.label) : table.columns.at(-1);
  if (!label) {
    const known = table.columns.map(({ name }) => name).join(", ");
    throw new Error(`${table.path} has no column ${table.label ?? "to predict"}. It has: ${known || "no columns"}.`);
  }
  const others = table.columns.filter((column) => column !== label);
  const features = others.filter(({ numeric }) => numeric);
  if (features.length === 0) throw new Error(`${table.path} has no column of numbers beside ${label.name}.`);
  return { label, features, left: others.filter(({ numeric }) => !numeric).map(({ name }) => name) };
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

function loader(table: Table, task: Task, size: number | undefined, type: (text: string) => string): string {
  const separator = table.separator ?? ",";
  const cells = table.quoted ? "cells(line)" : `line.split(${JSON.stringify(separator)})`;
  const used = size ? "PIXELS" : "FEATURES";
  const labels = {
    regression: "tf.tensor2d(part.map((row) => [Number(row[LABEL])]))",
    binary: 'tf.tensor2d(part.map((row) => [CLASSES.indexOf(row[LABEL] ?? "")]))',
    multiclass: 'tf.oneHot(part.map((row) => CLASSES.indexOf(row[LABEL] ?? "")), CLASSES.length)',
    images: 'tf.oneHot(part.map((row) => CLASSES.indexOf(row[LABEL] ?? "")), CLASSES.length)',
  }[task];
  const scaled = size
    ? `const x = tf.tensor2d(numbers(rows)).reshape([rows.length, SIZE, SIZE, 1]);
  const brightest = x.max();`
    : `const { mean, variance } = tf.moments(tf.tensor2d(numbers(rows)), 0);`;
  const features = size
    ? `tf.tensor2d(numbers(part)).reshape([part.length, SIZE, SIZE, 1]).div(brightest)`
    : `tf.tensor2d(numbers(part)).sub(mean).div(variance.add(1e-7).sqrt())`;
  const row = type(": Record<string, string>[]");
  const about = size
    ? "Pixels are scaled to 0 … 1."
    : "Numbers are scaled to mean 0 and deviation 1, so that no column outweighs another.";
  return `${table.quoted ? `${cellSplitter(separator, type)}\n\n` : ""}/** Reads the table and keeps every fifth row for testing; rows with an empty cell are left out. ${about} */
function loadData() {
  const text = readFileSync(new URL(${quote(urlPath(table.path))}, import.meta.url), "utf8");
  const [header = "", ...lines] = text.trim().split(/\\r?\\n/);
  const names = ${cells.replace("line", "header")};
  const rows = lines
    .map((line)${type(": Record<string, string>")} => Object.fromEntries(${cells}.map((cell, index) => [names[index], cell])))
    .filter((row) => [...${used}, LABEL].every((name) => row[name]));

  const numbers = (part${row}) => part.map((row) => ${used}.map((name) => Number(row[name])));
  ${scaled}
  const toTensors = (part${row}) => ({
    x: ${features},
    y: ${labels},
  });
  return {
    train: toTensors(rows.filter((_, index) => index % 5 !== 0)),
    test: toTensors(rows.filter((_, index) => index % 5 === 0)),
  };
}`;
}

function cellSplitter(separator: string, type: (text: string) => string): string {
  const s = separator === "\t" ? "\\t" : separator;
  return `/** The cells of a line; a separator inside quotes does not count. */
function cells(line${type(": string")}) {
  const found = line.matchAll(/(?:^|${s})(?:"((?:[^"]|"")*)"|([^${s}]*))/g);
  return [...found].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}`;
}

function splitLine(line: string, separator: string): string[] {
  const pattern = new RegExp(`(?:^|${separator})(?:"((?:[^"]|"")*)"|([^${separator}]*))`, "g");
  return [...line.matchAll(pattern)].map(([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? "");
}

/** 64 names would hide the file: those that are counted through are written as a rule. */
function pixelNames(names: readonly string[]): string {
  const size = imageSize(names.length)!;
  const prefix = /^(.*?)\d+_\d+$/.exec(names[0] ?? "")?.[1];
  if (prefix !== undefined) {
    for (const first of [0, 1]) {
      const rule = names.every(
        (name, index) => name === `${prefix}${Math.floor(index / size) + first}_${(index % size) + first}`,
      );
      const plus = first ? " + 1" : "";
      if (rule) {
        return `Array.from({ length: ${names.length} }, (_, i) => \`${prefix}\${Math.floor(i / ${size})${plus}}_\${i % ${size}${plus}}\`)`;
      }
    }
  }
  const counted = /^(.*?)(\d+)$/.exec(names[0] ?? "");
  if (counted) {
    const [, stem = "", from = "0"] = counted;
    if (names.every((name, index) => name === `${stem}${Number(from) + index}`)) {
      return `Array.from({ length: ${names.length} }, (_, i) => \`${stem}\${i${from === "0" ? "" : ` + ${from}`}}\`)`;
    }
  }
  return `[${names.map(quote).join(", ")}]`;
}

const quote = (text: string) => JSON.stringify(text);

/** In a URL these three have a meaning of their own; everything else is escaped by `new URL`. */
const urlPath = (path: string) => path.replace(/[%#?\\]/g, encodeURIComponent);
