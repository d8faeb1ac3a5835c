// Calls of the convolutions.
import { type Case, each, grid } from "./cases";

const image = [null, 28, 28, 3];
const small = [null, 5, 6, 4];
const free = [null, null, null, 3];
const steps = [null, 20, 4];
const freeSteps = [8, null, 4];
const volume = [null, 9, 10, 11, 2];

const wrong1 = each(
  "Conv1D",
  [{ filters: 8, kernel_size: 3 }],
  [
    [null, 20],
    [null, 20, 4, 4],
    [null, 20, null],
    [null, 2, 4],
  ],
);

export const CONVOLUTION: readonly Case[] = [
  ...grid("Conv1D", { filters: [8], kernel_size: [3, [4]], strides: [1, 2], padding: ["valid", "same"] }, [
    steps,
    freeSteps,
  ]),
  ...grid("Conv1D", { filters: [8], kernel_size: [3], dilation_rate: [2, 3], padding: ["valid", "causal"] }, [
    steps,
    freeSteps,
  ]),
  ...grid("Conv1D", { filters: [8], kernel_size: [3], strides: [1, 2], data_format: ["channels_first"] }, [steps]),
  ...grid("Conv1D", { filters: [8], kernel_size: [2], groups: [1, 2, 3, 4], use_bias: [false] }, [steps], {
    in: ["keras3", "keras2"],
  }),
  ...grid("Conv1D", { filters: [8], kernel_size: [[2, 2], "3", null, 0], padding: ["valid"] }, [steps], {
    unsaid: "an odd argument",
  }),
  ...wrong1,
  ...grid("Conv2D", { filters: [8], kernel_size: [3, [3, 5]], strides: [1, 2, [1, 2]], padding: ["valid", "same"] }, [
    image,
    free,
    [4, 28, 17, 3],
  ]),
  ...grid(
    "Conv2D",
    {
      filters: [16],
      kernel_size: [[5, 3]],
      dilation_rate: [2, [1, 3]],
      padding: ["valid", "same"],
      use_bias: [true, false],
    },
    [image, free],
  ),
  ...grid("Conv2D", { filters: [8], kernel_size: [3], data_format: ["channels_first", "channels_last"] }, [
    [null, 3, 28, 30],
    [null, 3, null, null],
    [null, null, 8, 8],
  ]),
  ...grid(
    "Conv2D",
    { filters: [6], kernel_size: [3], groups: [1, 2, 3, 4] },
    [
      [null, 12, 12, 6],
      [null, 12, 12, 4],
    ],
    { in: ["keras3", "keras2"] },
  ),
  ...grid("Conv2D", { filters: [8], kernel_size: [5, 6, 7], strides: [1, 2, 3] }, [
    small,
    [null, 1, 1, 3],
    [null, 4, 5, 3],
  ]),
  ...each(
    "Conv2D",
    [
      { filters: 8, kernel_size: 3, strides: 2, dilation_rate: 2 },
      { filters: 8, kernel_size: 3, padding: "causal" },
    ],
    [image],
  ),
  ...each(
    "Conv2D",
    [
      { filters: 0, kernel_size: 3 },
      { filters: -1, kernel_size: 3 },
      { filters: 8, kernel_size: [3, 3, 3] },
      { filters: 8 },
      { kernel_size: 3 },
    ],
    [image],
  ),
  ...each(
    "Conv2D",
    [
      { filters: 8, kernel_size: 3, padding: "SAME" },
      { filters: 8, kernel_size: 3, padding: "full" },
    ],
    [image],
    { in: ["keras3", "keras2"] },
  ),
  ...each(
    "Conv2D",
    [
      { filters: 8, kernel_size: 3, kernal_size: 3 },
      { filters: 8, kernel_size: 3, input_shape: [28, 28, 3] },
      { filters: 8, kernel_size: 3, name: "first", trainable: true, dtype: "float16" },
    ],
    [image],
    { in: ["keras3", "keras2"] },
  ),
  ...each(
    "Conv2D",
    [{ filters: 8, kernel_size: 3 }],
    [
      [null, 28, 28],
      [null, 28, 28, null],
      [null, 2, 28, 28, 3],
      [null, 784],
    ],
  ),
  ...each(
    "Conv2D",
    [
      { filters: 8, kernel_size: 3, lora_rank: 2 },
      { filters: 8, kernel_size: 3, lora_rank: 2, use_bias: false },
    ],
    [image],
    { in: ["keras3"] },
  ),
  { layer: "Conv2D", args: [8, 3, 2, "same"], input: image, in: ["keras3", "keras2"] },
  { layer: "Conv2D", args: [8, 3], config: { filters: 3 }, input: image, in: ["keras3", "keras2"] },
  { layer: "Convolution2D", args: [8, 3], input: image, in: ["keras3", "keras2"] },
  ...grid("Conv3D", { filters: [4], kernel_size: [3, [1, 2, 3]], strides: [1, 2], padding: ["valid", "same"] }, [
    volume,
    [null, null, 10, 11, 2],
    [null, 2, 2, 2, 2],
  ]),
  ...grid("Conv3D", { filters: [4], kernel_size: [2], data_format: ["channels_first"], dilation_rate: [1, 2] }, [
    volume,
  ]),
  ...grid("Conv1DTranspose", { filters: [8], kernel_size: [3, 4], strides: [1, 2, 5], padding: ["valid", "same"] }, [
    steps,
    freeSteps,
  ]),
  ...grid(
    "Conv1DTranspose",
    { filters: [8], kernel_size: [3], strides: [2], output_padding: [0, 1], padding: ["valid", "same"] },
    [steps],
  ),
  ...grid(
    "Conv1DTranspose",
    { filters: [8], kernel_size: [3], dilation_rate: [2], padding: ["valid", "same", "causal"] },
    [steps],
  ),
  ...grid(
    "Conv2DTranspose",
    { filters: [8], kernel_size: [3, [2, 5]], strides: [1, 2, [3, 4]], padding: ["valid", "same"] },
    [
      [null, 7, 8, 16],
      [null, null, 8, 16],
      [null, 8, 8, null],
    ],
  ),
  ...grid(
    "Conv2DTranspose",
    { filters: [8], kernel_size: [3, 4], strides: [2], output_padding: [0, 1, [0, 1]], padding: ["valid", "same"] },
    [[null, 7, 8, 16]],
    { in: ["keras3", "keras2"] },
  ),
  ...grid(
    "Conv2DTranspose",
    { filters: [8], kernel_size: [3], output_padding: [1, 2], strides: [1, 2] },
    [[null, 7, 8, 16]],
    { in: ["keras3", "keras2"] },
  ),
  ...grid(
    "Conv2DTranspose",
    { filters: [8], kernel_size: [3], dilation_rate: [1, 2], use_bias: [true, false] },
    [[null, 7, 8, 16]],
    { in: ["keras3", "keras2"] },
  ),
  ...each(
    "Conv2DTranspose",
    [
      { filters: 8, kernel_size: 3, data_format: "channels_first" },
      { filters: 8, kernel_size: 3, strides: 2, dilation_rate: 2 },
      { filters: 8, kernel_size: 3, padding: "full" },
    ],
    [
      [null, 16, 7, 8],
      [null, 16, 7],
    ],
  ),
  ...grid(
    "Conv3DTranspose",
    { filters: [4], kernel_size: [3], strides: [1, 2, [1, 2, 3]], padding: ["valid", "same"] },
    [
      [null, 3, 4, 5, 2],
      [null, null, 4, 5, 2],
      [null, 3, 4, 5],
    ],
  ),
  ...grid(
    "Conv3DTranspose",
    { filters: [4], kernel_size: [3], strides: [2], output_padding: [1], data_format: ["channels_first"] },
    [[null, 2, 3, 4, 5]],
    { in: ["keras3", "keras2"] },
  ),
  ...grid(
    "DepthwiseConv1D",
    { kernel_size: [3], strides: [1, 2], padding: ["valid", "same"], depth_multiplier: [1, 3] },
    [steps, freeSteps, [null, 2, 4], [null, 20, null]],
  ),
  ...grid(
    "DepthwiseConv2D",
    {
      kernel_size: [3, [3, 2]],
      strides: [1, 2],
      padding: ["valid", "same"],
      depth_multiplier: [1, 2],
      use_bias: [true, false],
    },
    [image, free],
  ),
  ...each(
    "DepthwiseConv2D",
    [
      { kernel_size: 3, strides: [1, 2] },
      { kernel_size: 3, dilation_rate: 2 },
      { kernel_size: 3, dilation_rate: 2, strides: 2 },
      { kernel_size: 9 },
      { kernel_size: 6 },
      { kernel_size: 3, data_format: "channels_first" },
      { kernel_size: 3, padding: "causal" },
      {},
    ],
    [small, [null, 8, 8], [null, 8, 8, null]],
  ),
  ...grid(
    "SeparableConv1D",
    { filters: [8], kernel_size: [3], strides: [1, 2], padding: ["valid", "same", "causal"], depth_multiplier: [1, 2] },
    [steps, freeSteps, [null, 2, 4]],
  ),
  ...grid(
    "SeparableConv2D",
    { filters: [8], kernel_size: [3, [3, 2]], strides: [1, 2], padding: ["valid", "same"], depth_multiplier: [1, 2] },
    [image, free],
  ),
  ...each(
    "SeparableConv2D",
    [
      { filters: 8, kernel_size: 3, strides: [1, 2] },
      { filters: 8, kernel_size: 3, dilation_rate: 2 },
      { filters: 8, kernel_size: 3, dilation_rate: 2, strides: 2 },
      { filters: 8, kernel_size: 9 },
      { filters: 8, kernel_size: 6 },
      { filters: 8, kernel_size: 3, data_format: "channels_first" },
      { filters: 8, kernel_size: 3, padding: "causal" },
      { filters: 8, kernel_size: 3, use_bias: false },
    ],
    [small, [null, 8, 8], [null, 8, 8, null]],
  ),
  ...grid(
    "DepthwiseConv2D",
    { kernel_size: [2], dilation_rate: [2, [1, 2]], padding: ["valid", "same"] },
    [free, [null, 9, null, 4]],
    {
      in: ["keras3", "keras2"],
    },
  ),
  ...grid("SeparableConv2D", { filters: [5], kernel_size: [1], dilation_rate: [3] }, [free, [null, 9, null, 4], image]),
  ...grid(
    "Conv3DTranspose",
    { filters: [2], kernel_size: [2], dilation_rate: [2], padding: ["valid", "same"] },
    [[null, 3, null, 7, 2]],
    {
      in: ["keras3", "keras2"],
    },
  ),
  ...grid("LocallyConnected1D", { filters: [5], kernel_size: [3], strides: [1, 2], implementation: [1, 2, 3] }, [
    steps,
    freeSteps,
    [null, 2, 4],
  ]),
  ...grid(
    "LocallyConnected1D",
    { filters: [5], kernel_size: [3], padding: ["same"], implementation: [1, 2, 3], use_bias: [true, false] },
    [steps],
    { unsaid: "the sparse kernel of implementation 3 with same padding" },
  ),
  ...grid(
    "LocallyConnected2D",
    { filters: [5], kernel_size: [3, [2, 3]], strides: [1, 2], implementation: [1, 2, 3] },
    [small, free],
  ),
  ...each(
    "LocallyConnected2D",
    [
      { filters: 5, kernel_size: 3, data_format: "channels_first" },
      { filters: 5, kernel_size: 9 },
    ],
    [small, [null, 5, 6]],
  ),
];
