// The normalizations: the shape stays, the weights have the sizes of the axes that they are for.
import type { Dim, Shape } from "../shape";
import { type Count, failure, flag, isFailure, read, size, wholeNumbers, withDefault } from "./arguments";
import type { Argument, Failure, LayerCall, LayerType, Library, TensorType, Weight } from "./catalog.types";
import { constraint, initializer, regularizer } from "./common";
import { computeDtype, gives, shapeInWords, single } from "./tensors";

const PYTHON: readonly Library[] = ["keras3", "keras2"];
const ALL: readonly Library[] = ["keras3", "keras2", "tfjs"];

const scaling: readonly Argument[] = [
  { name: "center", default: true },
  { name: "scale", default: true },
];
const starts: readonly Argument[] = [initializer("beta", "zeros"), initializer("gamma", "ones")];
const penalties: readonly Argument[] = [regularizer("beta"), regularizer("gamma")];
const constraints: readonly Argument[] = [
  { ...constraint("beta"), only: PYTHON },
  { ...constraint("gamma"), only: PYTHON },
];

/** The sizes along some axes of the input; a failure where there is no such axis, or its size is free. */
function sizesAt(
  layer: string,
  { shape }: TensorType,
  axes: readonly Count[] | "?",
  mayBeFree = false,
): Shape | "?" | Failure {
  if (shape === "?" || axes === "?" || axes.includes("?")) return "?";
  const found = (axes as readonly number[]).map((axis) => shape.at(axis));
  if (found.includes(undefined) || (axes as readonly number[]).some((axis) => axis < -shape.length)) {
    return failure(
      "bad-axis",
      `${layer} has the axis ${axes.join(", ")}. Its input ${shapeInWords(shape)} has no such axis.`,
    );
  }
  if (found.includes(null) && !mayBeFree) {
    return failure(
      "undefined-channels",
      `${layer} must know the size of axis ${axes.join(", ")} to make its weights. The input is ${shapeInWords(shape)}.`,
    );
  }
  return found as Dim[];
}

/** The shape stays; `weightSizes` is checked, and makes the weights. */
function normalization(
  name: string,
  others: Partial<Pick<LayerType, "tfjs" | "in">> & {
    readonly arguments: readonly Argument[];
    readonly weightSizes: (call: LayerCall) => Shape | "?" | Failure;
    readonly weights?: (call: LayerCall, sizes: Shape) => readonly Weight[] | "?";
  },
): LayerType {
  const { weightSizes, weights, ...rest } = others;
  return {
    name,
    in: ALL,
    ...rest,
    call(call) {
      const sizes = weightSizes(call);
      return isFailure(sizes) ? sizes : gives(single(call.inputs).shape, computeDtype(call));
    },
    ...(weights
      ? {
          weights(call: LayerCall) {
            const sizes = weightSizes(call);
            return sizes === "?" || isFailure(sizes) ? "?" : weights(call, sizes);
          },
        }
      : {}),
  };
}

function scaled(name: string, call: LayerCall, sizes: Shape): readonly Weight[] | "?" {
  const args = read(name, call, { center: flag(), scale: flag() });
  if (isFailure(args) || args.center === "?" || args.scale === "?") return "?";
  return [
    ...(args.scale ? [{ name: "gamma", shape: sizes, trainable: true }] : []),
    ...(args.center ? [{ name: "beta", shape: sizes, trainable: true }] : []),
  ];
}

const renormIn3: readonly Argument[] = [
  { name: "renorm", default: false, only: ["keras3"] },
  { name: "renorm_clipping", default: null, only: ["keras3"] },
  { name: "renorm_momentum", default: 0.99, only: ["keras3"] },
];
/** Keras 2 hands these to the class that it shares with TensorFlow 1. */
const unlistedIn2: readonly Argument[] = [
  { name: "renorm", default: false },
  { name: "renorm_clipping", default: null },
  { name: "renorm_momentum", default: 0.99 },
  { name: "fused", default: null },
  { name: "virtual_batch_size", default: null },
  { name: "adjustment", default: null },
].map((argument) => ({ ...argument, only: ["keras2"], unlisted: true, keywordOnly: true }));

const batchNormalization = normalization("BatchNormalization", {
  tfjs: ["batchNormalization"],
  arguments: [
    { name: "axis", default: -1 },
    { name: "momentum", default: 0.99 },
    { name: "epsilon", default: 0.001 },
    ...scaling,
    ...starts,
    initializer("moving_mean", "zeros"),
    initializer("moving_variance", "ones"),
    ...penalties,
    constraint("beta"),
    constraint("gamma"),
    ...renormIn3,
    { name: "synchronized", default: false, only: PYTHON },
    ...unlistedIn2,
  ],
  weightSizes(call) {
    // Keras 2 alone takes a list of axes.
    const args = read("BatchNormalization", call, {
      axis: call.library === "keras2" ? wholeNumbers({ orOne: true }) : oneAxis,
    });
    return isFailure(args) ? args : sizesAt("BatchNormalization", single(call.inputs), args.axis);
  },
  weights(call, sizes) {
    const args = read("BatchNormalization", call, { renorm: withDefault(false, flag()) });
    const trained = scaled("BatchNormalization", call, sizes);
    if (trained === "?" || isFailure(args) || args.renorm === "?") return "?";
    const moving = [
      "moving_mean",
      "moving_variance",
      ...(args.renorm ? ["moving_stddev", "renorm_mean", "renorm_stddev"] : []),
    ];
    return [...trained, ...moving.map((name) => ({ name, shape: sizes, trainable: false }))];
  },
});

/** One axis, as a list of one. */
function oneAxis(...[value, place]: Parameters<ReturnType<typeof size>>): readonly Count[] | Failure {
  const axis = size({ min: -Infinity })(value, place);
  return isFailure(axis) ? axis : [axis];
}

const axesOf =
  (name: string, mayBeFree = false) =>
  (call: LayerCall): Shape | "?" | Failure => {
    const args = read(name, call, { axis: wholeNumbers({ orOne: true }) });
    return isFailure(args) ? args : sizesAt(name, single(call.inputs), args.axis, mayBeFree);
  };

/** Fails where two of the axes are the same one. */
function repeatedAxis(layer: string, { shape }: TensorType, axes: readonly Count[] | "?"): Failure | null {
  if (shape === "?" || axes === "?") return null;
  const known = axes.filter((axis) => typeof axis === "number").map((axis) => (axis < 0 ? axis + shape.length : axis));
  if (new Set(known).size === known.length) return null;
  return failure("bad-axis", `${layer} has one axis twice: ${axes.join(", ")}. Its input is ${shapeInWords(shape)}.`);
}

const layerNormalization = normalization("LayerNormalization", {
  tfjs: ["layerNormalization"],
  arguments: [
    { name: "axis", default: -1 },
    { name: "epsilon", default: 0.001 },
    ...scaling,
    ...starts,
    ...penalties,
    ...constraints,
    { name: "rms_scaling", default: false, only: ["keras3"], unlisted: true, keywordOnly: true },
  ],
  weightSizes(call) {
    const args = read("LayerNormalization", call, { axis: wholeNumbers({ orOne: true }) });
    if (isFailure(args)) return args;
    // Without weights, no size need be known; where it is not known whether there are any, neither.
    const hasWeights = call.config["center"] === true || call.config["scale"] === true;
    const input = single(call.inputs);
    const twice = call.library === "keras3" ? null : repeatedAxis("LayerNormalization", input, args.axis);
    return twice ?? sizesAt("LayerNormalization", input, args.axis, !hasWeights);
  },
  weights(call, sizes) {
    const args = read("LayerNormalization", call, { rms_scaling: withDefault(false, flag()) });
    if (isFailure(args) || args.rms_scaling === "?") return "?";
    return args.rms_scaling
      ? [{ name: "gamma", shape: sizes, trainable: true }]
      : scaled("LayerNormalization", call, sizes);
  },
});

const groupNormalization = normalization("GroupNormalization", {
  in: PYTHON,
  arguments: [
    { name: "groups", default: 32 },
    { name: "axis", default: -1 },
    { name: "epsilon", default: 0.001 },
    ...scaling,
    ...starts,
    ...penalties,
    ...constraints,
  ],
  weightSizes(call) {
    const args = read("GroupNormalization", call, { axis: oneAxis, groups: size({ min: -1 }) });
    if (isFailure(args)) return args;
    const sizes = sizesAt("GroupNormalization", single(call.inputs), args.axis);
    if (sizes === "?" || isFailure(sizes)) return sizes;
    const [channels] = sizes as Shape;
    const { groups } = args;
    if (typeof channels !== "number" || groups === "?" || groups === -1) return sizes;
    if (groups > 0 && channels % groups === 0) return sizes;
    return failure(
      "indivisible-groups",
      `GroupNormalization has ${groups} groups, and the ${channels} channels of its input cannot be divided among them evenly. Choose a number of groups that divides ${channels}.`,
    );
  },
  weights: (call, sizes) => scaled("GroupNormalization", call, sizes),
});

const rmsNormalization = normalization("RMSNormalization", {
  in: ["keras3"],
  arguments: [
    { name: "axis", default: -1 },
    { name: "epsilon", default: 1e-6 },
  ],
  weightSizes: axesOf("RMSNormalization"),
  weights: (_, sizes) => [{ name: "scale", shape: sizes, trainable: true }],
});

export const NORMALIZATION: readonly LayerType[] = [
  batchNormalization,
  layerNormalization,
  groupNormalization,
  rmsNormalization,
  normalization("UnitNormalization", {
    in: PYTHON,
    arguments: [{ name: "axis", default: -1 }],
    weightSizes: axesOf("UnitNormalization", true),
  }),
];
