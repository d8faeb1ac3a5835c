// What the evaluator asks of the libraries that it knows: Keras, TensorFlow, NumPy, TensorFlow.js. Types only.
import type { Run } from "./run";
import type {
  Arguments,
  DatasetValue,
  DictValue,
  FrameValue,
  InstanceValue,
  LayerValue,
  LibraryValue,
  Place,
  TensorValue,
  Value,
} from "./value";

export interface Libraries {
  /** A module that is imported by this path; null for one that no library here has. */
  module(run: Run, path: string): Value | null;
  /** A statement of Python imports this: whether it is still there is for the library to say. */
  imported?(run: Run, path: string, names: readonly string[], place: Place, statement: Place): void;
  /** `from module import *` of a library. */
  importAll(run: Run, module: LibraryValue, bind: (name: string, value: Value) => void): void;
  /** `object.name`; null where it is not known. */
  attribute(
    run: Run,
    object: LibraryValue | LayerValue | TensorValue | DatasetValue | FrameValue,
    name: string,
    place: Place,
  ): Value | null;
  call(run: Run, callee: LibraryValue, args: Arguments, place: Place): Value;
  callLayer(run: Run, layer: LayerValue, args: Arguments, place: Place): Value;
  /** The layer or model that an object of a user's class is, by the class of a library that is behind it; null: none. */
  native(run: Run, base: LibraryValue, instance: InstanceValue): LayerValue | null;
  /** What a class of a library brings an object of a user's class: `__init__`, `add_weight`, `build` …; null: not known. */
  inherited(run: Run, base: LibraryValue, receiver: InstanceValue, name: string, place: Place): Value | null;
  /** An attribute of such an object was set: a layer in it is the object's own. */
  attributeSet(run: Run, layer: LayerValue, name: string, value: Value): void;
  /** `left operator right` where one of them is of a library; null: it has no say in it. */
  operate(run: Run, operator: string, left: Value, right: Value, place: Place): Value | null;
  /** A key of what a training has recorded. */
  lookedUp?(run: Run, history: DictValue, index: Value, place: Place): void;
  index(run: Run, object: TensorValue | FrameValue, index: Value, place: Place): Value;
  /** The items of a tensor or a data set that is gone over; null: not known. */
  items(run: Run, value: TensorValue | DatasetValue): readonly Value[] | null;
  element(run: Run, value: TensorValue | DatasetValue): Value;
}
