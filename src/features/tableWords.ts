// What is said of data that a name is worth: the columns of a data frame, one element of a data set. Markdown. Knows no place in a text.
import { formatCount } from "../protocol/words";
import { itemsOf, listItems } from "../read/evaluate/lists";
import { columnsOf, rowsOf } from "../read/evaluate/tables/frame";
import type { DatasetValue, FrameColumn, FrameValue, TensorValue, Value } from "../read/evaluate/value";
import { escapeMarkdown } from "./markdown";
import { tupleText } from "./siteWords";

/** Columns that are listed at most. */
const MOST_COLUMNS = 30;

/** Columns with what is known of their types, and the rows. "" where the columns are not known. */
export function frameMarkdown(frame: FrameValue): string {
  const columns = columnsOf(frame);
  const rows = rowsOf(frame);
  if (!columns) return "";
  const counted = [...(typeof rows === "number" ? [counts(rows, "row")] : []), counts(columns.length, "column")];
  const title = `Data frame of ${counted.join(" and ")}`;
  if (columns.length === 0) return title;
  const lines = columns
    .slice(0, MOST_COLUMNS)
    .map((one) => `| ${escapeMarkdown(String(one.name))} | ${typeText(one)} |`);
  const left = columns.length - lines.length;
  if (left > 0) lines.push(`| … ${formatCount(left)} more | |`);
  return [title, "", "| Column | Type |", "| --- | --- |", ...lines].join("\n");
}

const counts = (count: number, what: string): string => `${formatCount(count)} ${what}${count === 1 ? "" : "s"}`;

/** pandas calls texts "object" or "str", as its version has it: that says nothing here. */
export const typeText = ({ dtype }: FrameColumn): string => (dtype === "?" ? "" : escapeMarkdown(dtype));

/** What one element of a data set is. "" where a part of it is not known. */
export function datasetMarkdown({ element }: DatasetValue): string {
  const text = elementText(element);
  return text === null ? "" : `Data set, each element \`${text}\``;
}

/** With a space before it; "" where it is not sure: whether arrays hold 32 or 64 bits is not followed everywhere. */
export function arrayTypeText({ type: { dtype }, node }: TensorValue): string {
  const isSure = node ? dtype !== "?" : !/^(\?|float\d*|int(32|64))$/.test(dtype);
  return isSure ? ` ${dtype}` : "";
}

/** `(…)` of a tuple, `{name: …}` of a dictionary, shape and type of a tensor; null where a part is not known. */
function elementText(value: Value, depth = 0): string | null {
  if (depth > 6) return null;
  if (value.kind === "tensor") {
    const { shape } = value.type;
    return shape === "?" || shape.includes("?") ? null : `${tupleText(value.type)}${arrayTypeText(value)}`;
  }
  if (value.kind === "list") {
    const parts = listItems(value)?.map((one) => elementText(one, depth + 1));
    return parts && !parts.includes(null) ? `(${parts.join(", ")})` : null;
  }
  if (value.kind !== "dict") return null;
  const entries = itemsOf(value)?.map(([key, one]) => [String(key), elementText(one, depth + 1)] as const);
  if (!entries || entries.length === 0 || entries.some(([, text]) => text === null)) return null;
  return `{${entries.map(([key, text]) => `${key}: ${text}`).join(", ")}}`;
}
