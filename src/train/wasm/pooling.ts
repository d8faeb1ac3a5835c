// Max pooling where the wasm backend's own kernels are wrong: they take a window whose numbers are all negative for empty
// (tfjs-backend-wasm 4.22: MaxPoolGrad, MaxPool3D, MaxPool3DGrad).
import { backend_util, type TensorInfo } from "@tensorflow/tfjs-core";
import { filled, type WasmBackend } from "./heap";

interface Attributes {
  filterSize: number | number[];
  strides: number | number[];
  pad: "valid" | "same" | number;
  dimRoundingMode?: "floor" | "round" | "ceil";
}

interface Args<Inputs> {
  inputs: Inputs;
  backend: WasmBackend;
  attrs: Attributes;
}

/** Windows over depth, height and width; images are volumes of depth 1. */
interface Windows {
  batch: number;
  channels: number;
  /** Each: depth, height, width. */
  input: Triple;
  output: Triple;
  filter: Triple;
  strides: Triple;
  before: Triple;
}

type Triple = readonly [number, number, number];

export function maxPoolGrad({
  inputs: { dy, input },
  backend,
  attrs,
}: Args<{ dy: TensorInfo; input: TensorInfo }>): TensorInfo {
  return gradient(backend, dy, input, windows2d(input.shape, attrs));
}

export function maxPool3dGrad({
  inputs: { dy, input },
  backend,
  attrs,
}: Args<{ dy: TensorInfo; input: TensorInfo }>): TensorInfo {
  return gradient(backend, dy, input, windows3d(input.shape, attrs));
}

export function maxPool3d({ inputs: { x }, backend, attrs }: Args<{ x: TensorInfo }>): TensorInfo {
  const windows = windows3d(x.shape, attrs);
  const shape = [windows.batch, ...windows.output, windows.channels];
  return filled(backend, shape, [x], (output, [values]) => {
    forEachMaximum(windows, values!, (to, from) => {
      output[to] = values![from]!;
    });
  });
}

/** The gradient goes to where the maximum was, to the first one where there are several. */
function gradient(backend: WasmBackend, dy: TensorInfo, input: TensorInfo, windows: Windows): TensorInfo {
  return filled(backend, input.shape, [dy, input], (output, [gradients, values]) => {
    output.fill(0);
    forEachMaximum(windows, values!, (to, from) => {
      output[from]! += gradients![to]!;
    });
  });
}

function forEachMaximum(windows: Windows, values: Float32Array, visit: (output: number, input: number) => void): void {
  const { batch, channels, input, output, filter, strides, before } = windows;
  const [, height, width] = input;
  let to = 0;
  for (let image = 0; image < batch; image++) {
    for (let z = 0; z < output[0]; z++) {
      const [z0, z1] = range(z, 0);
      for (let y = 0; y < output[1]; y++) {
        const [y0, y1] = range(y, 1);
        for (let x = 0; x < output[2]; x++) {
          const [x0, x1] = range(x, 2);
          for (let channel = 0; channel < channels; channel++, to++) {
            let at = -1;
            let most = Number.NEGATIVE_INFINITY;
            for (let i = z0; i < z1; i++) {
              for (let j = y0; j < y1; j++) {
                let from = (((image * input[0] + i) * height + j) * width + x0) * channels + channel;
                for (let k = x0; k < x1; k++, from += channels) {
                  const value = values[from]!;
                  // NaN stays the largest, so that it is seen.
                  if (value > most || at < 0 || Number.isNaN(value)) {
                    most = value;
                    at = from;
                  }
                }
              }
            }
            if (at >= 0) visit(to, at);
          }
        }
      }
    }
  }

  function range(position: number, axis: 0 | 1 | 2): [number, number] {
    const start = position * strides[axis] - before[axis];
    return [Math.max(0, start), Math.min(input[axis], start + filter[axis])];
  }
}

function windows2d(shape: number[], { filterSize, strides, pad, dimRoundingMode }: Attributes): Windows {
  const info = backend_util.computePool2DInfo(
    shape as [number, number, number, number],
    filterSize as number,
    strides as number,
    1,
    pad,
    dimRoundingMode,
  );
  return {
    batch: info.batchSize,
    channels: info.inChannels,
    input: [1, info.inHeight, info.inWidth],
    output: [1, info.outHeight, info.outWidth],
    filter: [1, info.filterHeight, info.filterWidth],
    strides: [1, info.strideHeight, info.strideWidth],
    before: [0, info.padInfo.top, info.padInfo.left],
  };
}

function windows3d(shape: number[], { filterSize, strides, pad, dimRoundingMode }: Attributes): Windows {
  const info = backend_util.computePool3DInfo(
    shape as [number, number, number, number, number],
    filterSize as number,
    strides as number,
    1,
    pad,
    dimRoundingMode,
  );
  return {
    batch: info.batchSize,
    channels: info.inChannels,
    input: [info.inDepth, info.inHeight, info.inWidth],
    output: [info.outDepth, info.outHeight, info.outWidth],
    filter: [info.filterDepth, info.filterHeight, info.filterWidth],
    strides: [info.strideDepth, info.strideHeight, info.strideWidth],
    before: [info.padInfo.front, info.padInfo.top, info.padInfo.left],
  };
}
