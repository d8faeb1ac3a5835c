// Variables that a layer or model of the user's has among its attributes, in the order in which they were set.
import type { Weight } from "../../../model/layers/catalog.types";
import { libraryBase } from "../access";
import { itemsOf, listItems } from "../lists";
import type { InstanceValue, LayerValue, Value } from "../value";

/** Keras 2 counts TensorFlow's and, in a model, those of metrics, Keras 3 its own only. "?": one of them is not known. */
export function variablesOf({ library }: LayerValue, instance: InstanceValue): readonly Weight[] | "?" {
  const hasMetrics = library === "keras2" && MODEL.test(libraryBase(instance)?.path ?? "");
  const found: Weight[] = [];
  for (const [name, slot] of instance.slots) {
    const value = slot as Value;
    if (typeof name === "symbol" || !value) continue;
    const metrics = hasMetrics ? keptByMetrics(value) : [];
    if (metrics === "?") return "?";
    found.push(...metrics);
    if (value.kind !== "tensor" || !value.variable) continue;
    if (value.variable.by === "tf" && library !== "keras2") continue;
    const { shape } = value.type;
    const { trainable } = value.variable;
    if (shape === "?" || trainable === "?") return "?";
    found.push({ name: String(name), shape, trainable, dtype: value.type.dtype });
  }
  return found;
}

const MODEL = /\.(Model|Functional|Sequential)$/;

/** What the metrics in a value keep; of those whose class is the user's it is not known. */
function keptByMetrics(value: Value): readonly Weight[] | "?" {
  switch (value.kind) {
    case "list":
    case "dict": {
      const parts = value.kind === "list" ? listItems(value) : itemsOf(value)?.map(([, entry]) => entry);
      const all = (parts ?? []).map(keptByMetrics);
      return all.includes("?") ? "?" : (all as (readonly Weight[])[]).flat();
    }
    case "instance":
      return value.class.bases.some((base) => base.kind === "library" && /\bmetrics\.\w+$/.test(base.path)) ? "?" : [];
    case "made":
      if (value.keeps === "?") return "?";
      return value.keeps?.map((shape) => ({ name: "metric", shape, trainable: false, dtype: "float32" })) ?? [];
    default:
      return [];
  }
}
