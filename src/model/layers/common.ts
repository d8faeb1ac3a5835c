// The arguments that every layer takes, by library: those of the base class. Knows no layer.
import type { Argument } from "./catalog.types";

/**
 * By name only, except where a layer lists one of them itself. Keras 3 has neither `batch_input_shape` nor `weights`; it still takes
 * `input_shape` and `input_dim`, with a warning.
 */
export const COMMON: readonly Argument[] = [
  { name: "name", default: null, keywordOnly: true },
  { name: "dtype", default: null, keywordOnly: true },
  { name: "trainable", default: true, keywordOnly: true },
  { name: "activity_regularizer", default: null, keywordOnly: true, only: ["keras3", "keras2"] },
  { name: "autocast", default: true, keywordOnly: true, only: ["keras3", "keras2"] },
  { name: "input_shape", default: null, keywordOnly: true },
  { name: "input_dim", default: null, keywordOnly: true, only: ["keras3", "keras2"] },
  { name: "batch_input_shape", default: null, keywordOnly: true, only: ["keras2", "tfjs"] },
  { name: "batch_size", default: null, keywordOnly: true, only: ["keras2", "tfjs"] },
  { name: "weights", default: null, keywordOnly: true, only: ["keras2", "tfjs"] },
  { name: "dynamic", default: false, keywordOnly: true, only: ["keras2"] },
  { name: "implementation", default: null, keywordOnly: true, only: ["keras2"] },
  { name: "input_dtype", default: null, keywordOnly: true, only: ["tfjs"] },
];

/** Arguments that many layers have and that no rule looks into. */
export const opaque = (name: string, value: string | null = null): Argument => ({ name, default: value });

/** Initializer, regularizer and constraint of a weight, in this order. */
export const initializer = (weight: string, value: string): Argument => opaque(`${weight}_initializer`, value);
export const regularizer = (weight: string): Argument => opaque(`${weight}_regularizer`);
export const constraint = (weight: string): Argument => opaque(`${weight}_constraint`);
