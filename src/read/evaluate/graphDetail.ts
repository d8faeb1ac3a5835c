// The few arguments of a layer that one looks for first, as one line: `64 · 3 × 3 · relu`. Says only what is known.
import type { ConfigValue } from "../../model/layers/catalog.types";
import type { LayerValue } from "./value";

const FIRST = ["units", "filters", "rate", "num_heads", "input_dim", "output_dim", "target_shape"];
/** One number of these counts for each dimension of the layer: `3` of a Conv2D is 3 × 3. */
const SPATIAL = ["kernel_size", "pool_size", "size"];

export function detailOf({ type, catalog, className }: LayerValue): string {
  if (!type) return "";
  const dimensions = Number(/(\d)D/.exec(className)?.[1] ?? 1);
  const said = [
    ...FIRST.map((key) => textOf(catalog[key], 1)),
    ...SPATIAL.map((key) => textOf(catalog[key], dimensions)),
  ];
  const strides = textOf(catalog["strides"], dimensions);
  const isPlain = strides === "" || /^1( × 1)*$/.test(strides) || strides === textOf(catalog["pool_size"], dimensions);
  if (!isPlain) said.push(`stride ${strides}`);
  const activation = catalog["activation"];
  if (typeof activation === "string" && activation !== "linear") said.push(activation);
  return said.filter((text) => text !== "").join(" · ");
}

function textOf(value: ConfigValue | undefined, dimensions: number): string {
  if (typeof value === "number") return Array.from({ length: dimensions }, () => value).join(" × ");
  if (!Array.isArray(value) || !value.every((one) => typeof one === "number")) return "";
  return value.join(" × ");
}
