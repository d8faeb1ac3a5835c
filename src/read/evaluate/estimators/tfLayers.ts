// tf.layers of TensorFlow 1: functions that make a layer and call it, and the classes behind them.

import { layerNamed } from "../../../model/layers/catalog";
import { guarded } from "../found";
import { callLayer, makeLayer } from "../keras/layers";
import type { Run } from "../run";
import { type Arguments, type Place, positional, UNKNOWN, type Value } from "../value";

const FUNCTIONS: Readonly<Record<string, string>> = {
  dense: "Dense",
  conv1d: "Conv1D",
  conv2d: "Conv2D",
  conv3d: "Conv3D",
  conv2d_transpose: "Conv2DTranspose",
  conv3d_transpose: "Conv3DTranspose",
  separable_conv1d: "SeparableConv1D",
  separable_conv2d: "SeparableConv2D",
  max_pooling1d: "MaxPooling1D",
  max_pooling2d: "MaxPooling2D",
  max_pooling3d: "MaxPooling3D",
  average_pooling1d: "AveragePooling1D",
  average_pooling2d: "AveragePooling2D",
  average_pooling3d: "AveragePooling3D",
  batch_normalization: "BatchNormalization",
  dropout: "Dropout",
  flatten: "Flatten",
};

/** Arguments of the call, and of a graph's variables, that no layer of Keras has. */
const OTHERS =
  /^(inputs|training|reuse|_reuse|_scope|renorm|renorm_clipping|renorm_momentum|fused|virtual_batch_size|adjustment)$/;

/** null: it is none of them. */
export function tfLayer(run: Run, path: string, args: Arguments, place: Place): Value | null {
  const name = /^tf\.layers\.(\w+)$/.exec(path)?.[1];
  if (name === undefined) return null;
  const className = FUNCTIONS[name] ?? (/^[A-Z]/.test(name) ? name : undefined);
  const type = className === undefined ? undefined : layerNamed(className, "keras2");
  if (!type || className === undefined) return null;
  const named = new Map([...args.named].filter(([key]) => !OTHERS.test(key)));
  // Their arguments and defaults are not all Keras's: of these nothing is said.
  if (name === className) return guarded(run, () => makeLayer(run, type, name, "keras2", { ...args, named }, place));
  const byName = args.named.get("inputs");
  const inputs = byName ?? args.positional[0];
  const rest = byName ? args.positional : args.positional.slice(1);
  const layer = guarded(run, () => makeLayer(run, type, name, "keras2", { ...args, positional: rest, named }, place));
  return inputs ? callLayer(run, layer, positional(inputs), place) : UNKNOWN;
}
