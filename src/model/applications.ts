// The models of keras.applications: what they give, and how many parameters they have. The counts are a table (applicationsTable.ts);
// the output of the convolutions follows from how each family halves its image. Knows no layer.
import { applicationMacs } from "./applicationCosts";
import { APPLICATIONS, type Counts } from "./applicationsTable";
import type { Config, ConfigValue, Library } from "./layers/catalog.types";
import { type AnyShape, type Dim, plus, type Shape, times, withDims } from "./shape";

export interface ApplicationFacts {
  /** With the batch. */
  readonly input: AnyShape;
  readonly output: AnyShape;
  readonly trainable: Dim;
  readonly fixed: Dim;
  /** Multiply-accumulates of one example. */
  readonly macs: Dim;
}

/** A window over a length: its size, its stride, what is padded in all. */
type Step = readonly [kernel: number, stride: number, padding: number];

interface Family {
  readonly names: RegExp;
  /** Sizes by name, where the members differ. */
  readonly size: number | Readonly<Record<string, number>> | null;
  readonly least: number;
  readonly steps: readonly ("ceil" | "floor" | Step)[];
  /** Those of Keras 3 that take their size without a classifier as well: the image of others is free then. */
  readonly alwaysSized?: string;
}

const five = <T>(step: T): readonly T[] => [step, step, step, step, step];
const inception: readonly Step[] = [
  [3, 2, 0],
  [3, 1, 0],
  [3, 2, 0],
  [3, 1, 0],
  [3, 2, 0],
  [3, 2, 0],
  [3, 2, 0],
];

const FAMILIES: readonly Family[] = [
  {
    names: /^ConvNeXt/,
    size: 224,
    least: 32,
    steps: [
      [4, 4, 0],
      [2, 2, 0],
      [2, 2, 0],
      [2, 2, 0],
    ],
  },
  { names: /^DenseNet/, size: 224, least: 32, steps: ["ceil", "ceil", "floor", "floor", "floor"] },
  {
    names: /^EfficientNet/,
    size: {
      EfficientNetB0: 224,
      EfficientNetB1: 240,
      EfficientNetB2: 260,
      EfficientNetB3: 300,
      EfficientNetB4: 380,
      EfficientNetB5: 456,
      EfficientNetB6: 528,
      EfficientNetB7: 600,
      EfficientNetV2B0: 224,
      EfficientNetV2B1: 240,
      EfficientNetV2B2: 260,
      EfficientNetV2B3: 300,
      EfficientNetV2S: 384,
      EfficientNetV2M: 480,
      EfficientNetV2L: 480,
    },
    least: 32,
    steps: five("ceil" as const),
  },
  { names: /^Inception/, size: 299, least: 75, steps: inception },
  { names: /^MobileNet$/, size: 224, least: 32, steps: ["ceil", "floor", "floor", "floor", "floor"] },
  { names: /^MobileNetV2$/, size: 224, least: 32, steps: five("ceil" as const) },
  // Without a shape its image is free, with its classifier as well.
  { names: /^MobileNetV3/, size: null, least: 32, steps: five("ceil" as const) },
  {
    names: /^NASNet/,
    size: { NASNetMobile: 224, NASNetLarge: 331 },
    least: 32,
    steps: [[3, 2, 0], "ceil", "ceil", "ceil", "ceil"],
    alwaysSized: "NASNetMobile",
  },
  { names: /^(RegNet|ResNet)/, size: 224, least: 32, steps: five("ceil" as const) },
  { names: /^VGG/, size: 224, least: 32, steps: five("floor" as const) },
  { names: /^Xception$/, size: 299, least: 71, steps: [[3, 2, 0], [3, 1, 0], "ceil", "ceil", "ceil", "ceil"] },
];

/** The functions under keras.applications that make a model, by library. */
export const applicationNames = (library: Library): readonly string[] => [
  ...new Set(APPLICATIONS.filter((one) => one.in.includes(library)).map(({ name }) => name)),
];

const isNumber = (value: unknown): value is number => typeof value === "number";
const NOTHING: ApplicationFacts = { input: "?", output: "?", trainable: "?", fixed: "?", macs: "?" };

/**
 * What a function of keras.applications makes of its arguments, given by Python's names, those that are not given left out.
 * `tensor` is the shape of its `input_tensor`. Unknown where an argument is not known or is not what the function takes.
 */
export function application(
  name: string,
  library: Library,
  config: Config,
  tensor: AnyShape | null = null,
): ApplicationFacts | null {
  const family = FAMILIES.find(({ names }) => names.test(name));
  if (!family || !applicationNames(library).includes(name)) return null;
  const top = config["include_top"] ?? true;
  if (typeof top !== "boolean") return NOTHING;
  const hasSize = top || (library === "keras3" && family.alwaysSized === name);
  const input = inputShape(name, family, config, tensor, hasSize);
  if (input === "?") return NOTHING;
  const [height = "?", width = "?", channels = "?"] = input.slice(1);
  const row = APPLICATIONS.find((one) => one.name === name && one.in.includes(library) && isVariant(one, config));
  const counts = row && countsFor(row, height, width);
  const map = mapAfter([height, width], family.steps);
  const classes: Dim = isNumber(config["classes"] ?? 1000) ? ((config["classes"] ?? 1000) as number) : "?";
  const output = top ? [input[0] ?? null, classes] : pooled(input[0] ?? null, map, counts?.features ?? "?", config);
  if (!counts) return { input, output, trainable: "?", fixed: "?", macs: "?" };
  const base = plus(counts.trainable, times(counts.perChannel, channels));
  return {
    input,
    output,
    trainable: top ? plus(base, headOf(counts, map), times(counts.perClass, classes)) : base,
    fixed: plus(counts.fixed, times(counts.fixedPerChannel, channels)),
    macs: applicationMacs({
      name,
      variant: counts.variant ?? {},
      maps: [null, ...family.steps].map((_, at) => mapAfter([height, width], family.steps.slice(0, at))),
      channels,
      classes,
      top,
    }),
  };
}

/** NASNet joins its paths by other layers where the image may have any size; it cannot where one side has a size and one has none. */
function countsFor(row: Counts, height: Dim, width: Dim): Counts | null {
  if (!row.anySize || (isNumber(height) && isNumber(width))) return row;
  return height === null && width === null ? { ...row, ...row.anySize } : null;
}

/** The classifier aside from its classes. That of VGG has a weight for every place of the last map. */
const headOf = ({ head, perPlace }: Counts, [height, width]: readonly [Dim, Dim]): Dim =>
  perPlace === undefined ? head : plus(head, times(perPlace, height, width));

function pooled(batch: Dim, [height, width]: readonly [Dim, Dim], features: Dim, config: Config): AnyShape {
  const pooling = config["pooling"] ?? null;
  if (pooling === "avg" || pooling === "max") return [batch, features];
  return typeof pooling === "symbol" ? "?" : [batch, height, width, features];
}

/** The arguments that change how wide the layers are, with their defaults. */
const WIDTHS: Readonly<Record<string, ConfigValue>> = { alpha: 1, minimalistic: false, depth_multiplier: 1 };

const isVariant = ({ variant }: Counts, config: Config): boolean =>
  Object.entries(WIDTHS).every(([name, usual]) => (config[name] ?? usual) === (variant?.[name] ?? usual));

/** The shape of the input with its batch; "?" where it is not known, or where the function refuses it. */
function inputShape(
  name: string,
  family: Family,
  config: Config,
  tensor: AnyShape | null,
  hasSize: boolean,
): Shape | "?" {
  if (tensor !== null) return tensor !== "?" && tensor.length === 4 ? tensor : "?";
  if ((config["input_tensor"] ?? null) !== null) return "?";
  const given = config["input_shape"] ?? null;
  if (given === null) {
    const size = family.size === null || isNumber(family.size) ? family.size : (family.size[name] ?? "?");
    return hasSize ? [null, size, size, 3] : [null, null, null, 3];
  }
  if (!Array.isArray(given) || given.length !== 3) return "?";
  const dims = (given as readonly ConfigValue[]).map((dim): Dim => (isNumber(dim) || dim === null ? dim : "?"));
  const isTooSmall = dims.slice(0, 2).some((dim) => isNumber(dim) && dim < family.least);
  return isTooSmall ? "?" : [null, ...dims];
}

const mapAfter = ([height, width]: readonly [Dim, Dim], steps: Family["steps"]): readonly [Dim, Dim] => [
  halved(height, steps),
  halved(width, steps),
];

const halved = (length: Dim, steps: Family["steps"]): Dim =>
  withDims([length], (size) => steps.reduce((left: number, step) => reduced(left, step), size));

function reduced(length: number, step: "ceil" | "floor" | Step): number {
  if (step === "ceil") return Math.ceil(length / 2);
  if (step === "floor") return Math.floor(length / 2);
  const [kernel, stride, padding] = step;
  return Math.floor((length + padding - kernel) / stride) + 1;
}
