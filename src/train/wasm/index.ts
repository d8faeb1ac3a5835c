// Kernels of training that the wasm backend lacks, has slowly, or has wrong; mostly composed of kernels that it has.
import { getKernel, type KernelFunc, registerKernel, unregisterKernel } from "@tensorflow/tfjs-core";
import { conv2dBackpropFilter, conv2dBackpropInput } from "./conv2d";
import { depthwiseBackpropFilter, depthwiseBackpropInput } from "./depthwise";
import { maxPool3d, maxPool3dGrad, maxPoolGrad } from "./pooling";
import { unsortedSegmentSum } from "./segments";

const KERNELS: Record<string, (args: never) => unknown> = {
  Conv2DBackpropFilter: conv2dBackpropFilter,
  Conv2DBackpropInput: conv2dBackpropInput,
  DepthwiseConv2dNativeBackpropFilter: depthwiseBackpropFilter,
  DepthwiseConv2dNativeBackpropInput: depthwiseBackpropInput,
  MaxPool3D: maxPool3d,
  MaxPool3DGrad: maxPool3dGrad,
  MaxPoolGrad: maxPoolGrad,
  UnsortedSegmentSum: unsortedSegmentSum,
};

/** Once a process, after the backend's own kernels are registered. */
export function registerGradients(): void {
  for (const [kernelName, kernelFunc] of Object.entries(KERNELS)) {
    if (getKernel(kernelName, "wasm")) unregisterKernel(kernelName, "wasm");
    registerKernel({ kernelName, backendName: "wasm", kernelFunc: kernelFunc as unknown as KernelFunc });
  }
}
