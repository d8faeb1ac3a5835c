// Calls of the basic layers.
import { type Case, each, grid, type Input } from "./cases";

const PYTHON = ["keras3", "keras2"] as const;

const flat = [null, 10];
const steps = [null, 7, 10];
const indices: Input = { shape: [null, 12], dtype: "int32" };

export const CORE: readonly Case[] = [
  ...each(
    "Input",
    [
      { shape: [28, 28, 1] },
      { shape: [] },
      { shape: [null, 3], dtype: "int32" },
      { batch_shape: [4, 3] },
      { batch_shape: [null, null, 3] },
      {},
      { shape: [3], batch_shape: [null, 3] },
    ],
    [[]],
  ),
  ...each(
    "Input",
    [
      { shape: [5], batch_size: 8 },
      { shape: 5 },
      { shape: [5], name: "pixels", dtype: "float16" },
      { shape: [-1, 3] },
      { shape: [3], batchsize: 4 },
    ],
    [[]],
    { in: PYTHON, unsaid: "a negative size in Keras 2" },
  ),
  { layer: "Input", args: [[32, 32, 3], 16], input: [], in: PYTHON },
  ...each(
    "InputLayer",
    [
      { input_shape: [28, 28] },
      { batch_input_shape: [8, 28] },
      { input_shape: [4], batch_size: 2 },
      { input_shape: [3], batch_input_shape: [1, 3] },
      { input_shape: [4], dtype: "int32" },
    ],
    [[]],
  ),
  ...each(
    "InputLayer",
    [
      { shape: [28, 28] },
      { batch_shape: [8, 28] },
      { shape: [4], batch_size: 2 },
      {},
      { shape: [4], batch_shape: [1, 4] },
    ],
    [[]],
    { in: ["keras3"] },
  ),
  { layer: "InputLayer", args: [[4, 3]], input: [], in: PYTHON },

  ...grid("Dense", { units: [1, 32], use_bias: [true, false], activation: [null, "relu"] }, [
    flat,
    steps,
    [4, null, 6],
    [null, 3, null],
    [null],
    [2, 3, 4, 5, 6],
  ]),
  ...each(
    "Dense",
    [{ units: 0 }, { units: -1 }, { units: "ten" }, { units: null }, { units: [4] }, {}, { unit: 4 }],
    [flat],
    { unsaid: "what Keras 2 makes of an odd number" },
  ),
  ...each(
    "Dense",
    [
      { units: 4, kernel_initializer: "he_normal", name: "head", trainable: false },
      { units: 4, input_shape: [10] },
    ],
    [flat],
    { in: PYTHON },
  ),
  ...each(
    "Dense",
    [
      { units: 4, input_dim: 10 },
      { units: 4, dtype: "float16" },
      { units: 4, dtype: "mixed_float16" },
      { units: 4, batch_input_shape: [null, 10] },
      { units: 4, weights: null },
      { output_dim: 4 },
    ],
    [flat],
    { in: PYTHON },
  ),
  ...each(
    "Dense",
    [
      { units: 4, lora_rank: 2 },
      { units: 4, lora_rank: 2, lora_alpha: 8, use_bias: false },
    ],
    [flat, steps],
    { in: ["keras3"] },
  ),
  { layer: "Dense", args: [4, "relu", false], input: flat, in: PYTHON },
  {
    layer: "Dense",
    args: [4, "relu", true, "zeros", "zeros", null, null, null, null, null, null, null, null, 1],
    input: flat,
    in: PYTHON,
  },
  { layer: "Dense", args: [4], config: { units: 5 }, input: flat, in: PYTHON },
  ...each(
    "Dense",
    [{ units: 4 }],
    [
      { shape: [null, 10], dtype: "int32" },
      { shape: [null, 10], dtype: "float64" },
    ],
    { in: PYTHON },
  ),

  ...each(
    "EinsumDense",
    [
      { equation: "ab,bc->ac", output_shape: 64, bias_axes: "c" },
      { equation: "ab,bc->ac", output_shape: [64] },
      { equation: "abc,cd->abd", output_shape: [null, 64], bias_axes: "d" },
      { equation: "...x,xy->...y", output_shape: 64, bias_axes: "y" },
      { equation: "abc,cde->abde", output_shape: [null, 2, 8], bias_axes: "de" },
      { equation: "abc,cde->abde", output_shape: [7, 2, 8], bias_axes: "e" },
      { equation: "ab...,bc->ac...", output_shape: 64, bias_axes: "c" },
      { equation: "ab,bc->a", output_shape: [] },
      { equation: "ab,bc->acd", output_shape: [3, 4] },
      { equation: "ab,bcd->ac", output_shape: [3] },
      { equation: "abc,cd->abd", output_shape: [5, 64] },
      { equation: "ab bc->ac", output_shape: 64 },
      { equation: "ab,bc->ac", output_shape: 64, bias_axes: "z" },
    ],
    [flat, steps, [null, null, 10], [null, 7, null]],
    { in: PYTHON, unsaid: "what the sum itself refuses" },
  ),
  ...each(
    "EinsumDense",
    [{ equation: "abc,cd->abd", output_shape: [null, 64], bias_axes: "d", lora_rank: 3 }],
    [steps],
    { in: ["keras3"] },
  ),

  ...each(
    "EinsumDense",
    [{ equation: "...x,xy->...y", output_shape: 4 }],
    [
      [4, 7, 12, 3],
      [null, null, 8, 3],
    ],
    {
      in: PYTHON,
    },
  ),
  ...each("EinsumDense", [{ equation: "ab...,bc->ac...", output_shape: [3] }], [[null, 9, 7, 1]], { in: PYTHON }),
  ...each(
    "EinsumDense",
    [{ equation: "ab,bc->ac", output_shape: [3, 4] }],
    [
      [null, 6],
      [null, 2, 6],
    ],
    { in: PYTHON },
  ),
  ...grid("Embedding", { input_dim: [1000], output_dim: [16], mask_zero: [true, false] }, [
    indices,
    [null, 12],
    [4, null],
    [null, 3, 5],
    [null],
  ]),
  ...each(
    "Embedding",
    [
      { input_dim: 0, output_dim: 4 },
      { input_dim: 10, output_dim: -4 },
      { input_dim: 10 },
      { input_dim: 10, output_dim: 4, input_length: 12 },
      { input_dim: 10, output_dim: 4, input_length: 7 },
    ],
    [indices, [null, null]],
    { unsaid: "the length that Keras 2 takes for the input's" },
  ),
  ...each(
    "Embedding",
    [
      { input_dim: 10, output_dim: 4, dtype: "float16" },
      { input_dim: 10, output_dim: 4, output: 4 },
    ],
    [indices],
    { in: PYTHON },
  ),
  ...each("Embedding", [{ input_dim: 10, output_dim: 4, lora_rank: 2 }], [indices], { in: ["keras3"] }),
  ...grid("ReversibleEmbedding", { input_dim: [100], output_dim: [16], tie_weights: [true, false] }, [indices]),
  {
    layer: "ReversibleEmbedding",
    config: { input_dim: 100, output_dim: 16 },
    input: [null, 12, 16],
    options: { reverse: true },
  },
  ...each("Masking", [{}, { mask_value: -1 }], [steps, [null, null, 3]]),
  ...each(
    "Identity",
    [{}],
    [steps, { shape: [null, 3], dtype: "int32" }, { list: [flat, steps] }, { dict: { a: flat, b: steps } }],
  ),
  ...each(
    "Lambda",
    [{ function: { $python: "lambda x: x * 2" } }, { function: { $python: "lambda x: x" }, output_shape: [5] }],
    [flat],
    { unsaid: "what the function gives" },
  ),
];
