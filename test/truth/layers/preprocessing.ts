// Calls of the layers that make numbers of data.
import { type Case, each, grid, type Input, layerOf } from "./cases";

const PYTHON = ["keras3", "keras2"] as const;
const whole = (...shape: (number | null)[]): Input => ({ shape, dtype: "int64" });
const words = (...shape: (number | null)[]): Input => ({ shape, dtype: "string" });

const NOT_KNOWN = "what is learnt from data";
const RUNNING = "what only running tells";

export const PREPROCESSING: readonly Case[] = [
  ...grid("Normalization", { axis: [-1, 1, null, [1, 2], [1, -1], 0, 5] }, [
    [null, 4],
    [null, 4, 5],
    [3, 4, 5],
    [null, 32, 32, 3],
    [null, null, 3],
  ]),
  ...each("Normalization", [{}, { mean: 0, variance: 1 }, { invert: true }, { mean: 3 }], [[null, 4]]),
  ...each("Normalization", [{ mean: [1, 2, 3, 4], variance: [1, 1, 1, 1] }], [[null, 4]]),
  ...grid("CategoryEncoding", { num_tokens: [4], output_mode: ["one_hot", "multi_hot", "count"] }, [
    whole(null, 1),
    whole(null),
    whole(null, 3),
    whole(2, 3),
  ]),
  ...grid(
    "CategoryEncoding",
    { num_tokens: [4], output_mode: ["one_hot", "multi_hot"] },
    [whole(null, 3, 5), whole(null, null), whole(null, 3, 1)],
    { unsaid: RUNNING },
  ),
  ...each(
    "CategoryEncoding",
    [{}, { num_tokens: 0 }, { num_tokens: 4, output_mode: "all" }, { num_tokens: 4, name: "code" }],
    [whole(null, 3)],
    { in: PYTHON, unsaid: RUNNING },
  ),
  ...grid(
    "Discretization",
    { bin_boundaries: [[0, 1, 2]], output_mode: ["int", "one_hot", "multi_hot", "count"] },
    [[null, 1], [null, 3], [null, 3, 4], [null]],
    { unsaid: RUNNING },
  ),
  ...each(
    "Discretization",
    [
      { bin_boundaries: [0, 1], dtype: "float16" },
      { bin_boundaries: [0, 1], dtype: "float16", output_mode: "one_hot" },
      { bin_boundaries: [0, 1], dtype: "int64" },
    ],
    [[null, 1]],
    { unsaid: RUNNING },
  ),
  ...each("Discretization", [{ num_bins: 5 }, { num_bins: 5, epsilon: 0.1 }], [[null, 3]], { unsaid: NOT_KNOWN }),
  ...grid(
    "Hashing",
    { num_bins: [8], output_mode: ["int", "one_hot", "multi_hot", "count"] },
    [whole(null, 1), whole(null, 3), whole(null), words(null, 1)],
    { unsaid: RUNNING },
  ),
  ...each("Hashing", [{}, { num_bins: 0 }, { num_bins: 3, mask_value: 0, salt: 5 }], [whole(null, 3)], {
    unsaid: RUNNING,
  }),
  ...grid(
    "HashedCrossing",
    { num_bins: [8], output_mode: ["int", "one_hot"] },
    [{ list: [whole(null, 1), whole(null, 1)] }, { list: [words(null, 1), words(null, 1)] }],
    { unsaid: RUNNING },
  ),
  ...grid(
    "StringLookup",
    {
      vocabulary: [["a", "b", "c"]],
      output_mode: ["int", "one_hot", "multi_hot", "count"],
      num_oov_indices: [0, 1, 2],
    },
    [words(null, 1), words(null, 4), words(null)],
    { unsaid: RUNNING },
  ),
  ...each(
    "StringLookup",
    [
      {},
      { max_tokens: 10 },
      { max_tokens: 1 },
      { max_tokens: 10, pad_to_max_tokens: true, output_mode: "multi_hot" },
      { pad_to_max_tokens: true, output_mode: "multi_hot" },
      { vocabulary: ["a"], invert: true, output_mode: "count" },
      { vocabulary: ["[UNK]", "a"], output_mode: "multi_hot" },
      { vocabulary: ["a", "b"], mask_token: "", output_mode: "multi_hot" },
      { vocabulary: ["a", "b"], output_mode: "binary" },
      { vocabulary: ["a", "b"], output_mode: "every" },
    ],
    [words(null, 4)],
    { unsaid: NOT_KNOWN },
  ),
  ...each("StringLookup", [{ vocabulary: ["a", "b"], invert: true }], [whole(null, 4)], { unsaid: RUNNING }),
  ...grid(
    "IntegerLookup",
    { vocabulary: [[12, 36, 1138]], output_mode: ["int", "one_hot", "multi_hot"], num_oov_indices: [1, 2] },
    [whole(null, 1), whole(null, 4)],
    { unsaid: RUNNING },
  ),
  ...each("IntegerLookup", [{}, { max_tokens: 5 }, { vocabulary: [3, 4], invert: true }], [whole(null, 4)], {
    unsaid: NOT_KNOWN,
  }),
  ...each(
    "TextVectorization",
    [
      {},
      { max_tokens: 1000 },
      { max_tokens: 1000, output_sequence_length: 20 },
      { max_tokens: 1000, output_mode: "multi_hot" },
      { max_tokens: 1000, output_mode: "multi_hot", pad_to_max_tokens: true },
      { vocabulary: ["a", "b", "c"], output_sequence_length: 20 },
      { vocabulary: ["a", "b", "c"], output_mode: "count" },
      { split: null, output_mode: "int" },
      { max_tokens: 1000, output_mode: "tf_idf" },
      { output_mode: "text" },
      { ngrams: 2, output_sequence_length: 8 },
      { split: "character", output_sequence_length: 8 },
    ],
    [words(null, 1), words(null), words(2, 1)],
    { unsaid: NOT_KNOWN },
  ),
  ...each("MelSpectrogram", [{}, { num_mel_bins: 64, sequence_stride: 256 }], [[null, 16000], [16000], [null, null]], {
    in: ["keras3"],
    unsaid: RUNNING,
  }),
  ...each(
    "STFTSpectrogram",
    [
      {},
      { mode: "stft", frame_length: 128, frame_step: 64 },
      { frame_length: 100, fft_length: 128, padding: "same" },
      { frame_length: 128, expand_dims: true },
    ],
    [
      [null, 1000, 1],
      [null, 1000, 2],
      [null, null, 1],
    ],
    { in: ["keras3"], unsaid: "how its windows are counted" },
  ),
  ...each(
    "Pipeline",
    [
      { layers: [layerOf("Rescaling", { scale: 0.5 }), layerOf("Resizing", { height: 8, width: 9 })] },
      { layers: [layerOf("Normalization"), layerOf("RandomFlip")] },
      { layers: [] },
    ],
    [[null, 32, 40, 3]],
    { in: ["keras3"], unsaid: "what only running tells" },
  ),
];
