// Calls of the recurrent layers.
import { type Case, each, grid, type Input, type Json, layerOf } from "./cases";

const PYTHON = ["keras3", "keras2"] as const;
const steps = [null, 10, 6];
const free = [null, null, 6];
const fixed = [4, 10, 6];
const wrong: readonly Input[] = [
  [null, 6],
  [null, 10, null],
  [null, 2, 3, 4],
];
const booleans = [true, false];

const cell = (name: string, units: number, more: Readonly<Record<string, Json>> = {}) =>
  layerOf(`${name}Cell`, { units, ...more });

const one = ["SimpleRNN", "LSTM", "GRU"];
const state = { $input: [null, 5] };

export const RECURRENT: readonly Case[] = [
  ...one.flatMap((name) => [
    ...grid(name, { units: [1, 5], return_sequences: booleans, return_state: booleans }, [steps, free, fixed]),
    ...grid(name, { units: [5], use_bias: [false], go_backwards: booleans }, [steps]),
    ...each(name, [{ units: 5 }], wrong),
    ...each(name, [{ units: 0 }, { units: -1 }], [steps]),
    ...each(name, [{}, { units: "many" }, { units: 5, return_sequence: true }], [steps], { in: PYTHON }),
    ...grid(name, { units: [5], stateful: [true], return_state: booleans }, [steps, fixed]),
    ...grid(name, { units: [5], unroll: [true] }, [steps, free, fixed], { in: PYTHON }),
    ...each(
      name,
      [
        { units: 5, dropout: 0.2, recurrent_dropout: 0.3 },
        { units: 5, activation: "relu" },
        { units: 5, name: "turns", trainable: false },
      ],
      [steps],
    ),
    ...each(
      name,
      [
        { units: 5, dtype: "float16" },
        { units: 5, implementation: 1 },
      ],
      [steps],
      { in: PYTHON },
    ),
    ...grid(name, { units: [5], time_major: [true], return_sequences: booleans, return_state: booleans }, [steps], {
      in: ["keras2"],
    }),
    { layer: name, args: [5, "tanh"], input: steps, in: PYTHON },
    {
      layer: name,
      config: { units: 5, return_state: true },
      input: steps,
      in: PYTHON,
      options: { initial_state: name === "LSTM" ? [state, state] : [state] },
    },
    ...each(`${name}Cell`, [{ units: 5 }], [[null, 6]], { in: ["tfjs"], unsaid: "cells are called by their layers" }),
  ]),
  ...grid("GRU", { units: [5], reset_after: booleans, use_bias: booleans }, [steps], { in: PYTHON }),
  ...grid("GRU", { units: [5], use_bias: booleans }, [steps], { in: ["tfjs"] }),
  ...["SimpleRNN", "LSTM", "GRU"].flatMap((name) => [
    ...grid(
      "RNN",
      { cell: [cell(name, 5), cell(name, 3, { use_bias: false })], return_sequences: booleans, return_state: booleans },
      [steps, free, fixed],
    ),
    ...each("RNN", [{ cell: cell(name, 5) }], wrong),
  ]),
  ...grid("RNN", { cell: [cell("LSTM", 5)], stateful: [true], return_sequences: booleans }, [steps, fixed]),
  ...grid("RNN", { cell: [cell("GRU", 5, { reset_after: false })] }, [steps], { in: PYTHON }),
  ...grid(
    "RNN",
    {
      cell: [
        [cell("LSTM", 5), cell("LSTM", 3)],
        [cell("SimpleRNN", 5), cell("GRU", 4)],
        [cell("LSTM", 5), cell("GRU", 3), cell("LSTM", 2)],
        layerOf("StackedRNNCells", { cells: [cell("LSTM", 5), cell("LSTM", 3)] }),
      ],
      return_sequences: booleans,
      return_state: booleans,
    },
    [steps],
  ),
  ...each("RNN", [{}], [steps], { in: PYTHON }),
  ...grid("RNN", { cell: [cell("LSTM", 5)], time_major: [true], return_sequences: booleans }, [steps], {
    in: ["keras2"],
  }),
  ...grid("ConvLSTM1D", { filters: [4], kernel_size: [3, [2]], return_sequences: booleans, return_state: booleans }, [
    [null, 5, 8, 3],
    [null, null, 8, 3],
  ]),
  ...grid(
    "ConvLSTM2D",
    {
      filters: [4],
      kernel_size: [3, [2, 3]],
      padding: ["valid", "same"],
      return_sequences: booleans,
      return_state: booleans,
    },
    [
      [null, 5, 8, 9, 3],
      [null, null, 8, 9, 3],
      [2, 5, 8, 9, 3],
    ],
  ),
  ...grid("ConvLSTM2D", { filters: [4], kernel_size: [3], strides: [1, 2], dilation_rate: [1, 2] }, [
    [null, 5, 8, 9, 3],
  ]),
  ...grid("ConvLSTM2D", { filters: [4], kernel_size: [3], data_format: ["channels_first"] }, [[null, 5, 3, 8, 9]], {
    in: ["keras2", "tfjs"],
  }),
  ...each(
    "ConvLSTM2D",
    [
      { filters: 4, kernel_size: 3 },
      { filters: 4, kernel_size: 3, use_bias: false },
      { filters: 4, kernel_size: 9 },
    ],
    [
      [null, 5, 8, 9, 3],
      [null, 5, null, 9, 3],
      [null, 5, 8, 9, null],
      [null, 8, 9, 3],
    ],
    { unsaid: "what only running tells" },
  ),
  ...grid("ConvLSTM2D", { filters: [4], kernel_size: [3], stateful: [true] }, [
    [null, 5, 8, 9, 3],
    [2, 5, 8, 9, 3],
  ]),
  ...grid("ConvLSTM3D", { filters: [2], kernel_size: [2], return_sequences: booleans, return_state: booleans }, [
    [null, 3, 4, 5, 6, 2],
  ]),
];
