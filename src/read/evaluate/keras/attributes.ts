// What layers, models and tensors have by name, in Python.

import { elements } from "../../../model/shape";
import { checkGone } from "../checks/gone";
import { estimatorAttribute } from "../estimators/custom";
import { guarded, report } from "../found";
import { listOf } from "../lists";
import type { Run } from "../run";
import { data, dtypeOf } from "../tensors/given";
import { operation } from "../tensors/operation";
import { methodNamed, OPERATIONS } from "../tensors/operations";
import {
  builtin,
  INPUTS,
  LAST,
  type LayerValue,
  methodOf,
  NONE,
  number,
  OUTPUTS,
  type Place,
  positional,
  string,
  type TensorValue,
  TRAINABLE,
  UNKNOWN,
  type Value,
} from "../value";
import { asList, shapeOf, shapeValue } from "./convert";
import { callLayer } from "./layers";
import { addLayer, layerBy, sequenceOf } from "./models";
import { fitted } from "./own";
import { checkGiven, compiled } from "./training";

/** Methods that give nothing that counts here. */
const SILENT = new Set(
  "summary save save_weights load_weights set_weights reset_states reset_state add_loss add_metric export plot_model trainable_weights".split(
    " ",
  ),
);

export function layerAttribute(run: Run, layer: LayerValue, name: string, place: Place): Value | null {
  if (layer.form === "estimator") return estimatorAttribute(run, layer, name);
  const slot = (key: symbol): Value | null => (layer.slots.get(key) as Value | undefined) ?? null;
  switch (name) {
    case "add":
      return builtin(name, ({ positional: [value] }, at) => {
        if (value) addLayer(run, layer, value, at);
        return NONE;
      });
    case "layers": {
      const layers = sequenceOf(layer);
      return layers
        ? listOf(
            "list",
            layers.filter((one) => layer.form !== "sequential" || one.form !== "input"),
          )
        : null;
    }
    case "get_layer":
      return builtin(name, ({ positional: [first, second], named }) =>
        layerBy(layer, named.get("name") ?? first, named.get("index") ?? (first?.kind === "number" ? first : second)),
      );
    case "output":
      return slot(OUTPUTS) ?? slot(LAST);
    case "outputs":
      return asList(slot(OUTPUTS), "list");
    case "input":
      return slot(INPUTS) ?? (layer.form === "input" ? slot(OUTPUTS) : lastInput(slot(LAST)));
    case "inputs":
      return asList(slot(INPUTS), "list");
    case "output_shape":
    case "compute_output_shape": {
      const value = slot(OUTPUTS) ?? slot(LAST);
      return name === "output_shape" && value?.kind === "tensor" ? shapeValue(value.type.shape) : null;
    }
    case "name": {
      const given = layer.config["name"];
      return given?.kind === "string" ? given : null;
    }
    case "trainable":
      return layer.slots.get(TRAINABLE) === false
        ? { kind: "boolean", value: false }
        : { kind: "boolean", value: true };
    case "call":
    case "__call__":
      return builtin(name, (args, at) => callLayer(run, layer, args, at));
    case "build":
      return builtin(name, ({ positional: [shape], named }) =>
        built(run, layer, shape ?? named.get("input_shape"), place),
      );
    case "compile":
      return methodOf(layer, name, (args, at) => {
        checkGiven(run, layer, name, args, at);
        compiled(run, layer, args, at);
        return NONE;
      });
    case "fit":
    case "evaluate":
    case "train_on_batch":
    case "test_on_batch":
    case "predict":
    case "predict_on_batch":
      return builtin(name, (args, at) => {
        checkGiven(run, layer, name, args, at);
        return fitted(run, layer, name, args, at);
      });
    case "fit_generator":
    case "evaluate_generator":
    case "predict_generator":
    case "predict_classes":
    case "predict_proba":
      return builtin(name, (_args, at) => {
        for (const one of checkGone(name, layer.library, at)) report(run, one);
        return UNKNOWN;
      });
    default:
      if (SILENT.has(name)) return builtin(name, () => UNKNOWN);
      if (Object.hasOwn(layer.config, name)) return layer.config[name]!;
      return configAttribute(layer, name);
  }
}

/** What a layer was called with, by what it gave. */
function lastInput(last: Value | null): Value | null {
  const inputs = last?.kind === "tensor" ? last.node?.inputs : undefined;
  if (!inputs || inputs.length === 0) return null;
  return inputs.length === 1 ? inputs[0]! : listOf("list", inputs);
}

/** `layer.units`, also where it was given by place. */
function configAttribute(layer: LayerValue, name: string): Value | null {
  const value = layer.catalog[name];
  if (typeof value === "number") return number(value);
  if (typeof value === "string") return string(value);
  if (typeof value === "boolean") return { kind: "boolean", value };
  return null;
}

function built(run: Run, layer: LayerValue, shape: Value | undefined, place: Place): Value {
  // Several shapes are for a layer that takes several tensors.
  const items = shape && run.language.items(run, shape);
  if (!shape || items?.some(({ kind }) => kind === "list" || kind === "dict")) return NONE;
  // Building is less than calling: what a call would refuse need not fail here.
  guarded(run, () => callLayer(run, layer, positional(data(shapeOf(run, shape), "float32")), place));
  return NONE;
}

export function tensorAttribute(run: Run, tensor: TensorValue, name: string): Value | null {
  const { shape, dtype } = tensor.type;
  switch (name) {
    case "shape":
      return shapeValue(shape);
    case "ndim":
      return shape === "?" ? null : number(shape.length, false);
    case "dtype":
      return dtype === "?" ? null : string(dtype);
    case "T":
      return shape === "?" ? null : data([...shape].reverse(), dtype);
    case "size": {
      const all = shape === "?" ? "?" : elements(shape);
      return typeof all === "number" ? number(all, false) : null;
    }
    case "get_shape":
      return builtin(name, () => shapeValue(shape));
    case "as_list":
      return builtin(name, () => shapeValue(shape, "list"));
    case "values":
      return tensor;
    case "numpy":
    case "to_numpy":
    case "copy":
    case "tolist":
      return builtin(name, () => tensor);
    case "astype":
      return builtin(name, ({ positional: [to], named }) => ({
        ...tensor,
        type: { shape, dtype: dtypeOf(to ?? named.get("dtype")) ?? "?" },
      }));
    case "reshape":
    case "transpose":
      return builtin(name, (args, place) => {
        // `reshape(2, 3)` is `reshape((2, 3))`; `transpose()` is told nothing.
        const [first] = args.positional;
        const isOne = args.positional.length === 0 || (args.positional.length === 1 && first!.kind !== "number");
        const given = isOne ? args.positional : [listOf("tuple", args.positional)];
        return operation(run, name, OPERATIONS[name]!, { ...args, positional: [tensor, ...given] }, place);
      });
    default: {
      const method = methodNamed(name);
      if (!method) return null;
      return builtin(name, (args, place) =>
        operation(run, name, method, { ...args, positional: [tensor, ...args.positional] }, place),
      );
    }
  }
}
