// Calls of the activations that are layers.
import { type Case, each, grid, type Input } from "./cases";

const inputs: readonly Input[] = [
  [null, 10],
  [null, 4, 5, 3],
  [null, null, 3],
];
const PYTHON = ["keras3", "keras2"] as const;

export const ACTIVATIONS: readonly Case[] = [
  ...grid("Activation", { activation: ["relu", "softmax", "tanh", "hard_sigmoid"] }, inputs),
  ...each("Activation", [{ activation: { $python: "lambda x: x" } }, { activation: "relu", name: "last" }], inputs, {
    in: PYTHON,
  }),
  ...each("Activation", [{}, { activation: "relu" }], [{ shape: [null, 3], dtype: "int32" }], { in: PYTHON }),
  ...each("Softmax", [{}], inputs),
  ...each("Softmax", [{ axis: -1 }, { axis: 1 }, { axis: [1] }], inputs),
  ...each("ReLU", [{}, { max_value: 6 }], inputs),
  ...each(
    "ReLU",
    [{ max_value: -1 }, { negative_slope: 0.1, threshold: 1 }, { negative_slope: -0.1 }, { threshold: -1 }],
    [[null, 10]],
    { in: PYTHON },
  ),
  ...each(
    "LeakyReLU",
    [{}, { alpha: 0.2 }, { negative_slope: 0.2 }, { alpha: -0.2 }, { negative_slope: -1 }],
    [[null, 10]],
    { in: PYTHON },
  ),
  ...each("LeakyReLU", [{}, { alpha: 0.2 }, { alpha: -0.2 }], inputs, { in: ["tfjs"] }),
  { layer: "LeakyReLU", args: [0.2], input: [null, 10], in: PYTHON },
  ...each(
    "PReLU",
    [{}, { shared_axes: [1, 2] }, { shared_axes: [1] }, { shared_axes: 1 }],
    [
      [null, 4, 5, 3],
      [null, null, 5, 3],
    ],
  ),
  ...each(
    "PReLU",
    [{}, { shared_axes: [1] }, { shared_axes: [9] }],
    [
      [null, 10],
      [null, null, 3],
    ],
    { in: PYTHON },
  ),
  ...each("ELU", [{}, { alpha: 1 }, { alpha: 0.5 }], inputs),
  ...each("ThresholdedReLU", [{}, { theta: 0.5 }, { theta: -1 }], inputs),
];
