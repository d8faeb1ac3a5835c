// What a program itself has names for, as completion offers it: layers and outputs of its models, columns of its data, keys of features.
import { formatCount } from "../protocol/words";
import { recordedOf } from "../read/evaluate/program";
import { columnsOf } from "../read/evaluate/tables/frame";
import { headerOf } from "../read/evaluate/tables/read";
import type { FrameValue, LayerValue } from "../read/evaluate/value";
import { layerNames, layersOf, modelBefore, outputNames, valueBefore } from "./layerNames";
import { layerSites, siteParts } from "./layerSites";
import { spanIn } from "./place";
import type { Reading } from "./reading";
import type { StringUse } from "./stringAt";
import { typeText } from "./tableWords";

export interface Offer {
  readonly name: string;
  /** What it is, as Markdown. */
  readonly text: string;
  readonly detail?: string;
}

/** What stands before `.get_layer`: the name of a model. */
const ownerOf = (callee: string): string | null => /^([\w$]+)\.[\w$]+$/.exec(callee)?.[1] ?? null;

/** Layers of the model that is asked, in their order; of all models where it is not known which. */
export function layersOffered(reading: Reading, callee: string, offset: number): readonly Offer[] {
  const names = layerNames(reading);
  const owner = ownerOf(callee);
  const model = owner === null ? null : modelBefore(reading, owner, offset);
  const own = model && layersOf(model);
  const layers = own ?? recordedOf(reading.program, "layers").filter((layer) => isOneOfAll(layer));
  const offers = new Map<string, Offer>();
  for (const layer of layers) {
    const name = names.get(layer);
    if (name !== undefined && !offers.has(name))
      offers.set(name, { name, text: documentationOf(reading, layer), detail: layer.written });
  }
  return [...offers.values()];
}

const isOneOfAll = ({ form }: LayerValue): boolean => form !== "estimator";

/** `→ 26 × 26 × 32 · 320`, as the hint behind it says; and the line it stands in. */
function documentationOf(reading: Reading, { place }: LayerValue): string {
  if (place.unit.file !== undefined) return "";
  const span = spanIn(place);
  const site = layerSites(reading, span).find(
    (one) => one.place.unit === place.unit && one.place.start === place.start,
  );
  const { shape, count } = site ? siteParts(site) : { shape: "", count: "" };
  const line = `Line ${formatCount(reading.source.positionAt(span.start).line + 1)}`;
  return [...(shape ? [`Output ${shape}`] : []), ...(count ? [`${count} parameters`] : []), line].join("  \n");
}

const COMPILES = /^(loss|metrics|weighted_metrics|loss_weights|weightedMetrics|lossWeights)$/;

/** Names of a model's outputs: `loss={"…`, `fit(x, {"…`. Null: the key is not one of these. */
export function outputsOffered(
  reading: Reading,
  { of }: StringUse & { kind: "key" },
  offset: number,
): readonly Offer[] | null {
  if (of?.kind !== "argument") return null;
  const method = of.callee.slice(of.callee.lastIndexOf(".") + 1);
  const isGiven =
    (method === "compile" && of.name !== null && COMPILES.test(of.name)) ||
    (method === "compile" && of.name === null && of.at === 1) ||
    (/^(fit|evaluate|train_on_batch|test_on_batch)$/.test(method) &&
      (of.name === "y" || of.name === "sample_weight" || (of.name === null && of.at === 1)));
  if (!isGiven) return null;
  const owner = ownerOf(of.callee);
  const model = owner === null ? null : modelBefore(reading, owner, offset);
  const outputs = model && outputNames(model, layerNames(reading));
  return (outputs ?? []).map(([name, by]) => ({ name, text: "An output of the model.", detail: by }));
}

const frameBefore = (reading: Reading, name: string, offset: number): FrameValue | null => {
  const value = valueBefore(reading, name, offset);
  return value?.kind === "frame" ? value : null;
};

const columnOffers = (frame: FrameValue, of: string): readonly Offer[] =>
  (columnsOf(frame) ?? []).flatMap((one) =>
    typeof one.name === "string"
      ? [{ name: one.name, text: `A column of \`${of}\`.`, detail: one.dtype === "?" ? "column" : typeText(one) }]
      : [],
  );

/** `df["…`; null: it is no data frame. */
export function columnsOffered(reading: Reading, name: string, offset: number): readonly Offer[] | null {
  const frame = frameBefore(reading, name, offset);
  return frame && columnOffers(frame, name);
}

/** Methods of data frames whose first argument names columns, and by what name else. */
const BY_COLUMN: Readonly<Record<string, string>> = {
  pop: "item",
  get: "key",
  drop: "labels columns",
  groupby: "by",
  sort_values: "by",
  set_index: "keys",
  drop_duplicates: "subset",
  dropna: "subset",
};

/** `df.pop("…`; null: it is no such method of a data frame. */
export function columnsOfCall(
  reading: Reading,
  use: StringUse & { kind: "argument" },
  offset: number,
): readonly Offer[] | null {
  const owner = ownerOf(use.callee);
  const method = use.callee.slice(use.callee.lastIndexOf(".") + 1);
  const names = Object.hasOwn(BY_COLUMN, method) ? BY_COLUMN[method]!.split(" ") : null;
  if (owner === null || !names) return null;
  const isMeant = use.name === null ? use.at === 0 && method !== "dropna" : names.includes(use.name);
  return isMeant ? columnsOffered(reading, owner, offset) : null;
}

/** Columns of all data frames of the program. */
export function allColumns({ program, source }: Reading): readonly Offer[] {
  const frames = new Map<string, FrameValue>();
  for (const { place, value } of recordedOf(program, "named")) {
    const { start, end } = spanIn(place);
    if (value.kind === "frame" && place.unit.file === undefined) frames.set(source.text.slice(start, end), value);
  }
  return [...frames].flatMap(([name, frame]) => columnOffers(frame, name));
}

/** The header of the file that `tf.data.csv` reads: keys of `columnConfigs`. */
export function columnsOfFile({ source, workspace }: Reading, offset: number): readonly Offer[] {
  const before = source.text.slice(0, offset);
  const call = before.slice(before.lastIndexOf(".csv("));
  const given = /^\.csv\(\s*(?:(["'`])([^"'`$]+)\1|(\w+))/.exec(call);
  const path = given?.[2] ?? (given?.[3] ? textOf(before, given[3]) : null);
  if (!path || !workspace) return [];
  const names = headerOf(workspace, path.replace(/^file:\/\//, ""));
  return (names ?? []).map((name) => ({ name, text: `A column of \`${path}\`.`, detail: "column" }));
}

/** `const name = "…"` */
const textOf = (text: string, name: string): string | null =>
  new RegExp(`\\b(?:const|let|var)\\s+${name}\\s*=\\s*(["'\`])([^"'\`$]+)\\1`).exec(text)?.[2] ?? null;
