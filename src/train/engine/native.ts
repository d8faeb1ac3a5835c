// The JavaScript of tfjs-node without its start-up: nothing is registered with a TensorFlow.js but the kernels, which only count
// once a backend named "tensorflow" exists. Works with and without the native binding.
import "@tensorflow/tfjs-node/dist/register_all_kernels";

export { ProgbarLogger } from "@tensorflow/tfjs-node/dist/callbacks";
export { nodeFileSystemRouter } from "@tensorflow/tfjs-node/dist/io/file_system";
export * as nodeIo from "@tensorflow/tfjs-node/dist/io/index";
export * as nodeApi from "@tensorflow/tfjs-node/dist/node";
export { NodeJSKernelBackend } from "@tensorflow/tfjs-node/dist/nodejs_kernel_backend";
export { version } from "@tensorflow/tfjs-node/dist/version";
