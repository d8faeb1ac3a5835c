// The layers that only move values about: flatten, reshape, permute, repeat, crop, pad and enlarge.
import { type AnyShape, type Dim, elements, plus, type Shape, times, withDims } from "../shape";
import {
  type Count,
  choice,
  dataFormat,
  failure,
  isFailure,
  optional,
  type Place,
  type Reader,
  read,
  shape,
  size,
  sizes,
  valueText,
  wholeNumbers,
} from "./arguments";
import {
  type Argument,
  type CallResult,
  type ConfigValue,
  type Failure,
  type LayerCall,
  type LayerType,
  type Library,
  OPAQUE,
  UNKNOWN,
} from "./catalog.types";
import { channelsOf, type DataFormat, dimensionNames, type Sizing, spatialOf, spatialResult } from "./spatial";
import { gives, keptDtype, passedDtype, shapeInWords, single, wrongRank } from "./tensors";

const PYTHON: readonly Library[] = ["keras3", "keras2"];
const ALL: readonly Library[] = ["keras3", "keras2", "tfjs"];

const format: Argument = { name: "data_format", default: null };
const product = (dims: Shape) => dims.map((dim) => (dim === null ? "None" : String(dim))).join("·");

const flatten: LayerType = {
  name: "Flatten",
  tfjs: ["flatten"],
  in: ALL,
  arguments: [format],
  call(call) {
    const args = read("Flatten", call, { data_format: dataFormat() });
    if (isFailure(args)) return args;
    const input = single(call.inputs);
    const dtype = keptDtype(call, input);
    if (input.shape === "?") return gives(["?", "?"], dtype);
    const dims = input.shape.slice(1);
    if (call.library === "tfjs") {
      const bad = fullyDefined(input.shape);
      if (bad) return bad;
    }
    const size = elements(dims);
    const because = typeof size === "number" && dims.length > 1 ? [`${product(dims)} = ${size}`] : [];
    return gives([input.shape[0] ?? null, size], dtype, because);
  },
};

/** TensorFlow.js flattens only what has three dimensions or more and is known. */
function fullyDefined(dims: Shape): Failure | null {
  if (dims.length < 3) {
    return failure(
      "wrong-rank",
      `Flatten of TensorFlow.js expects at least 3 dimensions, the batch among them. Its input is ${shapeInWords(dims)}.`,
    );
  }
  if (!dims.slice(1).includes(null)) return null;
  return failure(
    "undefined-size",
    `Flatten must know every size of its input, which is ${shapeInWords(dims)}. Give the whole shape to the input.`,
  );
}

const reshape: LayerType = {
  name: "Reshape",
  tfjs: ["reshape"],
  in: ALL,
  arguments: [{ name: "target_shape" }],
  call(call) {
    const args = read("Reshape", call, { target_shape: shape() });
    if (isFailure(args)) return args;
    const input = single(call.inputs);
    const dtype = keptDtype(call, input);
    if (args.target_shape === "?") return gives("?", dtype);
    const bad = call.library === "keras3" ? wrongTarget(args.target_shape) : null;
    return bad ?? reshaped(input.shape, args.target_shape, dtype, call.library);
  },
};

function wrongTarget(target: Shape): Failure | null {
  const free = target.filter((dim) => dim === -1).length;
  const negative = target.some((dim) => typeof dim === "number" && dim < -1);
  if (free < 2 && !negative) return null;
  return failure(
    "bad-argument",
    `Reshape needs sizes of 0 or more in \`target_shape\`, and at most one −1 for the rest. It is ${shapeInWords(target)}.`,
  );
}

const isFree = (dim: Dim) => typeof dim === "number" && dim < 0;

function reshaped(input: AnyShape, target: Shape, dtype: string, library: Library): CallResult {
  const batch: Dim = input === "?" ? "?" : (input[0] ?? null);
  const isScript = library === "tfjs";
  const open = (rest: Dim): Shape => target.map((dim) => (isFree(dim) || (isScript && dim === null) ? rest : dim));
  if (input === "?") return gives([batch, ...open("?")], dtype);
  const dims = input.slice(1);
  // TensorFlow.js does not count while a size is free, and the batch nearly always is.
  if (isScript ? input.includes(null) : dims.includes(null)) {
    return gives([batch, ...open(dims.includes("?") ? "?" : null)], dtype);
  }
  if (isScript && batch === "?") return gives([batch, ...open("?")], dtype);
  if (target.includes("?") || dims.includes("?")) return gives([batch, ...open("?")], dtype);
  if (target.includes(null) && !isScript) return gives([batch, ...open(null)], dtype);
  const isOpen = (dim: Dim) => isFree(dim) || dim === null;
  const known = elements(target.filter((dim) => !isOpen(dim))) as number;
  const all = elements(dims) as number;
  const free = target.filter(isOpen).length;
  if (free > 1) return wrongTarget(target) ?? mismatch(input, target, all, known);
  if (free === 0) return all === known ? gives([batch, ...target], dtype) : mismatch(input, target, all, known);
  if (known === 0 || all % known !== 0) return mismatch(input, target, all, known);
  const rest = all / known;
  return gives([batch, ...open(rest)], dtype, [`${all}/${known} = ${rest}`]);
}

const mismatch = (input: Shape, target: Shape, all: number, known: number): Failure =>
  failure(
    "reshape-elements",
    `Reshape cannot make ${shapeInWords(target)} of ${shapeInWords(input)}: one example has ${input.length > 2 ? `${product(input.slice(1))} = ` : ""}${all} values, and ${
      target.some(isFree) ? `that cannot be divided by ${known}` : `the target holds ${known}`
    }.`,
  );

const permute: LayerType = {
  name: "Permute",
  tfjs: ["permute"],
  in: ALL,
  arguments: [{ name: "dims" }],
  call(call) {
    const args = read("Permute", call, { dims: wholeNumbers() });
    if (isFailure(args)) return args;
    const input = single(call.inputs);
    const dtype = keptDtype(call, input);
    const { dims } = args;
    if (dims === "?") return gives("?", dtype);
    if (dims.includes("?"))
      return (
        wrongRank("Permute", input, dims.length + 1, "the batch and those of `dims`") ??
        gives(Array<Dim>(dims.length + 1).fill("?"), dtype)
      );
    const sorted = [...(dims as readonly number[])].sort((a, b) => a - b);
    if (sorted.some((dim, at) => dim !== at + 1)) {
      return failure(
        "bad-argument",
        `Permute needs each of 1 to ${dims.length} once in \`dims\`. It is ${valueText(dims)}; the batch is not counted.`,
      );
    }
    const bad = wrongRank("Permute", input, dims.length + 1, "the batch and those of `dims`");
    if (bad) return bad;
    const from: Shape = input.shape === "?" ? Array<Dim>(dims.length + 1).fill("?") : input.shape;
    return gives([from[0] ?? null, ...(dims as readonly number[]).map((dim) => from[dim] ?? null)], dtype);
  },
};

const repeatVector: LayerType = {
  name: "RepeatVector",
  tfjs: ["repeatVector"],
  in: ALL,
  arguments: [{ name: "n" }],
  call(call) {
    const args = read("RepeatVector", call, { n: size({ min: call.library === "keras3" ? 1 : -Infinity }) });
    if (isFailure(args)) return args;
    const input = single(call.inputs);
    const bad = wrongRank("RepeatVector", input, 2, "batch, features");
    if (bad) return bad;
    const [batch = null, features = null] = input.shape === "?" ? (["?", "?"] as const) : input.shape;
    return gives([batch, args.n, features], passedDtype(call, input));
  },
};

type Rank = 1 | 2 | 3;
type Pair = readonly [Count, Count];

/** What is taken off or added at both ends of each dimension: one number, one for each, or a pair for each. */
const pairs =
  (rank: Rank): Reader<readonly Pair[]> =>
  (value, place) => {
    const unknown = Array<Pair>(rank).fill(["?", "?"]);
    if (value === UNKNOWN || value === OPAQUE) return unknown;
    // Keras 2 does not look at a single number, and what a negative one then does is an accident.
    if (typeof value === "number" && value < 0 && place.library !== "keras3") return unknown;
    const own = rank === 1 && Array.isArray(value) ? [value] : value;
    const each: readonly ConfigValue[] = Array.isArray(own) ? own : Array<ConfigValue>(rank).fill(own);
    // TensorFlow.js crops by the first of them where there are more.
    if (place.library === "tfjs" && place.argument === "cropping" ? each.length < rank : each.length !== rank)
      return notPairs(rank, value, place);
    const found = each.slice(0, rank).map((one) => sizes(2, { min: 0 })(one, place));
    return found.some(isFailure) ? notPairs(rank, value, place) : (found as unknown as readonly Pair[]);
  };

const notPairs = (rank: Rank, value: ConfigValue, { layer, argument }: Place): Failure =>
  failure(
    "bad-argument",
    `${layer} needs \`${argument}\` as one whole number${rank === 1 ? " or a pair" : `, ${rank} of them, or ${rank} pairs`}, none below 0. It is ${valueText(value)}.`,
  );

/** A layer that changes each spatial size by itself. */
function resizing(
  name: string,
  rank: Rank,
  others: Partial<Pick<LayerType, "tfjs" | "in">> & {
    readonly arguments: readonly Argument[];
    readonly noFormat?: readonly Library[];
    readonly sizings: (call: LayerCall, lengths: Shape) => readonly Sizing[] | Failure;
    /** The smallest size that the library lets pass. */
    readonly least?: (library: Library) => number;
  },
): LayerType {
  const { sizings, noFormat = [], least, ...rest } = others;
  return {
    name,
    in: PYTHON,
    ...rest,
    call(call) {
      const args = read(name, call, {
        data_format: noFormat.includes(call.library) ? () => "channels_last" as const : dataFormat(),
      });
      if (isFailure(args)) return args;
      const chosen: DataFormat = args.data_format;
      const input = single(call.inputs);
      // The arguments are judged even where the input is not known.
      const known: Shape =
        input.shape === "?" || input.shape.length !== rank + 2 ? Array<Dim>(rank + 2).fill("?") : input.shape;
      const found = sizings(call, spatialOf(known, chosen, rank));
      if (isFailure(found)) return found;
      const bad = wrongRank(name, input, rank + 2, dimensionNames(rank, chosen));
      if (bad) return bad;
      const channels = channelsOf(known, chosen, rank);
      return spatialResult(
        name,
        { input: known, format: chosen, channels, dtype: passedDtype(call, input) },
        found as readonly Sizing[],
        {
          least: least?.(call.library) ?? -Infinity,
        },
      );
    },
  };
}

const cropping = (rank: Rank): LayerType =>
  resizing(`Cropping${rank}D`, rank, {
    ...(rank === 2 ? { tfjs: ["cropping2D"], in: ALL } : {}),
    arguments: [
      { name: "cropping", default: rank === 1 ? [1, 1] : Array<number[]>(rank).fill(rank === 2 ? [0, 0] : [1, 1]) },
      ...(rank === 1 ? [] : [format]),
    ],
    noFormat: rank === 1 ? ALL : [],
    least: (library) => (library === "tfjs" || (library === "keras2" && rank === 3) ? -Infinity : 1),
    sizings(call, lengths) {
      const args = read(`Cropping${rank}D`, call, { cropping: pairs(rank) });
      if (isFailure(args)) return args;
      return lengths.map((length, at) => {
        const [before, after] = args.cropping[at]!;
        // Keras 2 leaves an empty volume; TensorFlow.js takes a free size for 0.
        const isLenient = call.library === "keras2" && rank === 3;
        const size = withDims([length, before, after], (n, a, b) => (isLenient ? Math.max(n - a - b, 0) : n - a - b));
        if (call.library === "tfjs" && size === null) return { size: "?" };
        return typeof size === "number" && size !== length
          ? { size, because: `${length} − ${before} − ${after} = ${size}` }
          : { size };
      });
    },
  });

const zeroPadding = (rank: Rank): LayerType =>
  resizing(`ZeroPadding${rank}D`, rank, {
    ...(rank === 2 ? { tfjs: ["zeroPadding2d"], in: ALL } : {}),
    arguments: [
      rank === 3
        ? {
            name: "padding",
            default: [
              [1, 1],
              [1, 1],
              [1, 1],
            ],
            defaultIn: { keras2: [1, 1, 1] },
          }
        : { name: "padding", default: rank === 1 ? 1 : [1, 1] },
      rank === 1 ? { ...format, only: ["keras3"] } : format,
    ],
    sizings(call, lengths) {
      const args = read(`ZeroPadding${rank}D`, call, { padding: pairs(rank) });
      if (isFailure(args)) return args;
      return lengths.map((length, at) => {
        const [before, after] = args.padding[at]!;
        const size = plus(length, before, after);
        return typeof size === "number" && size !== length
          ? { size, because: `${length} + ${before} + ${after} = ${size}` }
          : { size };
      });
    },
  });

const INTERPOLATIONS = [
  "nearest",
  "bilinear",
  "bicubic",
  "area",
  "lanczos3",
  "lanczos5",
  "gaussian",
  "mitchellcubic",
] as const;

const upSampling = (rank: Rank): LayerType =>
  resizing(`UpSampling${rank}D`, rank, {
    ...(rank === 2 ? { tfjs: ["upSampling2d"], in: ALL } : {}),
    arguments: [
      { name: "size", default: rank === 1 ? 2 : Array<number>(rank).fill(2) },
      ...(rank === 1 ? [] : [format]),
      ...(rank === 2 ? [{ name: "interpolation", default: "nearest" }] : []),
    ],
    noFormat: rank === 1 ? ALL : [],
    sizings(call, lengths) {
      const name = `UpSampling${rank}D`;
      const args = read(name, call, {
        size: rank === 1 ? one : rank === 2 ? pairOf : sizes(rank),
        ...(rank === 2 ? interpolation(call.library) : {}),
      });
      if (isFailure(args)) return args;
      const factors = args.size as readonly Count[];
      const isOpen = rank === 2 && call.library === "keras2" && lengths.some((length) => typeof length !== "number");
      return lengths.map((length, at) => {
        // Where one of the two sizes of an image is free, Keras 2 leaves both free.
        if (isOpen) return { size: lengths.includes(null) ? null : "?" };
        const size = times(length, factors[at]!);
        return typeof size === "number" && factors[at] !== 1
          ? { size, because: `${length}·${factors[at]} = ${size}` }
          : { size };
      });
    },
  });

/** TensorFlow.js takes a pair, makes nothing sensible of one number, and passes over what is too much. */
const pairOf: Reader<readonly Count[]> = (value, place) => {
  if (place.library !== "tfjs") return sizes(2)(value, place);
  return Array.isArray(value) ? sizes(2)(value.slice(0, 2), place) : ["?", "?"];
};

const one: Reader<readonly Count[]> = (value, place) => {
  const found = size({ min: place.library === "keras3" ? 1 : -Infinity })(value, place);
  return isFailure(found) ? found : [found];
};

/** Keras 3 learns only when it runs that it does not know the word. */
const interpolation = (library: Library): Record<string, Reader<unknown>> =>
  library === "keras3"
    ? {}
    : {
        interpolation: optional(
          library === "tfjs" ? choice(["nearest", "bilinear"]) : choice(INTERPOLATIONS, { ignoreCase: true }),
        ),
      };

const RANKS = [1, 2, 3] as const;

export const RESHAPING: readonly LayerType[] = [
  flatten,
  reshape,
  permute,
  repeatVector,
  ...RANKS.map(cropping),
  ...RANKS.map(zeroPadding),
  ...RANKS.map(upSampling),
];
