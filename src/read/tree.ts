// Small questions to any syntax tree. Knows no grammar's node names.
import type { Node } from "web-tree-sitter";
import type { Span } from "../model/span";
import type { Source } from "./source";

/** Layers above name nodes without knowing where trees come from. */
export type { Node };

/** The nodes around an offset, the whole text's first, the smallest last. */
export function pathAt(source: Source, offset: number): Node[] {
  const path: Node[] = [];
  let node: Node | null = source.tree.rootNode;
  while (node && node.startIndex <= offset && offset < node.endIndex) {
    path.push(node);
    node = node.firstChildForIndex(offset);
  }
  return path;
}

export const spanOf = (node: Node): Span => ({ start: node.startIndex, end: node.endIndex });
