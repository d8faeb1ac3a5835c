// Runs an operation on tensors: what it gives becomes a tensor, and a node of the model's graph where it is made of one.
import type { Tensors } from "../../../model/layers/catalog.types";
import type { AnyShape } from "../../../model/shape";
import { tensorsIn } from "../keras/convert";
import { nodeOf, originOf } from "../keras/layers";
import { listItems, listOf } from "../lists";
import { lose, type Run } from "../run";
import { type Arguments, type Place, type TensorValue, UNKNOWN, type Value } from "../value";
import { type Work, worked } from "../work";
import { Given, type Operation, type Result, vague } from "./given";
import { judge } from "./judged";
import { isProduct, productMacs } from "./products";

/** Runs an operation; null: it is not known, or it cannot tell. */
export function operation(run: Run, name: string, { names, rule }: Operation, args: Arguments, place: Place): Value {
  const tensors = [...args.positional, ...args.named.values()].flatMap(tensorsIn);
  judge(run, name, names, args, place);
  const result = rule(new Given(run, args, names), run);
  if (!result) {
    lose(run, place, `what ${name} gives is not known here`);
    return vague(tensors, "?", originOf(run, null, tensors, place, name));
  }
  const again = (others: readonly TensorValue[]): Value => {
    let at = 0;
    const swap = (value: Value): Value => {
      if (value.kind === "tensor") return others[at++] ?? UNKNOWN;
      if (value.kind !== "list") return value;
      const items = listItems(value);
      return items ? listOf(value.type, items.map(swap)) : value;
    };
    const swapped: Arguments = {
      positional: args.positional.map(swap),
      named: new Map([...args.named].map(([key, value]) => [key, swap(value)])),
      open: args.open,
    };
    return operation(run, name, { names, rule }, swapped, place);
  };
  const work = tensors.length > 0 ? worked(run, workOf(name, args, tensors, result)) : null;
  const node = work && nodeOf(run, work, tensors, place, again);
  const isOpen = tensors.some((one) => one.isOpen);
  const origin = originOf(run, null, tensors, place, name);
  const made = (
    shape: AnyShape,
    output: number,
    dtype = "float32",
    elements: readonly Value[] | null = null,
  ): TensorValue => ({
    kind: "tensor",
    type: { shape, dtype },
    node: isOpen ? null : node,
    output,
    elements,
    ...(isOpen && { isOpen: true, origin }),
  });
  if ("several" in result)
    return listOf(
      "list",
      result.several.map((shape, at) => made(shape, at)),
    );
  return made(result.shape, 0, result.dtype, result.elements ?? null);
}

function workOf(name: string, args: Arguments, tensors: readonly TensorValue[], result: NonNullable<Result>): Work {
  const outputs: Tensors =
    "several" in result
      ? result.several.map((shape) => ({ shape, dtype: "float32" }))
      : { shape: result.shape, dtype: result.dtype ?? "float32" };
  const work = { layer: null, operation: name, outputs };
  return isProduct(name) ? { ...work, macs: () => productMacs(name, args, tensors, outputs) } : work;
}
