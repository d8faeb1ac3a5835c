// What a call of a layer costs, as far as it is worth telling: the multiply-accumulates of products of matrices and of convolutions.
import type { Dim } from "../shape";
import type { LayerCall, LayerType, Tensors } from "./catalog.types";

/**
 * For one example. Biases, activations, normalizations, means and the resizing of images are not counted, as is usual: a layer that
 * does nothing else costs 0.
 */
export function macsOfCall(type: LayerType, call: LayerCall, outputs: Tensors): Dim {
  if (!type.macs) return 0;
  // A kernel that is made of smaller ones in each call costs more than its own product.
  return (call.config["lora_rank"] ?? null) === null ? type.macs(call, outputs) : "?";
}
