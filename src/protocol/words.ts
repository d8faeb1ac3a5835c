// How numbers and times are said, everywhere alike: in the panel, the status bar, lenses and the command line. Pure.

/** Three significant digits: `0.231`, `12.3`, `1,204`, `8.4e-4`. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return "NaN";
  if (!Number.isFinite(value)) return value > 0 ? "Infinity" : "-Infinity";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size >= 1e7 || size < 1e-3) return value.toExponential(1);
  if (size >= 100) return formatCount(value);
  const digits = Math.max(0, 2 - Math.floor(Math.log10(size)));
  return value.toFixed(Math.min(digits, 3));
}

/** A whole number: `12,345`. */
export const formatCount = (value: number): string => Math.round(value).toLocaleString("en-US");

/** Seconds as people say them: `42 s`, `2 min 13 s`, `1 h 5 min`, `3 d 4 h`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min${whole % 60 ? ` ${whole % 60} s` : ""}`;
  const minutes = Math.round(whole / 60);
  if (minutes < 24 * 60) return `${Math.floor(minutes / 60)} h${minutes % 60 ? ` ${minutes % 60} min` : ""}`;
  const hours = Math.round(minutes / 60);
  return `${Math.floor(hours / 24)} d${hours % 24 ? ` ${hours % 24} h` : ""}`;
}

/** How long ago, roughly: `just now`, `3 min ago`, `2 h ago`, `5 d ago`. */
export function formatAgo(seconds: number): string {
  if (seconds < 45) return "just now";
  if (seconds < 3570) return `${Math.max(1, Math.round(seconds / 60))} min ago`;
  if (seconds < 24 * 3600) return `${Math.round(seconds / 3600)} h ago`;
  return `${Math.round(seconds / (24 * 3600))} d ago`;
}
