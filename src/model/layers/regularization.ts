// The layers that regularize: noise, dropout, penalties. The shape stays.
import { failure, isFailure, number, optional, read, shape, valueText } from "./arguments";
import type { Argument, Failure, LayerCall, LayerType, Library } from "./catalog.types";
import { dimensionNames } from "./spatial";
import { gives, passedDtype, single, wrongRank } from "./tensors";

const ALL: readonly Library[] = ["keras3", "keras2", "tfjs"];

/** What a share that is dropped cannot be. TensorFlow.js takes the nearest possible one instead. */
function wrongRate(name: string, argument: string, { config, library }: LayerCall): Failure | null {
  const rate = config[argument] ?? null;
  const args = read(name, { config, library }, { [argument]: number() });
  // Keras 2 looks at numbers only.
  if (isFailure(args)) return library === "keras2" ? null : args;
  if (typeof rate !== "number" || (rate >= 0 && rate <= 1)) return null;
  const advice =
    argument === "rate" && rate > 1 && rate <= 100
      ? ` It is the share of the values that are dropped: ${rate} % is ${rate / 100}.`
      : "";
  return failure(
    "rate-out-of-range",
    `${name} needs \`${argument}\` between 0 and 1. It is ${valueText(rate)}.${advice}`,
  );
}

function noise(
  name: string,
  {
    argument = "rate",
    strictIn,
    more = [],
    rank,
    ...others
  }: Partial<Pick<LayerType, "tfjs" | "in" | "lacksCommon">> & {
    readonly argument?: string;
    /** The libraries whose constructor refuses what is not between 0 and 1. */
    readonly strictIn: readonly Library[];
    readonly more?: readonly Argument[];
    readonly rank?: 1 | 2 | 3;
  },
): LayerType {
  return {
    name,
    in: ALL,
    ...others,
    arguments: [{ name: argument }, ...more],
    call(call) {
      const bad = strictIn.includes(call.library) ? wrongRate(name, argument, call) : null;
      if (bad) return bad;
      if (call.library === "keras3" && name === "Dropout") {
        const args = read(name, call, { noise_shape: optional(shape()) });
        if (isFailure(args)) return args;
      }
      const input = single(call.inputs);
      const wrong = rank ? wrongRank(name, input, rank + 2, dimensionNames(rank, "channels_last")) : null;
      return wrong ?? gives(input.shape, passedDtype(call, input));
    },
  };
}

const seed: Argument = { name: "seed", default: null };
const noiseShape: Argument = { name: "noise_shape", default: null };

const spatial = (rank: 1 | 2 | 3): LayerType =>
  noise(`SpatialDropout${rank}D`, {
    ...(rank === 1 ? { tfjs: ["spatialDropout1d"], in: ALL } : { in: ["keras3", "keras2"] as const }),
    strictIn: ["keras3", "keras2"],
    rank,
    lacksCommon: ["keras3"],
    more: [
      ...(rank === 1 ? [] : [{ name: "data_format", default: null }]),
      { ...seed, only: ["keras3", "tfjs"] },
      // Keras 2 hands what it does not name to Dropout.
      { ...seed, only: ["keras2"], unlisted: true, keywordOnly: true },
      { ...noiseShape, only: ["keras2"], unlisted: true, keywordOnly: true },
      { name: "name", default: null, only: ["keras3"] },
      { name: "dtype", default: null, only: ["keras3"] },
    ],
  });

const activityRegularization: LayerType = {
  name: "ActivityRegularization",
  in: ["keras3", "keras2"],
  arguments: [
    { name: "l1", default: 0 },
    { name: "l2", default: 0 },
  ],
  call(call) {
    const input = single(call.inputs);
    return gives(input.shape, passedDtype(call, input));
  },
};

export const REGULARIZATION: readonly LayerType[] = [
  noise("Dropout", { tfjs: ["dropout"], strictIn: ["keras3", "keras2"], more: [noiseShape, seed] }),
  spatial(1),
  spatial(2),
  spatial(3),
  noise("GaussianNoise", {
    tfjs: ["gaussianNoise"],
    argument: "stddev",
    strictIn: ["keras3"],
    more: [{ ...seed, only: ["keras3", "keras2"] }],
  }),
  noise("GaussianDropout", {
    tfjs: ["gaussianDropout"],
    strictIn: ["keras3"],
    more: [{ ...seed, only: ["keras3", "keras2"] }],
  }),
  noise("AlphaDropout", {
    tfjs: ["alphaDropout"],
    strictIn: ["keras3"],
    more: [noiseShape, { ...seed, only: ["keras3", "keras2"] }],
  }),
  activityRegularization,
];
