// A layer within another one's arguments, as the catalog calls it.
import {
  type CallResult,
  type Config,
  type ConfigValue,
  type LayerHandle,
  type Tensors,
  UNKNOWN,
  type Weight,
} from "../../../model/layers/catalog.types";
import type { Dim } from "../../../model/shape";
import { attributeOf } from "../access";
import { listItems } from "../lists";
import type { Run } from "../run";
import { type InstanceValue, type LayerValue, SHAPE, type Value } from "../value";
import { configOf } from "./convert";
import { macs1, run1, weightsOf } from "./layers";

export function handleOf(run: Run, layer: LayerValue, changed?: Config): LayerHandle {
  return {
    isLayer: true,
    className: layer.className,
    get config() {
      return changed ?? (layer.instance ? ownConfig(run, layer.instance) : layer.catalog);
    },
    call: (inputs: Tensors, options = {}): CallResult => run1(run, layer, inputs, options, changed),
    weights: (inputs: Tensors): readonly Weight[] | "?" => weightsOf(run, layer, inputs, changed),
    macs: (inputs: Tensors): Dim => macs1(run, layer, inputs, changed),
    with: (config: Config) => handleOf(run, layer, config),
  };
}

/** What a recurrent layer asks a cell of the user's own. */
function ownConfig(run: Run, cell: InstanceValue): Config {
  const of = (name: string): ConfigValue => {
    const value = attributeOf(run, cell, name, cell.place);
    const size = (one: Value): ConfigValue =>
      one.kind === "list" && one.slots.has(SHAPE) ? { dims: configOf(run, one) } : configOf(run, one);
    return value.kind === "list" && !value.slots.has(SHAPE) ? (listItems(value)?.map(size) ?? UNKNOWN) : size(value);
  };
  return { state_size: of("state_size"), output_size: of("output_size") };
}
