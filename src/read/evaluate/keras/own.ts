// What layers and models of the user's own are told by the data and the weights that they are given.
import type { Weight } from "../../../model/layers/catalog.types";
import type { AnyShape } from "../../../model/shape";
import { callFunction } from "../calls";
import { memberOf } from "../classes";
import { dictFrom, itemsOf, listItems, listOf } from "../lists";
import type { Run } from "../run";
import { frameTensor } from "../tables/frame";
import { data, dtypeOf } from "../tensors/given";
import {
  type Arguments,
  BUILT,
  isNothing,
  type LayerValue,
  OUTPUTS,
  OWN_WEIGHTS,
  type Place,
  positional,
  Slots,
  UNKNOWN,
  type Value,
} from "../value";
import { shapeOf } from "./convert";
import { historyOf } from "./history";
import { callLayer } from "./layers";
import { trained, trainedWith } from "./training";

/** `self.add_weight(shape=…, trainable=…)`: Keras 2 has the name first, Keras 3 the shape. */
export function addedWeight(run: Run, layer: LayerValue, { positional, named, open }: Arguments): Value {
  const first = positional[0];
  const given = named.get("shape") ?? (first && first.kind !== "string" ? first : positional[1]);
  const shape: AnyShape = open ? "?" : given ? (isNothing(given) ? [] : shapeOf(run, given)) : [];
  const trainable = named.get("trainable");
  const isTrainable = trainable ? (trainable.kind === "boolean" ? trainable.value : null) : true;
  const before = layer.slots.get(OWN_WEIGHTS) as readonly Weight[] | "?" | undefined;
  const name = named.get("name");
  const dtype = dtypeOf(named.get("dtype")) ?? "float32";
  const known = shape !== "?" && !shape.includes("?") && isTrainable !== null && before !== "?";
  const added: readonly Weight[] | "?" = known
    ? [
        ...(before ?? []),
        { name: name?.kind === "string" ? name.value : "weight", shape, trainable: isTrainable, dtype },
      ]
    : "?";
  run.journal.set(layer, OWN_WEIGHTS, added);
  return data(shape, dtype);
}

/** `fit`, `predict` …: a model that was not built yet is built by the data. */
export function fitted(run: Run, model: LayerValue, method: string, args: Arguments, place: Place): Value {
  trained(run, model, method, args, place);
  const x = args.positional[0] ?? args.named.get("x");
  const step = model.instance ? memberOf(model.instance.class, "train_step")?.value : undefined;
  if (method === "fit" && model.instance && step?.kind === "function" && x) {
    // A model that says itself how it is trained is called by that.
    const batch = batchOf(x, args.positional[1] ?? args.named.get("y"));
    if (batch) callFunction(run, step, positional(model.instance, batch), model.instance);
  }
  const known = model.slots.has(OUTPUTS) || (model.form === "subclass" && model.slots.has(BUILT));
  const inputs = x && !known ? exampleOf(x) : null;
  const result = inputs ? callLayer(run, model, positional(inputs), place) : null;
  if (result) trainedWith(run, model, method, args, place);
  if (method === "fit") return historyOf(model, args);
  if (!method.startsWith("predict")) return UNKNOWN;
  const value = result ?? (model.slots.get(OUTPUTS) as Value | undefined);
  return value?.kind === "tensor" && value.type.shape !== "?"
    ? data(["?", ...value.type.shape.slice(1)], value.type.dtype)
    : UNKNOWN;
}

/** What `train_step` is given; null where nothing is known of it. */
function batchOf(x: Value, y: Value | undefined): Value | null {
  if (x.kind === "dataset") return partsOfBatch(x.element);
  const [inputs, labels] = [exampleOf(x), y ? exampleOf(y) : null];
  if (!inputs) return null;
  return y ? listOf("tuple", [inputs, labels ?? UNKNOWN]) : inputs;
}

function partsOfBatch(element: Value): Value | null {
  const items = element.kind === "list" && element.type === "tuple" ? listItems(element) : null;
  return items
    ? listOf(
        "tuple",
        items.map((item) => exampleOf(item) ?? UNKNOWN),
      )
    : exampleOf(element);
}

/** One batch of what a model is trained with: its size is not part of the model. */
function exampleOf(value: Value): Value | null {
  switch (value.kind) {
    case "tensor":
      return value.type.shape === "?" ? null : data([null, ...value.type.shape.slice(1)], value.type.dtype);
    case "list": {
      const items = listItems(value)?.map(exampleOf);
      return items && !items.includes(null)
        ? { ...value, slots: new Slots([...value.slots].map(([key]) => [key, items])) }
        : null;
    }
    case "frame": {
      const { shape, dtype } = frameTensor(value).type;
      return shape === "?" || value.view ? null : data([null, ...shape.slice(1)], dtype);
    }
    case "dict": {
      const entries = itemsOf(value)?.map(([key, entry]) => [key, exampleOf(entry)] as const);
      return entries?.every(([, entry]) => entry !== null) ? dictFrom(entries as [string, Value][]) : null;
    }
    case "dataset": {
      const { element } = value;
      const items = element.kind === "list" && element.type === "tuple" ? listItems(element) : [element];
      return items?.[0] ? exampleOf(items[0]) : null;
    }
    default:
      return null;
  }
}
