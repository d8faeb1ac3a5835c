// What a type annotation says: the first class of a known library in it. Knows no values.
import type { Node } from "../tree";
import { meaningOf } from "./libraries";
import type { Names } from "./names";
import { stringValue } from "./nodes";
import { type Meaning, understood } from "./packages";

const BUILTINS = /^(?:int|float|str|bool|bytes|dict|list|tuple|set)$/;

/** Also inside `Optional[…]`, beside `None`, and in quotes. Null: not known. */
export function typeMeaning(names: Names, type: Node): Meaning | null {
  if (type.type === "string") return quoted(names, stringValue(type) ?? "", type);
  if (type.type === "attribute" || type.type === "identifier") {
    if (BUILTINS.test(type.text)) return { library: "other", flavour: null, member: type.text };
    return meaningOf(names, type);
  }
  for (const child of type.namedChildren) {
    const meaning = typeMeaning(names, child);
    if (meaning) return meaning;
  }
  return null;
}

/** `"keras.Model"`: as the names stand for where the annotation is written. */
function quoted(names: Names, text: string, at: Node): Meaning | null {
  const dotted = /[A-Za-z_][\w.]*/.exec(text)?.[0].split(".") ?? [];
  const [first, ...rest] = dotted;
  const imported =
    first && names.resolve(first, at.startIndex)?.definitions.find(({ kind }) => kind === "import")?.imported;
  return imported ? understood([imported, ...rest].join(".")) : null;
}
