// The type of the one TensorFlow.js in the trainer's process, whichever copy it is.
import type * as tfjs from "@tensorflow/tfjs";

export type Tensorflow = typeof tfjs & { version_core: string };
