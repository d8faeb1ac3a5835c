// Each conversion of test/conversions trains as the script did before: the loss of every step, the weights at the end and the
// validation loss of every epoch, with real TensorFlow.js; and TypeScript has nothing against it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import { after, before, describe, test } from "node:test";
import { transformSync } from "esbuild";

const FOLDER = "test/conversions";
/** Converted scripts that only export: nothing of them runs. */
const NOT_RUN = new Set(["in-a-class", "imported-callback", "without-import"]);

/** With several outputs TensorFlow.js gives the first one's loss as val_loss; the Estimator sums them, as in training. */
const FIRST_LOSS_ONLY = new Set(["several-inputs"]);

interface Trained {
  losses: number[];
  validation: number[];
  weights: number[][];
}

const converted = fs
  .readdirSync(FOLDER)
  .sort()
  .flatMap((name) => {
    const expected = fs.readdirSync(path.join(FOLDER, name)).find((file) => /^expected\.[cm]?[jt]sx?$/.test(file));
    return expected ? [{ name, expected, input: expected.replace("expected", "input") }] : [];
  });

/** A folder in which scripts find TensorFlow.js and the Estimator library as installed packages. */
function workspace(): string {
  const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-conversions-")));
  const modules = path.join(folder, "node_modules");
  fs.mkdirSync(path.join(modules, "@tensorflow"), { recursive: true });
  fs.mkdirSync(path.join(modules, "@fitlens"));
  const link = (target: string, name: string) =>
    fs.symlinkSync(path.resolve(target), path.join(modules, name), "junction");
  link("node_modules/@tensorflow/tfjs", "@tensorflow/tfjs");
  // The native engine gives other numbers in the last digits: the comparison is between two scripts on one engine.
  link("node_modules/@tensorflow/tfjs", "@tensorflow/tfjs-node");
  link("node_modules/@types", "@types");
  link("dist/estimator", "@fitlens/estimator");
  return folder;
}

describe("converted scripts", () => {
  const folder = workspace();
  after(() => fs.rmSync(folder, { recursive: true, force: true }));

  describe("train as before", () => {
    let plain: Record<string, Trained>;
    let estimators: Record<string, Trained>;
    const runs = converted.filter(({ name }) => !NOT_RUN.has(name));
    before(() => {
      plain = run(
        folder,
        "plain",
        runs.map(({ name, input }) => path.join(FOLDER, name, input)),
      );
      estimators = run(
        folder,
        "converted",
        runs.map(({ name, expected }) => path.join(FOLDER, name, expected)),
      );
    });
    for (const [index, { name }] of runs.entries()) {
      test(name, () => {
        const kerasRun = Object.values(plain)[index]!;
        const estimatorRun = Object.values(estimators)[index]!;
        assert.ok(kerasRun.losses.length > 0, "the script trained nothing");
        assert.deepEqual(estimatorRun.losses, kerasRun.losses);
        assert.deepEqual(estimatorRun.weights, kerasRun.weights);
        // An evaluation that fit did not make comes on top: on the training data, at the end.
        const same = estimatorRun.validation.slice(0, kerasRun.validation.length);
        assert.equal(same.length, kerasRun.validation.length);
        if (FIRST_LOSS_ONLY.has(name)) return;
        for (const [epoch, loss] of same.entries()) {
          assert.ok(
            Math.abs(loss - kerasRun.validation[epoch]!) < 1e-6,
            `validation loss ${loss}, fit's ${kerasRun.validation[epoch]}`,
          );
        }
      });
    }
  });

  test("are right by the compiler, under its strictest options", () => {
    const types = path.join(folder, "types");
    for (const { name, expected } of converted) {
      if (!/\.tsx?$/.test(expected)) continue;
      fs.cpSync(path.join(FOLDER, name, expected), path.join(types, `${name}.ts`));
      // What the script imports of its own.
      const others = fs.readdirSync(path.join(FOLDER, name)).filter((file) => !/^(input|expected)\.|\.txt$/.test(file));
      for (const file of others) fs.cpSync(path.join(FOLDER, name, file), path.join(types, file));
    }
    const compilerOptions = {
      strict: true,
      noUncheckedIndexedAccess: true,
      exactOptionalPropertyTypes: true,
      noPropertyAccessFromIndexSignature: true,
      verbatimModuleSyntax: true,
      module: "esnext",
      moduleResolution: "bundler",
      target: "es2022",
      types: ["node"],
      skipLibCheck: true,
      noEmit: true,
      preserveSymlinks: false,
      paths: { "@fitlens/estimator": [path.resolve("dist/estimator/types/estimator/index.d.ts")] },
    };
    fs.writeFileSync(path.join(types, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*.ts"] }));
    const { stdout } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", types], {
      encoding: "utf8",
    });
    assert.equal(stdout, "");
  });
});

function run(folder: string, kind: string, files: readonly string[]): Record<string, Trained> {
  const cwd = path.join(folder, kind);
  fs.mkdirSync(cwd);
  fs.symlinkSync(path.join(folder, "node_modules"), path.join(cwd, "node_modules"), "junction");
  const scripts = files.map((file) => {
    const text = fs.readFileSync(file, "utf8");
    const name = path.basename(path.dirname(file)) + (/\brequire\(/.test(text) ? ".cjs" : ".mjs");
    fs.writeFileSync(path.join(cwd, name), transformSync(text, { loader: file.endsWith(".ts") ? "ts" : "js" }).code);
    return name;
  });
  const runner = path.join(cwd, "runner.mjs");
  fs.copyFileSync("test/truth/conversionRunner.mjs", runner);
  const { status, stderr } = spawnSync(process.execPath, [runner, "results.json", ...scripts], {
    cwd,
    encoding: "utf8",
    timeout: 240_000,
    env: { ...process.env, TF_CPP_MIN_LOG_LEVEL: "2" },
  });
  assert.equal(status, 0, `${kind} scripts: ${stderr.slice(-4000)}`);
  return JSON.parse(fs.readFileSync(path.join(cwd, "results.json"), "utf8"));
}
