// TensorFlow.js as the evaluator asks for it: what a path under `tf` stands for, what a call of it gives.
import { layerOfFunction } from "../../../model/layers/catalog";
import { call } from "../calls";
import { asList, dimOf, shapeOf, shapeValue, tensorsIn } from "../keras/convert";
import { callLayer, makeLayer, newLayer, originOf } from "../keras/layers";
import { addLayer, connect, fill, inputTensor, layerBy, sequenceOf, setTrainable } from "../keras/models";
import { addedWeight, fitted } from "../keras/own";
import { checkCompiled, compiled, trained } from "../keras/training";
import type { Libraries } from "../libraries";
import { dictFrom, isOpen, knownEntries, listOf } from "../lists";
import { optionsCall } from "../options";
import { lose, type Run } from "../run";
import { data, dtypeOf, vague } from "../tensors/given";
import { indexTensor } from "../tensors/indexing";
import { operation } from "../tensors/operation";
import { mayCompile } from "../unseen";
import {
  type Arguments,
  builtin,
  INPUTS,
  type InstanceValue,
  isNothing,
  LAST,
  type LayerValue,
  type LibraryValue,
  methodOf,
  number,
  OPEN,
  OUTPUTS,
  type Place,
  positional,
  string,
  type TensorValue,
  UNDEFINED,
  UNKNOWN,
  type Value,
} from "../value";
import { operationOf } from "./operations";

const PACKAGE = /^@tensorflow\/tfjs(-node(-gpu)?|-core|-layers|-backend-\w+)?($|\/)/;

export const TFJS: Libraries = {
  module: (_run, path) => {
    if (PACKAGE.test(path)) return { kind: "library", path: "tf", library: "tfjs" };
    return path === "argparse" ? { kind: "library", path, library: null } : null;
  },
  importAll: () => {},
  attribute: (run, object, name) => {
    switch (object.kind) {
      case "library":
        return name === "default" ? object : { ...object, path: `${object.path}.${name}` };
      case "layer":
        return layerAttribute(run, object, name);
      case "tensor":
        return tensorAttribute(run, object, name);
      case "dataset":
      case "frame":
        return null;
    }
  },
  call: callLibrary,
  callLayer,
  native: nativeOf,
  inherited: (run, _base, receiver, name) => inherited(run, receiver, name),
  attributeSet: (run, layer, name, value) => {
    if (name === "trainable") setTrainable(run, layer, value.kind === "boolean" ? value.value : null);
  },
  operate: () => null,
  index: (run, object, index, place) => (object.kind === "frame" ? UNKNOWN : indexTensor(run, object, index, place)),
  items: () => null,
  element: () => UNKNOWN,
};

/** The object that a function of TensorFlow.js is given, as arguments by name. */
function optionsOf({ positional: [options], open }: Arguments): Arguments {
  if (options?.kind === "dict") {
    const named = new Map(knownEntries(options).map(([key, value]) => [String(key), value] as const));
    return { positional: [], named, open: open || isOpen(options) };
  }
  return { positional: [], named: new Map(), open: open || (options !== undefined && !isNothing(options)) };
}

function callLibrary(run: Run, callee: LibraryValue, args: Arguments, place: Place): Value {
  const { path } = callee;
  const name = path.slice(path.lastIndexOf(".") + 1);
  const options = optionsCall(run, path, args);
  if (options) return options;
  // `require("@tensorflow/tfjs")` is a call of a name that nothing binds: see the language.
  switch (path) {
    case "tf.sequential":
    case "tf.Sequential":
      return sequential(run, name, optionsOf(args), place);
    case "tf.tidy": {
      const work = args.positional.at(-1);
      return work ? call(run, work, positional(), place) : UNKNOWN;
    }
    case "tf.model":
    case "tf.LayersModel":
      return model(run, name, optionsOf(args), place);
    case "tf.input":
    case "tf.layers.input":
    case "tf.layers.inputLayer":
      return input(run, name, optionsOf(args), place);
    default:
  }
  const type = /^tf\.layers\.\w+$/.test(path) ? layerOfFunction(name) : undefined;
  if (type) return makeLayer(run, type, name, "tfjs", optionsOf(args), place);
  if (path === "tf.buffer") return buffer(run, args);
  const found = operationOf(path);
  if (found) return operation(run, name, found, args, place);
  lose(run, place, `${path} is not known`);
  mayCompile(run, [...args.positional, ...args.named.values()]);
  const tensors = [...args.positional, ...args.named.values()].flatMap(tensorsIn);
  return vague(tensors, "?", originOf(run, null, tensors, place, name));
}

/** Only what it becomes counts here. */
function buffer(run: Run, { positional: [shape] }: Arguments): Value {
  const tensor = data(shape ? shapeOf(run, shape) : "?", "float32");
  const made = dictFrom([["toTensor", builtin("toTensor", () => tensor)]], "object");
  made.slots.set(OPEN, true);
  return made;
}

function input(run: Run, written: string, { named, open }: Arguments, place: Place): Value {
  // The layer has other names than the function that gives its tensor.
  const names =
    written === "inputLayer" ? ["inputShape", "batchInputShape", "batchSize"] : ["shape", "batchShape", "batchSize"];
  const [shape, batchShape, batchSize] = names.map((name) => named.get(name));
  const whole = batchShape && !isNothing(batchShape) ? batchShape : null;
  const dims = whole ? shapeOf(run, whole) : shape && !isNothing(shape) ? shapeOf(run, shape) : "?";
  const batch = batchSize && !isNothing(batchSize) ? dimOf(batchSize) : null;
  const full = dims === "?" ? "?" : whole ? dims : [batch, ...dims];
  const name = named.get("name");
  const dtype = dtypeOf(named.get("dtype")) ?? "float32";
  const tensor = inputTensor(run, full, dtype, place, {
    written,
    library: "tfjs",
    isOpen: open,
    isBatched: !whole && batch === null,
    ...(name && { name }),
  });
  const layer = tensor.node?.layer;
  if (written !== "inputLayer" || !layer) return tensor;
  return layer;
}

function sequential(run: Run, written: string, args: Arguments, place: Place): Value {
  const made = newLayer(run, {
    className: "Sequential",
    written,
    type: null,
    library: "tfjs",
    form: "sequential",
    place,
    isOpen: args.open,
    config: Object.fromEntries(args.named),
  });
  fill(run, made, args.named.get("layers") ?? (args.open ? UNKNOWN : undefined), place);
  return made;
}

function model(run: Run, written: string, { named, open }: Arguments, place: Place): Value {
  const made = newLayer(run, {
    className: "Functional",
    written,
    type: null,
    library: "tfjs",
    form: "functional",
    place,
    isOpen: open,
    config: Object.fromEntries(named),
  });
  connect(run, made, named.get("inputs") ?? UNKNOWN, open ? UNKNOWN : (named.get("outputs") ?? UNKNOWN));
  return made;
}

function nativeOf(run: Run, base: LibraryValue, instance: InstanceValue): LayerValue | null {
  if (!/^tf\.(layers\.Layer|LayersModel|Sequential|Layer)$/.test(base.path)) return null;
  return newLayer(run, {
    className: instance.class.name,
    written: instance.class.name,
    type: null,
    library: "tfjs",
    form: "subclass",
    place: instance.place,
    instance,
  });
}

function inherited(run: Run, receiver: InstanceValue, name: string): Value | null {
  const layer = receiver.native;
  if (!layer) return null;
  if (name === "constructor") return builtin(name, () => UNDEFINED);
  if (name === "addWeight") {
    return builtin(name, ({ positional: [title, shape, dtype, , , trainable], open }) => {
      const named = new Map<string, Value>();
      for (const [key, value] of [
        ["name", title],
        ["shape", shape],
        ["dtype", dtype],
        ["trainable", trainable],
      ] as const) {
        if (value && !isNothing(value)) named.set(key, value);
      }
      return addedWeight(run, layer, { positional: [], named, open });
    });
  }
  return layerAttribute(run, layer, name);
}

const SILENT = new Set("summary save dispose getWeights setWeights stopTraining".split(" "));

function layerAttribute(run: Run, layer: LayerValue, name: string): Value | null {
  const slot = (key: symbol): Value | null => (layer.slots.get(key) as Value | undefined) ?? null;
  switch (name) {
    case "add":
      return builtin(name, ({ positional: [value] }, at) => {
        if (value) addLayer(run, layer, value, at);
        return UNDEFINED;
      });
    case "apply":
    case "call":
      return builtin(name, (args, at) => callLayer(run, layer, args, at));
    case "compile":
      return methodOf(layer, name, (args, at) => {
        compiled(run, layer, optionsOf(args), at);
        return UNDEFINED;
      });
    case "predict":
      return builtin(name, (args, at) => fitted(run, layer, name, args, at));
    case "fit":
    case "evaluate":
      return builtin(name, (args, at) => {
        trained(run, layer, name, args, at);
        return UNKNOWN;
      });
    case "fitDataset":
    case "evaluateDataset":
    case "trainOnBatch":
      return builtin(name, (args, at) => {
        checkCompiled(run, layer, name, args, at);
        return UNKNOWN;
      });
    case "layers": {
      const layers = sequenceOf(layer);
      return layers ? listOf("array", layers) : null;
    }
    case "getLayer":
      return builtin(name, ({ positional: [first, second] }) =>
        layerBy(layer, first, first?.kind === "number" ? first : second),
      );
    case "output":
      return slot(OUTPUTS) ?? slot(LAST);
    case "outputs":
      return asList(slot(OUTPUTS), "array");
    case "input":
      return slot(INPUTS);
    case "inputs":
      return asList(slot(INPUTS), "array");
    case "outputShape": {
      const value = slot(OUTPUTS) ?? slot(LAST);
      return value?.kind === "tensor" ? shapeValue(value.type.shape, "array") : null;
    }
    case "name":
      return layer.config["name"]?.kind === "string" ? layer.config["name"] : null;
    default:
      return SILENT.has(name) ? builtin(name, () => UNKNOWN) : null;
  }
}

function tensorAttribute(run: Run, tensor: TensorValue, name: string): Value | null {
  const { shape, dtype } = tensor.type;
  switch (name) {
    case "shape":
      return shapeValue(shape, "array");
    case "rank":
      return shape === "?" ? null : number(shape.length);
    case "dtype":
      return dtype === "?" ? null : string(dtype);
    case "print":
    case "dispose":
      return builtin(name, () => UNDEFINED);
    case "toFloat":
    case "toInt":
    case "clone":
    case "asType":
      return builtin(name, () => tensor);
    case "flatten":
      return builtin(name, (_args, place) =>
        operation(run, name, operationOf("tf.reshape")!, positional(tensor, listOf("array", [number(-1)])), place),
      );
    default: {
      const found = operationOf(`tf.${name}`);
      return found
        ? builtin(name, (args, place) =>
            operation(run, name, found, { ...args, positional: [tensor, ...args.positional] }, place),
          )
        : null;
    }
  }
}
