// The gradients of depthwise convolutions, a tap or a multiplier at a time.
import {
  add,
  backend_util,
  depthwiseConv2d,
  matMul,
  mul,
  ones,
  reshape,
  reverse,
  slice,
  stack,
  stridedSlice,
  type Tensor,
  type Tensor4D,
  tidy,
} from "@tensorflow/tfjs-core";
import { spread, window } from "./shapes";

interface Attributes {
  strides: number | [number, number];
  dilations: number | [number, number];
  pad: "valid" | "same" | number | backend_util.ExplicitPadding;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

type Shape = [number, number, number, number];

/** One tap after another: what the filter saw through it, times the gradient, summed by a product with ones. */
export function depthwiseBackpropFilter({
  inputs: { x, dy },
  attrs,
}: {
  inputs: { x: Tensor4D; dy: Tensor4D };
  attrs: Attributes & { filterShape: Shape };
}): Tensor4D {
  const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = geometry(x.shape, attrs.filterShape, attrs);
  const [batch, outHeight, outWidth, outChannels] = dy.shape;
  const channels = x.shape[3];
  const multiplier = outChannels / channels;
  return tidy(() => {
    const height = (outHeight - 1) * strideHeight + filterHeight;
    const width = (outWidth - 1) * strideWidth + filterWidth;
    const seen = window(x, padInfo.top, padInfo.left, height, width);
    const positions = batch * outHeight * outWidth;
    const gradient = reshape(dy, [positions, channels, multiplier]);
    const sum = ones([1, positions]);
    const taps: Tensor[] = [];
    for (let row = 0; row < filterHeight; row++) {
      for (let column = 0; column < filterWidth; column++) {
        const end = [
          batch,
          row + (outHeight - 1) * strideHeight + 1,
          column + (outWidth - 1) * strideWidth + 1,
          channels,
        ];
        const patch =
          strideHeight === 1 && strideWidth === 1
            ? slice(seen, [0, row, column, 0], [batch, outHeight, outWidth, channels])
            : stridedSlice(seen, [0, row, column, 0], end, [1, strideHeight, strideWidth, 1]);
        const product = mul(reshape(patch, [positions, channels, 1]), gradient);
        taps.push(matMul(sum, reshape(product, [positions, outChannels])));
      }
    }
    return reshape(stack(taps), [filterHeight, filterWidth, channels, multiplier]) as Tensor4D;
  });
}

/** As for conv2d: the gradient, spread by the stride, convolved with the filter turned round; the multipliers add up. */
export function depthwiseBackpropInput({
  inputs: { dy, filter },
  attrs,
}: {
  inputs: { dy: Tensor4D; filter: Tensor4D };
  attrs: Attributes & { inputShape: Shape };
}): Tensor4D {
  const { strideHeight, strideWidth, filterHeight, filterWidth, padInfo } = geometry(
    attrs.inputShape,
    filter.shape,
    attrs,
  );
  const [batch, height, width, channels] = attrs.inputShape;
  const [, outHeight, outWidth] = dy.shape;
  const multiplier = filter.shape[3];
  return tidy(() => {
    const turned = reverse(filter, [0, 1]);
    const byMultiplier = reshape(dy, [batch * outHeight * outWidth, channels, multiplier]);
    let total: Tensor4D | undefined;
    for (let q = 0; q < multiplier; q++) {
      const part = multiplier === 1 ? dy : slice(byMultiplier, [0, 0, q], [batch * outHeight * outWidth, channels, 1]);
      const framed = window(
        spread(reshape(part, [batch, outHeight, outWidth, channels]), strideHeight, strideWidth),
        filterHeight - 1 - padInfo.top,
        filterWidth - 1 - padInfo.left,
        height + filterHeight - 1,
        width + filterWidth - 1,
      );
      const taps = slice(turned, [0, 0, 0, q], [filterHeight, filterWidth, channels, 1]);
      const gradient = depthwiseConv2d(framed, taps, 1, "valid");
      total = total ? add(total, gradient) : gradient;
    }
    return total!;
  });
}

function geometry(inputShape: Shape, filterShape: Shape, { strides, dilations, pad, dimRoundingMode }: Attributes) {
  return backend_util.computeConv2DInfo(inputShape, filterShape, strides, dilations ?? 1, pad, dimRoundingMode, true);
}
