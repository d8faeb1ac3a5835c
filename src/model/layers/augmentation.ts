// The layers that change images: most of them leave the shape as it is, a few cut or stretch it.
import type { Dim, Shape } from "../shape";
import { type Count, dataFormat, isFailure, read, size } from "./arguments";
import type { Argument, ConfigValue, LayerCall, LayerType, Library, Tensors } from "./catalog.types";
import { computeDtype, gives, isTensor, single, UNKNOWN_TENSOR, withDim } from "./tensors";

const BOTH: readonly Library[] = ["keras3", "keras2"];
const THREE: readonly Library[] = ["keras3"];

/** A name, its default, and the libraries that know it. */
type Short = readonly [string, ConfigValue?, (readonly Library[])?];

const argumentOf = ([name, value, only]: Short): Argument => ({
  name,
  ...(value === undefined ? {} : { default: value }),
  ...(only ? { only } : {}),
});

/** Every tensor of the input as it is, in the dtype of the layer; what is nested in other ways is not known. */
function sameOf(call: LayerCall): Tensors {
  const dtype = computeDtype(call);
  return isTensor(call.inputs) ? { shape: call.inputs.shape, dtype } : UNKNOWN_TENSOR;
}

/** Leaves the shape as it is. */
const kept = (name: string, libraries: readonly Library[], own: readonly Short[]): LayerType => ({
  name,
  in: libraries,
  arguments: own.map(argumentOf),
  call: (call) => ({ outputs: sameOf(call) }),
});

const range: Short = ["value_range", [0, 255]];
const factor: Short = ["factor"];
const seed: Short = ["seed", null];
const format: Short = ["data_format", null];
const formatIn3: Short = ["data_format", null, THREE];
const fillMode: Short = ["fill_mode", "reflect"];
const fillValue: Short = ["fill_value", 0];
const interpolation: Short = ["interpolation", "bilinear"];

/** The shape with another height and width; of three dimensions, the image has no batch. */
function resized(shape: Shape, height: Dim, width: Dim, format: "channels_last" | "channels_first" | "?"): Shape {
  if (format === "?") return shape.map((dim, at) => (shape.length === 4 && at === 0 ? dim : "?"));
  const [h, w] = format === "channels_first" ? [-2, -1] : [-3, -2];
  return withDim(withDim(shape, h, height), w, width);
}

/** Makes images of one size of any. */
function sizing(name: string, tfjs: string | null, own: readonly Short[]): LayerType {
  return {
    name,
    ...(tfjs ? { tfjs: [tfjs] } : {}),
    in: tfjs ? ["keras3", "keras2", "tfjs"] : BOTH,
    arguments: [argumentOf(["height"]), argumentOf(["width"]), ...own.map(argumentOf)],
    call(call) {
      const args = read(name, call, { height: size({ min: 0 }), width: size({ min: 0 }), data_format: dataFormat() });
      // What these take beside whole numbers only running tells.
      const { height, width, data_format } = isFailure(args)
        ? { height: "?" as Count, width: "?" as Count, data_format: "?" as const }
        : args;
      const { shape } = single(call.inputs);
      const dtype = computeDtype(call);
      if (!isTensor(call.inputs)) return { outputs: UNKNOWN_TENSOR };
      if (shape === "?" || shape.length < 3 || shape.length > 4) return gives("?", dtype);
      // TensorFlow.js says this shape without the batch, and takes the third size for the channels.
      if (call.library === "tfjs" && name === "Resizing") return gives([height, width, shape[2] ?? null], dtype);
      return gives(resized(shape, height, width, data_format), dtype);
    },
  };
}

/** Stretches images along one axis by chance. */
function stretching(name: "RandomHeight" | "RandomWidth"): LayerType {
  const isWidth = name === "RandomWidth";
  return {
    name,
    ...(isWidth ? { tfjs: ["randomWidth"] } : {}),
    in: isWidth ? ["keras2", "tfjs"] : ["keras2"],
    arguments: [factor, interpolation, seed, ["auto_vectorize", false, ["tfjs"]] as const].map(argumentOf),
    call(call) {
      const { shape } = single(call.inputs);
      const dtype = computeDtype(call);
      if (call.library === "tfjs") return { outputs: UNKNOWN_TENSOR };
      if (shape === "?" || shape.length < 3 || shape.length > 4) return gives("?", dtype);
      return gives(withDim(shape, isWidth ? -2 : -3, null), dtype);
    },
  };
}

const rescaling: LayerType = {
  name: "Rescaling",
  tfjs: ["rescaling"],
  in: ["keras3", "keras2", "tfjs"],
  arguments: [{ name: "scale" }, { name: "offset", default: 0 }],
  call: (call) => ({ outputs: sameOf(call) }),
};

const maxNumBoundingBoxes: LayerType = {
  name: "MaxNumBoundingBoxes",
  in: THREE,
  arguments: [{ name: "max_number" }, { name: "fill_value", default: -1 }],
  call: () => ({ outputs: UNKNOWN_TENSOR }),
};

export const AUGMENTATION: readonly LayerType[] = [
  rescaling,
  sizing("Resizing", "resizing", [
    interpolation,
    ["crop_to_aspect_ratio", false],
    ["pad_to_aspect_ratio", false, THREE],
    ["fill_mode", "constant", THREE],
    ["fill_value", 0, THREE],
    ["antialias", false, THREE],
    formatIn3,
  ]),
  sizing("CenterCrop", "centerCrop", [formatIn3]),
  sizing("RandomCrop", null, [seed, formatIn3, ["name", null, THREE]]),
  stretching("RandomHeight"),
  stretching("RandomWidth"),
  maxNumBoundingBoxes,
  kept("RandomFlip", BOTH, [["mode", "horizontal_and_vertical"], seed, formatIn3]),
  kept("RandomRotation", BOTH, [factor, fillMode, interpolation, seed, fillValue, formatIn3]),
  kept("RandomTranslation", BOTH, [
    ["height_factor"],
    ["width_factor"],
    fillMode,
    interpolation,
    seed,
    fillValue,
    formatIn3,
  ]),
  kept("RandomZoom", BOTH, [
    ["height_factor"],
    ["width_factor", null],
    fillMode,
    interpolation,
    seed,
    fillValue,
    formatIn3,
  ]),
  kept("RandomBrightness", BOTH, [factor, range, seed]),
  kept("RandomContrast", BOTH, [factor, ["value_range", [0, 255], THREE], seed]),
  kept("AugMix", THREE, [
    range,
    ["num_chains", 3],
    ["chain_depth", 3],
    ["factor", 0.3],
    ["alpha", 1],
    ["all_ops", true],
    interpolation,
    seed,
    format,
  ]),
  kept("AutoContrast", THREE, [range]),
  kept("ContrastLimitedAdaptiveHistogramEqualization", THREE, [
    range,
    ["clip_limit", 4],
    ["tile_grid_size", [8, 8]],
    format,
  ]),
  kept("CutMix", THREE, [["factor", 1], seed, format]),
  kept("Equalization", THREE, [range, ["bins", 256], format]),
  kept("MixUp", THREE, [["alpha", 0.2], format, seed]),
  kept("RandAugment", THREE, [range, ["num_ops", 2], ["factor", 0.5], interpolation, seed, format]),
  kept("RandomColorDegeneration", THREE, [factor, range, format, seed]),
  kept("RandomColorJitter", THREE, [
    range,
    ["brightness_factor", null],
    ["contrast_factor", null],
    ["saturation_factor", null],
    ["hue_factor", null],
    seed,
    format,
  ]),
  kept("RandomElasticTransform", THREE, [
    ["factor", 1],
    ["scale", 1],
    interpolation,
    fillMode,
    fillValue,
    range,
    seed,
    format,
  ]),
  kept("RandomErasing", THREE, [["factor", 1], ["scale", [0.02, 0.33]], ["fill_value", null], range, seed, format]),
  kept("RandomGaussianBlur", THREE, [["factor", 1], ["kernel_size", 3], ["sigma", 1], range, format, seed]),
  kept("RandomGrayscale", THREE, [["factor", 0.5], format, seed]),
  kept("RandomHue", THREE, [factor, range, format, seed]),
  kept("RandomInvert", THREE, [["factor", 1], range, seed, format]),
  kept("RandomPerspective", THREE, [["factor", 1], ["scale", 1], interpolation, fillValue, seed, format]),
  kept("RandomPosterization", THREE, [factor, range, format, seed]),
  kept("RandomSaturation", THREE, [factor, range, format, seed]),
  kept("RandomSharpness", THREE, [factor, range, format, seed]),
  kept("RandomShear", THREE, [["x_factor", 0], ["y_factor", 0], interpolation, fillMode, fillValue, format, seed]),
  kept("Solarization", THREE, [["addition_factor", 0], ["threshold_factor", 0], range, seed]),
];
