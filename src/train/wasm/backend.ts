// The wasm backend that Fitlens brings, over whichever TensorFlow.js the script uses.
export * from "@tensorflow/tfjs-backend-wasm";
