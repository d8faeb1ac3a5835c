// What the editor tells of Python, checked: an editor that is not ours may send anything. What is not as expected counts as not told.
import type { PythonParams } from "../protocol/server";

export function pythonParams(told: unknown): PythonParams | null {
  if (!isRecord(told) || !isRecord(told["backends"])) return null;
  const backends = strings(told["backends"]);
  const packages = isRecord(told["packages"]) ? strings(told["packages"]) : null;
  return { packages, backends: { ...backends, default: backends["default"] ?? "tensorflow" } };
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const strings = (record: Record<string, unknown>): Record<string, string> =>
  Object.fromEntries(Object.entries(record).filter((entry): entry is [string, string] => typeof entry[1] === "string"));
