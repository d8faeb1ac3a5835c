// What code that nobody sees may do with what it is given: a model that it can reach may be compiled afterwards. Knows no syntax.
import { mentionsOf } from "./mentions";
import type { Run } from "./run";
import { lookUp } from "./scope";
import { COMPILED, type FunctionValue, ITEMS, type LayerValue, SHARED, type Value } from "./value";

/** More than this is reached by no program that one reads. */
const MOST_REACHED = 5_000;

export function mayCompile(run: Run, values: Iterable<Value>): void {
  const todo = [...values];
  const known = new Set<object>();
  const reach = (value: unknown): void => {
    if (typeof value !== "object" || value === null || !("kind" in value) || known.has(value)) return;
    if (known.size < MOST_REACHED) {
      known.add(value);
      todo.push(value as Value);
    }
  };
  for (let value = todo.pop(); value; value = todo.pop()) {
    switch (value.kind) {
      case "layer":
        forget(run, value);
        break;
      case "instance":
        if (value.native) forget(run, value.native);
        for (const slot of value.slots.values()) reach(slot);
        reach(value.class);
        break;
      case "list":
        for (const item of (value.slots.get(ITEMS) as readonly Value[] | null | undefined) ?? []) reach(item);
        break;
      case "dict":
        for (const slot of value.slots.values()) reach(slot);
        break;
      case "bound":
        reach(value.receiver);
        reach(value.callee);
        break;
      case "super":
        reach(value.receiver);
        break;
      case "builtin":
        reach(value.receiver);
        break;
      case "function":
        if (value.receiver) reach(value.receiver);
        for (const name of mentionsOf(codeOf(value)).reads) reach(lookUp(value.scope, name));
        break;
      case "class":
        for (const slot of value.slots.values()) reach(slot);
        break;
      default:
    }
  }
}

const codeOf = ({ unit, code }: FunctionValue) => ({ ...unit, code: code.body });

function forget(run: Run, layer: LayerValue): void {
  if (layer.form === "layer" || layer.form === "input") return;
  if (!layer.slots.has(COMPILED)) run.journal.set(layer, COMPILED, "?");
  else if (!layer.slots.has(SHARED)) run.journal.set(layer, SHARED, true);
}
