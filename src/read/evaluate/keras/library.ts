// Keras, TensorFlow and NumPy as the evaluator asks for them, in Python: what a path stands for, what a call of it gives.
import { layerNamed, layerOfCall } from "../../../model/layers/catalog";
import type { Library, Weight } from "../../../model/layers/catalog.types";
import { broadcast } from "../../../model/shape";
import { checkAttribute, checkImport } from "../checks/imports";
import { checkElementwise } from "../checks/operations";
import { ESTIMATOR_CONSTANTS, estimatorCall } from "../estimators/library";
import { report } from "../found";
import type { Libraries } from "../libraries";
import { flagsOf, optionsCall } from "../options";
import { lose, type Run } from "../run";
import { frameAttribute, indexFrame, operateFrame } from "../tables/frame";
import { asTensor, data, dtypeOf, type Operation, vague } from "../tensors/given";
import { indexTensor } from "../tensors/indexing";
import { randomModule } from "../tensors/making";
import { operation } from "../tensors/operation";
import { OPERATIONS, operationNamed } from "../tensors/operations";
import { mayCompile } from "../unseen";
import {
  type Arguments,
  BASE_CONFIG,
  BASE_WEIGHTS,
  builtin,
  type InstanceValue,
  isNothing,
  LAYERS,
  type LayerValue,
  type LibraryValue,
  NONE,
  number,
  type Place,
  positional,
  type TensorValue,
  UNKNOWN,
  type Value,
} from "../value";
import { worked } from "../work";
import { makeApplication } from "./applications";
import { layerAttribute, tensorAttribute } from "./attributes";
import { shapeOf, tensorsIn } from "./convert";
import { datasetAttribute, known } from "./data";
import { toEstimator } from "./estimators";
import { lookedUp } from "./history";
import { bound, buildBase, callBase, callLayer, makeLayer, newLayer, nodeOf, originOf } from "./layers";
import { connect, fill, inputTensor, setTrainable } from "./models";
import { canonical, lastName, libraryOf, member, plainPath } from "./names";
import { addedWeight } from "./own";
import { tfdsCall } from "./tfds";
import { madeObject } from "./training";

export function pythonLibraries(selected: Library): Libraries {
  return {
    module: (_run, path) => {
      const found = canonical(path);
      return found === null ? null : { kind: "library", path: found, library: libraryOf(path, selected) };
    },
    imported: (run, path, names, place, statement) => {
      for (const one of checkImport({ library: selected, place, statement, path, names })) report(run, one);
    },
    importAll: () => {},
    lookedUp,
    attribute: (run, object, name, place) => {
      switch (object.kind) {
        case "library":
          for (const one of checkAttribute(object.library ?? selected, `${object.path}.${name}`, place))
            report(run, one);
          return constantOf(run, object, name) ?? member(object, name);
        case "layer":
          return layerAttribute(run, object, name, place) ?? lose(run, place, `layer.${name} is not known`);
        case "tensor":
          return tensorAttribute(run, object, name);
        case "dataset":
          return datasetAttribute(run, object, name);
        case "frame":
          return frameAttribute(run, object, name);
      }
    },
    call: (run, callee, args, place) => callLibrary(run, callee, args, place, selected),
    callLayer,
    native: (run, base, instance) => nativeOf(run, base, instance, selected),
    inherited,
    attributeSet,
    operate,
    index: (run, object, index, place) =>
      object.kind === "frame" ? indexFrame(run, object, index) : indexTensor(run, object, index, place),
    items: (_run, value) => {
      if (value.kind !== "tensor" || value.type.shape === "?") return null;
      const [first, ...rest] = value.type.shape;
      if (value.elements && value.type.shape.length === 1) return value.elements;
      if (typeof first !== "number" || first > 1000) return null;
      return Array.from({ length: first }, () => data(rest, value.type.dtype));
    },
    element: (_run, value) => {
      if (value.kind === "dataset") return value.element;
      return value.type.shape === "?" || value.type.shape.length === 0
        ? UNKNOWN
        : data(value.type.shape.slice(1), value.type.dtype);
    },
  };
}

const CONSTANTS: Readonly<Record<string, Value>> = {
  "np.newaxis": NONE,
  "tf.newaxis": NONE,
  "math.pi": number(Math.PI, true),
  "np.pi": number(Math.PI, true),
  "np.inf": number(Number.POSITIVE_INFINITY, true),
  ...ESTIMATOR_CONSTANTS,
};

function constantOf(run: Run, { path }: LibraryValue, name: string): Value | null {
  const whole = `${path}.${name}`;
  return CONSTANTS[whole] ?? (name === "FLAGS" && /^(absl|tf|tf\.app)\.flags$/.test(path) ? flagsOf(run) : null);
}

function callLibrary(run: Run, callee: LibraryValue, args: Arguments, place: Place, selected: Library): Value {
  const path = plainPath(callee.path);
  const library = callee.library ?? selected;
  const name = lastName(path);
  if (path.startsWith("keras.") || path.startsWith("tf.")) {
    const model = makeModel(run, path, args, place, library) ?? makeApplication(run, path, args, place, library);
    if (model) return model;
    const layer = /^keras\.(layers|legacy)\.|^keras\.\w+$/.test(path) ? layerNamed(name, library) : undefined;
    if (layer) return makeLayer(run, layer, name, library, args, place);
    const called = /^keras\.layers\.\w+$/.test(path) ? layerOfCall(name) : undefined;
    if (called) {
      const [inputs, ...rest] = args.positional;
      const made = makeLayer(
        run,
        called,
        name,
        library,
        { ...args, positional: rest, named: without(args.named, "inputs") },
        place,
      );
      const given = inputs ?? args.named.get("inputs");
      return given ? callLayer(run, made, positional(given), place) : UNKNOWN;
    }
  }
  if (path === "keras.estimator.model_to_estimator") toEstimator(run, args, place);
  const random = randomModule(path);
  if (random) return random;
  const special =
    estimatorCall(run, path, args, place) ??
    known(run, path, args, place) ??
    tfdsCall(run, path, args) ??
    optionsCall(run, path, args);
  if (special) return special;
  // In TensorFlow 2 they are those of Keras; TensorFlow 1 has functions there, and optimizers of its own.
  if (MADE.test(path)) return madeObject(run, path.replace(/^tf\./, "keras."), library, args, place);
  if (path.startsWith("math.")) return mathOf(name, args);
  const found = operationOf(path);
  if (found) return operation(run, name, found, args, place);
  if (/^keras\.callbacks\.[A-Z]\w*$/.test(path)) {
    mayCompile(run, [...args.positional, ...args.named.values()]);
    return { kind: "made", path, args, place };
  }
  lose(run, place, `${callee.path} is not known`);
  if (!HARMLESS.test(path)) mayCompile(run, [...args.positional, ...args.named.values()]);
  // A tensor that goes into something unknown comes out as something unknown, which is part of the graph all the same.
  const tensors = [...args.positional, ...args.named.values()].flatMap(tensorsIn);
  return vague(tensors, "?", originOf(run, null, tensors, place, name));
}

/** What takes models and leaves them as they are. */
const HARMLESS =
  /\.(plot_model|save_model|clone_model|model_to_dot|print)$|^keras\.(Model|Sequential)\.(summary|save)$/;

/** Losses, optimizers and metrics as objects. */
const MADE = /^(keras|tf)\.(losses|optimizers|metrics)\.(legacy\.|experimental\.)?[A-Z]\w*$/;

const without = (named: ReadonlyMap<string, Value>, name: string): ReadonlyMap<string, Value> =>
  new Map([...named].filter(([key]) => key !== name));

/** By path: programs call the same few again and again. */
const operations = new Map<string, Operation | null>();

function operationOf(path: string): Operation | null {
  let found = operations.get(path);
  if (found === undefined) {
    found = operationNamed(path);
    if (operations.size < 10_000) operations.set(path, found);
  }
  return found;
}

const MATH = new Set("sqrt exp log log2 log10 sin cos tan pow".split(" "));

function mathOf(name: string, { positional }: Arguments): Value {
  const numbers = positional.map((one) => (one.kind === "number" ? one.value : Number.NaN));
  if (name === "ceil" || name === "floor")
    return numbers.some(Number.isNaN) ? UNKNOWN : number(Math[name](numbers[0]!), false);
  if (!MATH.has(name)) return UNKNOWN;
  const [x, second] = numbers as [number, number | undefined];
  const result =
    name === "log" && second !== undefined ? Math.log(x) / Math.log(second) : Math[name as "pow"](x, second as number);
  return Number.isNaN(result) ? UNKNOWN : number(result, true);
}

const MODEL = /^keras\.(models\.|engine\.\w+\.)?(Model|Functional|Sequential)$/;

function makeModel(run: Run, path: string, args: Arguments, place: Place, library: Library): Value | null {
  if (/^keras\.(layers\.)?Input$/.test(path)) {
    const given = (name: string, at: number) => args.named.get(name) ?? args.positional[at];
    const whole = given("batch_shape", 99) ?? args.named.get("batch_input_shape");
    const shape = given("shape", 0);
    const batch = given("batch_size", 1);
    const dims =
      whole && !isNothing(whole)
        ? shapeOf(run, whole)
        : shape && !isNothing(shape)
          ? shapeOf(run, shape)
          : args.open || !shape
            ? "?"
            : [];
    const size = batch && !isNothing(batch) ? (batch.kind === "number" ? batch.value : "?") : null;
    const full = dims === "?" ? "?" : whole && !isNothing(whole) ? dims : [size as number | null | "?", ...dims];
    const name = args.named.get("name");
    const dtype = dtypeOf(args.named.get("dtype")) ?? "float32";
    return inputTensor(run, full, dtype, place, {
      written: "Input",
      library,
      isOpen: args.open || args.positional.length > 2,
      isBatched: (!whole || isNothing(whole)) && size === null,
      ...(name && { name }),
    });
  }
  const match = MODEL.exec(path);
  if (!match) return null;
  const sequential = match[2] === "Sequential";
  const making = {
    className: match[2]!,
    written: match[2]!,
    type: null,
    library,
    place,
    isOpen: args.open || args.positional.length > (sequential ? 1 : 2),
    config: Object.fromEntries(args.named),
  };
  if (sequential) {
    const model = newLayer(run, { ...making, form: "sequential" });
    fill(run, model, args.positional[0] ?? args.named.get("layers"), place);
    return model;
  }
  const model = newLayer(run, { ...making, form: "functional" });
  const [inputs, outputs] = [
    args.named.get("inputs") ?? args.named.get("input") ?? args.positional[0],
    args.named.get("outputs") ?? args.named.get("output") ?? args.positional[1],
  ];
  connect(run, model, inputs ?? UNKNOWN, outputs ?? UNKNOWN);
  return model;
}

/** A class of the user's that is a layer or a model. */
function nativeOf(run: Run, base: LibraryValue, instance: InstanceValue, selected: Library): LayerValue | null {
  const path = plainPath(base.path);
  const name = lastName(path);
  const library = base.library ?? selected;
  const isLayer = /^keras\.(\w+\.)*Layer$/.test(path);
  if (!isLayer && !MODEL.test(path) && !(path.startsWith("keras.layers.") && layerNamed(name, library))) return null;
  const making = {
    className: instance.class.name,
    written: instance.class.name,
    type: null,
    library,
    place: instance.place,
    instance,
    base: isLayer || MODEL.test(path) ? null : (layerNamed(name, library) ?? null),
  };
  const layer = newLayer(run, {
    ...making,
    form: MODEL.test(path) && name === "Sequential" ? "sequential" : "subclass",
  });
  if (layer.form === "sequential") run.journal.set(layer, LAYERS, []);
  return layer;
}

/** What Keras's own classes bring an object of a user's class. */
function inherited(run: Run, base: LibraryValue, receiver: InstanceValue, name: string, place: Place): Value | null {
  const layer = receiver.native;
  if (!layer) return null;
  switch (name) {
    case "__init__":
      return builtin(name, (args) => {
        if (layer.base) run.journal.set(layer, BASE_CONFIG, bound(run, layer.base, layer.library, args).config);
        if (layer.form === "sequential") fill(run, layer, args.positional[0] ?? args.named.get("layers"), place);
        else if (MODEL.test(plainPath(base.path))) {
          const [inputs, outputs] = [
            args.named.get("inputs") ?? args.positional[0],
            args.named.get("outputs") ?? args.positional[1],
          ];
          if (inputs && outputs) connect(run, layer, inputs, outputs);
        }
        return NONE;
      });
    case "add_weight":
    case "add_variable":
      return builtin(name, (args) => addedWeight(run, layer, args));
    case "__call__":
      return builtin(name, (args, at) => callLayer(run, layer, args, at));
    case "call":
      return layer.base ? builtin(name, (args) => callBase(run, layer, args)) : layerAttribute(run, layer, name, place);
    case "build":
      if (!layer.base) return layerAttribute(run, layer, name, place);
      return builtin(name, ({ positional: [shape] }) => {
        const dims = shape ? shapeOf(run, shape) : "?";
        buildBase(run, layer, { shape: dims, dtype: "float32" });
        return NONE;
      });
    case "kernel":
    case "bias": {
      const weights = layer.base ? layer.slots.get(BASE_WEIGHTS) : undefined;
      const weight = Array.isArray(weights) ? (weights as Weight[]).find((one) => one.name === name) : undefined;
      return weight ? data(weight.shape, "float32") : layerAttribute(run, layer, name, place);
    }
    default:
      return layerAttribute(run, layer, name, place);
  }
}

function attributeSet(run: Run, layer: LayerValue, name: string, value: Value): void {
  if (name === "trainable") setTrainable(run, layer, value.kind === "boolean" ? value.value : null);
}

const COMPARES = new Set(["<", ">", "<=", ">=", "==", "!="]);

const ARITHMETIC = new Set(["+", "-", "*", "/"]);

function operate(run: Run, operator: string, left: Value, right: Value, place: Place): Value | null {
  if (left.kind === "frame" || right.kind === "frame") return operateFrame(operator, left, right);
  if (left.kind !== "tensor" && right.kind !== "tensor") return null;
  if (/^(is|is not|in|not in)$/.test(operator)) {
    const other = left.kind === "tensor" ? right : left;
    // A tensor is never None.
    if (isNothing(other) && operator.startsWith("is")) return { kind: "boolean", value: operator === "is not" };
    return UNKNOWN;
  }
  const [a, b] = [asTensor(run, left), asTensor(run, right)];
  const tensors = [left, right].filter((one): one is TensorValue => one.kind === "tensor");
  const isOpen = tensors.some((one) => one.isOpen);
  const origin = originOf(run, null, tensors, place, operator);
  if (!a || !b) return vague(tensors, "?", origin);
  if (operator === "@") return operation(run, "matmul", OPERATIONS["matmul"]!, positional(a, b), place);
  const shape = broadcast(a.type.shape, b.type.shape);
  if (shape === null) {
    if (ARITHMETIC.has(operator))
      for (const one of checkElementwise(place, a.type.shape, b.type.shape)) report(run, one);
    return vague(tensors, "?", origin);
  }
  const again = (others: readonly TensorValue[]): Value => {
    const [x, y] =
      left.kind === "tensor"
        ? [others[0] ?? UNKNOWN, right.kind === "tensor" ? (others[1] ?? UNKNOWN) : right]
        : [left, others[0] ?? UNKNOWN];
    return operate(run, operator, x, y, place) ?? UNKNOWN;
  };
  const dtype = left.kind === "tensor" ? left.type.dtype : (right as TensorValue).type.dtype;
  const type = { shape, dtype: COMPARES.has(operator) ? "bool" : dtype };
  const work = worked(run, { layer: null, operation: operator, outputs: type });
  return {
    kind: "tensor",
    type,
    node: isOpen ? null : nodeOf(run, work, tensors, place, again),
    output: 0,
    elements: elementwise(run, operator, a, b),
    ...(isOpen && { isOpen: true, origin }),
  };
}

/** Sizes are calculated with: `tf.shape(x)[1] // 2`. */
function elementwise(run: Run, operator: string, a: TensorValue, b: TensorValue): readonly Value[] | null {
  const [x, y] = [a.elements, b.elements];
  if (x?.length !== 1 || y?.length !== 1) return null;
  const [left, right] = [x[0]!, y[0]!];
  if (left.kind !== "number" || right.kind !== "number") return null;
  return [run.language.binary(run, operator, left, right)];
}
