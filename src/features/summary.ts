// The summary of a model in words: a Markdown table for hovers, as Keras's model.summary() lists the layers, and what a call costs.
import type { Dim } from "../model/shape";
import { formatCount } from "../protocol/words";
import type { Summary, SummaryRow, Weighed } from "../read/evaluate/summary";
import { escapeMarkdown } from "./markdown";
import { tupleText } from "./siteWords";

/** Rows that a table has at most: the first layers and the last ones, and between them how many there are more. */
const MOST_ROWS = 20;
const LAST_ROWS = 4;

export function summaryMarkdown(summary: Summary, most = MOST_ROWS): string {
  const { kind, name, rows } = summary;
  const title = `**${escapeMarkdown(kind)}**${name === null ? "" : ` ${escapeMarkdown(name)}`}`;
  const table = rows && rows.length > 0 ? ["", tableOf(rows, most)] : [];
  // The totals first: a hover shows its beginning.
  return [title, "", ...summaryLines(summary).map((line) => `${line}  `), ...table].join("\n");
}

function tableOf(rows: readonly SummaryRow[], most: number): string {
  const lines = shortened(rows, most).map((row) =>
    typeof row === "number"
      ? `| … ${formatCount(row)} more layers | | | |`
      : `| ${cellsOf(row).map(escapeMarkdown).join(" | ")} |`,
  );
  return ["| Layer | Output shape | Parameters | Trainable |", "| --- | --- | ---: | :---: |", ...lines].join("\n");
}

/** The cells of a row, as `fitlens inspect --summary` prints them as well. */
export function cellsOf({ name, kind, isOperation, outputs, parameters, trainable }: SummaryRow): string[] {
  const layer = isOperation ? `${kind} (operation)` : name === null ? kind : `${name} (${kind})`;
  const trains = { true: "yes", false: "no", "?": "?", null: "" }[String(trainable) as "true"];
  return [layer, outputs === null ? "?" : tupleText(outputs), countText(parameters), trains];
}

/** Rows with the number of those that are left out in their place. */
export function shortened(rows: readonly SummaryRow[], most = MOST_ROWS): readonly (SummaryRow | number)[] {
  if (rows.length <= most) return rows;
  const last = Math.min(LAST_ROWS, most - 1);
  const first = most - last;
  return [...rows.slice(0, first), rows.length - first - last, ...rows.slice(rows.length - last)];
}

/** What is below the table: the totals with their sizes, memory, multiply-accumulates. What is not known is left out. */
export function summaryLines({ model, total, trainable, fixed, activations, macs }: Summary): string[] {
  const isOld = model.library === "keras2";
  const weights = (label: string, { parameters, bytes }: Weighed): string[] =>
    typeof parameters === "number"
      ? [`${label}: ${formatCount(parameters)}${typeof bytes === "number" ? ` (${sizeText(bytes, isOld)})` : ""}`]
      : [];
  return [
    ...(typeof total.parameters === "number" ? weights("Total parameters", total) : ["Total parameters: not known"]),
    ...weights("Trainable parameters", trainable),
    ...weights("Non-trainable parameters", fixed),
    ...perExample("Activations of one example", activations, (bytes) => sizeText(bytes, isOld)),
    ...perExample("Multiply-accumulates of one example", macs, (count) =>
      count === 0 ? "none" : `${formatCount(count)} (${flopsText(2 * count)})`,
    ),
  ];
}

function perExample(label: string, value: Dim, text: (value: number) => string): string[] {
  if (value === "?") return [];
  return [`${label}: ${value === null ? "hangs on a size that is None" : text(value)}`];
}

const SCALES = [
  [1e12, "TFLOPs"],
  [1e9, "GFLOPs"],
  [1e6, "MFLOPs"],
  [1e3, "kFLOPs"],
] as const;

/** A multiply-accumulate is two floating point operations. */
function flopsText(count: number): string {
  const [scale, unit] = SCALES.find(([least]) => count >= least) ?? ([1, "FLOPs"] as const);
  const value = count / scale;
  return `${value >= 100 || scale === 1 ? Math.round(value) : Number(value.toPrecision(3))} ${unit}`;
}

/** Bytes as Keras writes them: `4.58 MB` of 1,024² each; Keras 2 says Byte where Keras 3 says B. */
export function sizeText(bytes: number, isKeras2 = false): string {
  let value = bytes;
  for (const unit of [isKeras2 ? "Byte" : "B", "KB", "MB", "GB", "TB"]) {
    if (value < 1024) return `${value.toFixed(2)} ${unit}`;
    value /= 1024;
  }
  return `${value.toFixed(2)} PB`;
}

const countText = (count: Dim): string => (typeof count === "number" ? formatCount(count) : "?");
