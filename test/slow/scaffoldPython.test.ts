// Every Python file that New Model… makes really trains, as it is: Keras 3 on each backend, Keras 2.15, and tf.estimator.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { promisify } from "node:util";
import { type Answers, kindsFor } from "../../src/scaffold/scaffold";
import { readTable } from "../../src/scaffold/table";
import { type Case, caseOf, QUOTED, sampleTable, writeCase } from "../truth/scaffoldFiles";
import { nameOf, PYTHON_COMBINATIONS } from "../unit/scaffold/combinations";
import { ended, outputOf, workspace } from "../unit/train/trainer";

const NEWEST = process.env["FITLENS_TEST_PYTHON"];
const ESTIMATOR = process.env["FITLENS_TEST_PYTHON_ESTIMATOR"];
const RUNNER = path.resolve("test/truth/scaffoldRunner.py");

const needs = ({ kind }: Answers) => kindsFor("python").find(({ id }) => id === kind)!.needs;

/** Numbers and text decide together: what is red, or large. */
const MIXED = `size;colour;note;wanted
${Array.from({ length: 400 }, (_, i) => {
  const size = ((i * 37) % 100) / 10;
  const colour = ["red", "green", "blue"][i % 3]!;
  return `${size};${colour};note ${i};${colour === "red" || size > 7 ? "yes" : "no"}`;
}).join("\n")}
`;

const IRIS = sampleTable("iris.csv");
const WIDTH = { ...IRIS, label: "petal_width" };
const ofPython = (answers: Omit<Answers, "language">): Answers => ({ ...answers, language: "python" });
const withTable = (name: string, answers: Omit<Answers, "language">) =>
  caseOf(`${answers.kind}, ${name}`, ofPython(answers));

const made = PYTHON_COMBINATIONS.map((answers) => caseOf(nameOf(answers), answers));
const KERAS: readonly Case[] = [
  ...made.filter(({ answers }) => needs(answers) === "keras"),
  withTable("iris", { kind: "sequential", task: "multiclass", data: IRIS }),
  withTable("petal width", { kind: "functional", task: "regression", data: WIDTH }),
  withTable("digits", { kind: "functional", task: "images", data: sampleTable("digits.csv") }),
  withTable("setosa, from a spreadsheet", {
    kind: "sequential",
    task: "binary",
    data: readTable("data/quoted #1.csv", QUOTED),
  }),
];
const mixed = readTable("data/mixed.csv", MIXED);
const PREMADE = ["dnn", "linear", "wide-deep", "baseline"] as const;
const ESTIMATORS: readonly Case[] = [
  ...made.filter(({ answers }) => needs(answers) === "estimator"),
  withTable("iris", { kind: "estimator", task: "multiclass", data: IRIS }),
  withTable("digits", { kind: "estimator", task: "images", data: sampleTable("digits.csv") }),
  ...PREMADE.map((kind) => withTable("numbers and text", { kind, task: "binary", data: mixed })),
  withTable("petal width", { kind: "estimator", task: "regression", data: WIDTH }),
  withTable("petal width", { kind: "dnn", task: "regression", data: WIDTH }),
  withTable("petal width", { kind: "baseline", task: "regression", data: WIDTH }),
  withTable("iris", { kind: "linear", task: "multiclass", data: IRIS }),
];

/** A case of each task, of either kind. */
const SAMPLE = KERAS.filter(
  ({ answers: { kind, task, data } }) =>
    !data && (kind === "functional") === (task === "images" || task === "regression"),
);

interface Result {
  printed: string;
  error: string | null;
}

/** Runs the cases in one Python; gives what each printed, or why there is nothing. */
async function trainAll(python: string, cases: readonly Case[], folder: string, env: Record<string, string>) {
  const scripts = cases.map((one) => writeCase(one, folder));
  for (const script of scripts) fs.writeFileSync(path.join(path.dirname(script), "data", "mixed.csv"), MIXED);
  const { stdout, ending } = await new Promise<{ stdout: string; ending: string }>((resolve) => {
    const options = {
      cwd: folder,
      env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "3", ...env },
      timeout: 1_000_000,
      maxBuffer: 100_000_000,
    };
    execFile(python, [RUNNER, ...scripts], options, (error, stdout, stderr) => {
      const why = error?.killed ? "There was no end in sight." : (error?.message ?? "");
      resolve({ stdout, ending: `Python ended before it. ${why}\n${stderr.slice(-2000)}` });
    });
  });
  const lines = stdout.split("\n").filter((line) => line.startsWith('{"script"') && line.endsWith("}"));
  const results = lines.map((line) => JSON.parse(line) as Result & { script: string });
  const none: Result = { printed: "", error: ending };
  return new Map(cases.map((one, at) => [one, results.find(({ script }) => script === scripts[at]) ?? none]));
}

interface Batch {
  title: string;
  python: string | undefined;
  cases: readonly Case[];
  env?: Record<string, string>;
}

const fromTensorFlow = (one: Case): Case => ({ ...one, answers: { ...one.answers, kerasFrom: "tensorflow" } });

const BATCHES: readonly Batch[] = [
  { title: "Keras 3 on TensorFlow", python: NEWEST, cases: KERAS, env: { KERAS_BACKEND: "tensorflow" } },
  { title: "Keras 3 on JAX", python: NEWEST, cases: SAMPLE, env: { KERAS_BACKEND: "jax" } },
  // Its threads wait for one another where the processors are few: many times longer for networks as small as these.
  { title: "Keras 3 on PyTorch", python: NEWEST, cases: SAMPLE, env: { KERAS_BACKEND: "torch", OMP_NUM_THREADS: "1" } },
  { title: "Keras 2.15, from TensorFlow", python: ESTIMATOR, cases: SAMPLE.map(fromTensorFlow) },
  { title: "Keras 2.15, by itself", python: ESTIMATOR, cases: SAMPLE.slice(0, 1) },
  { title: "tf.estimator", python: ESTIMATOR, cases: ESTIMATORS },
];

for (const { title, python, cases, env = {} } of BATCHES) {
  describe(`new Python files train: ${title}`, { skip: python ? false : "the Python for it is not set up" }, () => {
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-scaffold-")));
    let results: Map<Case, Result> = new Map();
    before(async () => {
      results = await trainAll(python!, cases, folder, env);
    });
    after(() => fs.rmSync(folder, { recursive: true, force: true }));
    for (const one of cases) {
      test(one.name, () => {
        const { printed, error } = results.get(one)!;
        assert.equal(error, null, error ?? "");
        checkLine(one.answers, printed.trim().split("\n").at(-1) ?? "");
      });
    }
  });
}

/** The closing line: in words, and with a metric that a model which does not learn misses by far. */
function checkLine({ kind, task, data }: Answers, line: string): void {
  const error =
    kind === "dnn" || kind === "linear" || kind === "wide-deep" || kind === "baseline"
      ? "root mean squared error"
      : "mean absolute error";
  const metric = task === "regression" ? error : "accuracy";
  const found = new RegExp(`^Test loss (\\d+\\.\\d+), ${metric} (\\d\\.\\d+)\\.$`).exec(line);
  assert.ok(found, line);
  const [loss, reached] = [Number(found[1]), Number(found[2])];
  if (kind === "baseline") checkBaseline(task, data !== undefined, loss, reached, line);
  else if (task === "regression") assert.ok(reached < 0.35, line);
  else assert.ok(reached > 0.88, line);
}

/** It learns what the labels are without the features, and no more. */
function checkBaseline(task: Answers["task"], table: boolean, loss: number, reached: number, line: string): void {
  const near = (value: number, expected: number, by: number) => assert.ok(Math.abs(value - expected) < by, line);
  if (task === "multiclass") near(loss, Math.log(3), 0.02);
  // Deviations of the labels: of petals, and of the sum of squares.
  if (task === "regression") near(reached, table ? 0.76 : 1.2, 0.1);
  // Yes is said of little more than half of the table, and of half of the points.
  if (task === "binary") {
    near(loss, Math.log(2), 0.03);
    near(reached, 0.52, 0.1);
  }
}

describe("as runs of Fitlens", () => {
  const runs = [
    { python: NEWEST, one: KERAS.find(({ name }) => name === "sequential, iris")! },
    { python: ESTIMATOR, one: ESTIMATORS.find(({ name }) => name === "linear, iris")! },
  ];
  for (const { python, one } of runs) {
    test(one.name, { skip: python ? false : "the Python for it is not set up" }, async (t) => {
      const work = workspace(t);
      const { folder } = await work.start(writeCase(one, work.folder), { pythonPath: python! });
      const { status } = await ended(folder);
      assert.equal(status.state, "finished", outputOf(folder));
      checkLine(
        one.answers,
        outputOf(folder)
          .trim()
          .split("\n")
          .filter((line) => line.startsWith("Test loss"))
          .at(-1) ?? "",
      );
    });
  }

  test("an Estimator goes on from its checkpoint", { skip: ESTIMATOR ? false : "no tf.estimator" }, async () => {
    const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-scaffold-")));
    try {
      const one = ESTIMATORS.find(({ name }) => name === "linear, iris")!;
      const script = writeCase(one, folder);
      const train = () => promisify(execFile)(ESTIMATOR!, [script], { cwd: path.dirname(script), timeout: 300_000 });
      await train();
      const once = newestStep(path.dirname(script));
      await train();
      assert.equal(newestStep(path.dirname(script)), once * 2);
    } finally {
      fs.rmSync(folder, { recursive: true, force: true });
    }
  });
});

/** The step of the newest checkpoint. */
function newestStep(folder: string): number {
  const names = fs.readdirSync(path.join(folder, "model_dir", "iris_linear"));
  return Math.max(...names.map((name) => Number(/^model\.ckpt-(\d+)\.index$/.exec(name)?.[1] ?? 0)));
}
