// The features and labels of a fit as source text: as they are written, a slice of them, their number of examples. Knows no trees.
import { membersOf, type Node, unwrap } from "../../read/javascript/nodes";
import type { Script } from "../../read/javascript/training";
import type { NewNames } from "../newNames";
import { objectText, type Style } from "./style";

/** Tensors as written: one expression for a tensor, several in a list, several by name, or a name that stands for a list. */
export type Data =
  | { form: "one" | "array"; text: string; ranked: boolean }
  | { form: "list"; items: readonly string[] }
  | { form: "record"; members: readonly (readonly [string, string])[] };

/** An expression that may be written twice: it has no effects and costs nothing. */
export const isSimple = (node: Node): boolean => /^(?:this\.)?[\w$]+!?(?:\.[\w$]+!?)*$/.test(node.text);

/** Reads one argument. `twice`: it will be written more than once, so that what is not simple gets a name (pushed to `before`). */
export function dataOf(
  script: Script,
  node: Node,
  options: { twice: boolean; wish: string; fresh: NewNames; before: string[] },
): Data {
  const inner = unwrap(node);
  if (inner.type === "array" && inner.namedChildren.every((child) => isData(child))) {
    return { form: "list", items: inner.namedChildren.map((child) => named(child, options)) };
  }
  const members = inner.type === "object" ? membersOf(inner) : [];
  if (
    members.length > 0 &&
    members.every(({ name, value }) => name !== null && /^[\w$]+$/.test(name) && isData(value))
  ) {
    return { form: "record", members: members.map(({ name, value }) => [name!, named(value, options)] as const) };
  }
  const value = script.values.of(node);
  const form = value.kind === "array" ? "array" : "one";
  return { form, text: named(node, options), ranked: value.kind === "tensor" && value.origins.every(isRanked) };
}

const isData = (node: Node) => !/^(comment|spread_element|method_definition)$/.test(node.type);

/** `tf.tensor2d(…)`: its type tells how many dimensions there are, so that TypeScript knows that there is a first. */
const isRanked = (node: Node) => /\.?tensor\dd$/.test(node.childForFieldName("function")?.text ?? "");

function named(
  node: Node,
  { twice, wish, fresh, before }: { twice: boolean; wish: string; fresh: NewNames; before: string[] },
): string {
  if (!twice || isSimple(node)) return node.text;
  const name = fresh.take(wish);
  before.push(`const ${name} = ${node.text}`);
  return name;
}

export function dataText(style: Style, data: Data): string {
  if (data.form === "list") return `[${data.items.join(", ")}]`;
  return data.form === "record" ? objectText(style, data.members) : data.text;
}

/** A part of the examples: `begin` and `end` are source text; without an end it goes to the last. */
export function sliceOf(data: Data, begin: string, size?: string): Data {
  const slice = (text: string) => `${text}.slice(${size === undefined ? begin : `${begin}, ${size}`})`;
  switch (data.form) {
    case "one":
      return { ...data, text: slice(data.text) };
    case "array":
      return { ...data, text: `${data.text}.map((tensor) => ${slice("tensor")})` };
    case "list":
      return { form: "list", items: data.items.map(slice) };
    case "record":
      return { form: "record", members: data.members.map(([name, text]) => [name, slice(text)] as const) };
  }
}

/** The number of examples. */
export function examplesOf(style: Style, data: Data): string {
  const certain = data.form === "one" && data.ranked;
  // With noUncheckedIndexedAccess TypeScript does not know that a tensor of unknown rank has a first dimension.
  const sure = style.typescript && !certain ? "!" : "";
  const item = style.typescript ? "[0]!" : "[0]";
  switch (data.form) {
    case "one":
      return `${data.text}.shape[0]${sure}`;
    case "array":
      return `${data.text}${item}.shape[0]${sure}`;
    case "list":
      return `${data.items[0]}.shape[0]${sure}`;
    case "record":
      return `${data.members[0]![1]}.shape[0]${sure}`;
  }
}
