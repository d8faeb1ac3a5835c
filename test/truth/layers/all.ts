// All grids by group.
import { ACTIVATIONS } from "./activations";
import { ATTENTION } from "./attention";
import { AUGMENTATION } from "./augmentation";
import type { Case } from "./cases";
import { CONVOLUTION } from "./convolution";
import { CORE } from "./core";
import { MERGING } from "./merging";
import { NORMALIZATION } from "./normalization";
import { POOLING } from "./pooling";
import { PREPROCESSING } from "./preprocessing";
import { RECURRENT } from "./recurrent";
import { REGULARIZATION } from "./regularization";
import { RESHAPING } from "./reshaping";
import { WRAPPERS } from "./wrappers";

export const GRIDS: Readonly<Record<string, readonly Case[]>> = {
  core: CORE,
  activations: ACTIVATIONS,
  convolution: CONVOLUTION,
  pooling: POOLING,
  reshaping: RESHAPING,
  merging: MERGING,
  normalization: NORMALIZATION,
  regularization: REGULARIZATION,
  recurrent: RECURRENT,
  attention: ATTENTION,
  wrappers: WRAPPERS,
  preprocessing: PREPROCESSING,
  augmentation: AUGMENTATION,
};
