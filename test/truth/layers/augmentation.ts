// Calls of the layers that change images.
import { type Case, each, grid, type Input } from "./cases";

const PYTHON = ["keras3", "keras2"] as const;
const images: readonly Input[] = [
  [null, 32, 40, 3],
  [null, null, null, 3],
  [8, 32, 32, 1],
];
const some: readonly Input[] = [[null, 32, 40, 3]];

export const AUGMENTATION: readonly Case[] = [
  ...each(
    "Rescaling",
    [{ scale: 0.5 }, { scale: 2, offset: -1 }, { scale: 2, dtype: "float16" }],
    [...images, [null, 4], { shape: [null, 4], dtype: "int32" }],
    { in: PYTHON },
  ),
  ...each("Rescaling", [{ scale: 0.5 }, { scale: 2, offset: -1 }], [...images, [null, 4]], { in: ["tfjs"] }),
  ...each("Rescaling", [{}], some, { in: PYTHON }),
  ...["Resizing", "CenterCrop"].flatMap((name) =>
    grid(name, { height: [16, 48], width: [20] }, [...images, [32, 40, 3]], {
      unsaid: "TensorFlow.js leaves the batch out",
    }),
  ),
  ...grid("RandomCrop", { height: [16, 48], width: [20] }, [...images, [32, 40, 3]]),
  ...each(
    "Resizing",
    [
      { height: 8, width: 8, interpolation: "nearest" },
      { height: 8, width: 8, crop_to_aspect_ratio: true },
    ],
    some,
    { in: PYTHON },
  ),
  ...each(
    "Resizing",
    [
      { height: 8, width: 9, data_format: "channels_first" },
      { height: 8, width: 9, pad_to_aspect_ratio: true },
    ],
    some,
    { in: ["keras3"] },
  ),
  ...each("CenterCrop", [{ height: 8, width: 9, data_format: "channels_first" }], [[null, 3, 32, 40]], {
    in: ["keras3"],
  }),
  ...each("RandomCrop", [{ height: 8, width: 9, data_format: "channels_first" }], [[null, 3, 32, 40]], {
    in: ["keras3"],
  }),
  ...each("Resizing", [{ height: 8 }, { height: 8, width: 8, size: 3 }], some, { in: PYTHON }),
  ...each("RandomWidth", [{ factor: 0.2 }], images, { unsaid: "TensorFlow.js leaves the batch out" }),
  ...each("RandomHeight", [{ factor: 0.2 }], images),
  ...each("RandomFlip", [{}, { mode: "horizontal" }, { seed: 3 }, { dtype: "float16" }], images),
  ...each("RandomFlip", [{}], [{ shape: [null, 8, 8, 3], dtype: "uint8" }]),
  ...["RandomRotation", "RandomContrast", "RandomBrightness"].flatMap((name) =>
    each(name, [{ factor: 0.2 }, {}], images),
  ),
  ...each("RandomTranslation", [{ height_factor: 0.2, width_factor: 0.1 }, { height_factor: 0.2 }], images),
  ...each("RandomZoom", [{ height_factor: 0.2, width_factor: 0.1 }, { height_factor: 0.2 }, {}], images),
  ...[
    "AugMix",
    "AutoContrast",
    "ContrastLimitedAdaptiveHistogramEqualization",
    "CutMix",
    "Equalization",
    "MixUp",
    "RandAugment",
    "RandomColorJitter",
    "RandomElasticTransform",
    "RandomErasing",
    "RandomGaussianBlur",
    "RandomGrayscale",
    "RandomInvert",
    "RandomPerspective",
    "RandomShear",
    "Solarization",
  ].flatMap((name) => each(name, [{}], some, { in: ["keras3"], unsaid: "images alone are not enough for some" })),
  ...["RandomColorDegeneration", "RandomHue", "RandomPosterization", "RandomSaturation", "RandomSharpness"].flatMap(
    (name) => each(name, [{ factor: 1 }], some, { in: ["keras3"], unsaid: "what a factor may be" }),
  ),
];
