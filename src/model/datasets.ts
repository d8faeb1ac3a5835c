// What keras.datasets.*.load_data() gives: ((x_train, y_train), (x_test, y_test)), and how many classes there are. Knows no layer.
import type { Config, TensorType } from "./layers/catalog.types";
import type { Dim, Shape } from "./shape";

export interface DatasetFacts {
  readonly train: readonly [x: TensorType, y: TensorType];
  readonly test: readonly [x: TensorType, y: TensorType];
  /** null where the labels are no classes; "?" where it is not known. */
  readonly classes: number | "?" | null;
}

interface Part {
  readonly shape: Shape;
  readonly dtype: string;
}

const images = (size: Shape, label: Part, classes: number): ((config: Config) => DatasetFacts) => {
  const x: Part = { shape: size, dtype: "uint8" };
  const train = size[0] === 28 ? 60000 : 50000;
  return () => split(x, label, train, 10000, classes);
};

function split(x: Part, y: Part, train: Dim, test: Dim, classes: DatasetFacts["classes"]): DatasetFacts {
  const of = ({ shape, dtype }: Part, count: Dim): TensorType => ({ shape: [count, ...shape], dtype });
  return { train: [of(x, train), of(y, train)], test: [of(x, test), of(y, test)], classes };
}

/** A share of all examples is for testing; the rest is counted as Python does it. */
function shared(x: Part, y: Part, all: Dim, classes: DatasetFacts["classes"], config: Config): DatasetFacts {
  const share = config["test_split"] ?? 0.2;
  if (typeof share !== "number" || typeof all !== "number") return split(x, y, "?", "?", classes);
  const train = Math.trunc(all * (1 - share));
  return split(x, y, train, all - train, classes);
}

const real = (shape: Shape): Part => ({ shape, dtype: "float64" });
/** Each example is a list of the numbers of its words. */
const texts: Part = { shape: [], dtype: "object" };
const labels: Part = { shape: [], dtype: "int64" };

/** Whether some texts are left out: how many, only the data tells. */
const leavesOut = (config: Config): boolean => (config["maxlen"] ?? null) !== null;

function california(config: Config): DatasetFacts {
  const version = config["version"] ?? "large";
  const all = version === "large" ? 20640 : version === "small" ? 600 : "?";
  const [x, y]: [Part, Part] = [
    { shape: [8], dtype: "?" },
    { shape: [], dtype: "?" },
  ];
  return shared(x, y, all, null, config);
}

function cifar100(config: Config): DatasetFacts {
  const mode = config["label_mode"] ?? "fine";
  const classes = mode === "fine" ? 100 : mode === "coarse" ? 20 : "?";
  return split({ shape: [32, 32, 3], dtype: "uint8" }, { shape: [1], dtype: "int64" }, 50000, 10000, classes);
}

const DATASETS: Readonly<Record<string, (config: Config) => DatasetFacts>> = {
  mnist: images([28, 28], { shape: [], dtype: "uint8" }, 10),
  fashion_mnist: images([28, 28], { shape: [], dtype: "uint8" }, 10),
  cifar10: images([32, 32, 3], { shape: [1], dtype: "uint8" }, 10),
  cifar100,
  imdb: (config) => (leavesOut(config) ? split(texts, labels, "?", "?", 2) : split(texts, labels, 25000, 25000, 2)),
  reuters: (config) => shared(texts, labels, leavesOut(config) ? "?" : 11228, 46, config),
  boston_housing: (config) => shared(real([13]), real([]), 506, null, config),
  california_housing: california,
};

/** Keras 3 alone has california_housing. */
export const datasetNames = (library: "keras3" | "keras2"): readonly string[] =>
  Object.keys(DATASETS).filter((name) => library === "keras3" || name !== "california_housing");

/** What `load_data` gives for arguments by name; null where there is no such dataset. */
export const dataset = (name: string, config: Config = {}): DatasetFacts | null =>
  Object.hasOwn(DATASETS, name) ? DATASETS[name]!(config) : null;
