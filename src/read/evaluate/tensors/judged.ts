// Operations that are looked at before they are run: their arguments as the checks take them. Knows no rule.
import { checkConcat, checkElementwise, checkProduct, checkReshape, checkStack } from "../checks/operations";
import { type Found, report } from "../found";
import { shapeOf } from "../keras/convert";
import { listItems } from "../lists";
import type { Run } from "../run";
import { type Arguments, isNothing, type Place } from "../value";
import { asTensor, Given } from "./given";

const ELEMENTWISE = /^(add|sub|subtract|mul|multiply|div|divide|maximum|minimum)$/;

export function judge(run: Run, name: string, names: readonly string[], args: Arguments, place: Place): void {
  if (args.open) return;
  for (const one of failing(run, name, new Given(run, args, names), args, place)) report(run, one);
}

function failing(run: Run, name: string, given: Given, { named }: Arguments, place: Place): Found[] {
  if (ELEMENTWISE.test(name)) {
    const [x, y] = [given.tensor("x", "x1", "a"), given.tensor("y", "x2", "b")];
    return x && y ? checkElementwise(place, x.type.shape, y.type.shape) : [];
  }
  switch (name) {
    case "reshape": {
      const x = given.tensor("tensor", "x", "a");
      const target = given.get("shape", "newshape");
      return x && target ? checkReshape(place, x.type.shape, shapeOf(run, target)) : [];
    }
    case "matmul":
    case "matMul": {
      const flips = [given.flag("transpose_a"), given.flag("transpose_b")];
      const [a, b] = [given.tensor("a", "x1", "x"), given.tensor("b", "x2", "y")];
      const isPlain =
        flips.every((one) => one === false) && ![...named.keys()].some((key) => /adjoint|transpose/.test(key));
      return a && b && isPlain ? checkProduct(place, a.type.shape, b.type.shape) : [];
    }
    case "concat":
    case "concatenate":
    case "stack": {
      const value = given.get("values", "xs", "x", "arrays", "tensors");
      const tensors = (value?.kind === "list" ? listItems(value) : null)?.map((one) => asTensor(run, one));
      if (!tensors || tensors.includes(null)) return [];
      const shapes = tensors.map((one) => one!.type.shape);
      if (name === "stack") return checkStack(place, shapes);
      const axis = given.get("axis");
      if (axis && !isNothing(axis) && axis.kind !== "number") return [];
      return checkConcat(place, shapes, axis?.kind === "number" ? axis.value : null);
    }
    default:
      return [];
  }
}
