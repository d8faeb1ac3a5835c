// Padding and spreading of images, with kernels of the wasm backend.
import { pad, reshape, slice, type Tensor4D } from "@tensorflow/tfjs-core";

/** Height and width from `top`/`left` rows and columns before the first one, `height` × `width` large; negative cuts off. */
export function window(x: Tensor4D, top: number, left: number, height: number, width: number): Tensor4D {
  const [batch, rows, columns, channels] = x.shape;
  const [cutTop, cutLeft] = [Math.max(0, -top), Math.max(0, -left)];
  const [padTop, padLeft] = [Math.max(0, top), Math.max(0, left)];
  const keptRows = Math.min(rows - cutTop, height - padTop);
  const keptColumns = Math.min(columns - cutLeft, width - padLeft);
  const isWhole = keptRows === rows && keptColumns === columns;
  const kept = isWhole ? x : slice(x, [0, cutTop, cutLeft, 0], [batch, keptRows, keptColumns, channels]);
  const [below, right] = [height - padTop - keptRows, width - padLeft - keptColumns];
  if (padTop + padLeft + below + right === 0) return kept;
  return pad(kept, [
    [0, 0],
    [padTop, below],
    [padLeft, right],
    [0, 0],
  ]);
}

/** Puts zeros between rows and between columns: what a stride has left out. */
export function spread(x: Tensor4D, strideHeight: number, strideWidth: number): Tensor4D {
  if (strideHeight === 1 && strideWidth === 1) return x;
  const [batch, rows, columns, channels] = x.shape;
  const apart = reshape(x, [batch * rows, 1, columns, channels]);
  const lower = pad(apart, [
    [0, 0],
    [0, strideHeight - 1],
    [0, 0],
    [0, 0],
  ]);
  const columnsApart = reshape(lower, [batch * rows * strideHeight * columns, 1, channels]);
  const spreadOut = pad(columnsApart, [
    [0, 0],
    [0, strideWidth - 1],
    [0, 0],
  ]);
  return reshape(spreadOut, [batch, rows * strideHeight, columns * strideWidth, channels]);
}
