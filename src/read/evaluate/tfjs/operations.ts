// Functions of TensorFlow.js on tensors: those whose arguments stand in another order than TensorFlow's.
import { type AnyShape, type Dim, minus } from "../../../model/shape";
import { dimOf, shapeOf } from "../keras/convert";
import { type Operation, operationLike } from "../tensors/given";
import { OPERATIONS } from "../tensors/operations";
import { reshaped } from "../tensors/shapes";
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

/** `x.slice(begin, size)`: -1, or a size that is not given, is all that is left. */
const slice = operationLike("x begin size", (given, run) => {
  const x = given.tensor("x");
  if (!x || x.type.shape === "?") return null;
  const dims = x.type.shape;
  const [from, sizes] = (["begin", "size"] as const).map((name): AnyShape | undefined => {
    const value = given.get(name);
    return value && !isNothing(value) ? shapeOf(run, value) : undefined;
  });
  if (!from || from === "?" || sizes === "?" || from.length > dims.length) return null;
  const shape = dims.map((dim, at): Dim => {
    const size = sizes?.[at];
    if (size !== undefined && size !== -1) return size;
    return at < from.length ? minus(dim, from[at]!) : dim;
  });
  return { shape, dtype: x.type.dtype };
});

/** `x.as2D(rows, columns)`. */
const shapedAs = (rank: number): Operation =>
  operationLike("x a b c d", (given) => {
    const x = given.tensor("x");
    const sizes = ["a", "b", "c", "d"].slice(0, rank).map((name) => given.get(name));
    if (!x) return null;
    const shape = reshaped(x.type.shape, rank === 1 ? [-1] : sizes.map((one): Dim => (one ? dimOf(one) : "?")));
    return shape === null ? null : { shape, dtype: x.type.dtype };
  });

const resized = operationLike("images size", OPERATIONS["resize"]!.rule);

const TFJS: Readonly<Record<string, Operation>> = {
  slice,
  as1D: shapedAs(1),
  as2D: shapedAs(2),
  as3D: shapedAs(3),
  as4D: shapedAs(4),
  resizeBilinear: resized,
  resizeNearestNeighbor: resized,
  fromPixels: operationLike("pixels channels", (given) => {
    const channels = given.get("channels");
    return { shape: ["?", "?", channels && !isNothing(channels) ? dimOf(channels) : 3], dtype: "int32" };
  }),
  fill: operationLike("shape value", (given, run) => {
    const shape = given.get("shape");
    return shape ? { shape: shapeOf(run, shape), dtype: "float32" } : null;
  }),
  linspace: operationLike("start stop num", (given) => {
    const count = given.get("num");
    return { shape: [count ? dimOf(count) : "?"], dtype: "float32" };
  }),
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
  argMin: operationLike("x axis", OPERATIONS["argmin"]!.rule),
};

/** Those that TensorFlow has as well, by its names. */
const SAME = new Map(
  `abs add pow sqrt square exp log relu sigmoid tanh softmax reshape transpose squeeze stack unstack split tile pad gather sum mean max min
   prod cast where maximum minimum elu selu softplus sin cos tan floor ceil round sign reciprocal rsqrt erf mod equal less greater range
   sub=subtract mul=multiply div=divide neg=negative leakyRelu=leaky_relu clipByValue=clip_by_value squaredDifference=squared_difference
   zerosLike=zeros_like onesLike=ones_like notEqual=not_equal lessEqual=less_equal greaterEqual=greater_equal logicalAnd=logical_and
   logicalOr=logical_or logicalNot=logical_not log1p expm1 dropout reverse any all logSoftmax=log_softmax logSigmoid=log_sigmoid`
    .split(/\s+/)
    .map((one) => {
      const [name, theirs = name] = one.split("=") as [string, string?];
      return [name, theirs!] as const;
    }),
);

export function operationOf(path: string): Operation | null {
  const name = /^tf\.(?:\w+\.)?(\w+)$/.exec(path)?.[1];
  if (name === undefined) return null;
  if (Object.hasOwn(TFJS, name)) return TFJS[name]!;
  const theirs = SAME.get(name);
  return theirs === undefined ? null : (OPERATIONS[theirs] ?? null);
}
