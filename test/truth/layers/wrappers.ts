// Calls of the layers around other layers.
import { type Case, each, grid, type Json, layerOf } from "./cases";

const PYTHON = ["keras3", "keras2"] as const;
const booleans = [true, false];
const steps = [null, 10, 6];
const free = [null, null, 6];
const film = [null, 5, 12, 12, 3];

const recurrent = (name: string, more: Readonly<Record<string, Json>> = {}) => layerOf(name, { units: 4, ...more });
const every = booleans.flatMap((return_sequences) =>
  booleans.map((return_state) => ({ return_sequences, return_state })),
);

export const WRAPPERS: readonly Case[] = [
  ...grid(
    "TimeDistributed",
    {
      layer: [
        layerOf("Dense", { units: 5 }),
        layerOf("Dense", { units: 5, use_bias: false, trainable: false }),
        layerOf("Dropout", { rate: 0.5 }),
        layerOf("Flatten"),
        layerOf("Activation", { activation: "relu" }),
      ],
    },
    [steps, free, [2, 3, 4], [null, 10, 5, 6]],
    { unsaid: "TensorFlow.js does not look at the number of dimensions here" },
  ),
  ...each("TimeDistributed", [{ layer: layerOf("LSTM", { units: 4 }) }], [steps], {
    unsaid: "Keras 3 does not look at the number of dimensions here",
  }),
  ...each("Bidirectional", [{ layer: recurrent("LSTM"), merge_mode: null }], [steps], { in: ["tfjs"] }),
  ...grid(
    "TimeDistributed",
    {
      layer: [
        layerOf("Conv2D", { filters: 4, kernel_size: 3 }),
        layerOf("MaxPooling2D", { pool_size: 2 }),
        layerOf("GlobalAveragePooling2D"),
        layerOf("BatchNormalization"),
        layerOf("Flatten"),
      ],
    },
    [film, [null, null, 12, 12, 3]],
  ),
  ...grid(
    "TimeDistributed",
    { layer: [layerOf("LSTM", { units: 4 }), layerOf("GRU", { units: 4, return_sequences: true })] },
    [[null, 5, 10, 6]],
  ),
  ...each(
    "TimeDistributed",
    [{ layer: layerOf("Dense", { units: 5 }) }],
    [
      [null, 6],
      [null, 10, null],
    ],
  ),
  ...each("TimeDistributed", [{ layer: layerOf("Conv2D", { filters: 4, kernel_size: 20 }) }], [film], {
    in: PYTHON,
  }),
  ...each("TimeDistributed", [{ layer: layerOf("Dense", { units: 5 }), name: "steps" }], [steps]),
  ...each("TimeDistributed", [{}, { layer: 3 }], [steps], { in: PYTHON, unsaid: "what is no layer" }),
  ...["SimpleRNN", "LSTM", "GRU"].flatMap((name) =>
    grid(
      "Bidirectional",
      {
        layer: every.map((turns) => recurrent(name, turns)),
        merge_mode: ["concat", "sum", "mul", "ave"],
      },
      [steps],
    ),
  ),
  ...grid("Bidirectional", { layer: every.map((turns) => recurrent("LSTM", turns)), merge_mode: [null] }, [steps], {
    in: PYTHON,
  }),
  ...grid("Bidirectional", { layer: [recurrent("LSTM"), recurrent("GRU", { return_sequences: true })] }, [
    free,
    [2, 10, 6],
    [null, 6],
    [null, 10, null],
  ]),
  ...each(
    "Bidirectional",
    [
      { layer: recurrent("LSTM"), merge_mode: "max" },
      { layer: recurrent("LSTM", { go_backwards: true }) },
      { layer: recurrent("LSTM"), backward_layer: recurrent("LSTM") },
      { layer: recurrent("LSTM"), backward_layer: recurrent("LSTM", { go_backwards: true }) },
      { layer: recurrent("LSTM"), backward_layer: layerOf("GRU", { units: 7, go_backwards: true }) },
      {
        layer: recurrent("LSTM"),
        backward_layer: recurrent("LSTM", { go_backwards: true, return_sequences: true }),
      },
      { layer: recurrent("LSTM", { trainable: false }) },
    ],
    [steps],
    { in: PYTHON },
  ),
  ...each(
    "Bidirectional",
    [
      { layer: layerOf("RNN", { cell: layerOf("GRUCell", { units: 4 }), return_sequences: true }) },
      { layer: layerOf("RNN", { cell: [layerOf("LSTMCell", { units: 4 }), layerOf("LSTMCell", { units: 3 })] }) },
    ],
    [steps],
    { in: PYTHON },
  ),
  ...each(
    "Bidirectional",
    [{ layer: layerOf("ConvLSTM2D", { filters: 4, kernel_size: 3, return_sequences: true }) }],
    [film],
    { in: PYTHON, unsaid: "ConvLSTM both ways" },
  ),
  ...each("Bidirectional", [{ layer: layerOf("Dense", { units: 3 }) }], [steps], {
    in: PYTHON,
    unsaid: "what is no recurrent layer",
  }),
  ...each(
    "SpectralNormalization",
    [
      { layer: layerOf("Dense", { units: 5 }) },
      { layer: layerOf("Dense", { units: 5, use_bias: false }), power_iterations: 3 },
      { layer: layerOf("Dense", { units: 5 }), power_iterations: 0 },
    ],
    [[null, 6], steps],
  ),
  ...each(
    "SpectralNormalization",
    [
      { layer: layerOf("Conv2D", { filters: 4, kernel_size: 3 }) },
      { layer: layerOf("Conv2DTranspose", { filters: 4, kernel_size: 3, strides: 2 }) },
    ],
    [[null, 12, 12, 3]],
  ),
  ...each("SpectralNormalization", [{ layer: layerOf("Embedding", { input_dim: 20, output_dim: 5 }) }], [[null, 10]]),
  ...each("SpectralNormalization", [{ layer: layerOf("DepthwiseConv2D", { kernel_size: 3 }) }], [[null, 12, 12, 3]], {
    unsaid: "which attribute is its kernel",
  }),
  ...each("SpectralNormalization", [{ layer: layerOf("Flatten") }], [[null, 12, 12, 3]], {
    unsaid: "a layer without a kernel",
  }),
];
