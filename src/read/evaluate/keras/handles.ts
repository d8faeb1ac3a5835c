// A layer within another one's arguments, as the catalog calls it.
import type { CallResult, Config, LayerHandle, Tensors, Weight } from "../../../model/layers/catalog.types";
import type { Dim } from "../../../model/shape";
import type { Run } from "../run";
import type { LayerValue } from "../value";
import { macs1, run1, weightsOf } from "./layers";

export function handleOf(run: Run, layer: LayerValue, changed?: Config): LayerHandle {
  return {
    isLayer: true,
    className: layer.className,
    get config() {
      return changed ?? layer.catalog;
    },
    call: (inputs: Tensors, options = {}): CallResult => run1(run, layer, inputs, options, changed),
    weights: (inputs: Tensors): readonly Weight[] | "?" => weightsOf(run, layer, inputs, changed),
    macs: (inputs: Tensors): Dim => macs1(run, layer, inputs, changed),
    with: (config: Config) => handleOf(run, layer, config),
  };
}
