// model.json: the model as it was really built.
import path from "node:path";
import type * as tfjs from "@tensorflow/tfjs";
import { type ModelSummary, RUN_FILES, RUN_FORMAT } from "../../protocol/run";
import { writeJsonAtomic } from "../../runs/files";

export function writeSummary(folder: string, model: tfjs.LayersModel): void {
  writeJsonAtomic(path.join(folder, RUN_FILES.model), summaryOf(model));
}

export function summaryOf(model: tfjs.LayersModel): ModelSummary {
  const layers = model.layers.map((layer) => ({
    name: layer.name,
    className: layer.getClassName(),
    outputShape: firstShape(layer),
    parameters: count(layer.weights),
    trainable: layer.trainable,
  }));
  const summary: ModelSummary = {
    format: RUN_FORMAT,
    name: model.name,
    layers,
    parameters: count(model.weights),
    trainableParameters: count(model.trainableWeights),
  };
  const optimizer = model.optimizer?.getClassName();
  if (optimizer) summary.optimizer = optimizer;
  const loss = lossName(model.loss);
  if (loss) summary.loss = loss;
  return summary;
}

/** Of the layer's first output, where it is known: a layer used several times may have several. */
function firstShape(layer: tfjs.layers.Layer): (number | null)[] {
  try {
    const shape = layer.outputShape;
    return (Array.isArray(shape[0]) ? shape[0] : shape) as (number | null)[];
  } catch {
    return [];
  }
}

/** A weight that several layers share counts once. */
function count(weights: readonly { shape: readonly (number | null)[] }[]): number {
  return [...new Set(weights)].reduce(
    (sum, { shape }) => sum + shape.reduce<number>((size, n) => size * (n ?? 1), 1),
    0,
  );
}

function lossName(loss: unknown): string | undefined {
  if (typeof loss === "string") return loss;
  if (typeof loss === "function") return loss.name || "a function";
  if (Array.isArray(loss)) return [...new Set(loss.map(lossName))].join(", ");
  if (typeof loss === "object" && loss !== null) return [...new Set(Object.values(loss).map(lossName))].join(", ");
  return undefined;
}
