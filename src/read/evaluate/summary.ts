// What a model consists of, once a program has been evaluated: its layers as Keras lists them, its weights, what a call of it costs.
import type { Tensors, Weight } from "../../model/layers/catalog.types";
import { bytesPerNumber } from "../../model/layers/tensors";
import { type Dim, elements, plus, times } from "../../model/shape";
import { graphOf } from "./keras/graph";
import { allWeights } from "./keras/layers";
import { partsOf } from "./keras/models";
import { type Records, UNKNOWN_IS_FROZEN } from "./run";
import { givenName, isModel } from "./sites";
import { type LayerValue, OUTPUTS, type Place, TRAINABLE, type Value } from "./value";
import { bytesInside, type Done, macsOf, macsOfWork, type Work } from "./work";

export interface SummaryRow {
  /** As the source names it; null where it leaves that to Keras. */
  readonly name: string | null;
  /** The class of a layer, or what an operation is called. */
  readonly kind: string;
  readonly isOperation: boolean;
  /** Where it was made; null of an operation. */
  readonly place: Place | null;
  /** Null: it was never called. */
  readonly outputs: Tensors;
  readonly parameters: Dim;
  /** Null: it has nothing to train. */
  readonly trainable: boolean | "?" | null;
  readonly macs: Dim;
}

export interface Weighed {
  readonly parameters: Dim;
  readonly bytes: Dim;
}

export interface Summary {
  readonly model: LayerValue;
  readonly name: string | null;
  readonly kind: string;
  /** Null where it is not known which layers there are. */
  readonly rows: readonly SummaryRow[] | null;
  readonly total: Weighed;
  readonly trainable: Weighed;
  readonly fixed: Weighed;
  /** Bytes of everything that layers give, for one example. */
  readonly activations: Dim;
  /** Multiply-accumulates for one example. */
  readonly macs: Dim;
}

/** The models that a program makes, in the order in which it makes them. */
export const modelsOf = ({ layers }: Records): readonly LayerValue[] => layers.filter(isModel);

export function summaryOf(told: Records, model: LayerValue): Summary {
  const does = worksOf(told, model);
  const weights = allWeights(model);
  const isClear = weights !== "?" && knowsWhatTrains(told, model);
  const isPlain = told.precisions.length === 0;
  const sized = (of: readonly Weight[]): Weighed => (isPlain ? weighed(of) : { ...weighed(of), bytes: "?" });
  const some = (trainable: boolean): Weighed =>
    isClear ? sized(weights.filter((one) => one.trainable === trainable)) : { parameters: "?", bytes: "?" };
  return {
    model,
    name: givenName(model),
    kind: kindOf(model),
    rows: rowsOf(told, model, does?.works ?? []),
    total: weights === "?" ? { parameters: "?", bytes: "?" } : sized(weights),
    trainable: some(true),
    fixed: some(false),
    activations: does && isPlain ? bytesInside(does) : "?",
    macs: does ? macsOf(does) : "?",
  };
}

/** What a call of it does: what its graph has, or what was seen when it was called. */
function worksOf(told: Records, model: LayerValue): Done | null {
  if (model.form === "application") return workOfApplication(model);
  const nodes = graphOf(model);
  if (nodes) return { works: nodes.flatMap(({ work }) => work ?? []), isVague: false };
  const calls = told.seen.filter((one) => one.layer === model && one.inside);
  return (calls.find(({ isEager }) => !isEager) ?? calls[0])?.inside ?? null;
}

/** Not where it goes on from other layers: Keras counts them to the model as well. */
function workOfApplication(model: LayerValue): Done | null {
  const output = model.slots.get(OUTPUTS) as Value | undefined;
  const node = output?.kind === "tensor" ? output.node : null;
  const from = node?.inputs[0]?.node;
  const begins = from && (from.layer ? from.layer.form === "input" : from.operation === "input");
  return begins && node.work ? { works: [node.work], isVague: false } : null;
}

function rowsOf(told: Records, model: LayerValue, works: readonly Work[]): readonly SummaryRow[] | null {
  if (model.form === "application") return null;
  const frozen = model.slots.get(TRAINABLE) === false;
  const row = (layer: LayerValue) => layerRow(told, layer, works, frozen);
  // A model between tensors lists its operations as well.
  const nodes = model.form === "sequential" ? null : graphOf(model);
  if (nodes) {
    const done = new Set<LayerValue>();
    return nodes.flatMap(({ layer, operation, work }) => {
      if (!layer) return work ? [operationRow(operation, work)] : [];
      if (done.has(layer)) return [];
      done.add(layer);
      return [row(layer)];
    });
  }
  const parts = partsOf(model);
  if (parts.includes("?")) return null;
  const layers = parts as readonly LayerValue[];
  return layers.filter(({ form }) => model.form !== "sequential" || form !== "input").map(row);
}

function layerRow(told: Records, layer: LayerValue, works: readonly Work[], frozen: boolean): SummaryRow {
  const own = works.filter((work) => work.layer === layer);
  const weights = allWeights(layer);
  const slot = layer.slots.get(TRAINABLE) as boolean | null | undefined;
  const seen = own.at(-1)?.outputs ?? told.seen.findLast((one) => one.layer === layer)?.outputs ?? null;
  return {
    name: givenName(layer),
    kind: kindOf(layer),
    isOperation: false,
    place: layer.place,
    outputs: seen,
    parameters: weights === "?" ? "?" : weighed(weights).parameters,
    trainable: weights !== "?" && weights.length === 0 ? null : frozen ? false : slot === null ? "?" : slot !== false,
    macs: own.length > 0 ? plus(...own.map(macsOfWork)) : layer.form === "input" ? 0 : "?",
  };
}

/** As Keras calls the class of it. */
export const kindOf = ({ className, form, instance }: LayerValue): string =>
  form === "functional" && !instance ? "Functional" : className;

const OPERATORS: Readonly<Record<string, string>> = {
  "+": "add",
  "-": "subtract",
  "*": "multiply",
  "/": "divide",
  "//": "floor_divide",
  "**": "power",
  "@": "matmul",
  "[]": "get_item",
};

const operationRow = (operation: string, work: Work): SummaryRow => ({
  name: null,
  kind: OPERATORS[operation] ?? operation,
  isOperation: true,
  place: null,
  outputs: work.outputs,
  parameters: 0,
  trainable: null,
  macs: macsOfWork(work),
});

const weighed = (weights: readonly Weight[]): Weighed => ({
  parameters: plus(0, ...weights.map(({ shape }) => elements(shape))),
  bytes: plus(0, ...weights.map(({ shape, dtype = "float32" }) => times(elements(shape), bytesPerNumber(dtype)))),
});

/** Whether it is known of everything in it what trains: not where some layer of it was frozen that nobody knows. */
function knowsWhatTrains(told: Records, model: LayerValue): boolean {
  if (told.lost.some(({ why }) => why === UNKNOWN_IS_FROZEN)) return false;
  const clear = (layer: LayerValue, depth: number): boolean =>
    layer.slots.get(TRAINABLE) !== null &&
    (depth > 20 || partsOf(layer).every((part) => part !== "?" && clear(part, depth + 1)));
  return clear(model, 0);
}
