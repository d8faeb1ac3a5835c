// The pooling layers: over windows, over everything, and to a given size.
import type { Dim } from "../shape";
import { type Count, choice, dataFormat, flag, isFailure, optional, type Reader, read, sizes } from "./arguments";
import type { Argument, ConfigValue, LayerType, Library } from "./catalog.types";
import { channelsOf, dimensionNames, spatialOf, spatialResult, spatialShape, windowed } from "./spatial";
import { gives, passedDtype, single, wrongRank } from "./tensors";

type Rank = 1 | 2 | 3;
type Kind = "Max" | "Average";

const formatOf = (rank: Rank): Argument =>
  rank === 1
    ? { name: "data_format", default: null, defaultIn: { keras2: "channels_last" }, only: ["keras3", "keras2"] }
    : { name: "data_format", default: null };

/** TensorFlow.js takes the first numbers of a list that is too long for an image or a volume. */
const windowSizes =
  (rank: Rank): Reader<readonly Count[]> =>
  (value, place) =>
    sizes(rank)(place.library === "tfjs" && rank > 1 && Array.isArray(value) ? value.slice(0, rank) : value, place);

function pooling(kind: Kind, rank: Rank): LayerType {
  const name = `${kind}Pooling${rank}D`;
  const twos: ConfigValue = rank === 1 ? 2 : Array<number>(rank).fill(2);
  // Keras 3 alone lets nobody leave out the size of an average.
  const poolSize: Argument =
    kind === "Max"
      ? { name: "pool_size", default: twos }
      : { name: "pool_size", defaultIn: { keras2: twos, tfjs: twos } };
  const short = kind === "Max" ? ["MaxPool"] : ["AvgPool"];
  const functions = kind === "Max" ? ["maxPooling", "maxPool"] : ["averagePooling", "avgPool", "avgPooling"];
  return {
    name,
    aliases: short.map((prefix) => `${prefix}${rank}D`),
    tfjs: functions.filter((one) => rank !== 3 || one !== "maxPool").map((one) => `${one}${rank}d`),
    in: ["keras3", "keras2", "tfjs"],
    arguments: [
      poolSize,
      { name: "strides", default: null },
      { name: "padding", default: "valid" },
      formatOf(rank),
      { name: "name", default: null, only: ["keras3"] },
    ],
    call(call) {
      const args = read(name, call, {
        pool_size: windowSizes(rank),
        strides: optional(windowSizes(rank)),
        padding: choice(["valid", "same"], { ignoreCase: call.library === "keras2" }),
        data_format: dataFormat(),
      });
      if (isFailure(args)) return args;
      const input = single(call.inputs);
      const bad = wrongRank(name, input, rank + 2, dimensionNames(rank, args.data_format));
      if (bad) return bad;
      const dtype = passedDtype(call, input);
      if (input.shape === "?") return gives(Array<Dim>(rank + 2).fill("?"), dtype);
      const strides: readonly Count[] = args.strides ?? args.pool_size;
      const sizings = spatialOf(input.shape, args.data_format, rank).map((length, at) =>
        windowed(length, { kernel: args.pool_size[at]!, stride: strides[at]!, dilation: 1, padding: args.padding }),
      );
      const channels = channelsOf(input.shape, args.data_format, rank);
      return spatialResult(name, { input: input.shape, format: args.data_format, channels, dtype }, sizings, {
        least: leastOutput(call.library),
      });
    },
  };
}

/** TensorFlow.js notices only when it runs that nothing is left. */
const leastOutput = (library: Library) => (library === "tfjs" ? -Infinity : 1);

function globalPooling(kind: Kind, rank: Rank): LayerType {
  const name = `Global${kind}Pooling${rank}D`;
  const [short, script] = kind === "Max" ? ["GlobalMaxPool", "globalMaxPool"] : ["GlobalAvgPool", "globalAveragePool"];
  const functions = kind === "Max" ? [`${script}ing${rank}d`, `${script}${rank}d`] : [`${script}ing${rank}d`];
  const keepdims: Argument = { name: "keepdims", default: false, only: ["keras3", "keras2"] };
  // tf.keras has it here too, but not in the signature.
  const unlisted: Argument = { ...keepdims, unlisted: true, keywordOnly: true, only: ["keras2"] };
  return {
    name,
    aliases: [`${short}${rank}D`],
    ...(rank === 3 ? {} : { tfjs: functions }),
    in: rank === 3 ? ["keras3", "keras2"] : ["keras3", "keras2", "tfjs"],
    arguments: [
      formatOf(rank),
      ...(name === "GlobalAveragePooling1D" ? [{ ...keepdims, only: ["keras3"] as const }, unlisted] : [keepdims]),
    ],
    call(call) {
      const args = read(name, call, { data_format: dataFormat(), keepdims: flag() });
      if (isFailure(args)) return args;
      const input = single(call.inputs);
      const bad = wrongRank(name, input, rank + 2, dimensionNames(rank, args.data_format));
      if (bad) return bad;
      const dtype = passedDtype(call, input);
      if (args.keepdims === "?") return gives("?", dtype);
      const shape = input.shape === "?" ? Array<Dim>(rank + 2).fill("?") : input.shape;
      const channels = channelsOf(shape, args.data_format, rank);
      if (!args.keepdims) return gives([shape[0]!, channels], dtype);
      return gives(spatialShape(shape, args.data_format, Array<number>(rank).fill(1), channels), dtype);
    },
  };
}

/** Pools to a given size, whatever the input's. */
function adaptivePooling(kind: Kind, rank: Rank): LayerType {
  const name = `Adaptive${kind}Pooling${rank}D`;
  return {
    name,
    in: ["keras3"],
    arguments: [{ name: "output_size" }, { name: "data_format", default: null }],
    call(call) {
      const args = read(name, call, { output_size: sizes(rank), data_format: dataFormat() });
      if (isFailure(args)) return args;
      const input = single(call.inputs);
      // It does not look at the number of dimensions: what it then gives has no sense.
      if (input.shape !== "?" && input.shape.length !== rank + 2) return gives("?", passedDtype(call, input));
      const shape = input.shape === "?" ? Array<Dim>(rank + 2).fill("?") : input.shape;
      const channels = channelsOf(shape, args.data_format, rank);
      return gives(spatialShape(shape, args.data_format, args.output_size, channels), passedDtype(call, input));
    },
  };
}

const RANKS = [1, 2, 3] as const;
const KINDS = ["Max", "Average"] as const;

export const POOLING: readonly LayerType[] = KINDS.flatMap((kind) => [
  ...RANKS.map((rank) => pooling(kind, rank)),
  ...RANKS.map((rank) => globalPooling(kind, rank)),
  ...RANKS.map((rank) => adaptivePooling(kind, rank)),
]);
