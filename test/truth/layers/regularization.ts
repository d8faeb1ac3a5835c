// Calls of the layers that regularize.
import { type Case, each, grid } from "./cases";

const PYTHON = ["keras3", "keras2"] as const;
const image = [null, 8, 9, 6];
const steps = [null, null, 6];

export const REGULARIZATION: readonly Case[] = [
  ...grid("Dropout", { rate: [0, 0.5, 1, 1.5, -0.1, 50] }, [image, steps, [null, 3]]),
  ...each(
    "Dropout",
    [
      { rate: 0.5, seed: 1 },
      { rate: 0.5, noise_shape: [null, 1, 6] },
    ],
    [[null, 5, 6]],
  ),
  ...each(
    "Dropout",
    [{}, { rate: "half" }, { p: 0.5 }, { rate: 0.5, noise_shape: "all" }, { rate: 0.5, name: "drop" }],
    [image],
    { in: PYTHON, unsaid: "what only running tells in Keras 2" },
  ),
  ...each("Dropout", [{ rate: 0.5 }], [{ shape: [null, 3], dtype: "int32" }], { in: PYTHON }),
  { layer: "Dropout", args: [0.25], input: image, in: PYTHON },
  ...grid("SpatialDropout1D", { rate: [0.5, 2] }, [steps, [null, 3]], { in: PYTHON }),
  ...grid("SpatialDropout1D", { rate: [0.5, 2] }, [steps, [null, 3]], { in: ["tfjs"] }),
  ...grid("SpatialDropout2D", { rate: [0.5, -1], data_format: ["channels_last", "channels_first"] }, [image, steps]),
  ...grid("SpatialDropout3D", { rate: [0.5] }, [[null, 4, 5, 6, 2], image]),
  ...each(
    "SpatialDropout2D",
    [
      { rate: 0.5, name: "drop" },
      { rate: 0.5, trainable: false },
      { rate: 0.5, seed: 3 },
    ],
    [image],
  ),
  ...grid("GaussianNoise", { stddev: [0, 0.1, 1.5, -1] }, [image]),
  ...grid("GaussianDropout", { rate: [0, 0.1, 1.5, -1] }, [image]),
  ...grid("AlphaDropout", { rate: [0, 0.1, 1.5, -1] }, [image]),
  ...each("GaussianNoise", [{ stddev: 0.1, seed: 3 }, {}], [image], { in: PYTHON }),
  ...each("ActivityRegularization", [{}, { l1: 0.1, l2: 0.2 }], [image, steps]),
];
