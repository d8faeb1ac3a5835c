// Calls of the attention layers.
import { type Case, each, grid, type Input } from "./cases";

const PYTHON = ["keras3", "keras2"] as const;
const list = (...shapes: Input[]): Input => ({ list: shapes });
const query = [null, 7, 16];
const booleans = [true, false];

const listed: readonly Input[] = [
  list(query, [null, 9, 16]),
  list(query, [null, 9, 12], [null, 9, 16]),
  list([null, null, 16], [null, null, 16]),
  list([2, 7, 16], [2, 9, 16]),
];

const pairs = [
  { value: { $input: query } },
  { value: { $input: [null, 9, 16] } },
  { value: { $input: [null, 9, 12] }, key: { $input: [null, 9, 5] } },
  { value: { $input: [null, null, 16] } },
];
const scores = pairs.map((pair) => ({ ...pair, return_attention_scores: true }));

export const ATTENTION: readonly Case[] = [
  ...grid("Attention", { use_scale: booleans, score_mode: ["dot", "concat"] }, listed),
  ...each("Attention", [{}, { dropout: 0.2 }], listed, { options: { return_attention_scores: true } }),
  ...each("Attention", [{}], [query, list(query), list(query, query, query, query), list(query, [null, 9, 12])], {
    unsaid: "what only running tells",
  }),
  ...each("Attention", [{ score_mode: "cosine" }, { scale: true }], [list(query, query)], {
    unsaid: "what only running tells",
  }),
  ...grid("AdditiveAttention", { use_scale: booleans }, [...listed.filter((_, at) => at !== 1)]),
  ...each("AdditiveAttention", [{}, { dropout: 0.1 }], [list(query, [null, 9, 16])], {
    options: { return_attention_scores: true },
  }),
  ...[...pairs, ...scores].flatMap((options) =>
    each(
      "MultiHeadAttention",
      [
        { num_heads: 2, key_dim: 8 },
        { num_heads: 3, key_dim: 4, value_dim: 5 },
        { num_heads: 2, key_dim: 8, use_bias: false, dropout: 0.1 },
        { num_heads: 2, key_dim: 8, output_shape: 10 },
        { num_heads: 2, key_dim: 8, output_shape: [10] },
      ],
      [query],
      { options },
    ),
  ),
  ...each("MultiHeadAttention", [{ num_heads: 2, key_dim: 8, use_gate: true }], [query], {
    in: ["keras3"],
    options: { value: { $input: query } },
  }),
  ...each(
    "MultiHeadAttention",
    [
      { num_heads: 0, key_dim: 8 },
      { num_heads: 2, key_dim: -1 },
      { num_heads: 2 },
      { heads: 2, key_dim: 4 },
      { num_heads: 2, key_dim: 8, output_shape: [4, 5] },
    ],
    [query],
    { options: { value: { $input: query } }, unsaid: "what only running tells in Keras 2" },
  ),
  ...each("MultiHeadAttention", [{ num_heads: 2, key_dim: 8 }], [[null, 7, null]], {
    options: { value: { $input: query } },
  }),
  ...each(
    "MultiHeadAttention",
    [
      { num_heads: 2, key_dim: 8, attention_axes: [2] },
      { num_heads: 2, key_dim: 8, attention_axes: [1, 2] },
      { num_heads: 2, key_dim: 8 },
    ],
    [[null, 5, 7, 16]],
    { options: { value: { $input: [null, 5, 7, 16] } } },
  ),
  ...each("MultiHeadAttention", [{ num_heads: 2, key_dim: 8 }], [query], {
    options: { value: { $input: [null, 9, 16] }, key: { $input: [null, 8, 16] } },
    unsaid: "what only running tells in Keras 2",
  }),
  ...pairs.slice(0, 2).flatMap((options) =>
    each(
      "GroupQueryAttention",
      [
        { head_dim: 4, num_query_heads: 6, num_key_value_heads: 2 },
        { head_dim: 4, num_query_heads: 6, num_key_value_heads: 3, use_bias: false },
        { head_dim: 4, num_query_heads: 6, num_key_value_heads: 3, use_gate: true },
        { head_dim: 4, num_query_heads: 6, num_key_value_heads: 4 },
      ],
      [query],
      { options: { ...options, return_attention_scores: true } },
    ),
  ),
  ...each("GroupQueryAttention", [{ head_dim: 4, num_query_heads: 6, num_key_value_heads: 2 }], [query], {
    options: { value: { $input: [null, 9, 12] } },
  }),
  ...each("MultiHeadAttention", [{ num_heads: 2, key_dim: 8, dtype: "float16", name: "heads" }], [query], {
    in: PYTHON,
    options: { value: { $input: query } },
  }),
];
