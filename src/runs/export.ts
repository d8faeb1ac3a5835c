// A run's points as CSV or JSON text, for `fitlens runs export` and for saving from the panel.
import type { SeriesPoints } from "../protocol/panel";
import { newestPerStep } from "./summary";

/** One line a point: source, tag, step, wall time, value. NaN and infinities in words, as pandas reads them. */
export function pointsToCsv(series: readonly SeriesPoints[]): string {
  const lines = ["source,tag,step,wall_time,value"];
  for (const one of series) {
    const { source, tag, steps, times, values } = newestPerStep(one);
    const name = csvField(tag);
    for (let at = 0; at < steps.length; at++) {
      lines.push(`${source},${name},${steps[at]},${isoTime(times[at]!)},${values[at]}`);
    }
  }
  return `${lines.join("\n")}\n`;
}

/** Series with their columns. NaN and infinities as strings, since JSON has none. */
export function pointsToJson(series: readonly SeriesPoints[]): string {
  const plain = (column: Float64Array): (number | string)[] =>
    Array.from(column, (value) => (Number.isFinite(value) ? value : String(value)));
  const all = series.map((one) => {
    const { source, tag, steps, times, values } = newestPerStep(one);
    return { source, tag, steps: plain(steps), times: plain(times), values: plain(values) };
  });
  return JSON.stringify({ format: 1, series: all });
}

function isoTime(millis: number): string {
  const time = new Date(millis);
  return Number.isNaN(time.getTime()) ? "" : time.toISOString();
}

/** Quoted where needed. A spreadsheet would run a name that begins like a formula: it gets an apostrophe before it. */
function csvField(text: string): string {
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
