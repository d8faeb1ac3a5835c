// The data of a Python file: a table that is read, or data that is made up; as arrays for Keras, by name for feature columns.
import type { Answers } from "../choices";
import { hole } from "../markup";
import { type Columns, columnsFor, type Table } from "../table";
import type { TaskParts } from "./tasks";
import { comment, docstring, indent, list, nameList, quote } from "./text";

export interface DataParts {
  constants: string;
  functions: string[];
  /** The statements that load it. */
  call: string;
  /** The input's shape, as written. */
  shape: string;
  /** By name: whether there are columns of text and of numbers. */
  texts: boolean;
  numbers: boolean;
}

/** @throws Error when the table's columns do not fit the task. */
export function dataParts({ task, data }: Answers, parts: TaskParts, byName: boolean): DataParts {
  if (data)
    return byName ? tableByName(data, columnsFor(data, task, { texts: true })) : table(data, columnsFor(data, task));
  return byName ? madeByName(parts) : made(task, parts);
}

const FETCHED = "(x_train, y_train), (x_test, y_test) = load_data()";

function table(data: Table, { label, numbers, texts, classes, size }: Columns): DataParts {
  const used = size ? "PIXELS" : "FEATURES";
  const constants = [
    ...leftOut("they are not numbers", texts),
    nameList(used, numbers),
    ...(size ? [`SIZE = ${size}`] : []),
    ...labelConstants(label, classes),
  ];
  const scaled = size
    ? `    x = (x / x.max()).reshape(-1, SIZE, SIZE, 1).astype("float32")`
    : `    x = (x - x[~is_test].mean(axis=0)) / (x[~is_test].std(axis=0) + 1e-7)
    x = x.astype("float32")`;
  const about = size
    ? "Pixels are scaled to numbers from 0 to 1."
    : "Numbers are scaled to mean 0 and deviation 1, so that no column outweighs another.";
  return {
    constants: constants.join("\n"),
    functions: [
      `def load_data():
${docstring("Read the table and keep every fifth row for testing.", `Rows with an empty cell are left out. ${about}`)}
${rows(data, [`*${used}`, "LABEL"])}
    x = np.array([[float(row[name]) for name in ${used}] for row in rows])
    y = ${labels(classes)}
    is_test = np.arange(len(rows)) % 5 == 0
${scaled}
    return (x[~is_test], y[~is_test]), (x[is_test], y[is_test])`,
    ],
    call: FETCHED,
    shape: size ? "(SIZE, SIZE, 1)" : "(len(FEATURES),)",
    texts: false,
    numbers: true,
  };
}

function tableByName(data: Table, { label, numbers, texts, classes }: Columns): DataParts {
  const known = texts.filter(({ values }) => values).map(({ name }) => name);
  const unknown = texts.filter(({ values }) => !values);
  const used = [...(numbers.length > 0 ? ["*NUMBERS"] : []), ...(known.length > 0 ? ["*TEXTS"] : []), "LABEL"];
  const constants = [
    ...leftOut("they have too many different texts", unknown),
    ...(numbers.length > 0 ? [nameList("NUMBERS", numbers)] : []),
    ...(known.length > 0 ? [list("TEXTS", known)] : []),
    ...labelConstants(label, classes),
  ];
  const byNumber = "{name: np.array([float(r[name]) for r in rows]) for name in NUMBERS}";
  const byText = "{name: np.array([r[name] for r in rows]) for name in TEXTS}";
  const features =
    numbers.length === 0
      ? `    x = ${byText}`
      : `    x = ${byNumber}${known.length > 0 ? `\n    x.update(${byText})` : ""}`;
  return {
    constants: constants.join("\n"),
    functions: [
      `def load_data():
${docstring("Read the table and keep every fifth row for testing.", "Rows with an empty cell are left out.")}
${rows(data, used)}
    train = [row for index, row in enumerate(rows) if index % 5 != 0]
    return to_arrays(train), to_arrays(rows[::5])`,
      `def to_arrays(rows):
${docstring("Give an array for each feature, by name, and what to predict.")}
${features}
    return x, ${labels(classes)}`,
    ],
    call: FETCHED,
    shape: "",
    texts: known.length > 0,
    numbers: numbers.length > 0,
  };
}

function rows({ path, separator = "," }: Table, used: readonly string[]): string {
  const delimiter = separator === "," ? "" : `, delimiter=${quote(separator)}`;
  return `    path = Path(__file__).parent / ${quote(path)}
    with path.open(newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file${delimiter}))
    used = [${used.join(", ")}]
    rows = [row for row in rows if all(row[name] for name in used)]`;
}

function labels(classes: readonly string[]): string {
  if (classes.length > 0) return "np.array([CLASSES.index(row[LABEL]) for row in rows])";
  return 'np.array([float(row[LABEL]) for row in rows], dtype="float32")';
}

function labelConstants(label: { name: string }, classes: readonly string[]): string[] {
  return [`LABEL = ${quote(label.name)}`, ...(classes.length > 0 ? [list("CLASSES", classes)] : [])];
}

function leftOut(why: string, columns: readonly { name: string }[]): string[] {
  const names = columns.map(({ name }) => name.replace(/\s+/g, " ")).join(", ");
  return columns.length > 0 ? [comment(`Not used, because ${why}: ${names}.`)] : [];
}

function made(task: Answers["task"], parts: TaskParts): DataParts {
  const features = task === "images" ? [] : [`FEATURES = ${hole("features", parts.features)}`];
  const y = task === "regression" ? 'y.astype("float32")' : "y";
  return {
    constants: [...features, ...parts.constants].join("\n"),
    functions: [madeFunction(parts, "a row for each example", "FEATURES", `x.astype("float32"), ${y}`)],
    call: madeCall(parts),
    shape: task === "images" ? "(SIZE, SIZE, 1)" : "(FEATURES,)",
    texts: false,
    numbers: true,
  };
}

function madeByName(parts: TaskParts): DataParts {
  const names = Array.from({ length: parts.features }, (_, index) => `"x${index + 1}"`).join(", ");
  return {
    constants: [`NUMBERS = [${hole("features", names)}]`, ...parts.constants].join("\n"),
    functions: [
      madeFunction(
        parts,
        "an array for each feature",
        "len(NUMBERS)",
        "{name: x[:, i] for i, name in enumerate(NUMBERS)}, y",
      ),
    ],
    call: madeCall(parts),
    shape: "",
    texts: false,
    numbers: true,
  };
}

function madeFunction({ made, story }: TaskParts, x: string, features: string, returned: string): string {
  return `def load_data(examples, seed):
${docstring(`Your data goes here: x has ${x}, y what to predict.`, story)}
    rng = np.random.default_rng(seed)
${indent(made(features))}
    return ${returned}`;
}

const madeCall = ({ examples }: TaskParts) => `x_train, y_train = load_data(${examples}, seed=1)
x_test, y_test = load_data(${examples / 4}, seed=2)`;
