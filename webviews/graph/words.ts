// What cards say: on the card, in its tooltip, and to a screen reader. Pure.
import type { GraphGroup, GraphNode } from "../../src/protocol/graph";
import { formatCount } from "../../src/protocol/words";
import type { Inside } from "./fold";

export interface CardText {
  readonly label: string;
  /** The name that it was given. */
  readonly name: string;
  readonly detail: string;
  readonly count: string;
}

const countOf = (parameters: number | null): string => (parameters ? formatCount(parameters) : "");

export function nodeText({ label, name, detail, parameters, isFrozen, isShared, kind }: GraphNode): CardText {
  const marks = [detail, isShared && "shared", isFrozen && parameters ? "frozen" : ""].filter(Boolean);
  return { label, name: name ?? "", detail: marks.join(" · "), count: kind === "layer" ? countOf(parameters) : "" };
}

export function groupText({ label, name, isFrozen, isShared }: GraphGroup, { layers, parameters }: Inside): CardText {
  const size = layers === 1 ? "1 layer" : `${formatCount(layers)} layers`;
  const marks = [size, isShared && "shared", isFrozen && parameters ? "frozen" : ""].filter(Boolean);
  return { label, name: name ?? "", detail: marks.join(" · "), count: countOf(parameters) };
}

/** One sentence, for the tooltip and for screen readers. It begins with what can be seen. */
export function sentenceOf(item: GraphNode | GraphGroup, text: CardText, from: readonly string[]): string {
  const parts = [
    text.name ? `${text.label} ${text.name}` : text.label,
    text.detail,
    text.count && `${text.count} parameters`,
    item.shape && `gives ${item.shape}`,
    from.length > 0 && `after ${from.join(" and ")}`,
  ];
  return parts.filter(Boolean).join(", ");
}
