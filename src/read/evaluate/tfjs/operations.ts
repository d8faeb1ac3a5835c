// Functions of TensorFlow.js on tensors: those whose arguments stand in another order than TensorFlow's.
import { type AnyShape, type Dim, minus } from "../../../model/shape";
import { dimOf, shapeOf } from "../keras/convert";
import { listItems } from "../lists";
import { AXIS_FIRST, unary } from "../tensors/elementwise";
import { alike, type Operation, operationLike, shapedLike } from "../tensors/given";
import { unstacked } from "../tensors/moving";
import { OPERATIONS } from "../tensors/operations";
import { gathered } from "../tensors/picking";
import { concatenated, reshaped } from "../tensors/shapes";
import { convolution, convolutionBack, pooling, WINDOWS_IN_TENSORFLOW } from "../tensors/windows";
import { isNothing, number } from "../value";

/** `tf.tensor2d(values, shape, dtype)`; a vector is told no shape. */
const tensor = (rank: number | null): Operation =>
  operationLike(rank === 1 ? "values dtype" : "values shape dtype", (given, run) => {
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

/** `tf.concat(tensors, axis)`, `x.concat(others, axis)`. */
const joined = operationLike("values axis", (given, run) => {
  const all = given.inOrder() ?? [];
  const [first, others] = all;
  if (first?.kind !== "tensor") return OPERATIONS["concat"]!.rule(given, run);
  const more = others?.kind === "list" ? listItems(others) : others ? [others] : null;
  const axis = all[2] ?? number(0);
  const tensors = more?.map((one) => (one.kind === "tensor" ? one.type.shape : "?"));
  if (!tensors || axis.kind !== "number") return null;
  return shapedLike(first, concatenated([first.type.shape, ...tensors], axis.value));
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
  randomUniformInt: shaped,
  oneHot: operationLike("indices depth", OPERATIONS["one_hot"]!.rule),
  expandDims: operationLike("input axis", (given, run) =>
    OPERATIONS["expand_dims"]!.rule(given.withDefault("axis", 0), run),
  ),
  ...alike("concat concat1d concat2d concat3d concat4d", joined),
  ...alike("slice1d slice2d slice3d slice4d", slice),
  ...alike("pad1d pad2d pad3d pad4d", operationLike("tensor paddings", OPERATIONS["pad"]!.rule)),
  mirrorPad: operationLike("tensor paddings", OPERATIONS["pad"]!.rule),
  ...alike("conv1d conv2d conv3d", convolution("x filter strides padding data_format dilations")),
  depthwiseConv2d: convolution("x filter strides padding data_format dilations", true),
  ...alike("conv2dTranspose conv3dTranspose", convolutionBack),
  ...alike("maxPool avgPool maxPool3d avgPool3d", pooling("x pool_size strides padding", 1)),
  multinomial: operationLike("logits num_samples", OPERATIONS["categorical"]!.rule),
  reshapeAs: operationLike("x y", (given) => {
    const [x, y] = [given.tensor("x"), given.tensor("y")];
    return x && y && shapedLike(x, y.type.shape);
  }),
  asScalar: operationLike("x", (given) => {
    const x = given.tensor("x");
    return x && shapedLike(x, []);
  }),
  "signal.stft": WINDOWS_IN_TENSORFLOW["signal.stft"]!,
  "signal.frame": WINDOWS_IN_TENSORFLOW["signal.frame"]!,
  batchNorm: unary,
  localResponseNormalization: unary,
  matMul: operationLike("a b transpose_a transpose_b", OPERATIONS["matmul"]!.rule),
  argMax: AXIS_FIRST["argmax"]!,
  argMin: AXIS_FIRST["argmin"]!,
  gather: gathered("x indices axis batch_dims"),
  unstack: unstacked("x axis"),
};

/** Those that TensorFlow has as well, by its names. */
const SAME = new Map(
  `abs add pow sqrt square exp log relu sigmoid tanh softmax reshape transpose squeeze stack split tile pad sum mean max min
   prod cast where maximum minimum elu selu softplus sin cos tan floor ceil round sign reciprocal rsqrt erf mod equal less greater range
   sub=subtract mul=multiply div=divide neg=negative leakyRelu=leaky_relu clipByValue=clip_by_value squaredDifference=squared_difference
   zerosLike=zeros_like onesLike=ones_like notEqual=not_equal lessEqual=less_equal greaterEqual=greater_equal logicalAnd=logical_and
   logicalOr=logical_or logicalNot=logical_not log1p expm1 dropout reverse any all logSoftmax=log_softmax logSigmoid=log_sigmoid
     eye broadcastTo=broadcast_to dot outerProduct=outer einsum norm logSumExp=logsumexp divNoNan=divide_no_nan floorDiv=floor_divide addN=add_n
     isNaN=isnan isInf=isinf isFinite=isfinite prelu=relu step=sign cumsum cumprod clone=copy keep=copy variable=copy toFloat=copy toInt=copy
     toBool=copy asType=cast flipLeftRight=flip_left_right grayscaleToRGB=grayscale_to_rgb rgbToGrayscale=rgb_to_grayscale
     depthToSpace=depth_to_space meshgrid bandPart=band_part diag scatterND=scatter_nd unsortedSegmentSum=unsorted_segment_sum
     gatherND=gather_nd searchSorted=searchsorted sinh cosh asin acos atan atan2`
    .split(/\s+/)
    .map((one) => {
      const [name, theirs = name] = one.split("=") as [string, string?];
      return [name, theirs!] as const;
    }),
);

export function operationOf(path: string): Operation | null {
  const [, rest, name] = /^tf\.((?:\w+\.)?(\w+))$/.exec(path) ?? [];
  if (rest === undefined || name === undefined) return null;
  if (Object.hasOwn(TFJS, rest)) return TFJS[rest]!;
  if (Object.hasOwn(TFJS, name)) return TFJS[name]!;
  const theirs = SAME.get(name);
  return theirs === undefined ? null : (OPERATIONS[theirs] ?? null);
}
