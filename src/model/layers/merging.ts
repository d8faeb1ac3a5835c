// The layers that make one tensor of several: element by element, side by side, by dot products.
import { type AnyShape, type Dim, differ, either, plus, type Shape, times } from "../shape";
import { failure, flag, isFailure, type Reader, read, size, wholeNumbers } from "./arguments";
import type { CallResult, Failure, LayerCall, LayerType, Library, Tensors, TensorType } from "./catalog.types";
import { computeDtype, gives, isTensor, keptDtype, several, shapeInWords, UNKNOWN_TENSOR } from "./tensors";

const PYTHON: readonly Library[] = ["keras3", "keras2"];
const ALL: readonly Library[] = ["keras3", "keras2", "tfjs"];

const shapesInWords = (tensors: readonly TensorType[]) => tensors.map(({ shape }) => shapeInWords(shape)).join(" and ");

/** The inputs; "?" where they are not known; a failure where it is one tensor, or too few of them. */
function inputsOf(
  layer: string,
  inputs: Tensors,
  { least, exactly }: { least: number; exactly?: number },
): readonly TensorType[] | "?" | Failure {
  const wanted =
    exactly === undefined ? (least === 1 ? "tensors" : `at least ${least} tensors`) : `exactly ${exactly} tensors`;
  if (isTensor(inputs)) {
    // What is not known may well be a list.
    if (inputs.shape === "?") return "?";
    return failure(
      "needs-list",
      `${layer} takes a list of ${wanted}. It is called with one, of shape ${shapeInWords(inputs.shape)}. Put the tensors into a list.`,
    );
  }
  const tensors = several(inputs);
  if (tensors === "?") return "?";
  if (tensors.length < least || (exactly !== undefined && tensors.length !== exactly)) {
    return failure("needs-list", `${layer} takes a list of ${wanted}. It is called with ${tensors.length}.`);
  }
  return tensors;
}

const areKnown = (shapes: readonly AnyShape[]): shapes is readonly Shape[] => !shapes.includes("?");

const dtypeOf = (call: LayerCall, tensors: readonly TensorType[]): string => {
  if (call.library !== "keras2") return computeDtype(call);
  const kinds = new Set(tensors.map((tensor) => keptDtype(call, tensor)));
  return kinds.size === 1 ? [...kinds][0]! : "?";
};

/** Two sizes of an element-wise merge. Keras 3 and TensorFlow.js leave a size open where one of the two is. */
function mergedDim(a: Dim, b: Dim, library: Library): Dim | "mismatch" {
  if (differ(a, b) && a !== 1 && b !== 1) return "mismatch";
  if (library === "keras2") return a === 1 ? b : b === 1 ? a : either(a, b);
  if (a === null || b === null) return null;
  if (a === "?" || b === "?") return "?";
  return a === 1 ? b : a;
}

/** The batch: the one size that is known. */
function batchOf(tensors: readonly Shape[]): Dim | "mismatch" {
  const batches = tensors.map((shape) => shape[0] ?? null);
  const known = new Set(batches.filter((batch) => typeof batch === "number"));
  if (known.size > 1) return "mismatch";
  return batches.includes("?") ? "?" : ([...known][0] ?? null);
}

function elementwise(
  name: string,
  { exactly, ...others }: Partial<Pick<LayerType, "tfjs" | "in">> & { readonly exactly?: number } = {},
): LayerType {
  return {
    name,
    in: ALL,
    ...others,
    arguments: [],
    call(call) {
      const least = call.library === "tfjs" ? 2 : 1;
      const tensors = inputsOf(name, call.inputs, exactly === undefined ? { least } : { least, exactly });
      if (tensors === "?") return { outputs: UNKNOWN_TENSOR };
      if (isFailure(tensors)) return tensors;
      const dtype = dtypeOf(call, tensors);
      const shapes = tensors.map(({ shape }) => shape);
      if (!areKnown(shapes)) return gives("?", dtype);
      return merged(name, tensors, shapes, dtype, call.library);
    },
  };
}

function merged(
  name: string,
  tensors: readonly TensorType[],
  shapes: readonly Shape[],
  dtype: string,
  library: Library,
): CallResult {
  const batch = batchOf(shapes);
  if (batch === "mismatch") {
    return failure("shape-mismatch", `${name} cannot combine ${shapesInWords(tensors)}: the batches differ.`);
  }
  let result = shapes[0]!.slice(1);
  for (const shape of shapes.slice(1)) {
    const [long, short] = result.length < shape.length - 1 ? [shape.slice(1), result] : [result, shape.slice(1)];
    const from = long.length - short.length;
    const dims = long.map((dim, at) => (at < from ? dim : mergedDim(dim, short[at - from]!, library)));
    const wrong = dims.indexOf("mismatch");
    if (wrong >= 0) {
      return failure(
        "shape-mismatch",
        `${name} cannot combine ${shapesInWords(tensors)}: ${long[wrong]} and ${short[wrong - from]} differ, and neither is 1.`,
      );
    }
    result = dims as Dim[];
  }
  return gives([batch, ...result], dtype);
}

const concatenate: LayerType = {
  name: "Concatenate",
  tfjs: ["concatenate"],
  in: ALL,
  arguments: [{ name: "axis", default: -1 }],
  call(call) {
    const args = read("Concatenate", call, { axis: size({ min: -Infinity }) });
    if (isFailure(args)) return args;
    const tensors = inputsOf("Concatenate", call.inputs, { least: call.library === "tfjs" ? 2 : 1 });
    if (tensors === "?") return { outputs: UNKNOWN_TENSOR };
    if (isFailure(tensors)) return tensors;
    const list = tensors;
    const dtype = dtypeOf(call, list);
    const shapes = list.map(({ shape }) => shape);
    if (!areKnown(shapes)) {
      const rank = shapes.find((shape) => shape !== "?")?.length;
      return gives(rank === undefined ? "?" : Array<Dim>(rank).fill("?"), dtype);
    }
    return joined(list, shapes, args.axis, dtype, call.library);
  },
};

function joined(
  tensors: readonly TensorType[],
  shapes: readonly Shape[],
  axis: number | "?",
  dtype: string,
  library: Library,
): CallResult {
  const rank = shapes[0]!.length;
  const mismatch = (why: string) =>
    failure(
      "shape-mismatch",
      `Concatenate cannot join ${shapesInWords(tensors)} along axis ${axis}: ${why}. Only the joined axis may differ.`,
    );
  if (shapes.some((shape) => shape.length !== rank)) return mismatch("they have different numbers of dimensions");
  if (axis === "?") return gives(Array<Dim>(rank).fill("?"), dtype);
  const at = axis < 0 ? axis + rank : axis;
  // TensorFlow.js looks no closer, and gives something without a sense.
  if ((at < 0 || at >= rank) && library === "tfjs") return gives("?", dtype);
  if (at < 0 || at >= rank)
    return failure(
      "bad-axis",
      `Concatenate has the axis ${axis}. Its inputs ${shapesInWords(tensors)} have no such axis.`,
    );
  for (let other = 0; other < rank; other++) {
    if (other === at) continue;
    const found = shapes.map((shape): Dim => shape[other]!);
    const known = found.filter((dim) => typeof dim === "number");
    // TensorFlow.js compares them as they are: a free size is not 5.
    const isMixed = library === "tfjs" && found.includes(null) && known.length > 0;
    if (new Set(known).size > 1 || isMixed)
      return mismatch(`axis ${other} is ${found.map((dim) => dim ?? "None").join(" and ")}`);
  }
  const parts = shapes.map((shape): Dim => shape[at]!);
  const size = plus(...parts);
  // A free size decides over one that is not known: the sum is free whatever it is.
  const sum: Dim = parts.includes(null) ? null : size;
  const rest = (other: Dim, index: number): Dim =>
    library === "keras2" ? shapes.map((shape): Dim => shape[index]!).reduce(either) : other;
  const because = typeof sum === "number" && parts.length > 1 ? [`${parts.join(" + ")} = ${sum}`] : [];
  return gives(
    shapes[0]!.map((dim, index) => (index === at ? sum : rest(dim, index))),
    dtype,
    because,
  );
}

/** One axis for both inputs, or one for each. */
const dotAxes: Reader<readonly (number | "?")[] | "?"> = (value, place) => {
  const found = wholeNumbers({ orOne: true })(value, place);
  if (found === "?" || isFailure(found)) return found;
  const axes = found as readonly (number | "?")[];
  if (!Array.isArray(value)) return [axes[0]!, axes[0]!];
  // TensorFlow.js counts from the back only where there is one number.
  if (place.library === "tfjs" && axes.some((axis) => axis !== "?" && axis < 0)) return "?";
  return axes.length === 2
    ? axes
    : failure("bad-argument", `Dot needs \`axes\` as one whole number or two. It has ${axes.length}.`);
};

const dot: LayerType = {
  name: "Dot",
  tfjs: ["dot"],
  in: ALL,
  arguments: [{ name: "axes" }, { name: "normalize", default: false }],
  call(call) {
    const args = read("Dot", call, { axes: dotAxes, normalize: flag() });
    if (isFailure(args)) return args;
    const tensors = inputsOf("Dot", call.inputs, { least: 2, exactly: 2 });
    if (tensors === "?") return { outputs: UNKNOWN_TENSOR };
    if (isFailure(tensors)) return tensors;
    const list = tensors;
    const dtype = dtypeOf(call, list);
    const [left, right] = list.map(({ shape }) => shape);
    if (
      left === undefined ||
      right === undefined ||
      left === "?" ||
      right === "?" ||
      args.axes === "?" ||
      args.axes.includes("?")
    ) {
      return gives("?", dtype);
    }
    return dotted(left, right, args.axes as readonly number[], dtype, call.library);
  },
  macs(call, outputs) {
    const args = read("Dot", call, { axes: dotAxes });
    const tensors = several(call.inputs);
    const left = tensors === "?" ? undefined : tensors[0];
    if (isFailure(args) || args.axes === "?" || !left || left.shape === "?") return "?";
    const [axis] = args.axes;
    const summed = typeof axis === "number" ? left.shape.at(axis) : "?";
    if (!isTensor(outputs) || outputs.shape === "?" || summed === undefined) return "?";
    return times(...outputs.shape.slice(1), summed);
  },
};

function dotted(left: Shape, right: Shape, axes: readonly number[], dtype: string, library: Library): CallResult {
  const words = `${shapeInWords(left)} and ${shapeInWords(right)}`;
  if (library === "tfjs" && (left.length > 3 || right.length > 3)) {
    return failure("wrong-rank", `Dot of TensorFlow.js takes at most 3 dimensions. Its inputs are ${words}.`);
  }
  const [a, b] = [axes[0]! < 0 ? axes[0]! + left.length : axes[0]!, axes[1]! < 0 ? axes[1]! + right.length : axes[1]!];
  const [one, two] = [left[a], right[b]];
  // TensorFlow.js does not miss an axis that neither has.
  if (library === "tfjs" && one === undefined && two === undefined) return gives("?", dtype);
  if (one === undefined || two === undefined)
    return failure("bad-axis", `Dot has the axes ${axes.join(" and ")}. Its inputs ${words} have no such axes.`);
  if (one !== two && one !== "?" && two !== "?") {
    return failure(
      "shape-mismatch",
      `Dot multiplies along axes of the same size. They are ${one ?? "None"} and ${two ?? "None"}, in ${words}.`,
    );
  }
  const batch = library === "keras2" ? either(left[0]!, right[0]!) : left[0]!;
  const kept = [...left.filter((_, at) => at !== a), ...right.filter((_, at) => at !== b).slice(1)];
  const result: Shape = a === 0 ? kept : [batch, ...kept.slice(1)];
  return gives(result.length === 1 ? [...result, 1] : result, dtype);
}

export const MERGING: readonly LayerType[] = [
  elementwise("Add", { tfjs: ["add"] }),
  elementwise("Subtract", { in: PYTHON, exactly: 2 }),
  elementwise("Multiply", { tfjs: ["multiply"] }),
  elementwise("Average", { tfjs: ["average"] }),
  elementwise("Maximum", { tfjs: ["maximum"] }),
  elementwise("Minimum", { tfjs: ["minimum"] }),
  concatenate,
  dot,
];
