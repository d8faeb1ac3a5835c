// Calls of the layers that move values about.
import { type Case, each, grid, type Json } from "./cases";

const PYTHON = ["keras3", "keras2"] as const;
const image = [null, 8, 9, 3];
const free = [null, null, 9, 3];
const steps = [null, 12, 4];
const volume = [null, 6, 7, 8, 2];

const crops: readonly Json[] = [
  1,
  [1, 2],
  [
    [1, 0],
    [0, 2],
  ],
  5,
  [
    [8, 0],
    [0, 0],
  ],
  [
    [0, 0],
    [0, 0],
  ],
];

export const RESHAPING: readonly Case[] = [
  ...grid("Flatten", { data_format: ["channels_last", "channels_first"] }, [
    image,
    free,
    steps,
    [4, 3, 2],
    [null, 10],
    [null, null],
    [3, null, 2],
  ]),
  ...each("Flatten", [{}], [image, [null], [5], { shape: [null, 3, 4], dtype: "int32" }]),
  ...grid(
    "Reshape",
    {
      target_shape: [[12, 4], [48], [2, 2, 12], [-1], [-1, 4], [3, -1], [-1, 5], [50], [], [-1, -1], [-2, 4], [0, -1]],
    },
    [steps, [2, 12, 4]],
  ),
  ...grid("Reshape", { target_shape: [[48], [-1], [-1, 4]] }, [
    [null, null, 4],
    [3, null, 4],
  ]),
  ...each(
    "Reshape",
    [{ target_shape: 48 }, {}, { target_shape: [48], shape: [48] }, { target_shape: [null, 4] }],
    [steps, [null, null, 4]],
    { in: PYTHON, unsaid: "a None in the target of Keras 2" },
  ),
  ...each("Reshape", [{ target_shape: [4] }], [{ shape: [null, 2, 2], dtype: "int32" }], { in: PYTHON }),
  ...grid("Permute", { dims: [[2, 1], [1, 2], [1], [0, 1], [1, 3], [1, 1], [2, 3]] }, [steps, [null, null, 4]]),
  ...grid(
    "Permute",
    {
      dims: [
        [3, 1, 2],
        [1, 2, 3],
        [2, 1],
      ],
    },
    [image],
  ),
  ...grid("RepeatVector", { n: [1, 3] }, [[null, 10], [4, null], steps]),
  ...each("RepeatVector", [{ n: 0 }, { n: -2 }, { n: "3" }], [[null, 10]], {
    in: PYTHON,
    unsaid: "what only running tells in Keras 2",
  }),
  ...grid("Cropping1D", { cropping: [1, [2, 3], [0, 0], 6, [10, 3], [1, 2, 3]] }, [steps, [null, null, 4], [null, 12]]),
  ...grid("Cropping2D", { cropping: crops }, [image, [2, 4, 4, 1]]),
  ...grid("Cropping2D", { cropping: crops }, [free], { in: PYTHON }),
  ...grid("Cropping2D", { cropping: crops }, [free], { in: ["tfjs"], unsaid: "TensorFlow.js takes a free size for 0" }),
  ...grid(
    "Cropping2D",
    {
      cropping: [
        [
          [1, 2],
          [0, 1],
        ],
        [1, 1, 1],
      ],
      data_format: ["channels_first"],
    },
    [[null, 3, 8, 9], steps],
  ),
  ...each("Cropping2D", [{}, { cropping: -1 }], [image], { in: PYTHON, unsaid: "Keras 2 and a negative crop" }),
  ...grid(
    "Cropping3D",
    {
      cropping: [
        1,
        [1, 2, 3],
        [
          [1, 0],
          [0, 2],
          [1, 1],
        ],
        4,
      ],
    },
    [volume, [null, null, 7, 8, 2]],
  ),
  ...grid("Cropping3D", { cropping: [1], data_format: ["channels_first"] }, [volume]),
  ...grid("ZeroPadding1D", { padding: [1, [2, 3], 0, [1, 2, 3]] }, [steps, [null, null, 4], [null, 12]]),
  ...grid("ZeroPadding1D", { padding: [2], data_format: ["channels_first"] }, [steps]),
  ...grid(
    "ZeroPadding2D",
    {
      padding: [
        1,
        [1, 2],
        [
          [1, 0],
          [0, 2],
        ],
        [1, 2, 3],
      ],
    },
    [image, free, steps],
  ),
  ...grid(
    "ZeroPadding2D",
    {
      padding: [
        [
          [1, 2],
          [0, 1],
        ],
      ],
      data_format: ["channels_first"],
    },
    [[null, 3, 8, 9]],
  ),
  ...each("ZeroPadding2D", [{}], [image]),
  ...grid(
    "ZeroPadding3D",
    {
      padding: [
        1,
        [1, 2, 3],
        [
          [1, 0],
          [0, 2],
          [1, 1],
        ],
      ],
    },
    [volume, [null, null, 7, 8, 2]],
  ),
  ...grid("ZeroPadding3D", { padding: [2], data_format: ["channels_first"] }, [volume]),
  ...grid("UpSampling1D", { size: [2, 3] }, [steps, [null, null, 4], [null, 12]]),
  ...each("UpSampling1D", [{}, { size: 0 }, { size: [2] }], [steps], { unsaid: "what only running tells in Keras 2" }),
  ...grid(
    "UpSampling2D",
    { size: [2, [1, 3]], interpolation: ["nearest", "bilinear"] },
    [image, free, [null, 9, null, 3], steps],
    {
      in: PYTHON,
    },
  ),
  ...grid(
    "UpSampling2D",
    {
      size: [
        [2, 2],
        [1, 3],
        [2, 2, 2],
      ],
      interpolation: ["nearest", "bilinear"],
    },
    [image, free, steps],
    {
      in: ["tfjs"],
    },
  ),
  ...each("UpSampling2D", [{ size: 2 }], [image], { in: ["tfjs"], unsaid: "TensorFlow.js makes no number of it" }),
  ...grid("UpSampling2D", { size: [[2, 2]], data_format: ["channels_first", "channels_last"] }, [
    [null, 3, 8, 9],
    [null, null, 8, 9],
  ]),
  ...each("UpSampling2D", [{}], [image]),
  ...each("UpSampling2D", [{ size: [2, 2, 2] }], [image], { in: PYTHON }),
  ...each("UpSampling2D", [{ interpolation: "cubic" }], [image], { in: ["keras2", "tfjs"] }),
  ...each("UpSampling2D", [{ interpolation: "bicubic" }], [image], { in: PYTHON }),
  ...grid("UpSampling3D", { size: [2, [1, 2, 3]] }, [volume, [null, null, 7, 8, 2]]),
  ...grid("UpSampling3D", { size: [2], data_format: ["channels_first"] }, [volume]),
];
