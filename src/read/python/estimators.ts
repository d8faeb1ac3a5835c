// Which Keras a Python text names, and where it needs tf.estimator. Knows no calls.
import { type Node, pathAt } from "../tree";
import { type Imports, meaningOf } from "./libraries";
import type { Names } from "./names";
import type { KerasFlavour } from "./packages";

/** The Keras variants that a script names, by import or as `tf.keras`. */
export function kerasIn(names: Names, { libraries }: Imports): ReadonlySet<KerasFlavour> {
  const found = new Set(libraries.flatMap(({ flavour }) => flavour ?? []));
  if (
    !found.has("tf.keras") &&
    attributes(names, "keras").some(({ node }) => meaningOf(names, node)?.flavour === "tf.keras")
  ) {
    found.add("tf.keras");
  }
  return found;
}

/** Every place that needs tf.estimator, with the nodes around it, in the order of the text. */
export function estimatorPlaces(names: Names, { libraries }: Imports): Place[] {
  const imported = libraries
    .filter(({ library }) => library === "estimator")
    .map(({ statement, path }) => ({ node: statement, path }));
  const used = attributes(names, "estimator").filter(({ node }) => meaningOf(names, node)?.library === "estimator");
  return [...imported, ...used].sort((a, b) => a.node.startIndex - b.node.startIndex);
}

/** The first that cannot do without; null where none is, or where the script is ready for its absence. */
export const firstNeeded = (places: readonly Place[]): Node | null =>
  places.find(({ path }) => !isGuarded(path))?.node ?? null;

interface Place {
  node: Node;
  path: readonly Node[];
}

/** Every `x.name`, with the nodes around it. */
function attributes({ source }: Names, name: string): Place[] {
  return [...source.text.matchAll(new RegExp(`\\.\\s*\\b(${name})\\b`, "g"))].flatMap(({ index, 0: text }) => {
    const path = pathAt(source, index + text.length - 1);
    const node = path.at(-2);
    return node?.type === "attribute" ? [{ node, path }] : [];
  });
}

/** `try: … except ImportError: …` and `if hasattr(tf, "estimator"): …`. */
function isGuarded(path: readonly Node[]): boolean {
  return path.some((node, at) => {
    const inner = path[at + 1];
    if (node.type === "try_statement") return node.childForFieldName("body")?.id === inner?.id;
    return node.type === "if_statement" && /hasattr|__version__/.test(node.childForFieldName("condition")?.text ?? "");
  });
}
