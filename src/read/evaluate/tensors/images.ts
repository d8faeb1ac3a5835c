// Operations on images.
import { type Dim, type Shape, times, withDims } from "../../../model/shape";
import { dimOf, shapeOf } from "../keras/convert";
import { unary } from "./elementwise";
import {
  alike,
  type Given,
  type Operation,
  operationLike as of,
  type Result,
  ranked,
  shapedLike,
  subject,
} from "./given";
import { lastTwoSwapped } from "./shapes";

/** `extract_patches`: Keras names one size, TensorFlow four with those of batch and channels. */
function patches(given: Given): Result {
  const x = given.tensor("images", "image");
  const [sizes, strides] = [given.wholes("sizes", "size"), given.wholes("strides")];
  const padding = given.get("padding");
  if (!x || x.type.shape === "?" || x.type.shape.length !== 4 || !sizes || sizes === "?" || strides === "?")
    return null;
  const [height, width] = pairOf(sizes);
  const [down, right] = strides ? pairOf(strides) : [height, width];
  const mode = padding?.kind === "string" ? padding.value.toLowerCase() : padding ? "?" : "valid";
  if (mode === "?" || height === undefined || width === undefined || !down || !right) return null;
  const along = (dim: Dim, size: number, by: number): Dim =>
    withDims([dim], (length) => (mode === "same" ? Math.ceil(length / by) : Math.ceil((length - size + 1) / by)));
  const [batch, rows, columns, channels] = x.type.shape as readonly [Dim, Dim, Dim, Dim];
  return {
    shape: [batch, along(rows, height, down), along(columns, width, right), times(height, width, channels)],
    dtype: x.type.dtype,
  };
}

const pairOf = (sizes: readonly number[]): readonly (number | undefined)[] =>
  sizes.length === 4 ? [sizes[1], sizes[2]] : sizes.length === 1 ? [sizes[0], sizes[0]] : sizes;

/** A piece of an image, or an image in a larger one: the sizes that it is to have. */
const fitted = (names: string): Operation =>
  of(names, (given) => {
    const x = given.tensor("image", "images");
    const shape = ranked(x);
    const [height, width] = [given.get("target_height"), given.get("target_width")];
    return x && shape && height && width ? shapedLike(x, sized(shape, dimOf(height), dimOf(width))) : null;
  });

/** An image or several, with other sides. */
const sized = (shape: Shape, height: Dim, width: Dim): Shape | null =>
  shape.length < 3 ? null : [...shape.slice(0, -3), height, width, shape.at(-1)!];

/** A side that is kept in proportion is not known. */
const resize = of("images size", (given, run) => {
  const x = given.tensor("images", "image");
  const [shape, size] = [ranked(x), given.get("size")];
  const to = size ? shapeOf(run, size) : "?";
  if (!x || !shape || to === "?" || to.length !== 2) return null;
  const keeps = given.flag("preserve_aspect_ratio");
  const sides = sized(shape, ...(keeps === false ? ([to[0]!, to[1]!] as const) : (["?", "?"] as const)));
  return sides && { shape: sides, dtype: "float32" };
});

/** The middle of an image: as much is left out on each side, in whole pixels. */
const central = of("image central_fraction", (given) => {
  const x = given.tensor("image");
  const [shape, fraction] = [ranked(x), given.get("central_fraction")];
  if (!x || !shape || shape.length < 3 || fraction?.kind !== "number") return null;
  const part = fraction.value;
  const middle = (dim: Dim): Dim => withDims([dim], (size) => size - 2 * Math.floor((size - size * part) / 2));
  return shapedLike(x, sized(shape, middle(shape.at(-3)!), middle(shape.at(-2)!)));
});

const recoloured = (channels: number): Operation =>
  of("images", (given) => {
    const x = subject(given);
    const shape = ranked(x);
    return x && shape && shape.length > 0 && !given.get("data_format")
      ? shapedLike(x, [...shape.slice(0, -1), channels])
      : null;
  });

/** Height and width change places: with an odd number of quarter turns. */
const turned = (names: string): Operation =>
  of(names, (given) => {
    const x = subject(given);
    const shape = ranked(x);
    const turns = given.whole(1, "k");
    if (!x || !shape || shape.length < 3 || typeof turns !== "number") return null;
    const swapped = lastTwoSwapped(shape.slice(0, -1));
    return shapedLike(x, turns % 2 === 0 || swapped === "?" ? shape : [...swapped, shape.at(-1)!]);
  });

/** One number for each pair of images. */
const compared = of("img1 img2", (given) => {
  const shape = ranked(given.tensor("img1", "a"));
  return shape && shape.length > 2 ? { shape: shape.slice(0, -3), dtype: "float32" } : null;
});

export const IMAGES: Readonly<Record<string, Operation>> = {
  ...alike(
    `random_flip_left_right random_flip_up_down flip_left_right flip_up_down random_brightness random_contrast random_saturation random_hue
     random_jpeg_quality adjust_brightness adjust_contrast adjust_saturation adjust_hue adjust_gamma adjust_jpeg_quality
     stateless_random_flip_left_right stateless_random_flip_up_down stateless_random_brightness stateless_random_contrast
     stateless_random_saturation stateless_random_hue per_image_standardization convert_image_dtype
     rgb_to_hsv hsv_to_rgb rgb_to_yuv yuv_to_rgb rgb_to_yiq yiq_to_rgb`,
    unary,
  ),
  resize,
  ...alike(
    "crop_to_bounding_box pad_to_bounding_box",
    fitted("image offset_height offset_width target_height target_width"),
  ),
  ...alike("resize_with_crop_or_pad resize_with_pad", fitted("image target_height target_width")),
  crop_images: fitted("images top_cropping left_cropping bottom_cropping right_cropping target_height target_width"),
  pad_images: fitted("images top_padding left_padding bottom_padding right_padding target_height target_width"),
  central_crop: central,
  rgb_to_grayscale: recoloured(1),
  grayscale_to_rgb: recoloured(3),
  ...alike("ssim psnr", compared),
  extract_patches: of("images sizes strides rates padding", patches),
  depth_to_space: of("input block_size", (given) => {
    const x = given.tensor("input", "x");
    const block = given.get("block_size");
    if (!x || x.type.shape === "?" || x.type.shape.length !== 4 || block?.kind !== "number") return null;
    const [batch, rows, columns, channels] = x.type.shape as readonly [Dim, Dim, Dim, Dim];
    const by = block.value;
    const left = withDims([channels], (count) => count / (by * by));
    return { shape: [batch, times(rows, by), times(columns, by), left], dtype: x.type.dtype };
  }),
  space_to_depth: of("input block_size", (given) => {
    const x = given.tensor("input", "x");
    const block = given.get("block_size");
    if (!x || x.type.shape === "?" || x.type.shape.length !== 4 || block?.kind !== "number") return null;
    const [batch, rows, columns, channels] = x.type.shape as readonly [Dim, Dim, Dim, Dim];
    const by = block.value;
    const part = (dim: Dim): Dim => withDims([dim], (size) => size / by);
    return { shape: [batch, part(rows), part(columns), times(channels, by, by)], dtype: x.type.dtype };
  }),
  ...alike(
    "random_crop stateless_random_crop",
    of("value size", (given, run) => {
      const [x, size] = [given.tensor("value", "x"), given.get("size")];
      return x && size ? { shape: shapeOf(run, size), dtype: x.type.dtype } : null;
    }),
  ),
};

/** Names that are other operations elsewhere. */
export const IMAGES_IN_TENSORFLOW: Readonly<Record<string, Operation>> = {
  "image.transpose": turned("image"),
  "image.rot90": turned("image k"),
};
