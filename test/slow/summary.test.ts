// Summaries of models agree with what the libraries' own model.summary() lists and counts.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { before, describe, test } from "node:test";
import { readModels } from "../../src/features/reading";
import { summaryLines } from "../../src/features/summary";
import { summariesOf } from "../../src/read/evaluate/program";
import { shapesOf } from "../../src/read/evaluate/sites";
import type { Summary } from "../../src/read/evaluate/summary";
import { parse } from "../../src/read/source";
import { PROGRAMS, programOf } from "../truth/summaryPrograms";
import { testGrammars } from "../unit/read/script";

interface Real {
  readonly rows: readonly {
    readonly kind: string;
    readonly isOperation: boolean;
    readonly outputs: unknown;
    readonly parameters: number;
    readonly trainable: boolean | null;
  }[];
  readonly total: number;
  readonly trainable: number;
  readonly fixed: number;
  readonly sizes: readonly string[];
}

async function oursOf(program: string, library: "keras3" | "keras2"): Promise<Summary> {
  const source = parse(program, "python", await testGrammars());
  const { program: read } = readModels(source, library);
  source.dispose();
  return summariesOf(read).at(-1)!;
}

for (const [library, variable] of [
  ["keras3", "FITLENS_TEST_PYTHON"],
  ["keras2", "FITLENS_TEST_PYTHON_ESTIMATOR"],
] as const) {
  const python = process.env[variable];
  describe(`summaries of ${library}`, { skip: !python && `no ${variable}` }, () => {
    let answers: readonly Real[];
    const names = Object.keys(PROGRAMS);
    before(() => {
      const { stdout, stderr } = spawnSync(python!, [path.resolve("test/truth/summary.py")], {
        input: JSON.stringify({ library, programs: names.map(programOf) }),
        encoding: "utf8",
        maxBuffer: 50_000_000,
      });
      const line = stdout.split("\n").find((one) => one.startsWith("RESULT"));
      assert.ok(line, stderr);
      answers = JSON.parse(line.slice("RESULT".length)) as Real[];
    });

    for (const [at, name] of names.entries()) {
      test(name, async () => {
        const real = answers[at]!;
        const ours = await oursOf(programOf(name), library);
        const rows = ours.rows?.map(({ kind, isOperation, outputs, parameters, trainable }, index) => ({
          kind: isOperation ? "operation" : kind,
          // Keras knows no outputs of what was not called with placeholders.
          outputs: real.rows[index]?.outputs === null ? null : shapesOf(outputs),
          parameters,
          trainable,
        }));
        const theirs = real.rows.map(({ kind, isOperation, outputs, parameters, trainable }) => ({
          kind: isOperation ? "operation" : kind,
          outputs,
          parameters,
          trainable,
        }));
        assert.deepEqual(rows, theirs);
        assert.deepEqual(
          [ours.total.parameters, ours.trainable.parameters, ours.fixed.parameters],
          [real.total, real.trainable, real.fixed],
        );
        // `Total params: 1,234 (4.82 KB)`, in the words of Fitlens.
        const sizes = summaryLines(ours)
          .slice(0, 3)
          .map((line) => line.replace(" parameters:", " params:"));
        // Keras 2 writes numbers without commas.
        const unpointed = (lines: readonly string[]) => lines.map((line) => line.replace(/(\d),(?=\d)/g, "$1"));
        assert.deepEqual(unpointed(sizes), unpointed(real.sizes));
        assert.notEqual(ours.macs, "?");
        assert.notEqual(ours.activations, "?");
      });
    }
  });
}

const SCRIPTS: Readonly<Record<string, string>> = {
  "a sequence": `
const model = tf.sequential();
model.add(tf.layers.conv2d({ inputShape: [28, 28, 1], filters: 8, kernelSize: 5, activation: "relu" }));
model.add(tf.layers.maxPooling2d({ poolSize: 2 }));
model.add(tf.layers.batchNormalization());
model.add(tf.layers.flatten());
model.add(tf.layers.dense({ units: 10, trainable: false }));
return model;
`,
  "two ways that meet": `
const a = tf.input({ shape: [8] });
const b = tf.input({ shape: [6] });
const x = tf.layers.dense({ units: 4 }).apply(a);
const y = tf.layers.dense({ units: 4 }).apply(b);
const z = tf.layers.add().apply([x, y]);
const model = tf.model({ inputs: [a, b], outputs: tf.layers.dense({ units: 1 }).apply(z) });
return model;
`,
  "a model in a model": `
const inner = tf.sequential({ layers: [tf.layers.dense({ units: 5, inputShape: [3] }), tf.layers.dense({ units: 2 })] });
const model = tf.sequential({ layers: [inner, tf.layers.dense({ units: 7 })] });
return model;
`,
};

interface RealLayer {
  getClassName(): string;
  outputShape: unknown;
  countParams(): number;
}

describe("summaries of TensorFlow.js", () => {
  for (const [name, script] of Object.entries(SCRIPTS)) {
    test(name, async () => {
      const tf = await import("@tensorflow/tfjs");
      const model = new Function("tf", script)(tf) as RealLayer & { layers: readonly RealLayer[] };
      const source = parse(
        `import * as tf from "@tensorflow/tfjs";\n${script.replace("return model;", "")}`,
        "typescript",
        await testGrammars(),
      );
      const { program } = readModels(source);
      const ours = summariesOf(program).at(-1)!;
      assert.deepEqual(
        ours.rows?.map(({ kind, outputs, parameters }) => [kind, shapesOf(outputs), parameters]),
        model.layers.map((layer) => [layer.getClassName(), layer.outputShape, layer.countParams()]),
      );
      assert.equal(ours.total.parameters, model.countParams());
      assert.equal(typeof ours.macs, "number");
    });
  }
});
