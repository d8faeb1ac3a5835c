// The TensorFlow.js that Fitlens brings, as one bundle: every package name gets its part of the same instance.
export * as cpu from "@tensorflow/tfjs-backend-cpu";
export * as data from "@tensorflow/tfjs-data";
export * as tfjs from "./union";

/** What `@tensorflow/tfjs-backend-wasm` exports; it is a bundle of its own, loaded when it trains or is imported. */
export const WASM_NAMES = [
  "BackendWasm",
  "getThreadsCount",
  "setThreadsCount",
  "setWasmPath",
  "setWasmPaths",
  "version_wasm",
];
