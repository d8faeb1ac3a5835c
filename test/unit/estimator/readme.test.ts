// The examples in the library's README run as they are written, from the built package as users install it.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import fs from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { after, before, test } from "node:test";
import * as esbuild from "esbuild";
import { folder } from "./help";

const readme = fs.readFileSync("src/estimator/README.md", "utf8");
const examples = [...readme.matchAll(/<!-- example: (\w+) -->\n```ts\n([\s\S]*?)```/g)].map(
  ([, name, code]) => [name!, code!] as const,
);

const built = fs.mkdtempSync(path.join(os.tmpdir(), "fitlens-estimator-package-"));
after(() => fs.rmSync(built, { recursive: true, force: true }));

before(async () => {
  const common = { bundle: true, absWorkingDir: process.cwd(), logLevel: "warning" };
  const node = { ...common, platform: "node", format: "cjs", target: "node20" };
  const bundles = createRequire(path.resolve("x.js"))("./src/estimator/bundles.js")({
    common,
    node,
    outdir: built,
  }) as esbuild.BuildOptions[];
  for (const options of bundles) await esbuild.build(options);
});

/** A project that has the built package and TensorFlow.js installed. */
function project(modules: string): string {
  fs.mkdirSync(path.join(modules, "node_modules/@fitlens"), { recursive: true });
  fs.cpSync(built, path.join(modules, "node_modules/@fitlens/estimator"), { recursive: true });
  for (const name of ["@tensorflow", "@types"]) {
    fs.symlinkSync(path.resolve("node_modules", name), path.join(modules, "node_modules", name), "junction");
  }
  return modules;
}

test("the README has its two examples", () => {
  assert.deepEqual(
    examples.map(([name]) => name),
    ["keras", "modelFn"],
  );
});

for (const [name, code] of examples) {
  test(`README, ${name}: the example compiles strictly, runs, and learns`, async (t) => {
    const cwd = project(folder(t));
    fs.writeFileSync(path.join(cwd, "example.mts"), code);
    const tsc = path.resolve("node_modules/typescript/bin/tsc");
    const options = [
      "--noEmit",
      "--strict",
      "--target",
      "es2022",
      "--module",
      "nodenext",
      "--skipLibCheck",
      "--types",
      "node",
    ];
    const types = spawnSync(process.execPath, [tsc, ...options, "example.mts"], { cwd, encoding: "utf8" });
    assert.equal(types.stdout, "");
    const { code: js } = await esbuild.transform(code, { loader: "ts", format: "esm" });
    fs.writeFileSync(path.join(cwd, "example.mjs"), js);
    const run = spawnSync(process.execPath, ["example.mjs"], { cwd, encoding: "utf8", timeout: 120_000 });
    assert.equal(run.status, 0, run.stderr);
    const accuracy = Number(/acc\w*: ([\d.]+)/.exec(run.stdout)?.[1]);
    assert.ok(accuracy > 0.6, `expected an accuracy over 0.6, the example printed ${run.stdout}`);
    assert.ok(fs.existsSync(path.join(cwd, "model_dir")));
  });
}

test("the package can be required, too", (t) => {
  const cwd = project(folder(t));
  const script = 'console.log(Object.keys(require("@fitlens/estimator")).includes("modelToEstimator"))';
  const run = spawnSync(process.execPath, ["-e", script], { cwd, encoding: "utf8" });
  assert.equal(run.stdout.trim().split("\n").at(-1), "true", run.stderr);
});
