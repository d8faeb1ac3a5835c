// Calls of the pooling layers.
import { type Case, each, grid } from "./cases";

const steps = [null, 10, 4];
const image = [null, 8, 9, 3];
const volume = [null, 6, 7, 8, 2];
const kinds = ["Max", "Average"] as const;

export const POOLING: readonly Case[] = kinds.flatMap((kind) => [
  ...grid(`${kind}Pooling1D`, { pool_size: [2, [3]], strides: [null, 1, 2], padding: ["valid", "same"] }, [
    steps,
    [2, null, 4],
    [null, 1, 4],
    [null, 10],
    [null, 2, 4],
  ]),
  ...grid(`${kind}Pooling1D`, { pool_size: [2], data_format: ["channels_first"] }, [steps], {
    in: ["keras3", "keras2"],
  }),
  ...grid(`${kind}Pooling2D`, { pool_size: [2, [2, 3]], strides: [null, 1, [2, 1]], padding: ["valid", "same"] }, [
    image,
    [null, null, 9, 3],
    [null, 1, 1, 3],
    [null, 8, 9],
  ]),
  ...grid(`${kind}Pooling2D`, { pool_size: [2, 4], data_format: ["channels_first", "channels_last"] }, [
    image,
    [null, null, null, null],
  ]),
  ...each(
    `${kind}Pooling2D`,
    [
      {},
      { pool_size: [2, 2, 2] },
      { pool_size: 0 },
      { pool_size: 2, padding: "full" },
      { pool_size: 2, pading: "same" },
    ],
    [image],
    { in: ["keras3", "keras2"] },
  ),
  ...each(`${kind}Pooling2D`, [{ pool_size: 2, padding: "SAME" }], [image], { in: ["keras2", "keras3"] }),
  ...grid(`${kind}Pooling3D`, { pool_size: [2, [1, 2, 3]], strides: [null, 1], padding: ["valid", "same"] }, [
    volume,
    [null, null, 7, 8, 2],
    [null, 1, 1, 1, 2],
  ]),
  ...grid(`${kind}Pooling3D`, { data_format: ["channels_first"], pool_size: [2] }, [volume]),
  { layer: `${kind}Pooling2D`, args: [3, 2, "same"], input: image, in: ["keras3", "keras2"] },
  {
    layer: `${kind}Pooling2D`,
    config: { pool_size: 2 },
    input: { shape: [null, 8, 8, 3], dtype: "int32" },
    in: ["keras3"],
  },
  ...grid(
    `Global${kind}Pooling1D`,
    { keepdims: [true, false], data_format: ["channels_last", "channels_first"] },
    [steps, [null, null, 4], [null, 4]],
    { in: ["keras3", "keras2"] },
  ),
  ...grid(
    `Global${kind}Pooling2D`,
    { keepdims: [true, false], data_format: ["channels_last", "channels_first"] },
    [image, [null, null, null, 3], [null, 8, 9]],
    { in: ["keras3", "keras2"] },
  ),
  ...grid(`Global${kind}Pooling3D`, { keepdims: [true, false], data_format: ["channels_last", "channels_first"] }, [
    volume,
    [null, null, 6, 6, null],
  ]),
  ...each(`Global${kind}Pooling1D`, [{}], [steps, [null, null, 4], [null, 4]]),
  ...each(`Global${kind}Pooling2D`, [{}, { data_format: "channels_first" }], [image, [null, null, 9, null]]),
  ...grid(`Adaptive${kind}Pooling1D`, { output_size: [3, [2]] }, [steps, [null, null, 4]]),
  ...grid(`Adaptive${kind}Pooling2D`, { output_size: [3, [2, 4]], data_format: [null, "channels_first"] }, [
    image,
    [null, null, null, 3],
  ]),
  ...grid(`Adaptive${kind}Pooling3D`, { output_size: [3, [2, 4, 1]] }, [volume]),
  ...each(`Adaptive${kind}Pooling2D`, [{}, { output_size: [1, 2, 3] }], [image]),
]);
