// Functions of TensorFlow.js on tensors: those whose arguments stand in another order than TensorFlow's.
import type { AnyShape } from "../../../model/shape";
import { shapeOf } from "../keras/convert";
import { type Operation, operationLike } from "../tensors/given";
import { OPERATIONS } from "../tensors/operations";
import { isNothing } from "../value";

/** `tf.tensor2d(values, shape, dtype)`. */
const tensor = (rank: number | null): Operation =>
  operationLike("values shape dtype", (given, run) => {
    const shape = given.get("shape");
    if (shape && !isNothing(shape)) return { shape: shapeOf(run, shape), dtype: "float32" };
    const values = given.tensor("values");
    if (values) return { shape: values.type.shape, dtype: "float32", elements: values.elements };
    return rank === null
      ? null
      : { shape: Array.from({ length: rank }, () => "?" as const) satisfies AnyShape, dtype: "float32" };
  });

const shaped = operationLike("shape a b dtype", (given, run) => {
  const shape = given.get("shape");
  return shape ? { shape: shapeOf(run, shape), dtype: "float32" } : null;
});

const TFJS: Readonly<Record<string, Operation>> = {
  tensor: tensor(null),
  tensor1d: tensor(1),
  tensor2d: tensor(2),
  tensor3d: tensor(3),
  tensor4d: tensor(4),
  scalar: operationLike("value", () => ({ shape: [], dtype: "float32" })),
  zeros: shaped,
  ones: shaped,
  randomNormal: shaped,
  truncatedNormal: shaped,
  randomUniform: shaped,
  oneHot: operationLike("indices depth", OPERATIONS["one_hot"]!.rule),
  expandDims: operationLike("input axis", (given, run) =>
    OPERATIONS["expand_dims"]!.rule(given.withDefault("axis", 0), run),
  ),
  concat: operationLike("values axis", OPERATIONS["concat"]!.rule),
  matMul: operationLike("a b transpose_a transpose_b", OPERATIONS["matmul"]!.rule),
  argMax: operationLike("x axis", OPERATIONS["argmax"]!.rule),
};

const SAME =
  "abs add sub mul div pow sqrt square exp log relu sigmoid tanh softmax reshape transpose squeeze stack tile pad gather sum mean max min cast where".split(
    " ",
  );
const NAMES: Readonly<Record<string, string>> = { sub: "subtract", mul: "multiply", div: "divide" };

export function operationOf(path: string): Operation | null {
  const name = /^tf\.(?:\w+\.)?(\w+)$/.exec(path)?.[1];
  if (name === undefined) return null;
  if (Object.hasOwn(TFJS, name)) return TFJS[name]!;
  return SAME.includes(name) ? (OPERATIONS[NAMES[name] ?? name] ?? null) : null;
}
