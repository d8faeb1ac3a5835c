// What is said of a layer, a model or a tensor: in a hint, in its tooltip and in a hover. Markdown where it says so.
import type { Tensors, Weight } from "../model/layers/catalog.types";
import { isTensor, mapTensors } from "../model/layers/tensors";
import { type AnyShape, elements } from "../model/shape";
import { formatCount } from "../protocol/words";
import type { CallPlace, Site, Variant } from "../read/evaluate/sites";
import { knownShape } from "./knownShape";
import { escapeMarkdown } from "./markdown";

/** `(None, 26, 26, 32)`, as Keras writes it; what is not known is `?`. */
export function tupleText(tensors: Tensors): string {
  if (tensors === null) return "None";
  if (isTensor(tensors)) return tuple(tensors.shape);
  if (Array.isArray(tensors)) return `[${tensors.map(tupleText).join(", ")}]`;
  return `{${Object.entries(tensors)
    .map(([key, one]) => `${key}: ${tupleText(one as Tensors)}`)
    .join(", ")}}`;
}

function tuple(shape: AnyShape): string {
  if (shape === "?") return "?";
  const dims = shape.map((dim) => (dim === null ? "None" : String(dim)));
  return `(${dims.join(", ")}${dims.length === 1 ? "," : ""})`;
}

/** All that is known of a site, as Markdown: for a tooltip or a hover. "" where that is nothing. */
export function siteMarkdown(site: Site): string {
  const told = site.variants.filter(({ outputs, parameters }) => outputs !== null || parameters !== "?");
  if (told.length === 0) return "";
  const shown = told.slice(0, MOST_VARIANTS);
  const left = told.length - shown.length;
  return [
    `**${site.layer}**`,
    ...shown.map((variant) => variantMarkdown(site, variant)),
    ...(left > 0 ? [`… and ${left} more`] : []),
  ].join("\n\n");
}

const MOST_VARIANTS = 4;

function variantMarkdown({ kind }: Site, { inputs, outputs, parameters, weights, because, from }: Variant): string {
  const lines: string[] = [];
  if (kind !== "input" && inputs !== null && knownShape(inputs) !== undefined)
    lines.push(`Input \`${tupleText(inputs)}\``);
  if (outputs !== null && knownShape(outputs) !== undefined)
    lines.push(`Output \`${tupleText(outputs)}\`${dtypeText(outputs)}`);
  for (const reason of because) lines.push(`\`${reason}\``);
  if (kind !== "input" && parameters !== "?") lines.push(parametersText(parameters, weights, kind));
  if (from) lines.push(`As called from ${escapeMarkdown(callText(from))}`);
  return lines.join("  \n");
}

/** `train.py, line 12`; of a notebook `train.ipynb, cell 3, line 1`, its cells counted from 1 as editors do. */
export function callText({ file, line, cell, program }: CallPlace): string {
  const where = [file, ...(cell === undefined ? [] : [`cell ${cell + 1}`]), ...(line === null ? [] : [`line ${line}`])];
  return `${where.join(", ")}${program === undefined ? "" : ` (run by ${program})`}`;
}

function dtypeText(tensors: Tensors): string {
  const found = new Set<string>();
  mapTensors(tensors, ({ dtype }) => found.add(dtype));
  const [only] = found;
  return found.size === 1 && only !== "?" ? ` ${only}` : "";
}

/** `320 parameters: kernel 3·3·1·32 + bias 32`; of a model how many of them are trained. */
function parametersText(parameters: number, weights: readonly Weight[] | "?", kind: Site["kind"]): string {
  const all = parameters === 1 ? "1 parameter" : `${formatCount(parameters)} parameters`;
  if (weights === "?" || parameters === 0) return parameters === 0 ? "No parameters" : all;
  const fixed = weights
    .filter(({ trainable }) => !trainable)
    .reduce((sum, { shape }) => sum + Number(elements(shape)), 0);
  const notTrained = fixed > 0 ? `, ${formatCount(fixed)} of them not trained` : "";
  if (kind === "model" || weights.length > MOST_WEIGHTS) return `${all}${notTrained}`;
  const terms = weights.map(({ name, shape }) => `${name} ${shape.length > 0 ? shape.join("·") : "1"}`);
  return `${all}: ${terms.join(" + ")}${notTrained}`;
}

const MOST_WEIGHTS = 8;
