// Operations that keep a shape, that broadcast two, and that reduce one along axes.
import { broadcast } from "../../../model/shape";
import { dimOf } from "../keras/convert";
import { isNothing, number } from "../value";
import { alike, type Given, type Operation, operationLike as of, ranked, shapedLike, subject } from "./given";
import { flat, reduced, summed } from "./shapes";

export const unary = of("x", (given) => {
  const x = subject(given);
  return x && shapedLike(x, x.type.shape);
});

const binary = of("x y", (given) => {
  const [x, y] = [given.tensor("x", "x1", "a"), given.tensor("y", "x2", "b")];
  if (!x || !y) return null;
  const shape = broadcast(x.type.shape, y.type.shape);
  return shape === null ? null : { shape, dtype: x.type.dtype === y.type.dtype ? x.type.dtype : "?" };
});

const axisGiven = (given: Given) => given.wholes("axis", "axes", "dimension");
const kept = (given: Given) => given.flag("keepdims", "keep_dims");

const reduction = of("x axis keepdims", (given) => {
  const x = subject(given);
  return x && shapedLike(x, reduced(x.type.shape, axisGiven(given), kept(given)));
});

const index = of("x axis", (given) => {
  const x = subject(given);
  return x && { shape: reduced(x.type.shape, axisGiven(given), kept(given)), dtype: "int64" };
});

/** Along this axis where none is given. */
const indexAlong = (axis: number): Operation =>
  of("x axis", (given, run) => index.rule(given.withDefault("axis", axis), run));

/** Of a shape: its elements. */
const product = of(reduction.names.join(" "), (given, run) => {
  const numbers = subject(given)?.elements?.map((one) => (one.kind === "number" ? one.value : Number.NaN));
  if (!numbers || numbers.some(Number.isNaN)) return reduction.rule(given, run);
  return { shape: [], dtype: "int64", elements: [number(numbers.reduce((a, b) => a * b, 1))] };
});

/** Of labels: the last class. */
const largest = of(reduction.names.join(" "), (given, run) => {
  const x = subject(given);
  if (x?.classes === undefined || given.get("axis")) return reduction.rule(given, run);
  return { shape: [], dtype: x.type.dtype, elements: [number(x.classes - 1, false)] };
});

/** `norm(x, ord, axis)`. */
const norm = of("x ord axis keepdims", reduction.rule);

/** `percentile(x, q, axis)`: one for each of q. */
const quantile = of("x q axis", (given) => {
  const [x, q] = [subject(given), given.tensor("q")];
  if (!x || !q) return null;
  const rest = reduced(x.type.shape, axisGiven(given), kept(given));
  return rest === "?" || q.type.shape === "?" ? null : { shape: [...q.type.shape, ...rest], dtype: "float64" };
});

const moments = of("x axes shift keepdims", (given) => {
  const x = subject(given);
  const shape = x ? reduced(x.type.shape, axisGiven(given), kept(given)) : "?";
  return { several: [shape, shape] };
});

/** Without an axis it takes the elements in a row. */
const accumulated = of("x axis", (given) => {
  const x = subject(given);
  const axis = given.get("axis");
  return x && shapedLike(x, axis && !isNothing(axis) ? x.type.shape : flat(x.type.shape));
});

/** In a row only where the axis is None. */
const sorted = of("x axis", (given) => {
  const x = subject(given);
  const axis = given.get("axis");
  return x && shapedLike(x, axis && isNothing(axis) ? flat(x.type.shape) : x.type.shape);
});

const difference = of("x n axis", (given) => {
  const x = subject(given);
  const shape = ranked(x);
  const [times, axis] = [given.whole(1, "n"), given.whole(-1, "axis")];
  if (!x || !shape || typeof times !== "number" || typeof axis !== "number") return null;
  return shapedLike(x, summed(shape, axis, -times));
});

/** The values, and where they were. */
const top = of("x k", (given) => {
  const shape = ranked(subject(given));
  const count = given.get("k") ? dimOf(given.get("k")!) : 1;
  const best = shape && shape.length > 0 ? shape.with(-1, count) : "?";
  return { several: [best, best] };
});

/** The loss of each example: what is left without the last axis of the predictions. */
const lossOf = (names: string, predictions: string): Operation =>
  of(names, (given) => {
    const shape = ranked(given.tensor(predictions));
    return shape && shape.length > 0 ? { shape: shape.slice(0, -1), dtype: "float32" } : null;
  });

const logitLoss = lossOf("labels logits axis", "logits");

export const ELEMENTWISE: Readonly<Record<string, Operation>> = {
  ...alike(
    `abs absolute acos acosh arccos arcsin arctan asin asinh atan atanh ceil cos cosh deg2rad degrees elu erf erfc exp expm1 exp2 fix floor gelu
     hard_sigmoid identity leaky_relu log log10 log1p log2 log_sigmoid log_softmax logical_not negative rad2deg radians reciprocal relu relu6 rint
     round rsqrt selu sigmoid sign silu sin sinc sinh softmax softplus softsign sqrt square stop_gradient swish tan tanh trunc cbrt
     real imag conj conjugate angle isnan isfinite isinf is_nan is_finite is_inf isin digitize
     clip clip_by_value clip_by_norm l2_normalize normalize dropout cumsum cumprod flip fliplr flipud reverse nan_to_num zeros_like ones_like full_like empty_like copy
     ascontiguousarray asfortranarray convert_to_numpy triu tril band_part mish celu hard_tanh hard_silu hard_swish sparse_plus ensure_shape
     stop_gradients softmax_v2 bias_add roll sample_distorted shuffle fft ifft fftshift ifftshift inv matrix_inverse cholesky interp
     tensor_scatter_nd_update tensor_scatter_nd_add tensor_scatter_nd_sub tensor_scatter_nd_max tensor_scatter_nd_min scatter_update slice_update`,
    unary,
  ),
  ...alike(
    `add sub subtract mul multiply divide true_divide truediv floor_divide floordiv maximum minimum fmax fmin power pow mod floormod remainder fmod
     logical_and logical_or logical_xor bitwise_and bitwise_or bitwise_xor equal not_equal greater greater_equal less less_equal
     squared_difference arctan2 atan2 hypot divide_no_nan multiply_no_nan xdivy xlogy isclose`,
    binary,
  ),
  ...alike(
    `reduce_sum reduce_mean reduce_max reduce_min reduce_any reduce_all reduce_std reduce_variance reduce_logsumexp reduce_euclidean_norm
     sum mean min amin any all std var logsumexp median nanmean nansum nanmax nanmin nanstd nanvar nanmedian average ptp count_nonzero`,
    reduction,
  ),
  ...alike("prod reduce_prod", product),
  ...alike("max amax reduce_max", largest),
  ...alike("argmax argmin nanargmax nanargmin", index),
  ...alike("norm euclidean_norm", norm),
  ...alike("percentile quantile nanpercentile nanquantile", quantile),
  ...alike("sort argsort", sorted),
  diff: difference,
  top_k: top,
  in_top_k: of("targets predictions k", (given) => {
    const targets = given.tensor("targets");
    return targets && { shape: targets.type.shape, dtype: "bool" };
  }),
  moments,
  softmax_cross_entropy_with_logits: logitLoss,
  sparse_softmax_cross_entropy_with_logits: logitLoss,
  sigmoid_cross_entropy_with_logits: of("labels logits", unary.rule),
};

/** In NumPy and keras.ops; TensorFlow takes the first axis. */
export const ROW_FIRST: Readonly<Record<string, Operation>> = alike("cumsum cumprod nancumsum", accumulated);
/** In TensorFlow; NumPy and keras.ops take all elements in a row. */
export const AXIS_FIRST: Readonly<Record<string, Operation>> = alike("argmax argmin", indexAlong(0));
/** In keras.backend. */
export const AXIS_LAST: Readonly<Record<string, Operation>> = alike("argmax argmin", indexAlong(-1));

/** What losses and metrics of Keras that are functions give. */
export const LOSSES: Readonly<Record<string, Operation>> = alike(
  `mean_squared_error mse mean_absolute_error mae mean_absolute_percentage_error mape mean_squared_logarithmic_error msle binary_crossentropy
     binary_focal_crossentropy categorical_crossentropy sparse_categorical_crossentropy categorical_focal_crossentropy hinge squared_hinge
     categorical_hinge huber log_cosh logcosh poisson kl_divergence kld cosine_similarity binary_accuracy categorical_accuracy
     sparse_categorical_accuracy top_k_categorical_accuracy sparse_top_k_categorical_accuracy`,
  lossOf("y_true y_pred", "y_pred"),
);

/** In keras.ops and keras.backend they keep what is not of classes. */
export const CROSS_ENTROPIES: Readonly<Record<string, Operation>> = {
  binary_crossentropy: of("target output", (given) => {
    const x = given.tensor("output");
    return x && shapedLike(x, x.type.shape);
  }),
  ...alike("categorical_crossentropy sparse_categorical_crossentropy", lossOf("target output", "output")),
};
