// The code that loads a table in a script for TensorFlow.js.
import type { Task } from "../choices";
import { columnsFor, nameRule, type Table } from "../table";

/** The code of a table: constants, function and call, in the order in which a file has them. */
export interface TableParts {
  constants: string;
  loadData: string;
}

/** @throws Error when the table's columns do not fit the task; its message names what was found. */
export function tableParts(table: Table, task: Task, type: (text: string) => string): TableParts {
  const { label, numbers, texts, classes, size } = columnsFor(table, task);
  const left = texts.map(({ name }) => name);
  const constants = [
    ...(left.length > 0 ? [`// Not used, because they are not numbers: ${left.join(", ")}.`] : []),
    size
      ? `const PIXELS = ${pixelNames(numbers)};\nconst SIZE = ${size};`
      : `const FEATURES = [${numbers.map(quote).join(", ")}];`,
    `const LABEL = ${quote(label.name)};`,
    ...(task === "regression" ? [] : [`const CLASSES = [${classes.map(quote).join(", ")}];`]),
  ].join("\n");
  return { constants, loadData: loader(table, task, size, type) };
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

function pixelNames(names: readonly string[]): string {
  const rule = nameRule(names);
  if (!rule) return `[${names.map(quote).join(", ")}]`;
  const { prefix, first } = rule;
  const plus = first === 0 ? "" : ` + ${first}`;
  const counted =
    rule.by === "grid" ? `\${Math.floor(i / ${rule.size})${plus}}_\${i % ${rule.size}${plus}}` : `\${i${plus}}`;
  return `Array.from({ length: ${names.length} }, (_, i) => \`${prefix}${counted}\`)`;
}

const quote = (text: string) => JSON.stringify(text);

/** In a URL these three have a meaning of their own; everything else is escaped by `new URL`. */
const urlPath = (path: string) => path.replace(/[%#?\\]/g, encodeURIComponent);
