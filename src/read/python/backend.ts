// The Keras backend that a Python text chooses itself, in whichever of the usual ways. The first place counts: Keras reads it once.
import { type Node, pathAt } from "../tree";
import { dottedName } from "./libraries";
import type { Names } from "./names";
import { argumentFor, argumentsOf, stringValue } from "./nodes";

export interface BackendSetting {
  name: string;
  /** `os.environ.setdefault`: counts only where the run brings none. */
  isDefault: boolean;
  node: Node;
}

export function backendIn(names: Names): BackendSetting | null {
  for (const { index } of names.source.text.matchAll(/KERAS_BACKEND|set_backend/g)) {
    const found = settingAt(names, pathAt(names.source, index));
    if (found) return found;
  }
  return null;
}

function settingAt(names: Names, path: readonly Node[]): BackendSetting | null {
  const node = path.findLast(({ type }) => type === "assignment" || type === "call");
  if (!node) return null;
  if (node.type === "assignment") {
    const left = node.childForFieldName("left");
    const key = left?.childForFieldName("subscript");
    const value = node.childForFieldName("right");
    const holder = left?.childForFieldName("value");
    if (left?.type !== "subscript" || !key || !value || !holder || stringValue(key) !== "KERAS_BACKEND") return null;
    return dottedName(names, holder) === "os.environ" ? setting(value, node) : null;
  }
  const callee = dottedName(names, node.childForFieldName("function") ?? node);
  const first = argumentsOf(node)[0]?.value;
  if (callee === null || !first) return null;
  if (/^keras\.(?:\w+\.)*set_backend$/.test(callee)) return setting(first, node);
  if (callee === "os.environ.update") {
    const value = argumentsOf(node).find(({ name }) => name === "KERAS_BACKEND")?.value ?? valueIn(first);
    return value ? setting(value, node) : null;
  }
  if (stringValue(first) !== "KERAS_BACKEND" || !/^os\.(?:environ\.setdefault|putenv)$/.test(callee)) return null;
  const value = argumentFor(node, "value", 1);
  return value && setting(value, node, callee.endsWith("setdefault"));
}

/** The value in `{"KERAS_BACKEND": "jax"}`. */
function valueIn(dictionary: Node): Node | null {
  const pairs = dictionary.type === "dictionary" ? dictionary.namedChildren.filter(({ type }) => type === "pair") : [];
  const pair = pairs.find((one) => stringValue(one.childForFieldName("key") ?? one) === "KERAS_BACKEND");
  return pair?.childForFieldName("value") ?? null;
}

function setting(value: Node, node: Node, isDefault = false): BackendSetting | null {
  const name = stringValue(value);
  return name !== null && /^\w{1,20}$/.test(name) ? { name, isDefault, node } : null;
}
