// The wasm backend's memory as typed arrays, for kernels that are plain loops.
import type { DataType, TensorInfo } from "@tensorflow/tfjs-core";

export interface WasmBackend {
  makeOutput(shape: number[], dtype: DataType): TensorInfo;
  /** A view: the next allocation may move it. */
  typedArrayFromHeap(tensor: TensorInfo): Float32Array | Int32Array | Uint8Array;
}

/** Makes the output first, so that the views handed to `fill` stay where they are. */
export function filled(
  backend: WasmBackend,
  shape: number[],
  inputs: readonly TensorInfo[],
  fill: (output: Float32Array, inputs: readonly Float32Array[]) => void,
): TensorInfo {
  const output = backend.makeOutput(shape, "float32");
  const view = (tensor: TensorInfo) => backend.typedArrayFromHeap(tensor) as Float32Array;
  fill(view(output), inputs.map(view));
  return output;
}
