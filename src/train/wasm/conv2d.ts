// The gradients of conv2d as forward convolutions, which the wasm backend does well.
import { backend_util, conv2d, reverse, type Tensor4D, tidy, transpose } from "@tensorflow/tfjs-core";
import { spread, window } from "./shapes";

interface Attributes {
  strides: number | [number, number];
  pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  dataFormat: "NHWC" | "NCHW";
  dimRoundingMode?: "floor" | "round" | "ceil";
}

type Shape = [number, number, number, number];

/**
 * The filter's gradient at (i, j) sums, over images and output positions, input × output gradient: a convolution in which the
 * images are the channels, the input's channels are the images, and the output's gradient is the filter. Its taps lie a stride apart.
 */
export function conv2dBackpropFilter({
  inputs: { x, dy },
  attrs,
}: {
  inputs: { x: Tensor4D; dy: Tensor4D };
  attrs: Attributes & { filterShape: Shape };
}): Tensor4D {
  requireNHWC("Conv2DBackpropFilter", attrs.dataFormat);
  const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = geometry(x.shape, attrs.filterShape, attrs);
  return tidy(() => {
    const [, outHeight, outWidth] = dy.shape;
    const height = (outHeight - 1) * strideHeight + filterHeight;
    const width = (outWidth - 1) * strideWidth + filterWidth;
    const images = transpose(window(x, padInfo.top, padInfo.left, height, width), [3, 1, 2, 0]);
    const filter = transpose(dy, [1, 2, 0, 3]);
    const gradient = conv2d(images, filter, 1, "valid", "NHWC", [strideHeight, strideWidth]);
    return transpose(gradient, [1, 2, 0, 3]);
  });
}

/** The input's gradient: the output's gradient, spread by the stride, convolved with the filter turned round. */
export function conv2dBackpropInput({
  inputs: { dy, filter },
  attrs,
}: {
  inputs: { dy: Tensor4D; filter: Tensor4D };
  attrs: Attributes & { inputShape: Shape };
}): Tensor4D {
  requireNHWC("Conv2DBackpropInput", attrs.dataFormat);
  const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = geometry(
    attrs.inputShape,
    filter.shape,
    attrs,
  );
  const [, height, width] = attrs.inputShape;
  return tidy(() => {
    const turned = transpose(reverse(filter, [0, 1]), [0, 1, 3, 2]);
    const framed = window(
      spread(dy, strideHeight, strideWidth),
      filterHeight - 1 - padInfo.top,
      filterWidth - 1 - padInfo.left,
      height + filterHeight - 1,
      width + filterWidth - 1,
    );
    return conv2d(framed, turned, 1, "valid");
  });
}

function geometry(inputShape: Shape, filterShape: Shape, { strides, pad, dimRoundingMode }: Attributes) {
  return backend_util.computeConv2DInfo(inputShape, filterShape, strides, 1, pad, dimRoundingMode);
}

function requireNHWC(kernel: string, dataFormat: string | undefined): void {
  if (dataFormat !== undefined && dataFormat !== "NHWC") {
    throw new Error(`${kernel} on the wasm engine expects dataFormat NHWC, received ${dataFormat}.`);
  }
}
