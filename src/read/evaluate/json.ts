// A text of JSON as a value of the program. Knows no file.
import { dictFrom, listOf } from "./lists";
import { boolean, NONE, number, string, UNKNOWN, type Value } from "./value";

export function valueOfJsonText(text: string, language: "python" | "javascript"): Value {
  try {
    return valueIn(JSON.parse(text), language);
  } catch {
    return UNKNOWN;
  }
}

function valueIn(json: unknown, language: "python" | "javascript"): Value {
  if (json === null) return NONE;
  if (typeof json === "string") return string(json);
  if (typeof json === "boolean") return boolean(json);
  if (typeof json === "number") return number(json);
  const isPython = language === "python";
  if (Array.isArray(json))
    return listOf(
      isPython ? "list" : "array",
      json.map((one) => valueIn(one, language)),
    );
  return dictFrom(
    Object.entries(json as object).map(([key, one]) => [key, valueIn(one, language)] as const),
    isPython ? "dict" : "object",
  );
}
