// The models of a document as the graph view shows them: named, with places as the editor counts them and shapes as text.
import { type AnyShape, shapeText } from "../model/shape";
import type { Span } from "../model/span";
import type { GraphPlace, ModelGraph } from "../protocol/graph";
import type { GraphResult } from "../protocol/server";
import { type Group, modelGraphs, type Node, type ModelGraph as ReadGraph } from "../read/evaluate/graph";
import type { Run } from "../read/evaluate/run";
import { type Analysis, partAt, rangeOf } from "./analysis";

/** `run`: what the evaluation of the document has found. */
export function graphOf(analysis: Analysis, run: Run): GraphResult {
  return { models: named(modelGraphs(run).map((model) => modelOf(analysis, model))) };
}

function modelOf(analysis: Analysis, model: ReadGraph): ModelGraph {
  const known = (count: number | "?"): number | null => (count === "?" ? null : count);
  const itemOf = ({ id, group, label, name, span, made, parameters, isFrozen, isShared, outputs }: Node | Group) => ({
    id,
    group,
    label,
    name,
    place: span && placeOf(analysis, span),
    made: made && placeOf(analysis, made),
    parameters: known(parameters),
    isFrozen,
    isShared,
    shape: outputs.map(textOf).filter(Boolean).join(", "),
  });
  return {
    id: model.id,
    title: model.name ?? variableBefore(analysis, model.span) ?? (model.madeIn ? `${model.madeIn}()` : model.className),
    className: model.className,
    place: placeOf(analysis, model.span),
    parameters: known(model.parameters),
    trainable: known(model.trainable),
    isPart: model.isPart,
    nodes: model.nodes.map((node) => ({ ...itemOf(node), kind: node.kind, detail: node.detail })),
    edges: model.edges.map(({ from, to, shape }) => ({ from, to, shape: textOf(shape) })),
    groups: model.groups.map((group) => ({ ...itemOf(group), kind: group.kind })),
  };
}

/** A size that is not known is said so among known ones; a shape of which nothing is known is not shown. */
function textOf(shape: AnyShape): string {
  if (shape === "?" || (shape.length > 1 && shape.slice(1).every((dim) => dim === "?"))) return "";
  return shapeText(shape) || "one number";
}

function placeOf(analysis: Analysis, span: Span): GraphPlace {
  return { uri: partAt(analysis, span.start).uri, ...rangeOf(analysis, span) };
}

/** `model` of `model = Sequential(…)`, `this.model = …`, `const model: tf.Sequential = …`. */
function variableBefore({ source }: Analysis, { start }: Span): string | null {
  const line = source.text
    .slice(Math.max(0, start - 200), start)
    .split("\n")
    .at(-1)!;
  return /(?:^|[\s.;])([\p{L}_$][\p{L}\p{N}_$]*)\s*(?::[^=]*)?=\s*(?:await\s+)?(?:[\w.]*\.)?$/u.exec(line)?.[1] ?? null;
}

/** Two of the same name are told apart by their line. */
function named(models: readonly ModelGraph[]): ModelGraph[] {
  const counts = new Map<string, number>();
  for (const { title } of models) counts.set(title, (counts.get(title) ?? 0) + 1);
  return models.map((model) =>
    counts.get(model.title) === 1 ? model : { ...model, title: `${model.title}, line ${model.place.start.line + 1}` },
  );
}
