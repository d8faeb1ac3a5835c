// What the cases of test/cases/problems say is what the real libraries do: a program with an error raises, one in which nothing is found
// runs.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import path from "node:path";
import { describe, test } from "node:test";
import { expectedIn, type ProblemCase, problemCasesIn } from "../cases/problems/problems";

interface Raised {
  type: string;
  message: string;
  line: number | null;
}

const folder = path.resolve("test/cases/problems");
const cases = fs
  .readdirSync(folder)
  .filter((name) => name.endsWith(".md"))
  .flatMap((name) =>
    problemCasesIn(fs.readFileSync(path.join(folder, name), "utf8")).map((one) => ({ ...one, file: name })),
  )
  .filter(({ isChecked }) => isChecked);

/** A program that is wrong before the place that is meant tells nothing. */
const UNREADY = /^(NameError|ImportError|ModuleNotFoundError|SyntaxError|ReferenceError)$/;

function check(one: ProblemCase, raised: Raised | null): void {
  const errors = expectedIn(one.code).filter(({ severity }) => severity === "error");
  if (errors.length === 0) {
    // What is passed over, or trains wrongly, does not raise; what it does in each Keras is not the question here.
    if (expectedIn(one.code).length === 0) assert.equal(raised, null);
    return;
  }
  assert.ok(raised, "raises");
  // What has gone cannot be imported.
  if (!errors.some(({ code }) => code === "removed-import")) assert.doesNotMatch(raised.type, UNREADY, raised.message);
}

function describeIn(what: string, python: string | undefined, keras: "keras2" | "keras3", environment: object) {
  describe(what, { skip: python ? false : "it is not set up" }, () => {
    const mine = cases.filter((one) => one.language === "python" && (one.keras === null || one.keras === keras));
    let found: (Raised | null)[] | undefined;
    const answers = () => {
      if (found) return found;
      const { stdout, stderr } = spawnSync(python!, [path.resolve("test/truth/problems.py")], {
        input: JSON.stringify(mine.map(({ code }) => code)),
        encoding: "utf8",
        maxBuffer: 50_000_000,
        env: { ...process.env, ...environment },
      });
      const line = stdout.split("\n").find((one) => one.startsWith("RESULT"));
      assert.ok(line, stderr);
      found = JSON.parse(line.slice("RESULT".length)) as (Raised | null)[];
      return found;
    };
    for (const [at, one] of mine.entries()) {
      // What is written for the newest Keras need not run in the older one.
      const isNewer = keras === "keras2" && /keras\.(ops|saving)\./.test(one.code);
      test(`${one.file}: ${one.title}`, { skip: isNewer }, () => check(one, answers()[at] ?? null));
    }
  });
}

describeIn("problems in Keras 3", process.env["FITLENS_TEST_PYTHON"], "keras3", { KERAS_BACKEND: "jax" });
describeIn("problems in tf.keras 2.15", process.env["FITLENS_TEST_PYTHON_ESTIMATOR"], "keras2", {});

describe("problems in TensorFlow.js", () => {
  for (const one of cases.filter(({ language }) => language !== "python")) {
    test(`${one.file}: ${one.title}`, () => {
      const file = path.resolve(".cache", `problem-${process.pid}.mjs`);
      fs.mkdirSync(path.dirname(file), { recursive: true });
      fs.writeFileSync(
        file,
        one.code
          .replace('"@tensorflow/tfjs"', '"@tensorflow/tfjs/dist/tf.node.js"')
          .replace("import * as tf", "import tf"),
      );
      const { status, stderr } = spawnSync(process.execPath, [file], { encoding: "utf8" });
      fs.rmSync(file);
      const type = /^(\w*Error)\b/m.exec(stderr)?.[1] ?? "Error";
      check(one, status === 0 ? null : { type, message: stderr, line: null });
    });
  }
});
