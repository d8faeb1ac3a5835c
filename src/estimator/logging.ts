// What the library tells while it works: TensorFlow's own sentences, on stderr. Knows how numbers are written, not what they mean.

export type Verbosity = "info" | "warn" | "error" | "silent";
export type LogLevel = Exclude<Verbosity, "silent">;

const ORDER: readonly Verbosity[] = ["info", "warn", "error", "silent"];
const NAMES: Record<LogLevel, string> = { info: "INFO", warn: "WARNING", error: "ERROR" };

let verbosity: Verbosity = "info";
let write = (level: LogLevel, message: string) => process.stderr.write(`${NAMES[level]}:estimator:${message}\n`);

/** Says which lines are written. Default `"info"`: all of them, unlike TensorFlow, which hides the progress of its Estimators. */
export function setVerbosity(level: Verbosity): void {
  verbosity = level;
}

/** Sends the lines elsewhere than to stderr. Only what the verbosity allows arrives. */
export function setLogger(logger: (level: LogLevel, message: string) => void): void {
  write = (level, message) => {
    logger(level, message);
    return true;
  };
}

export function log(level: LogLevel, message: string): void {
  if (ORDER.indexOf(level) >= ORDER.indexOf(verbosity)) write(level, message);
}

/** A float32 as NumPy prints it: the fewest digits that give the same number back; `1.0`, not `1`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
  const target = Math.fround(value);
  for (let digits = 1; digits <= 9; digits++) {
    const short = Number(target.toPrecision(digits));
    if (Math.fround(short) === target)
      return Number.isInteger(short) && Math.abs(short) < 1e16 ? `${short}.0` : `${short}`;
  }
  return `${target}`;
}

/** `accuracy = 0.84375, global_step = 100, loss = 0.5`: sorted by name, as TensorFlow prints results. */
export function formatResults(results: Record<string, number>): string {
  return Object.keys(results)
    .sort()
    .map((key) => `${key} = ${key === "global_step" ? results[key] : formatNumber(results[key]!)}`)
    .join(", ");
}

/** Six significant digits without trailing zeros: C's `%g`, in which TensorFlow prints rates. */
export function formatRate(value: number): string {
  return `${Number(value.toPrecision(6))}`;
}

/** Local time as TensorFlow's evaluation lines carry it: 2026-11-23T14:06:54. */
export function formatTime(date: Date): string {
  const two = (n: number) => String(n).padStart(2, "0");
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}
