// New Python files: their names, how they read, and what of a table and of the interpreter is in them.
import assert from "node:assert/strict";
import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { test } from "node:test";
import { type Answers, scaffold, scaffoldAmong } from "../../../src/scaffold/scaffold";
import { readTable, type Table } from "../../../src/scaffold/table";
import { nameOf, PYTHON_COMBINATIONS } from "./combinations";

const sample = (name: string) => readTable(`data/${name}`, fs.readFileSync(`resources/sample/data/${name}`, "utf8"));
const iris = sample("iris.csv");
const digits = sample("digits.csv");

const python = (answers: Partial<Answers>) =>
  scaffold({ kind: "sequential", task: "multiclass", language: "python", ...answers });
const text = (answers: Partial<Answers>) => python(answers).text;
const table = (csv: string, name = "t.csv") => readTable(name, csv);

/** Text that should be in a file, line for line. */
function checkHas(answers: Partial<Answers>, ...lines: string[]): void {
  const found = text(answers).split("\n");
  for (const line of lines) assert.ok(found.includes(line), `${line}\nis not in\n${found.join("\n")}`);
}

const WITH_TABLES: readonly Answers[] = PYTHON_COMBINATIONS.map((answers) => ({
  ...answers,
  data: {
    regression: { ...iris, label: "petal_width" },
    binary: table(
      `size;colour;note;kind\n${many((i) => `${i};c${i % 3};n${i};${i % 2 ? "yes" : "no"}`)}`,
      "data/My Things.csv",
    ),
    multiclass: iris,
    images: digits,
  }[answers.task],
}));

function many(row: (index: number) => string): string {
  return Array.from({ length: 200 }, (_, index) => row(index)).join("\n");
}

for (const answers of [...PYTHON_COMBINATIONS, ...WITH_TABLES]) {
  test(`${nameOf(answers)}${answers.data ? ", with a table" : ""}: short, narrow, a docstring first, no holes left`, () => {
    const made = scaffold(answers).text;
    const lines = made.split("\n");
    assert.match(made, /^"""[A-Z].*\.(""")?\n/);
    assert.doesNotMatch(made, /[\uE000-\uE002]|undefined|\[object/);
    assert.deepEqual(
      lines.filter((line) => line.length > 79),
      [],
    );
    assert.ok(lines.length <= 100, `${lines.length} lines`);
    assert.ok(made.endsWith('.")\n') && !made.includes("\n\n\n\n"));
  });
}

test("24 combinations: three kinds for four tasks, four for rows only; no two alike", () => {
  assert.equal(PYTHON_COMBINATIONS.length, 3 * 4 + 4 * 3);
  assert.equal(new Set(PYTHON_COMBINATIONS.map((answers) => scaffold(answers).text)).size, PYTHON_COMBINATIONS.length);
});

test("ruff has nothing to say and nothing to format, with its own settings and with PEP 8's line length", (t) => {
  const ruff = ruffProgram();
  if (!ruff) return t.skip("FITLENS_TEST_PYTHON has no ruff beside it");
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-ruff-"));
  try {
    for (const [index, answers] of [...PYTHON_COMBINATIONS, ...WITH_TABLES].entries()) {
      fs.writeFileSync(path.join(folder, `${index}_${answers.kind}_${answers.task}.py`), scaffold(answers).text);
    }
    const rules = "--select=E,W,F,I,N,B,UP,C4,SIM,PIE,RET,PTH,NPY,RUF,D";
    const calls: string[][] = [
      ["format", "--isolated", "--diff", "."],
      ["format", "--isolated", "--diff", "--line-length=79", "."],
      [
        "check",
        "--isolated",
        rules,
        "--config=lint.pydocstyle.convention='pep257'",
        "--ignore=D401",
        "--line-length=79",
        ".",
      ],
    ];
    for (const args of calls) {
      const ran: SpawnSyncReturns<string> = spawnSync(ruff, args, { cwd: folder, encoding: "utf8" });
      assert.equal(ran.status, 0, `ruff ${args.join(" ")}\n${ran.stdout}${ran.stderr}`);
    }
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
});

function ruffProgram(): string | undefined {
  const python = process.env["FITLENS_TEST_PYTHON"];
  if (!python) return undefined;
  const ruff = path.join(path.dirname(python), process.platform === "win32" ? "ruff.exe" : "ruff");
  return fs.existsSync(ruff) ? ruff : undefined;
}

for (const [answers, name] of [
  [{ task: "regression" }, "train_regression.py"],
  [{ kind: "functional", task: "images" }, "train_image_classifier.py"],
  [{ kind: "estimator" }, "train_classifier_estimator.py"],
  [{ kind: "wide-deep", task: "binary" }, "train_binary_classifier_wide_deep.py"],
  [{ data: iris }, "train_iris.py"],
  [{ kind: "dnn", data: { ...iris, path: "data/My Flowers (1).csv" } }, "train_my_flowers_1_dnn.py"],
] satisfies [Partial<Answers>, string][]) {
  test(`it is called ${name}`, () => assert.equal(python(answers).fileName, name));
}

test("a table that is called as a module hides none", () => {
  assert.equal(python({ data: { ...iris, path: "csv.csv" } }).fileName, "train_csv.py");
});

test("each file keeps its checkpoints apart, also those that are counted up", () => {
  const answers: Answers = { kind: "dnn", task: "multiclass", language: "python", data: iris };
  checkHas(answers, '    model_dir="model_dir/iris_dnn",');
  const second = scaffoldAmong(answers, ["train_iris_dnn.py"]);
  assert.equal(second.fileName, "train_iris_dnn2.py");
  assert.match(second.text, /model_dir="model_dir\/iris_dnn2",/);
});

test("Keras by itself, or TensorFlow's", () => {
  checkHas({}, "import keras", "import numpy as np");
  checkHas({ kerasFrom: "keras" }, "import keras");
  checkHas({ kerasFrom: "tensorflow" }, "from tensorflow import keras");
  assert.doesNotMatch(text({}), /tensorflow/);
});

test("an Estimator says what it needs", () => {
  checkHas({ kind: "estimator" }, "An Estimator with model_fn: needs TensorFlow 2.15 or older.");
  checkHas({ kind: "linear", task: "regression" }, "tf.estimator.LinearRegressor: needs TensorFlow 2.15 or older.");
});

for (const [kind, name] of [
  ["dnn", "DNN"],
  ["linear", "Linear"],
  ["wide-deep", "DNNLinearCombined"],
  ["baseline", "Baseline"],
] as const) {
  test(`${kind}: a ${name}Regressor for a number, a ${name}Classifier for classes`, () => {
    checkHas({ kind, task: "regression" }, `estimator = tf.estimator.${name}Regressor(`);
    checkHas({ kind, task: "multiclass" }, `estimator = tf.estimator.${name}Classifier(`, "    n_classes=CLASSES,");
    checkHas({ kind, data: iris }, "    n_classes=len(CLASSES),");
    assert.doesNotMatch(text({ kind, task: "binary" }), /n_classes/);
  });

  test(`${kind}: images are refused, with what it can learn`, () => {
    assert.throws(() => text({ kind, task: "images" }), /cannot learn images.*Choose regression, binary, multiclass/);
  });
}

test("a Baseline gets tensors, because it fails on a Dataset, and no feature columns", () => {
  const code = text({ kind: "baseline", data: iris });
  assert.match(code, /tf\.constant\(y\)/);
  assert.doesNotMatch(code, /from_tensor_slices|feature_column/);
});

test("columns of text are features of the Estimators that TensorFlow brings", () => {
  const data = table(`size,colour,kind\n${many((i) => `${i},${["red", "blue"][i % 2]},${i % 3 ? "a" : "b"}`)}`);
  const both = ['NUMBERS = ["size"]', 'TEXTS = ["colour"]', "    used = [*NUMBERS, *TEXTS, LABEL]"];
  checkHas({ kind: "dnn", data }, ...both, "feature_columns += map(tf.feature_column.indicator_column, text_columns)");
  checkHas({ kind: "linear", data }, ...both, "feature_columns += text_columns");
  checkHas({ kind: "sequential", data }, "# Not used, because they are not numbers: colour.");
});

test("text alone is enough for them, and not for Keras", () => {
  const data = table("colour,kind\nred,a\nblue,b\nred,a");
  checkHas({ kind: "dnn", data }, "feature_columns = list(map(tf.feature_column.indicator_column, text_columns))");
  checkHas({ kind: "linear", data }, "feature_columns = text_columns");
  assert.doesNotMatch(text({ kind: "wide-deep", data }), /NUMBERS|scaled_column|bucketized_column/);
  assert.throws(() => text({ data }), /no column of numbers beside kind/);
});

test("texts that are nearly all different are left out, and named", () => {
  const data = table(`id,size,kind\n${many((i) => `item ${i},${i},${i % 2 ? "a" : "b"}`)}`);
  checkHas({ kind: "linear", data }, "# Not used, because they have too many different texts: id.");
  assert.throws(
    () => text({ kind: "linear", data: { ...data, columns: data.columns.filter(({ name }) => name !== "size") } }),
    /no column/,
  );
});

test("names that are counted through are a rule, others a list", () => {
  checkHas(
    { task: "images", data: digits },
    'PIXELS = [f"pixel_{row}_{column}" for row in range(8) for column in range(8)]',
  );
  const counted = (from: number) =>
    table(`${Array.from({ length: 40 }, (_, i) => `p${i + from}`).join()},y\n${"1,".repeat(40)}a\n${"2,".repeat(40)}b`);
  checkHas({ data: counted(0) }, 'FEATURES = [f"p{i}" for i in range(40)]');
  checkHas({ kind: "dnn", data: counted(1) }, 'NUMBERS = [f"p{i}" for i in range(1, 41)]');
  checkHas({ data: iris }, 'FEATURES = ["sepal_length", "sepal_width", "petal_length", "petal_width"]');
});

test("a long list has a line for each entry", () => {
  const names = Array.from({ length: 12 }, (_, i) => `a column with ${"x".repeat(i)} name`);
  const data = table(`${names.join()},y\n${"1,".repeat(12)}a\n${"2,".repeat(12)}b`);
  checkHas({ data }, "FEATURES = [", '    "a column with  name",', "]");
});

const odd: Table = {
  path: 'da"ta.csv',
  columns: [
    { name: 'size "cm"', numeric: true },
    { name: "it's", numeric: true },
    { name: "back\\slash", numeric: true },
    { name: "k", numeric: false, values: ["a", "b"] },
  ],
};
test("names with quotes and backslashes are escaped as the formatter would", () => {
  checkHas(
    { data: odd },
    `FEATURES = ['size "cm"', "it's", "back\\\\slash"]`,
    `    path = Path(__file__).parent / 'da"ta.csv'`,
  );
});

test("the separator is named where it is no comma", () => {
  checkHas({ data: { ...iris, separator: ";" } }, '        rows = list(csv.DictReader(file, delimiter=";"))');
  checkHas({ data: { ...iris, separator: "\t" } }, '        rows = list(csv.DictReader(file, delimiter="\\t"))');
  checkHas({ data: iris }, "        rows = list(csv.DictReader(file))");
});

test("about five checkpoints in a training, whatever the table's size", () => {
  const steps = (rows: number) =>
    Number(/save_checkpoints_steps=(\d+)/.exec(text({ kind: "estimator", data: { ...iris, rows } }))?.[1]);
  for (const rows of [3, 150, 1000, 100_000]) {
    const checkpoints = (20 * rows * 0.8) / 32 / steps(rows);
    assert.ok(checkpoints <= 7.5 && (checkpoints >= 3.5 || steps(rows) === 1), `${rows} rows: ${checkpoints}`);
  }
});

for (const [name, answers, message] of [
  ["regression on text", { task: "regression", data: iris }, /column species holds text\. Choose a numeric column/],
  ["yes or no with three values", { kind: "dnn", task: "binary", data: iris }, /two values.*which has 3 different/],
  ["images of four columns", { kind: "estimator", task: "images", data: iris }, /a square.*has 4 numeric columns/],
  [
    "a label that is not there",
    { kind: "linear", data: { ...iris, label: "colour" } },
    /no column colour\. It has: sepal_length/,
  ],
  ["an empty file", { kind: "baseline", data: table("") }, /no column/],
] satisfies [string, Partial<Answers>, RegExp][]) {
  test(`refused, with what was found: ${name}`, () => assert.throws(() => text(answers), message));
}

for (const [fileName, kind] of [
  ["train_keras.py", "sequential"],
  ["train_estimator.py", "dnn"],
] as const) {
  test(`the sample's ${fileName} is what New Model… makes of its table`, () => {
    assert.equal(fs.readFileSync(`resources/sample/${fileName}`, "utf8"), text({ kind, data: iris, fileName }));
  });
}
