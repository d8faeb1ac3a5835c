// The activations that are layers: the shape stays.
import { type AnyShape, type Dim, elements } from "../shape";
import { type Count, failure, isFailure, number, optional, type Reader, read, wholeNumbers } from "./arguments";
import type { Argument, ConfigValue, Failure, LayerCall, LayerType, Library } from "./catalog.types";
import { constraint, initializer, regularizer } from "./common";
import { gives, passedDtype, shapeInWords, single } from "./tensors";

const PYTHON: readonly Library[] = ["keras3", "keras2"];
const ALL: readonly Library[] = ["keras3", "keras2", "tfjs"];

/** A layer that leaves the shape as it is. `check` is what its constructor refuses. */
function elementwise(
  name: string,
  others: Partial<Pick<LayerType, "tfjs" | "in">> & {
    readonly arguments: readonly Argument[];
    readonly check?: (call: LayerCall) => Failure | null;
  },
): LayerType {
  const { check, ...rest } = others;
  return {
    name,
    in: ALL,
    ...rest,
    call(call) {
      const bad = check?.(call);
      if (bad) return bad;
      const input = single(call.inputs);
      return gives(input.shape, passedDtype(call, input));
    },
  };
}

/** A check of numbers, by library: what does not take part is left alone. */
const checked =
  (name: string, libraries: readonly Library[], readers: Record<string, Reader<unknown>>) =>
  (call: LayerCall): Failure | null => {
    if (!libraries.includes(call.library)) return null;
    const args = read(name, call, readers);
    return isFailure(args) ? args : null;
  };

const prelu: LayerType = {
  name: "PReLU",
  tfjs: ["prelu"],
  in: ALL,
  arguments: [
    { ...initializer("alpha", "zeros"), defaultIn: { keras3: "Zeros" } },
    regularizer("alpha"),
    constraint("alpha"),
    { name: "shared_axes", default: null },
  ],
  call(call) {
    const slopes = slopesOf(call);
    const input = single(call.inputs);
    if (isFailure(slopes)) return slopes;
    if (slopes !== "?" && slopes.includes(null)) {
      return failure(
        "undefined-size",
        `PReLU has a slope for each place, so it must know the sizes of its input. The input is ${shapeInWords(input.shape)}. Give the free axes in \`shared_axes\`.`,
      );
    }
    return gives(input.shape, passedDtype(call, input));
  },
  weights(call) {
    const slopes = slopesOf(call);
    return slopes === "?" || isFailure(slopes) ? "?" : [{ name: "alpha", shape: slopes, trainable: true }];
  },
};

/** The shape of PReLU's slopes: the input's, with 1 along the axes that share one. */
function slopesOf(call: LayerCall): AnyShape | Failure {
  const args = read("PReLU", call, { shared_axes: optional(wholeNumbers({ orOne: true })) });
  if (isFailure(args)) return args;
  const { shape } = single(call.inputs);
  const shared: readonly Count[] | "?" = args.shared_axes ?? [];
  if (shape === "?" || shared === "?" || shared.includes("?")) return "?";
  const slopes: Dim[] = shape.slice(1);
  for (const axis of shared as readonly number[]) {
    const at = axis - 1 < 0 ? axis - 1 + slopes.length : axis - 1;
    if (call.library !== "tfjs" && !(at in slopes)) {
      return failure(
        "bad-axis",
        `PReLU's \`shared_axes\` has ${axis}, and its input ${shapeInWords(shape)} has no such axis.`,
      );
    }
    if (axis >= 1) slopes[axis - 1] = 1;
    else if (call.library !== "tfjs") slopes[at] = 1;
  }
  return elements(slopes) === 0 ? "?" : slopes;
}

/** TensorFlow.js has only the usual slope. */
const onlyOne = (call: LayerCall): Failure | null => {
  const alpha: ConfigValue = call.config["alpha"] ?? null;
  if (call.library === "tfjs" && typeof alpha === "number" && alpha !== 1) {
    return failure("bad-argument", `ELU of TensorFlow.js knows no \`alpha\` but 1. It is ${alpha}.`);
  }
  return null;
};

const notNegative = number({ min: 0 });

export const ACTIVATIONS: readonly LayerType[] = [
  elementwise("Activation", { tfjs: ["activation"], arguments: [{ name: "activation" }] }),
  elementwise("Softmax", {
    tfjs: ["softmax"],
    arguments: [{ name: "axis", default: -1, defaultIn: { tfjs: 1 } }],
  }),
  elementwise("ReLU", {
    tfjs: ["reLU"],
    arguments: [
      { name: "max_value", default: null },
      { name: "negative_slope", default: 0, only: PYTHON },
      { name: "threshold", default: 0, only: PYTHON },
    ],
    check: checked("ReLU", PYTHON, {
      max_value: optional(notNegative),
      negative_slope: notNegative,
      threshold: notNegative,
    }),
  }),
  elementwise("LeakyReLU", {
    tfjs: ["leakyReLU"],
    arguments: [
      { name: "negative_slope", default: 0.3, only: ["keras3"] },
      { name: "alpha", default: 0.3, only: ["keras2", "tfjs"] },
      { name: "alpha", default: null, only: ["keras3"], unlisted: true, keywordOnly: true },
    ],
    check: checked("LeakyReLU", ["keras3"], { negative_slope: notNegative, alpha: optional(notNegative) }),
  }),
  prelu,
  elementwise("ELU", { tfjs: ["elu"], arguments: [{ name: "alpha", default: 1 }], check: onlyOne }),
  elementwise("ThresholdedReLU", {
    tfjs: ["thresholdedReLU"],
    in: ["keras2", "tfjs"],
    arguments: [{ name: "theta", default: 1 }],
    check: checked("ThresholdedReLU", ["keras2"], { theta: notNegative }),
  }),
];
