// The shape that a layer names for its own input: what a Sequential model begins with. Knows no layer but Embedding, whose
// constructor names one by itself.
import type { AnyShape, Dim } from "../shape";
import { isFailure, optional, read, shape, size } from "./arguments";
import type { Config, LayerType, Library } from "./catalog.types";

/** With its batch; null where the layer names none. What is wrong with it the constructor says. */
export function declaredInput(layer: LayerType, library: Library, config: Config): AnyShape | null {
  const own = new Set(layer.arguments.map(({ name }) => name));
  // Embedding's `input_dim` is the size of its vocabulary.
  const sizeNamed = own.has("output_dim") ? null : (config["input_dim"] ?? null);
  const args = read(
    layer.name,
    { library, config: { ...config, size: sizeNamed } },
    {
      batch_input_shape: optional(shape()),
      input_shape: optional(shape({ orOne: true })),
      batch_size: optional(size()),
      size: optional(size()),
      input_length: optional(shape({ orOne: true })),
    },
  );
  if (isFailure(args)) return null;
  const { batch_input_shape: whole, input_shape: one, batch_size: batch } = args;
  if (whole !== null) return whole;
  const withBatch = (dims: AnyShape): AnyShape => (dims === "?" ? "?" : [batch as Dim, ...dims]);
  // Keras 3 asks for the size first, the others for the shape.
  if (library === "keras3" && args.size !== null) return withBatch([args.size]);
  if (one !== null) return withBatch(one);
  if (args.size !== null) return withBatch([args.size]);
  if (layer.name === "Embedding" && library !== "keras3") return withBatch(args.input_length ?? [null]);
  return null;
}
