// Functions of NumPy, TensorFlow and keras.ops on tensors, by their names. Most share a name and what it does; what is another
// operation in one of them, or what only one has, stands under that one.
import { AXIS_FIRST, AXIS_LAST, CROSS_ENTROPIES, ELEMENTWISE, LOSSES, ROW_FIRST } from "./elementwise";
import type { Operation } from "./given";
import { IMAGES, IMAGES_IN_TENSORFLOW } from "./images";
import { IDENTITY, MAKING, MAKING_IN_KERAS, MAKING_IN_NUMPY, MAKING_IN_OPS, MAKING_IN_TENSORFLOW } from "./making";
import { MOVING, MOVING_ARRAYS, MOVING_IN_BACKEND, MOVING_IN_NUMPY } from "./moving";
import { MULTIPLYING, MULTIPLYING_IN_TENSORFLOW } from "./multiplying";
import { PICKING, PICKING_IN_NUMPY } from "./picking";
import { WINDOWS_IN_KERAS, WINDOWS_IN_NUMPY, WINDOWS_IN_TENSORFLOW } from "./windows";

export const OPERATIONS: Readonly<Record<string, Operation>> = {
  ...ELEMENTWISE,
  ...MAKING,
  ...MOVING,
  ...PICKING,
  ...MULTIPLYING,
  ...IMAGES,
};

/** By what comes after `np.`. */
const OF_NUMPY: Readonly<Record<string, Operation>> = {
  ...MOVING_IN_NUMPY,
  ...PICKING_IN_NUMPY,
  ...MOVING_ARRAYS,
  ...MAKING_IN_NUMPY,
  ...ROW_FIRST,
  ...WINDOWS_IN_NUMPY,
};

/** By what comes after `tf.`, or by the name alone. */
const OF_TENSORFLOW: Readonly<Record<string, Operation>> = {
  ...MAKING_IN_TENSORFLOW,
  ...AXIS_FIRST,
  ...MULTIPLYING_IN_TENSORFLOW,
  ...WINDOWS_IN_TENSORFLOW,
  ...IMAGES_IN_TENSORFLOW,
};

const OF_KERAS: Readonly<Record<string, Operation>> = {
  ...MOVING_IN_NUMPY,
  ...ROW_FIRST,
  ...IDENTITY,
  ...MAKING_IN_OPS,
  ...WINDOWS_IN_KERAS,
  ...CROSS_ENTROPIES,
};

const OF_BACKEND: Readonly<Record<string, Operation>> = { ...MOVING_IN_BACKEND, ...AXIS_LAST, ...CROSS_ENTROPIES };

/** Where a path of a library is looked up: in its own, by what its pattern takes of the path and by its name; then in what all share. */
const FAMILIES: readonly { pattern: RegExp; own: Readonly<Record<string, Operation>>; isAll?: boolean }[] = [
  { pattern: /^np\.(random\..+)$/, own: OF_NUMPY, isAll: true },
  { pattern: /^np\.(.+)$/, own: OF_NUMPY },
  { pattern: /^tf\.(.+)$/, own: OF_TENSORFLOW },
  { pattern: /^keras\.ops\.(.+)$/, own: OF_KERAS },
  { pattern: /^keras\.(random\..+)$/, own: MAKING_IN_KERAS },
  { pattern: /^keras\.backend\.(.+)$/, own: OF_BACKEND },
  { pattern: /^keras\.(?:losses|metrics)\.(?:\w+\.)?([a-z]\w*)$/, own: LOSSES, isAll: true },
  { pattern: /^keras\.(?:activations|utils|src)\.(.+)$/, own: {} },
];

const entry = (operations: Readonly<Record<string, Operation>>, name: string): Operation | null =>
  Object.hasOwn(operations, name) ? operations[name]! : null;

/** What a path of a library does to tensors; null: it does nothing to them that is known. */
export function operationNamed(path: string): Operation | null {
  for (const { pattern, own, isAll } of FAMILIES) {
    const rest = pattern.exec(path)?.[1];
    if (rest === undefined) continue;
    const name = rest.slice(rest.lastIndexOf(".") + 1);
    return entry(own, rest) ?? (isAll ? null : (entry(own, name) ?? entry(OPERATIONS, name)));
  }
  return null;
}

/** A method of an array: what NumPy's function of that name does. */
export const methodNamed = (name: string): Operation | null => entry(OF_NUMPY, name) ?? entry(OPERATIONS, name);
