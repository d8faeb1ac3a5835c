// Calls of the normalizations.
import { type Case, each, grid } from "./cases";

const PYTHON = ["keras3", "keras2"] as const;
const image = [null, 8, 9, 6];
const free = [null, null, 9, 6];
const flat = [null, 10];

export const NORMALIZATION: readonly Case[] = [
  ...grid("BatchNormalization", { center: [true, false], scale: [true, false] }, [image, flat]),
  ...grid("BatchNormalization", { axis: [1, -1, 3, 2] }, [image, free, [null, 4, null, null]]),
  ...grid("BatchNormalization", { axis: [4, -5] }, [image], { in: PYTHON }),
  ...each(
    "BatchNormalization",
    [{}],
    [
      [null, null],
      [null, 5, null],
      [4, 3, 2],
    ],
  ),
  ...each(
    "BatchNormalization",
    [
      { momentum: 0.9, epsilon: 0.00001, name: "bn" },
      { renorm: true },
      { synchronized: false },
      { fused: false },
      { axis: [1, 2] },
      { mode: 2 },
    ],
    [image],
    { in: PYTHON },
  ),
  ...grid("LayerNormalization", { axis: [-1, 1, [1, 2], [2, 1], [-1, -2], [1, 2, 3]], center: [true, false] }, [image]),
  ...grid("LayerNormalization", { axis: [-1, 1], scale: [true, false] }, [free, flat, [null, null], [null, 5, null]]),
  ...each("LayerNormalization", [{ axis: 4 }, { axis: [1, 4] }, { axis: -5 }], [image]),
  ...each("LayerNormalization", [{ axis: "last" }, { rms_scaling: true }], [image], { in: PYTHON }),
  ...grid("GroupNormalization", { groups: [1, 2, 3, 6, -1, 4, 7, 32] }, [image, free]),
  ...each(
    "GroupNormalization",
    [
      {},
      { groups: 3, axis: 2 },
      { groups: 3, axis: 1 },
      { groups: 3, axis: 7 },
      { groups: 0 },
      { groups: 2, center: false },
      { groups: 2, scale: false },
    ],
    [image, [null, 8, null]],
    { unsaid: "no groups in Keras 2" },
  ),
  ...each("UnitNormalization", [{}, { axis: 1 }, { axis: [1, 2] }, { axis: 5 }], [image, free], {
    unsaid: "an axis that only running misses in Keras 3",
  }),
  ...each(
    "RMSNormalization",
    [{}, { axis: 1 }, { axis: [1, 2] }, { axis: 5 }, { epsilon: 0.1 }],
    [image, free, [null, null]],
  ),
];
